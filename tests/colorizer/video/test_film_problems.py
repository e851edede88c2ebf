"""The kind of problem of a file that is no film, or one that breaks off."""

from __future__ import annotations

from pathlib import Path

import pytest

from colorizer import InvalidVideo
from colorizer.errors import Problem
from colorizer.video import probe
from tests.support.films import make_film


def problem_of(path: Path) -> Problem:
    with pytest.raises(InvalidVideo) as raised:
        probe(path)
    assert raised.value.path == path
    return raised.value.problem


@pytest.mark.parametrize(
    ("content", "problem"),
    [(b"", Problem.EMPTY), (b"Dear grandma, here is the film", Problem.OTHER_KIND), (b"%PDF-1.7", Problem.OTHER_KIND)],
)
def test_what_is_no_film_is_told(content: bytes, problem: Problem, tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes(content)
    assert problem_of(path) is problem


def test_a_film_whose_copy_broke_off_is_told(tmp_path: Path) -> None:
    path = make_film(tmp_path / "film.mp4", seconds=1, sound=False)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert problem_of(path) is Problem.TRUNCATED
