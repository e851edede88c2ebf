"""All settings of the dashboard: each environment variable that it reads, its meaning, default and limits.

`check_settings` reads them all when the program starts. A wrong value is reported to the host then, not to a visitor.
"""

from __future__ import annotations

import math
import os
import re
from dataclasses import dataclass
from pathlib import Path

from colorizer import InvalidSetting
from colorizer.images import DEFAULT_MAX_PIXELS

DEFAULT_MAX_FILES = 500
DEFAULT_MAX_BYTES = 2_000_000_000


@dataclass(frozen=True)
class NumberSetting:
    """A number in an environment variable. `unit`: what it counts. `minimum`: the least value allowed."""

    variable: str
    unit: str
    default: float
    minimum: float

    def read(self) -> float:
        """The value, or the default where the variable is not set. Raises InvalidSetting for any other text."""
        text = os.environ.get(self.variable)
        if text is None:
            return self.default
        try:
            number = float(text)
        except ValueError:
            number = math.nan
        if not self.minimum <= number < math.inf:
            bound = "above 0" if 0 < self.minimum < 1 else f"of at least {self.minimum:g}"
            raise InvalidSetting(f"expected {self.variable} to be a number of {self.unit} {bound}, got {text!r}")
        return number


@dataclass(frozen=True)
class BudgetSetting:
    """How much each visitor may use: each session (None: any amount), and all sessions of a network address together.

    See `dashboard.server.budgets`.
    """

    session: NumberSetting | None
    address: NumberSetting


def _budget(name: str, unit: str, session: float | None, address: float, *, minimum: float = 1) -> BudgetSetting:
    return BudgetSetting(
        None if session is None else NumberSetting(f"COLORIZER_SESSION_{name}", unit, session, minimum),
        NumberSetting(f"COLORIZER_ADDRESS_{name}", unit, address, minimum),
    )


MAX_MEGAPIXELS = NumberSetting("COLORIZER_MAX_MEGAPIXELS", "megapixels", DEFAULT_MAX_PIXELS / 1e6, 1e-6)
MAX_PHOTOS = NumberSetting("COLORIZER_MAX_PHOTOS", "photographs", DEFAULT_MAX_FILES, 1)
MAX_ALBUM_MEGABYTES = NumberSetting("COLORIZER_MAX_ALBUM_MB", "megabytes", DEFAULT_MAX_BYTES / 1e6, 1e-6)
MAX_MINUTES = NumberSetting("COLORIZER_MAX_MINUTES", "minutes", 60, 1e-3)
MAX_FRAME_MEGAPIXELS = NumberSetting("COLORIZER_MAX_FRAME_MEGAPIXELS", "megapixels", 9.5, 1e-6)  # 4096 x 2304
MAX_FRAME_RATE = NumberSetting("COLORIZER_MAX_FRAME_RATE", "frames a second", 120, 1)
JOBS = NumberSetting("COLORIZER_JOBS", "jobs at once", 1, 1)
PHOTOS_AT_ONCE = NumberSetting("COLORIZER_PHOTOS_AT_ONCE", "photographs at once", float(os.cpu_count() or 1), 1)
MAX_QUEUE = NumberSetting("COLORIZER_MAX_QUEUE", "jobs that wait", 100, 1)
MAX_RUN_MINUTES = NumberSetting("COLORIZER_MAX_RUN_MINUTES", "minutes", 240, 1e-3)
MIN_FREE_MEGABYTES = NumberSetting("COLORIZER_MIN_FREE_MB", "megabytes", 100, 1e-6)
PHOTO_MEGABYTES = NumberSetting("COLORIZER_PHOTO_MB", "megabytes", 300, 50)
PHOTO_SECONDS = NumberSetting("COLORIZER_PHOTO_SECONDS", "seconds", 10, 1)
FILM_MEGABYTES = NumberSetting("COLORIZER_FILM_MB", "megabytes", 400, 50)
FILM_SECONDS = NumberSetting("COLORIZER_FILM_SECONDS", "seconds", 30, 1)
PATIENCE = NumberSetting("COLORIZER_PATIENCE", "times the seconds of the processor", 5, 1)
TRUSTED_PROXIES = NumberSetting("COLORIZER_TRUSTED_PROXIES", "proxies", 0, 0)

# A school of 35 behind one address must fit into the second number of each.
SESSIONS = _budget("SESSIONS", "sessions", None, 200)
UPLOADS = _budget("UPLOADS", "uploads", 1000, 5000)
UPLOAD_MEGABYTES = _budget("UPLOAD_MB", "megabytes", 550, 2000, minimum=1e-6)
DISK_MEGABYTES = _budget("DISK_MB", "megabytes", 6000, 20000, minimum=1e-6)
QUEUED_JOBS = _budget("JOBS", "jobs", 20, 200)
DOWNLOADS_AT_ONCE = _budget("DOWNLOADS", "downloads", 6, 120)
STREAMS = _budget("STREAMS", "streams", 3, 40)
CLASSES = _budget("CLASSES", "classes", 5, 20)
JOINS = _budget("JOINS", "joins", 10, 120)
GUESSES = _budget("GUESSES", "guesses", 20, 200)
BUDGETS = (
    SESSIONS, UPLOADS, UPLOAD_MEGABYTES, DISK_MEGABYTES, QUEUED_JOBS, DOWNLOADS_AT_ONCE, STREAMS, CLASSES, JOINS,
    GUESSES,
)  # fmt: skip
NUMBERS = (
    MAX_MEGAPIXELS, MAX_PHOTOS, MAX_ALBUM_MEGABYTES, MAX_MINUTES, JOBS, PHOTOS_AT_ONCE, MAX_QUEUE, MIN_FREE_MEGABYTES,
    MAX_FRAME_MEGAPIXELS, MAX_FRAME_RATE, MAX_RUN_MINUTES, PHOTO_MEGABYTES, PHOTO_SECONDS, FILM_MEGABYTES,
    FILM_SECONDS, PATIENCE, TRUSTED_PROXIES,
    *(number for budget in BUDGETS for number in (budget.session, budget.address) if number is not None),
)  # fmt: skip

CLASS_DATABASE_VARIABLE = "COLORIZER_CLASS_DB"
FRAMED_BY_VARIABLE = "COLORIZER_FRAMED_BY"
STUN_VARIABLE = "COLORIZER_STUN"
TURN_VARIABLE = "COLORIZER_TURN"
TURN_USERNAME_VARIABLE = "COLORIZER_TURN_USERNAME"
TURN_CREDENTIAL_VARIABLE = "COLORIZER_TURN_CREDENTIAL"
TWILIO_VARIABLES = ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN")

_ORIGIN = re.compile(r"https?://(\*\.)?[A-Za-z0-9.-]+(:\d+)?")


def max_pixels() -> int:
    """The largest picture that is taken, in pixels."""
    return int(1e6 * MAX_MEGAPIXELS.read())


def max_film_seconds() -> float:
    """The longest film that is taken."""
    return 60 * MAX_MINUTES.read()


def max_frame_pixels() -> int:
    """The largest frame of a film, in pixels; by default that of 4K."""
    return int(1e6 * MAX_FRAME_MEGAPIXELS.read())


def max_frame_rate() -> float:
    """The most frames a second of a film, on average."""
    return MAX_FRAME_RATE.read()


def max_photos() -> int:
    """How many photographs an album may have."""
    return int(MAX_PHOTOS.read())


def max_album_bytes() -> int:
    """How large the photographs of an album may be together, unpacked."""
    return int(1e6 * MAX_ALBUM_MEGABYTES.read())


def min_free_bytes() -> int:
    """How much of the disk of the temporary files stays free, so that what has begun can be finished."""
    return int(1e6 * MIN_FREE_MEGABYTES.read())


def longest_run_seconds() -> float:
    """How long a film or an album may be coloured; what is done by then is kept."""
    return 60 * MAX_RUN_MINUTES.read()


def trusted_proxies() -> int:
    """How many proxies stand before the program. Each appends the address that it was asked from to X-Forwarded-For."""
    return int(TRUSTED_PROXIES.read())


def class_database_path() -> Path:
    """The file of the classes: by default in the user's state folder (XDG Base Directory Specification)."""
    if named := os.environ.get(CLASS_DATABASE_VARIABLE):
        return Path(named)
    state = os.environ.get("XDG_STATE_HOME")
    return (Path(state) if state else Path.home() / ".local" / "state") / "ai-colouriser" / "class.sqlite3"


def framing_origins() -> tuple[str, ...]:
    """The origins whose pages may show this one in a frame. Raises InvalidSetting for what is no origin."""
    origins = tuple(os.environ.get(FRAMED_BY_VARIABLE, "").split())
    for origin in origins:
        if not _ORIGIN.fullmatch(origin):
            raise InvalidSetting(
                f"expected {FRAMED_BY_VARIABLE} to name origins such as https://example.org, got {origin!r}"
            )
    return origins


def check_settings() -> None:
    """Read every setting once. Raises InvalidSetting for the first that is wrong."""
    for number in NUMBERS:
        number.read()
    framing_origins()
