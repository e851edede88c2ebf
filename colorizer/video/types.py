"""The plain data of the video functions."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeAlias

from colorizer.arrays import Pixels, Plane
from colorizer.edits.look import Look
from colorizer.frames.smoothing import DEFAULT_AMOUNT, check_amount

if TYPE_CHECKING:
    import av

VIDEO_SUFFIXES = (
    *(".mp4", ".m4v", ".mov", ".avi", ".mkv", ".webm", ".mpg", ".mpeg", ".ts", ".mts", ".m2ts", ".vob"),
    *(".wmv", ".flv", ".ogv", ".3gp"),
)
TARGET_SUFFIX = ".mp4"


@dataclass(frozen=True)
class VideoInfo:
    """A film as its file describes it.

    `width`, `height`: as shown, after rotation. `duration`: seconds. `frames`: how many, estimated where the file does
    not say. `rate`: frames a second on average. `codec`: of the picture; `audio`: of each sound track, both as FFmpeg
    names them. `rotation`: degrees counter-clockwise that a player turns the stored picture by, 0 .. 359.
    """

    width: int
    height: int
    duration: float
    frames: int
    rate: Fraction
    codec: str
    audio: tuple[str, ...]
    rotation: int


@dataclass(frozen=True)
class VideoOptions:
    """How a film is coloured, and which part of it.

    `look`: as for photographs. `smoothing`: of the colours over time, 0 (none) .. 1.
    `start`, `end`: the part to colour, in seconds from the beginning of the source; None: to its end.
    Raises ValueError for a value out of range.
    """

    look: Look = field(default_factory=Look)
    smoothing: float = DEFAULT_AMOUNT
    start: float = 0.0
    end: float | None = None

    def __post_init__(self) -> None:
        check_amount(self.smoothing)
        if not self.start >= 0:
            raise ValueError(f"expected a start of 0 seconds or more, got {self.start:g}")
        if self.end is not None and not self.end > self.start:
            raise ValueError(f"expected an end after the start at {self.start:g} seconds, got {self.end:g}")


@dataclass(frozen=True)
class Progress:
    """The progress of a run.

    `frames`: written so far. `expected_frames`: in all, according to the file. `seconds_spent`: since the run started.
    `frames_per_second`, `seconds_left`: None until known. `preview`: a recent coloured frame, upright, at most
    320 pixels wide or high, RGB (h, w, 3) uint8; updated about twice a second.
    """

    frames: int
    expected_frames: int
    seconds_spent: float
    frames_per_second: float | None
    seconds_left: float | None
    preview: Pixels | None


@dataclass(frozen=True)
class VideoResult:
    """What was written.

    `duration`: seconds. `complete`: False if the run was cancelled or the source is truncated.
    `notes`: sentences for the user (a truncated source, sound that was re-encoded, ...).
    """

    frames: int
    duration: float
    complete: bool
    notes: tuple[str, ...] = ()


AnyPacket: TypeAlias = "av.Packet[Any]"

SoundPacket: TypeAlias = AnyPacket


@dataclass(frozen=True)
class GrayFrame:
    """`luma`: (H, W) uint8, perhaps with padded rows. `pts`, `duration`: in the reader's `time_base`."""

    luma: Plane
    pts: int
    duration: int
