"""Names of files that a terminal, an option parser or a file system has trouble with; run as a program."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from tests.support.films import make_film
from tests.support.paths import ROOT

LATIN = "M\udcfcller \udce9"  # Latin-1 bytes, as of a disk from another system


def photo(path: Path, kind: str = "PNG") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.linear_gradient("L").resize((40, 30)).save(os.fsencode(path), kind)
    return path


def run(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run the command line in a folder."""
    command = [sys.executable, "-m", "colorizer", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    return subprocess.run(command, cwd=folder, capture_output=True, timeout=240, check=False, env=environment)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize(
    "environment",
    [
        {"PYTHONIOENCODING": "ascii"},
        {"PYTHONIOENCODING": "utf-8:strict"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"LC_ALL": "C"},
    ],
    ids=" ".join,
)
def test_names_that_do_not_fit_the_terminal(environment: dict[str, str], tmp_path: Path) -> None:
    for name in (LATIN, "写真", "a\nb\x1b[31m"):
        photo(tmp_path / "in" / f"{name}.png")
        (tmp_path / "in" / f"{name}.jpg").write_text("no picture")
        (tmp_path / "in" / f"{name}.txt").write_text("Dear grandma")
    done = run(tmp_path, "in", "-o", "out", **environment)
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr
    assert names(tmp_path / "out") == sorted(f"{name}_colorized.png" for name in (LATIN, "写真", "a\nb\x1b[31m"))
    (summary,) = done.stdout.decode().splitlines()
    assert summary.startswith("3 written; 3 left out: ")
    for text in (summary, done.stderr.decode()):
        assert "a\\nb\\x1b[31m.txt" in text
        assert "M\\udcfcller \\udce9.jpg" in text
        assert "\x1b[31m" not in text


def test_names_that_look_like_options_and_patterns(tmp_path: Path) -> None:
    for name in ("-o.png", "--help.png", "a[1].png", "*.png", "?.png", "in/[b]*.png"):
        photo(tmp_path / name)
    done = run(tmp_path, "-o", "out", "--", "-o.png", "--help.png", "a[1].png", "?.png", "in")
    assert (done.returncode, done.stdout) == (0, b"5 written\n")
    assert names(tmp_path / "out") == sorted(
        ["-o_colorized.png", "--help_colorized.png", "a[1]_colorized.png", "?_colorized.png", "[b]*_colorized.png"]
    )


@pytest.mark.parametrize("stem", ["x" * 245, "写" * 81, LATIN * 27], ids=["ascii", "japanese", "latin-1"])
def test_long_names(stem: str, tmp_path: Path) -> None:
    photo(tmp_path / "in" / f"{stem}.jpg", "JPEG")
    photo(tmp_path / "in" / f"{stem}2.jpg", "JPEG")
    make_film(tmp_path / "film.mp4", "-an", seconds=1).rename(tmp_path / "in" / f"{stem}.mkv")
    done = run(tmp_path, "in", "-o", "out")
    assert (done.returncode, done.stdout) == (0, b"3 written\n"), done.stderr
    results = names(tmp_path / "out")
    assert sorted(Path(name).suffix for name in results) == [".jpg", ".jpg", ".mp4"]
    assert all(name.startswith(stem[:50]) and "_colorized." in name for name in results)
    again = run(tmp_path, "in", "out", "-o", "out")
    assert again.stdout == b"0 written; 3 skipped (they exist; --overwrite replaces them)\n" or again.returncode == 1
    assert names(tmp_path / "out") == results
