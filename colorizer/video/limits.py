"""How large a film may be. What its file says is checked first, and what it holds while it is read."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeVar

import av
from av.video.stream import VideoStream

from colorizer.errors import InvalidVideo, Problem

Item = TypeVar("Item")

_GRACE = 10.0  # seconds with more frames than the rate allows: slow motion, and clocks that stand still for a while
_LENGTH_TOLERANCE = 1.0  # seconds by which a film may be longer than its file says
_CODED_MARGIN = 1.1  # times the pixels of a frame: codecs store whole blocks
# Decoders that work on several frames at once hold all of them, so they do so only up to this size.
_FRAME_THREADED_PIXELS = 4_000_000


@dataclass(frozen=True)
class VideoLimits:
    """The largest film that is read.

    `pixels`: of a frame; the default is 8K, as large as H.264 allows (level 6.2). `rate`: frames a second on average,
    after the first ten seconds; the default is H.264's limit. `seconds`, `frames`: of film that are read.
    """

    pixels: int = 8192 * 4320
    rate: float = 300.0
    seconds: float = math.inf
    frames: float = math.inf

    @property
    def largest(self) -> str:
        """The size of the largest frame, for messages."""
        return f"{self.pixels / 1e6:.3g} megapixels"

    def find_excess(self, frames: int, seconds: float, end: float) -> str | None:
        """A sentence for the user if `frames` in `seconds`, which end at `end` of the film, are too many; else None."""
        if self._is_too_long(end):
            return f"The film is longer than {_length(self.seconds)}; only this first part is read."
        if frames > self.frames:
            return f"The film has more than {self.frames:,} frames; only these are read."
        if self._is_too_fast(frames, seconds):
            return f"The film has more than {self.rate:g} frames a second; only its first {end:.1f} seconds are read."
        return None

    def check(self, frames: int, seconds: float, *, whole: float | None) -> None:
        """Raise InvalidVideo if a film exceeds the limits: its first `frames` take `seconds`, and all take `whole`."""
        if self._is_too_fast(frames, seconds):
            got = f"{frames / seconds:.0f}" if seconds > 0 else f"{frames} at the same time"
            message = f"expected a film of at most {self.rate:g} frames a second, got one of {got}"
            raise InvalidVideo(message, problem=Problem.UNSUPPORTED)
        if whole is not None and self._is_too_long(whole):
            message = f"expected a film of at most {_length(self.seconds)}, got one of {_length(whole)}"
            raise InvalidVideo(message, problem=Problem.TOO_LONG)

    def _is_too_long(self, seconds: float) -> bool:
        return seconds > self.seconds + _LENGTH_TOLERANCE

    def _is_too_fast(self, frames: int, seconds: float) -> bool:
        return frames > self.rate * (max(0.0, seconds) + _GRACE)


DEFAULT_LIMITS = VideoLimits()


def limit_decoder(picture: VideoStream, limits: VideoLimits) -> None:
    """Prepare a decoder that has not been used: it will refuse larger frames, also later ones, before they take memory.

    Raises InvalidVideo if the file says that its frames are larger.
    """
    context: Any = picture.codec_context
    pixels = context.width * context.height
    if pixels > limits.pixels:
        raise InvalidVideo(
            f"expected a film with frames of at most {limits.largest}, got frames of {pixels / 1e6:.3g} "
            f"megapixels ({context.width} x {context.height})",
            problem=Problem.TOO_LARGE,
        )
    context.options = {"max_pixels": str(round(limits.pixels * _CODED_MARGIN))}
    context.thread_type = "AUTO" if pixels <= _FRAME_THREADED_PIXELS else "SLICE"


def is_too_large(picture: VideoStream, error: av.FFmpegError, limits: VideoLimits) -> bool:
    """Whether a decoder has refused a frame because of its size: it knows the size then, or it has dropped it."""
    context: Any = picture.codec_context
    pixels = context.width * context.height
    return pixels > limits.pixels or (pixels == 0 and isinstance(error, av.ArgumentError))


def cut_excess(
    items: Iterator[Item], limits: VideoLimits, base: Fraction, begin: Fraction, report: Callable[[str], None]
) -> Iterator[Item]:
    """The items up to the first frame that exceeds the limits; a sentence on it is reported then.

    `base`: seconds per tick of the frames' pts. `begin`: of the film, in seconds of its clock.
    """
    count, first = 0, Fraction(0)
    for item in items:
        if isinstance(item, av.VideoFrame):
            time = (item.pts or 0) * base - begin
            count, first = count + 1, first if count else time
            excess = limits.find_excess(count, float(time - first), float(time))
            if excess is not None:
                report(excess)
                return
        yield item


def _length(seconds: float) -> str:
    return f"{seconds:g} seconds" if seconds < 60 else f"{seconds / 60:.3g} minutes"
