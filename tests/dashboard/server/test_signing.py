"""With the owner's key in the environment, every file that the page offers is signed."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path, PurePosixPath

import pytest

from colorizer import InvalidSetting, load_colorizer
from colorizer.images import Picture, encode
from colorizer.images.kinds import kind_of
from colorizer.recipe import PhotoSettings
from colorizer.recipe.signing import read_signature
from colorizer.recipe.signing.credentials import PASSPHRASE_VARIABLE
from colorizer.video import Progress, VideoOptions
from dashboard.album.entry import Entry, Settings, colorize_entry
from dashboard.photo.files import FILE_KINDS, ColorizedPhoto, encode_file
from dashboard.photo.rendering import prepare
from dashboard.server.signing import (
    CERTIFICATE_VARIABLE,
    KEY_VARIABLE,
    TIMESTAMP_VARIABLE,
    credentials_of_environment,
)
from dashboard.video.work import DirectedFiles, colorize_film, probe_film
from tests.support.certificates import SIGNER, key_bytes, make_key, write_credentials
from tests.support.films import make_film
from tests.support.made_photographs import photo

SETTINGS = Settings("compact", PhotoSettings())
MAX_PIXELS = 1_000_000


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """The key and the certificates that the environment names."""
    (tmp_path / "owner").mkdir()
    key, certificates = write_credentials(tmp_path / "owner")
    monkeypatch.setenv(KEY_VARIABLE, str(key))
    monkeypatch.setenv(CERTIFICATE_VARIABLE, str(certificates))
    return key, certificates


def assert_signed(path: Path) -> None:
    signature = read_signature(path)
    assert signature is not None
    assert (signature.signer, signature.problems) == (SIGNER, ())


@pytest.mark.usefixtures("files")
def test_every_file_of_the_photo_tab(tmp_path: Path) -> None:
    data = encode(Picture(photo(60, 80, seed=3)), ".jpg")
    prepared = prepare(data, PhotoSettings().restoration, load_colorizer("compact"), MAX_PIXELS)
    made = ColorizedPhoto(data, prepared.analysis, PhotoSettings(), label=True, max_pixels=MAX_PIXELS)
    for kind in FILE_KINDS:
        path = tmp_path / f"result{kind.suffix}"
        path.write_bytes(encode_file(made, kind))
        assert_signed(path)


@pytest.mark.usefixtures("files")
def test_a_photograph_of_an_album(tmp_path: Path) -> None:
    for suffix, notes in ((".png", 0), (".bmp", 2)):  # BMP holds neither the label nor a signature
        data = encode(Picture(photo(60, 80, seed=3)), suffix)
        name = PurePosixPath(f"a{suffix}")
        entry = Entry((len(data), 1), (name,), (name,), kind_of(data), partial(bytes, data))
        result = colorize_entry(load_colorizer("compact"), SETTINGS, MAX_PIXELS, entry)
        path = tmp_path / name
        path.write_bytes(result.data)
        assert len(result.notes) == notes
        if not notes:
            assert_signed(path)
    assert result.notes[-1] == ".bmp files have no place for the signature"


@pytest.mark.usefixtures("files")
def test_a_film_also_if_it_is_stopped(tmp_path: Path) -> None:
    source = make_film(tmp_path / "film.mp4", "-c:v", "libx264", "-preset", "ultrafast", seconds=1, sound=False)
    reports: list[Progress] = []
    result = colorize_film(
        *(source, tmp_path / "out.mp4", probe_film(source), load_colorizer("compact"), VideoOptions(), DirectedFiles()),
        max_seconds=9,
        report=reports.append,
        should_stop=lambda: bool(reports),
    )
    assert result.frames
    assert_signed(tmp_path / "out.mp4")


def test_without_a_key_nothing_is_signed(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (KEY_VARIABLE, CERTIFICATE_VARIABLE):
        monkeypatch.delenv(name, raising=False)
    assert credentials_of_environment() is None


def test_what_is_wrong_with_the_key_is_said_at_the_start(
    files: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(CERTIFICATE_VARIABLE, str(files[1].with_name("none.pem")))
    with pytest.raises(InvalidSetting, match=f"expected {KEY_VARIABLE} and {CERTIFICATE_VARIABLE} to name files"):
        credentials_of_environment()
    monkeypatch.delenv(CERTIFICATE_VARIABLE)
    with pytest.raises(InvalidSetting, match="together, got one without the other"):
        credentials_of_environment()
    monkeypatch.setenv(CERTIFICATE_VARIABLE, str(files[1]))
    monkeypatch.setenv(TIMESTAMP_VARIABLE, "time.example")
    with pytest.raises(InvalidSetting, match="expected the address of a time-stamp authority"):
        credentials_of_environment()
    monkeypatch.delenv(TIMESTAMP_VARIABLE)
    files[0].write_bytes(key_bytes(make_key(), "sesame"))
    with pytest.raises(InvalidSetting, match=f"in {PASSPHRASE_VARIABLE}, got none"):
        credentials_of_environment()
    monkeypatch.setenv(PASSPHRASE_VARIABLE, "sesame")
    credentials = credentials_of_environment()
    assert credentials is not None
    assert replace(credentials, timestamp="") == credentials
