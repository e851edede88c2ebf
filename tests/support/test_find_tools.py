"""The search for external programs on a fake PATH."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import find_tools
from tests.support.find_tools import PACKAGES, ToolNotFoundError, ensure_tool, find_tool


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder as the whole PATH; nothing may be installed."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    return tmp_path


def put(folder: Path, name: str) -> Path:
    path = folder / name
    path.write_text("#!/bin/sh\n", encoding="utf-8")
    path.chmod(0o755)
    return path


@pytest.mark.parametrize("name", PACKAGES)
def test_finds_a_program_on_the_path(name: str, folder: Path) -> None:
    path = put(folder, name)
    assert find_tool(name) == ensure_tool(name) == path


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("name", PACKAGES)
def test_says_what_is_missing_and_which_package_has_it(name: str) -> None:
    with pytest.raises(ToolNotFoundError, match=f"expected {name} on the PATH.*{PACKAGES[name]}"):
        find_tool(name)
    with pytest.raises(ToolNotFoundError, match="needs apt-get, and root or sudo"):
        ensure_tool(name)


def test_installs_the_package(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def install(package: str, what: str) -> None:
        asked.append((package, what))
        put(folder, "exiftool")

    monkeypatch.setattr(find_tools, "install_package", install)
    assert ensure_tool("exiftool") == folder / "exiftool"
    assert asked == [("libimage-exiftool-perl", "exiftool")]


def test_the_command_fails_where_one_is_missing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in list(PACKAGES)[1:]:
        put(folder, name)
    assert find_tools.main() == 1
    assert "ffmpeg" in capsys.readouterr().err
    put(folder, "ffmpeg")
    assert find_tools.main() == 0
    assert str(folder / "exiftool") in capsys.readouterr().out
