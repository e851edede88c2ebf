"""Plain words for every kind of error, in every language, with no path of this computer in the precise text."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

import colorizer
from colorizer import ColorizerError, InvalidImage, InvalidVideo, VideoNotWritten, WeightsInvalid
from colorizer.errors import Problem
from dashboard.locale.catalogues import LANGUAGES
from dashboard.server.job_queue import QueueFull
from dashboard.server.plain_words import _UNEXPECTED, _WORDS, PlainError, describe, explain

ERRORS = [kind for kind in vars(colorizer).values() if isinstance(kind, type) and issubclass(kind, ColorizerError)]
WITHOUT_WORDS = {"ColorizerError", "UnknownModel"}  # no visitor causes them


@pytest.mark.parametrize("kind", ERRORS, ids=lambda kind: kind.__name__)
def test_every_error_of_the_library_has_plain_words(kind: type[ColorizerError]) -> None:
    words = explain(kind("expected a colour, got 7"), "en")
    assert "expected" not in words.lower()
    assert (words == _UNEXPECTED) == (kind.__name__ in WITHOUT_WORDS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_words_are_sentences_without_open_fields(language: str) -> None:
    for kind, problem in _WORDS:
        error = kind("expected a colour, got 7", problem=problem) if issubclass(kind, ColorizerError) else kind()
        words = explain(error, language)
        assert words.endswith(".")
        assert "{" not in words


def test_a_problem_without_words_of_its_class_is_that_of_the_class_above() -> None:
    full = VideoNotWritten("expected room", problem=Problem.NO_SPACE)
    assert explain(full, "en").startswith("The disk of the computer")


def test_an_error_of_the_dashboard_brings_its_words_along() -> None:
    assert explain(QueueFull("expected a place"), "de").startswith("Gerade warten viele andere.")
    assert explain(PlainError(), "es") == "No ha funcionado. Inténtelo de nuevo."


def test_the_problem_survives_the_way_between_processes() -> None:
    error = InvalidImage("expected an end", problem=Problem.TRUNCATED, path=Path("/tmp/a"))
    same = pickle.loads(pickle.dumps(error))
    assert (str(same), same.problem, same.path) == (str(error), error.problem, error.path)


@pytest.mark.parametrize(
    ("error", "name", "text"),
    [
        (InvalidVideo("got tmp1.mp4 of no kind", path=Path("/a/b/tmp1.mp4")), "film.mp4", "got film.mp4 of no kind"),
        (InvalidVideo("got tmp1.mp4 of no kind", path=Path("/a/b/tmp1.mp4")), "", "got the file of no kind"),
        (VideoNotWritten("to /a/b/part: full", path=Path("/a/b/part")), "film.mp4", "to film.mp4: full"),
        (WeightsInvalid("expected /a/b/m.onnx whole", path=Path("/a/b/m.onnx")), "", "expected m.onnx whole"),
        (InvalidImage("got an empty file"), "x.jpg", "got an empty file"),
        (FileNotFoundError(2, "No such file", "/a/b/secret"), "", "FileNotFoundError: No such file"),
        (KeyError("/a/b/secret"), "", "KeyError; the log of the program says more"),
    ],
)
def test_the_precise_text_has_the_visitors_name_and_no_path(error: Exception, name: str, text: str) -> None:
    assert describe(error, name) == text
