"""exiftool in its one process: what it prints, what it writes, and that its failures fail a test."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.support.exiftool import exiftool, read_tags
from tests.support.paths import SAMPLES


def test_tags_are_read_and_written_call_after_call(tmp_path: Path) -> None:
    path = tmp_path / "a lake.jpg"
    shutil.copy(SAMPLES / "pagoda.jpg", path)
    words = "Großmutter\nvon \\links"
    exiftool("-overwrite_original", f"-Comment={words}", path)
    assert read_tags(path, "-n")["File:Comment"] == words
    assert exiftool("-s3", "-b", "-Comment", path).decode() == words


def test_what_it_refuses_fails_with_its_words_and_it_goes_on(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="File not found"):
        exiftool("-j", tmp_path / "nowhere.jpg")
    assert exiftool("-s3", "-FileType", SAMPLES / "pagoda.jpg") == b"JPEG\n"
