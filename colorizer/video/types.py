"""What the video functions take and give: plain data."""

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
    `start`, `end`: seconds of the source from its beginning, to colour only what lies between; None: to the end.
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
    """How far a run has come.

    `frames`: written so far. `expected_frames`: in all, as far as the file tells. `seconds_spent`: since the run began.
    `frames_per_second`, `seconds_left`: None until they are known. `preview`: one of the latest coloured frames,
    upright and at most 320 pixels wide or high, RGB (h, w, 3) uint8; renewed about twice a second.
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

    `duration`: seconds. `complete`: False when the run was cancelled or the source broke off.
    `notes`: sentences that a user should read (a truncated source, sound that was encoded anew, ...).
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
