"""FFmpeg found, or installed, on a made-up machine whose PATH is one folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.find_ffmpeg import PROGRAMS, FFmpegNotFoundError, ensure_programs, find_program, main


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The PATH of a machine without FFmpeg, whose user may install nothing."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    return tmp_path


def add(folder: Path, name: str, body: str = "") -> Path:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def test_finds_what_is_there(folder: Path) -> None:
    paths = [add(folder, name) for name in PROGRAMS]
    assert ensure_programs() == paths


def test_installs_the_debian_package(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 0)
    copies = "; ".join(f'/bin/cp "{folder}/apt-get" "{folder}/{name}"' for name in PROGRAMS)
    add(folder, "apt-get", f'case "$*" in *"install -y --no-install-recommends ffmpeg") {copies} ;; esac')
    assert ensure_programs() == [folder / name for name in PROGRAMS]


@pytest.mark.usefixtures("folder")
def test_says_what_to_install(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(FFmpegNotFoundError, match=r"expected ffprobe on the PATH.*install FFmpeg"):
        find_program("ffprobe")
    assert main() == 1
    written = capsys.readouterr()
    assert written.out == ""
    assert "needs apt-get" in written.err
