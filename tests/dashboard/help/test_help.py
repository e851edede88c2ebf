"""Help and About say what is true of this program."""

from __future__ import annotations

import re
from importlib.metadata import version

import pytest
from streamlit.testing.v1 import AppTest

from colorizer import MODELS, __version__
from dashboard.help.about import LIBRARIES, installed_libraries
from dashboard.server.session import session_ttl
from dashboard.shared.text import format_duration
from tests.support.paths import ROOT

PATIENCE = 60


def guide() -> None:
    from dashboard.help.guide import draw_guide

    draw_guide()


def about() -> None:
    from dashboard.help.about import draw_about

    draw_about()


def words(script: object, **address: str) -> str:
    page = AppTest.from_function(script, default_timeout=PATIENCE)  # type: ignore[arg-type]
    for name, value in address.items():
        page.query_params[name] = value
    page.run()
    assert not page.exception
    return "\n".join([*(header.value for header in page.header), *(text.value for text in page.markdown)])


def test_every_library_of_the_requirements_is_named_and_no_other() -> None:
    lines = [
        line
        for name in ("requirements.txt", "requirements-library.txt")
        for line in (ROOT / name).read_text(encoding="utf-8").splitlines()
    ]
    required = {re.split(r"[\[<>=~ ]", line)[0] for line in lines if line and line[0] not in "#-"}
    assert set(LIBRARIES) == required


def test_each_library_has_its_version_and_a_licence() -> None:
    found = installed_libraries()
    assert [name for name, _, _ in found] == list(LIBRARIES)
    for name, shown, license in found:
        assert shown == version(name)
        assert license
        assert len(license) < 100


def test_about_has_the_version_and_the_licences_of_program_and_models() -> None:
    text = words(about)
    assert f"Version {__version__}." in text
    assert "MIT" in text
    for spec in MODELS.values():
        assert spec.title in text.replace("\\", "")


def test_the_guide_says_how_long_files_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dashboard.help.guide.session_ttl", lambda: 600.0)
    assert f"deleted {format_duration(600)} after" in words(guide)


@pytest.mark.parametrize("language", ["en", "de", "es"])
def test_the_guide_can_be_read_in_each_language(language: str) -> None:
    text = words(guide, lang=language)
    assert text.count("\n- ") > 15
    assert "{" not in text
    assert format_duration(session_ttl()) in text
