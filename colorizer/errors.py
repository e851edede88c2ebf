"""What can go wrong, as a user sees it. Every message says what was expected and what came."""


class ColorizerError(Exception):
    """The root of all errors this package raises on purpose."""


class InvalidImage(ColorizerError):
    """Bytes or an array that are no picture we can colour."""


class ImageTooLarge(InvalidImage):
    """A picture with more pixels than the limit."""


class InvalidArchive(ColorizerError):
    """A ZIP file that we cannot or will not open, or something in it."""


class InvalidVideo(ColorizerError):
    """A file that is no film we can read: no picture in it, damaged, encrypted, or of an unknown codec."""


class VideoNotWritten(ColorizerError):
    """A coloured film that could not be written, for want of room on the disk perhaps."""


class InvalidSetting(ColorizerError, ValueError):
    """An environment variable whose value makes no sense."""


class UnknownModel(ColorizerError):
    """A model name that is not in the table."""


class WeightsMissing(ColorizerError):
    """A model's weights file is not where it is looked for."""


class WeightsInvalid(ColorizerError):
    """A weights file that is not the published one, or that cannot be read as a network."""


class DownloadFailed(ColorizerError):
    """No mirror delivered the weights file."""


class InvalidHints(ColorizerError, ValueError):
    """Colour hints that are not what a picture can be coloured by."""


FAILURES = (ColorizerError, OSError, MemoryError)  # of one file; anything else is a mistake of ours


def error_text(error: BaseException) -> str:
    """Why something failed, for one to read."""
    return str(error) or type(error).__name__
