"""The command line with folders, patterns and many photos."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from colorizer import images
from colorizer.cli.console import INTERRUPTED
from colorizer.cli.main import main
from tests.colorizer.cli.test_main import Captured, assert_colorized, gray_file, names
from tests.support.paths import ROOT


@pytest.fixture
def scans(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of three photos, one of them in a subfolder, in the working folder."""
    monkeypatch.chdir(tmp_path)
    for name in ("a.png", "b.jpg", "1932/a.png"):
        gray_file(tmp_path / "scans" / name)
    return tmp_path / "scans"


def results(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("jobs", ["1", "4"])
@pytest.mark.usefixtures("scans")
def test_a_folder_with_the_folders_in_it(jobs: str, tmp_path: Path, capsys: Captured) -> None:
    assert main(["scans", "-o", "out", "--recursive", "--jobs", jobs]) == 0
    assert results(tmp_path / "out") == ["1932/a_colorized.png", "a_colorized.png", "b_colorized.jpg"]
    for path in results(tmp_path / "out"):
        assert_colorized(tmp_path / "out" / path)
    assert capsys.readouterr().out == "3 written\n"


@pytest.mark.usefixtures("scans")
def test_a_folder_alone(tmp_path: Path) -> None:
    assert main(["scans", "-o", "out"]) == 0
    assert results(tmp_path / "out") == ["a_colorized.png", "b_colorized.jpg"]


@pytest.mark.usefixtures("scans")
def test_a_quoted_pattern_and_names_that_clash(tmp_path: Path) -> None:
    assert main(["scans/**/*.png", "-o", "out"]) == 0
    assert results(tmp_path / "out") == ["a_2_colorized.png", "a_colorized.png"]


def test_the_same_folder_again_skips_what_is_there(scans: Path, capsys: Captured) -> None:
    for _ in range(2):
        assert main(["scans", "-o", "scans"]) == 0
    assert names(scans) == ["1932", "a.png", "a_colorized.png", "b.jpg", "b_colorized.jpg"]
    first, second = capsys.readouterr().out.splitlines()
    assert first == "2 written"
    assert second == "0 written; 2 skipped (they exist; --overwrite replaces them)"


@pytest.mark.usefixtures("scans")
def test_overwrite(tmp_path: Path) -> None:
    target = tmp_path / "out" / "a_colorized.png"
    target.parent.mkdir()
    target.write_bytes(b"what was there before")
    assert main(["scans", "-o", "out"]) == 0
    assert target.read_bytes() == b"what was there before"
    assert main(["scans", "-o", "out", "--overwrite"]) == 0
    assert_colorized(target)


def test_failures_are_named_as_they_happen_and_at_the_end(scans: Path, capsys: Captured) -> None:
    (scans / "letter.jpg").write_text("Dear grandma")
    assert main(["scans", "*.bmp", "-o", "out"]) == 1
    captured = capsys.readouterr()
    assert captured.out == f"2 written; 2 failed: *.bmp, {Path('scans/letter.jpg')}\n"
    assert f"{Path('scans/letter.jpg')}: expected a JPEG, PNG" in captured.err
    assert "*.bmp: expected photos or films, found none" in captured.err


def test_what_is_left_out_is_named_and_no_failure(scans: Path, capsys: Captured) -> None:
    (scans / "b.jpg").rename(scans / "b.jfif")
    for name in ("Thumbs.db", ".hidden.txt", "desktop.ini"):
        (scans / name).write_text(name)
    (scans / "letter.txt").write_text("Dear grandma")
    (scans / "scan.jp2").write_bytes(b"\0\0\0\x0cjP  \r\n\x87\n")
    (scans / "negative.dng").write_bytes(b"II*\0" + bytes(60))
    assert main(["scans", "-o", "out"]) == 0
    assert results(scans.parent / "out") == ["a_colorized.png", "b_colorized.jpg"]
    captured = capsys.readouterr()
    letter, scan, negative = (str(Path("scans", name)) for name in ("letter.txt", "scan.jp2", "negative.dng"))
    assert captured.out == f"2 written; 3 left out: {letter}, {scan}, {negative}\n"
    assert f"{letter}: left out: a text file, which cannot be read\n" in captured.err
    assert f"{scan}: left out: a JPEG 2000 file, which cannot be read\n" in captured.err
    assert f"{negative}: left out: expected " in captured.err
    assert "Thumbs" not in captured.err
    assert main([scan, letter, "-o", "out"]) == 1  # they were asked for
    assert f"{scan}: expected a JPEG, PNG" in capsys.readouterr().err


@pytest.mark.usefixtures("scans")
def test_nothing_but_an_empty_folder(tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "empty").mkdir()
    assert main(["empty", "-o", "out"]) == 1
    assert "empty: expected photos or films, found none" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.usefixtures("scans")
def test_a_folder_to_a_file_is_refused(capsys: Captured) -> None:
    with pytest.raises(SystemExit) as raised:
        main(["scans", "-o", "out.png"])
    assert raised.value.code == 2
    assert "expected a folder for 2 photos, got the file out.png" in capsys.readouterr().err


def test_an_interrupted_run_leaves_whole_files_only(
    scans: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    def interrupt(*_: object, **__: object) -> bytes:
        raise KeyboardInterrupt

    monkeypatch.setattr(images, "encode", interrupt)
    assert main(["scans", "-o", "out", "--jobs", "1"]) == INTERRUPTED
    assert "interrupted: 0 written" in capsys.readouterr().err
    assert not (scans.parent / "out").exists()


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_program_leaves_whole_files_only(sent: signal.Signals, scans: Path) -> None:
    for number in range(200):
        gray_file(scans / f"{number}.png", size=(400, 300))
    command = [sys.executable, "-m", "colorizer", str(scans), "-o", str(scans / "out")]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        assert any(re.search(r" [1-9]\d*/202 ", line) for line in process.stderr)  # read until one is done
        process.send_signal(sent)
        _, errors = process.communicate(timeout=60)
    assert process.returncode == INTERRUPTED
    assert "interrupted: " in errors
    assert "Traceback" not in errors
    written = results(scans / "out")
    assert 0 < len(written) < 202
    for path in written:
        assert_colorized(scans / "out" / path, size=(400, 300) if path[0].isdigit() else (40, 30))
