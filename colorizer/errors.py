"""Exceptions with messages for the user; each message says what was expected and what came instead.

`ColorizerError.problem` says the same in kinds, for programs with words of their own.

ColorizerError
    InvalidImage
        ImageTooLarge
    InvalidArchive
    InvalidVideo
    VideoNotWritten
    InvalidSetting (also a ValueError)
    UnknownModel
    WeightsMissing
    WeightsInvalid
    DownloadFailed
    InvalidHints (also a ValueError)
    InvalidRecipe (also a ValueError)
    SigningFailed
"""

from __future__ import annotations

import errno
from enum import Enum, auto
from pathlib import Path


class Problem(Enum):
    """What is wrong with a file, or what is missing to work on it. The kinds differ in what helps."""

    EMPTY = auto()  # a file without content
    OTHER_KIND = auto()  # a file of a kind that is not read: a text, a PDF
    UNSUPPORTED = auto()  # an unusual variant of a kind that is read
    DAMAGED = auto()
    TRUNCATED = auto()  # damaged: the end of the file is missing
    ENCRYPTED = auto()
    NO_PICTURE = auto()  # a film with sound alone
    TOO_LARGE = auto()  # more pixels or bytes than the limit
    TOO_LONG = auto()  # a film of more seconds or frames than the limit
    TOO_MANY = auto()  # more files than the limit
    NOTHING_THERE = auto()  # the chosen part lies behind the end of the film
    NO_COLOR = auto()  # a grey picture where one in colour is needed
    NO_MEMORY = auto()  # it takes more memory or time than there is for one file
    NO_SPACE = auto()  # the disk is full
    NO_CONNECTION = auto()  # nothing could be fetched from the network
    OTHER = auto()  # the error's class says all


class ColorizerError(Exception):
    """Base class of all exceptions that this package defines.

    `problem`: the kind of problem, by default that of the class. `path`: of the file that the message names, if any.
    """

    problem: Problem = Problem.OTHER
    path: Path | None = None

    def __init__(self, message: str = "", *, problem: Problem | None = None, path: Path | None = None) -> None:
        super().__init__(message)
        if problem is not None:
            self.problem = problem
        if path is not None:
            self.path = path


class InvalidImage(ColorizerError):
    """Bytes or an array that cannot be read as a picture."""

    problem = Problem.UNSUPPORTED


class ImageTooLarge(InvalidImage):
    """A picture with more pixels than the limit."""

    problem = Problem.TOO_LARGE


class InvalidArchive(ColorizerError):
    """A ZIP file, or a member of one, that cannot be read or exceeds a limit."""

    problem = Problem.DAMAGED


class InvalidVideo(ColorizerError):
    """A file that cannot be read as a film: no video stream, damaged, encrypted, or an unknown codec."""

    problem = Problem.DAMAGED


class VideoNotWritten(ColorizerError):
    """A coloured film that could not be written, for example because the disk is full."""


class InvalidSetting(ColorizerError, ValueError):
    """An environment variable or another setting, such as a caption, with an invalid value."""


class UnknownModel(ColorizerError):
    """A model name that is not in `MODELS`."""


class WeightsMissing(ColorizerError):
    """A model's weights file is not in the folder where it is expected."""


class WeightsInvalid(ColorizerError):
    """A weights file that differs from the published one, or that does not hold the expected network."""


class DownloadFailed(ColorizerError):
    """No mirror delivered the weights file."""

    problem = Problem.NO_CONNECTION


class InvalidHints(ColorizerError, ValueError):
    """Colour hints with invalid fields or values."""


class InvalidRecipe(ColorizerError, ValueError):
    """A recipe that is missing in a file, is no JSON, or has unknown or invalid settings."""


class SigningFailed(ColorizerError):
    """A result that could not be signed."""


DISK_FULL = (errno.ENOSPC, errno.EDQUOT)  # of an OSError
FAILURES = (ColorizerError, OSError, MemoryError)  # what one bad file may raise; any other exception is a bug


def error_text(error: BaseException) -> str:
    """The error's message for the user, or the name of its class if it has no message."""
    return str(error) or type(error).__name__
