"""What went wrong, in plain words for lay people, in each language. The errors' own texts are the precise ones.

The words are chosen by the class of an error and its `problem`. Errors of the dashboard's own bring them along.
"""

from __future__ import annotations

from collections.abc import Mapping

from colorizer import (
    ColorizerError,
    DownloadFailed,
    InvalidArchive,
    InvalidHints,
    InvalidImage,
    InvalidRecipe,
    InvalidSetting,
    InvalidVideo,
    SigningFailed,
    VideoNotWritten,
    WeightsInvalid,
    WeightsMissing,
)
from colorizer.errors import DISK_FULL, Problem
from colorizer.images import READABLE_TEXT
from dashboard.locale.catalogues import mark, translate


class PlainError(ColorizerError):
    """An error of the dashboard's own. `plain`: a text of the catalogues, with `values` for its braces."""

    plain = mark("This did not work. Try again.")
    values: Mapping[str, object] = {}


_UNEXPECTED = mark("Something went wrong that nobody had foreseen. Try again.")
_EMPTY = mark("This file is empty. Copy it again from where it came from.")
NO_SPACE = mark("The disk of the computer that runs this page is full. Try again later.")
_WORDS: dict[tuple[type[Exception], Problem], str] = {
    (InvalidImage, Problem.EMPTY): _EMPTY,
    (InvalidImage, Problem.OTHER_KIND): mark("This is no picture that the program can read. It reads {kinds}."),
    (InvalidImage, Problem.UNSUPPORTED): mark(
        "The program cannot read this kind of picture. Save it as a JPEG or PNG with another program."
    ),
    (InvalidImage, Problem.DAMAGED): mark("This file is damaged. Scan or copy it again."),
    (InvalidImage, Problem.TRUNCATED): mark("This file is damaged: its end is missing. Scan or copy it again."),
    (InvalidImage, Problem.TOO_LARGE): mark("This picture is too large. Make it smaller with another program."),
    (InvalidImage, Problem.NO_MEMORY): mark(
        "This picture takes more memory or time than there is for one. Make it smaller with another program."
    ),
    (InvalidImage, Problem.NO_COLOR): mark("This picture is grey, and one in colour is needed. Choose another one."),
    (InvalidVideo, Problem.EMPTY): _EMPTY,
    (InvalidVideo, Problem.OTHER_KIND): mark(
        "This is no film that the program can read. It reads MP4, MOV, AVI, MKV, WebM and most others."
    ),
    (InvalidVideo, Problem.UNSUPPORTED): mark(
        "The program cannot read this kind of film. Convert it to MP4 with another program."
    ),
    (InvalidVideo, Problem.DAMAGED): mark("This film is damaged. Copy it again."),
    (InvalidVideo, Problem.TRUNCATED): mark("This film is damaged: its end is missing. Copy it again."),
    (InvalidVideo, Problem.ENCRYPTED): mark("This film is protected against copying, so the program cannot read it."),
    (InvalidVideo, Problem.NO_PICTURE): mark("This file has no moving picture, perhaps only sound. Choose a film."),
    (InvalidVideo, Problem.TOO_LARGE): mark(
        "The pictures of this film are too large. Make the film smaller with another program."
    ),
    (InvalidVideo, Problem.TOO_LONG): mark("This film is too long. Cut it into parts with another program."),
    (InvalidVideo, Problem.NO_MEMORY): mark(
        "This film takes more memory or time than there is for one. Make it smaller with another program."
    ),
    (InvalidVideo, Problem.NOTHING_THERE): mark(
        "The film ends before the part that is chosen. Choose an earlier part."
    ),
    (InvalidArchive, Problem.EMPTY): _EMPTY,
    (InvalidArchive, Problem.DAMAGED): mark("This ZIP file is damaged or unusual. Make or copy it again."),
    (InvalidArchive, Problem.ENCRYPTED): mark("This file has a password. Make the ZIP file again without one."),
    (InvalidArchive, Problem.TOO_LARGE): mark("These files are too large together. Add fewer at a time."),
    (InvalidArchive, Problem.TOO_MANY): mark("These are too many files. Add fewer at a time."),
    (InvalidArchive, Problem.NO_MEMORY): mark("This ZIP file takes too much memory or time. Divide it into several."),
    (VideoNotWritten, Problem.OTHER): mark("The coloured film could not be written. Try again."),
    (WeightsMissing, Problem.OTHER): mark("This model is not on this computer yet."),
    (WeightsInvalid, Problem.OTHER): mark("The file of this model is damaged. Delete it, and it can be fetched again."),
    (DownloadFailed, Problem.NO_CONNECTION): mark(
        "The model could not be fetched. Check the connection to the internet, then try again."
    ),
    (DownloadFailed, Problem.OTHER): mark("The model was fetched but could not be stored. Try again."),
    (InvalidRecipe, Problem.OTHER): mark("This file has no settings that can be used."),
    (InvalidHints, Problem.OTHER): mark("These colour spots cannot be used."),
    (InvalidSetting, Problem.OTHER): mark("One of the settings is not possible."),
    (SigningFailed, Problem.OTHER): mark("The result could not be signed. Try again later."),
    (ColorizerError, Problem.NO_SPACE): NO_SPACE,
}


def explain(error: BaseException, language: str) -> str:
    """The error in plain words of a language, as sentences: what is wrong, and what helps."""
    if isinstance(error, PlainError):
        return translate(language, error.plain, **error.values)
    if isinstance(error, OSError):
        return translate(language, NO_SPACE if error.errno in DISK_FULL else _UNEXPECTED)
    problem = error.problem if isinstance(error, ColorizerError) else Problem.OTHER
    known = (_WORDS[kind, problem] for kind in type(error).__mro__ if (kind, problem) in _WORDS)
    words = next(known, _UNEXPECTED)
    return translate(language, words, kinds=READABLE_TEXT.replace(" or ", ", "))


def describe(error: BaseException, name: str = "") -> str:
    """The precise text on an error, for those who can use it, in English and perhaps of several lines.

    `name`: the visitor's for the file that the error is about. It stands in place of every path of this computer.
    """
    if isinstance(error, OSError):
        return f"{type(error).__name__}: {error.strerror or 'no reason given'}"
    if not isinstance(error, ColorizerError):
        return f"{type(error).__name__}; the log of the program says more"
    text = str(error)
    if isinstance(error, PlainError):
        text = text.partition("\n")[0]  # behind it are the plain words
    if error.path is not None:
        shown = name or (error.path.name if isinstance(error, WeightsMissing | WeightsInvalid) else "the file")
        for path, words in ((error.path, shown), (error.path.parent, error.path.parent.name)):
            text = text.replace(str(path), words)
        text = text.replace(error.path.name, shown)
    return text
