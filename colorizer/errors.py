"""Exceptions with messages for the user; each message says what was expected and what came instead.

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
"""


class ColorizerError(Exception):
    """Base class of all exceptions that this package defines."""


class InvalidImage(ColorizerError):
    """Bytes or an array that cannot be read as a picture."""


class ImageTooLarge(InvalidImage):
    """A picture with more pixels than the limit."""


class InvalidArchive(ColorizerError):
    """A ZIP file, or a member of one, that cannot be read or exceeds a limit."""


class InvalidVideo(ColorizerError):
    """A file that cannot be read as a film: no video stream, damaged, encrypted, or an unknown codec."""


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


class InvalidHints(ColorizerError, ValueError):
    """Colour hints with invalid fields or values."""


class InvalidRecipe(ColorizerError, ValueError):
    """A recipe that is missing in a file, is no JSON, or has unknown or invalid settings."""


FAILURES = (ColorizerError, OSError, MemoryError)  # what one bad file may raise; any other exception is a bug


def error_text(error: BaseException) -> str:
    """The error's message for the user, or the name of its class if it has no message."""
    return str(error) or type(error).__name__
