"""What all tabs share: loaded models, the queue, limits, and the one place that words an error."""

from __future__ import annotations

import math
import os

from colorizer import InvalidSetting
from colorizer.images import DEFAULT_MAX_PIXELS

MAX_MEGAPIXELS_VARIABLE = "COLORIZER_MAX_MEGAPIXELS"
MAX_MINUTES_VARIABLE = "COLORIZER_MAX_MINUTES"
JOBS_VARIABLE = "COLORIZER_JOBS"
MAX_QUEUE_VARIABLE = "COLORIZER_MAX_QUEUE"
PHOTOS_AT_ONCE_VARIABLE = "COLORIZER_PHOTOS_AT_ONCE"
MAX_PHOTOS_VARIABLE = "COLORIZER_MAX_PHOTOS"
MAX_ALBUM_MEGABYTES_VARIABLE = "COLORIZER_MAX_ALBUM_MB"
DEFAULT_MAX_MINUTES = 60.0
DEFAULT_MAX_QUEUE = 100.0


def max_pixels() -> int:
    """The largest picture taken, in pixels. Raises InvalidSetting if the environment's is no positive number."""
    return int(1e6 * _read_setting(MAX_MEGAPIXELS_VARIABLE, "megapixels", default=DEFAULT_MAX_PIXELS / 1e6, least=1e-6))


def max_film_seconds() -> float:
    """The longest film taken. Raises InvalidSetting if the environment's is no positive number of minutes."""
    return 60 * _read_setting(MAX_MINUTES_VARIABLE, "minutes", default=DEFAULT_MAX_MINUTES, least=1e-3)


def max_photos() -> int:
    """How many photographs an album may have. Raises InvalidSetting if the environment's is no number above 0."""
    return int(_read_setting(MAX_PHOTOS_VARIABLE, "photographs", default=DEFAULT_MAX_FILES, least=1.0))


def max_album_bytes() -> int:
    """How large they may be together, unpacked. Raises InvalidSetting if the environment's is no number above 0."""
    return int(
        1e6 * _read_setting(MAX_ALBUM_MEGABYTES_VARIABLE, "megabytes", default=DEFAULT_MAX_BYTES / 1e6, least=1e-6)
    )


def _read_setting(variable: str, unit: str, *, default: float, least: float) -> float:
    named = os.environ.get(variable)
    if named is None:
        return default
    try:
        number = float(named)
    except ValueError:
        number = math.nan
    if not least <= number < math.inf:
        above = f"of at least {least:g}" if least >= 1 else "above 0"
        raise InvalidSetting(f"expected {variable} to be a number of {unit} {above}, got {named!r}")
    return number


DEFAULT_MAX_FILES = 500

DEFAULT_MAX_BYTES = 2_000_000_000
