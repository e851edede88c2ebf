"""Atomic writing: a file is complete or not there."""

from __future__ import annotations

from pathlib import Path

import pytest

from colorizer.images.atomic import whole_file


def test_the_file_takes_its_place_when_all_is_written(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "file.bin"
    with whole_file(path) as part:
        part.write_bytes(b"all of it")
        assert not path.exists()
    assert path.read_bytes() == b"all of it"
    assert list(path.parent.iterdir()) == [path]


def test_what_was_there_stays_after_a_failure(tmp_path: Path) -> None:
    path = tmp_path / "file.bin"
    path.write_bytes(b"of an earlier run")

    def fail() -> None:
        with whole_file(path) as part:
            part.write_bytes(b"half")
            raise RuntimeError("no more")

    with pytest.raises(RuntimeError, match="no more"):
        fail()
    assert path.read_bytes() == b"of an earlier run"
    assert list(tmp_path.iterdir()) == [path]
