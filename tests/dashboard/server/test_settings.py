"""The settings: each read from its environment variable, and all of them checked when the program starts."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from colorizer import InvalidSetting
from colorizer.images import DEFAULT_MAX_PIXELS
from dashboard.server.settings import (
    CLASS_DATABASE_VARIABLE,
    DEFAULT_MAX_BYTES,
    DEFAULT_MAX_FILES,
    FRAMED_BY_VARIABLE,
    MAX_ALBUM_MEGABYTES,
    MAX_MEGAPIXELS,
    MAX_MINUTES,
    MAX_PHOTOS,
    NUMBERS,
    STUN_VARIABLE,
    TURN_CREDENTIAL_VARIABLE,
    TURN_USERNAME_VARIABLE,
    TURN_VARIABLE,
    NumberSetting,
    check_settings,
    class_database_path,
    max_album_bytes,
    max_film_seconds,
    max_photos,
    max_pixels,
)
from tests.support.paths import ROOT


@pytest.mark.parametrize(
    ("named", "pixels"),
    [("1", 1_000_000), ("0.5", 500_000), ("12.5", 12_500_000), ("1e3", 10**9), (" 20 ", 20_000_000)],
)
def test_the_limit_is_in_megapixels(named: str, pixels: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(MAX_MEGAPIXELS.variable, named)
    assert max_pixels() == pixels


def test_the_limit_unless_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(MAX_MEGAPIXELS.variable, raising=False)
    assert max_pixels() == DEFAULT_MAX_PIXELS


@pytest.mark.parametrize("named", ["", "many", "0", "-5", "nan", "inf", "-inf", "1e-7", "50 MP", "0x10", "1e999"])
@pytest.mark.parametrize(
    ("variable", "read"),
    [
        (MAX_MEGAPIXELS.variable, max_pixels),
        (MAX_MINUTES.variable, max_film_seconds),
        (MAX_PHOTOS.variable, max_photos),
        (MAX_ALBUM_MEGABYTES.variable, max_album_bytes),
    ],
)
def test_a_limit_that_is_none_is_refused(
    variable: str, read: Callable[[], float], named: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, named)
    with pytest.raises(ValueError, match=f"expected {variable} .*got {re.escape(repr(named))}"):
        read()


@pytest.mark.parametrize(("photos", "megabytes"), [("12", "0.5"), (None, None)])
def test_the_limits_of_an_album(photos: str | None, megabytes: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable, named in ((MAX_PHOTOS.variable, photos), (MAX_ALBUM_MEGABYTES.variable, megabytes)):
        monkeypatch.setenv(variable, named) if named else monkeypatch.delenv(variable, raising=False)
    assert (max_photos(), max_album_bytes()) == ((12, 500_000) if photos else (DEFAULT_MAX_FILES, DEFAULT_MAX_BYTES))


@pytest.mark.parametrize(("named", "seconds"), [("1", 60), ("0.5", 30), ("90", 5400), (None, 3600)])
def test_the_longest_film_is_in_minutes(named: str | None, seconds: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(MAX_MINUTES.variable, raising=False)
    if named is not None:
        monkeypatch.setenv(MAX_MINUTES.variable, named)
    assert max_film_seconds() == seconds


@pytest.mark.parametrize("setting", NUMBERS, ids=lambda setting: setting.variable)
def test_every_number_is_checked_when_the_program_starts(
    setting: NumberSetting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(setting.variable, "-1")
    with pytest.raises(InvalidSetting, match=f"expected {setting.variable} to be a number of {setting.unit}"):
        check_settings()


def test_the_origins_are_checked_when_the_program_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FRAMED_BY_VARIABLE, "example.org")
    with pytest.raises(InvalidSetting, match="got 'example\\.org'"):
        check_settings()


def test_without_any_setting_the_program_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in (*(setting.variable for setting in NUMBERS), FRAMED_BY_VARIABLE):
        monkeypatch.delenv(variable, raising=False)
    check_settings()


def test_the_environment_names_the_file_of_the_classes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    monkeypatch.delenv(CLASS_DATABASE_VARIABLE, raising=False)
    assert class_database_path() == tmp_path / ".local" / "state" / "ai-colouriser" / "class.sqlite3"
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    assert class_database_path() == tmp_path / "state" / "ai-colouriser" / "class.sqlite3"
    monkeypatch.setenv(CLASS_DATABASE_VARIABLE, str(tmp_path / "own.db"))
    assert class_database_path() == tmp_path / "own.db"


def test_the_documents_name_every_setting() -> None:
    documents = (ROOT / "README.md", ROOT / "docs" / "hosting.md")
    text = "".join(path.read_text(encoding="utf-8") for path in documents)
    ice = (STUN_VARIABLE, TURN_VARIABLE, TURN_USERNAME_VARIABLE, TURN_CREDENTIAL_VARIABLE)
    variables = [setting.variable for setting in NUMBERS]
    for variable in (*variables, CLASS_DATABASE_VARIABLE, FRAMED_BY_VARIABLE, *ice):
        assert f"`{variable}`" in text, variable
