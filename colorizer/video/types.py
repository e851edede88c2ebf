"""The plain data of the video functions."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeAlias

from colorizer.arrays import Pixels
from colorizer.edits.look import Look
from colorizer.frames.repair import FilmRepair
from colorizer.frames.smoothing import DEFAULT_AMOUNT, check_amount
from colorizer.video.directing.direction import Direction
from colorizer.video.formats import VideoEncoding

if TYPE_CHECKING:
    import av

VIDEO_SUFFIXES = (  # the usual ones first
    *(".mp4", ".m4v", ".mov", ".avi", ".mkv", ".webm", ".mpg", ".mpeg", ".ts", ".mts", ".m2ts", ".vob"),
    *(".wmv", ".flv", ".ogv", ".3gp", ".3g2", ".asf", ".dv", ".divx", ".f4v", ".m1v", ".m2t", ".m2v", ".mj2", ".mod"),
    *(".mpe", ".mxf", ".ogg", ".ogm", ".qt", ".rm", ".rmvb", ".tod", ".vro", ".wtv"),
)
TARGET_SUFFIX = ".mp4"  # of films for browsers; `containers.TARGET_SUFFIXES` has all


@dataclass(frozen=True)
class VideoInfo:
    """A film as its file describes it.

    `width`, `height`: as shown, after rotation, in the file's pixels. `duration`: seconds; None: unknown. `frames`: how
    many, estimated where the file does not say; None: unknown. `rate`: frames a second on average. `codec`: of the
    picture; `audio`: of each sound track, both as FFmpeg names them. `rotation`: degrees counter-clockwise that a
    player turns the stored picture by, 0 .. 359. `mirrored`: whether it mirrors the picture left to right after that.
    `pixel_aspect`: width : height of a pixel, as shown; 1 if the file does not say. `losses`: sentences for the user on
    what a result will not keep, as far as the beginning of the film tells.
    """

    width: int
    height: int
    duration: float | None
    frames: int | None
    rate: Fraction
    codec: str
    audio: tuple[str, ...]
    rotation: int
    mirrored: bool = False
    pixel_aspect: Fraction = Fraction(1)
    losses: tuple[str, ...] = ()


@dataclass(frozen=True)
class VideoOptions:
    """How a film is coloured, and which part of it.

    `look`: as for photographs. `smoothing`: of the colours over time, 0 (none) .. 1.
    `start`, `end`: the part to colour, in seconds from the beginning of the source; None: to its end.
    `label`: whether the film tells in its XMP that its colours are made by a program, and how.
    `repair`: what to repair before it is coloured. `direction`: of its shots; none by default. `encoding`: of its file.
    Raises ValueError for a value out of range.
    """

    look: Look = field(default_factory=Look)
    smoothing: float = DEFAULT_AMOUNT
    start: float = 0.0
    end: float | None = None
    label: bool = True
    repair: FilmRepair = field(default_factory=FilmRepair)
    direction: Direction = field(default_factory=Direction)
    encoding: VideoEncoding = field(default_factory=VideoEncoding)

    def __post_init__(self) -> None:
        check_amount(self.smoothing)
        if not 0 <= self.start < float("inf"):
            raise ValueError(f"expected a start of 0 seconds or more, got {self.start:g}")
        if self.end is not None and not self.start < self.end < float("inf"):
            raise ValueError(f"expected an end after the start at {self.start:g} seconds, got {self.end:g}")


@dataclass(frozen=True)
class Progress:
    """The progress of a run.

    `frames`: written so far. `expected_frames`: in all, according to the file; None: unknown. `seconds_spent`: since
    the run started. `frames_per_second`, `seconds_left`: None until known. `preview`: a recent coloured frame as a
    player shows it, at most 320 pixels wide or high, RGB (h, w, 3) uint8; updated about twice a second. `film_seconds`:
    the length of the frames written so far.
    """

    frames: int
    expected_frames: int | None
    seconds_spent: float
    frames_per_second: float | None
    seconds_left: float | None
    preview: Pixels | None
    film_seconds: float


@dataclass(frozen=True)
class VideoResult:
    """What was written.

    `duration`: seconds. `complete`: False if the run was cancelled or the source is truncated.
    `notes`: sentences for the user (a truncated source, sound that was re-encoded, ...). `exceeds_limits`: whether the
    rest of the source is left out because it exceeds the limits.
    """

    frames: int
    duration: float
    complete: bool
    notes: tuple[str, ...] = ()
    exceeds_limits: bool = False


AnyPacket: TypeAlias = "av.Packet[Any]"

SoundPacket: TypeAlias = AnyPacket


@dataclass(frozen=True)
class GrayFrame:
    """A frame as it is read.

    `luma`: (H, W), perhaps with padded rows, perhaps not writable: uint8 for 8 `bits`, else uint16 with values up to
    2 ** bits - 1. `pts`, `duration`: in the reader's `time_base`. `interlaced`: whether odd and even rows are of two
    times.
    """

    luma: Pixels
    pts: int
    duration: int
    bits: int = 8
    interlaced: bool = False


@dataclass(frozen=True)
class EncodedPacket:
    """A packet of the written picture, with the times that the encoder gave it, in the reader's `time_base`."""

    packet: AnyPacket
    pts: int
    dts: int
    duration: int
    is_keyframe: bool
