"""Tell a film that breaks off from one whose header is wrong: only data that are missing count."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from av.container import InputContainer
from av.video.stream import VideoStream

from colorizer.video.parts import find_cut
from colorizer.video.survey import MICROSECOND, frame_rate

_MIN_SECONDS = 0.5  # that must be missing where the end of the file may hold only an index
_MAX_FACTOR = 1000  # times the part that could be read: a header with a longer film than that is wrong


def find_truncation(path: Path, container: InputContainer, picture: VideoStream, reached: Fraction) -> str | None:
    """A sentence for the user if the file ends too early; None if nothing shows that data are missing.

    `reached`: the seconds of film that could be read, to the end of the file. Raises OSError.
    """
    # The duration of a truncated AVI is that of the remaining part; its header still has the number of frames.
    declared = max((container.duration or 0) * MICROSECOND, picture.frames / frame_rate(picture))
    says_more = declared == 0 or declared - reached > _MIN_SECONDS
    cut = find_cut(path)
    is_cut = cut is not None and (says_more or not cut.is_all)
    if not is_cut and not (says_more and _is_index_cut(picture, path.stat().st_size)):
        return None
    total = f" of {float(declared):.1f}" if says_more and 0 < declared < reached * _MAX_FACTOR else ""
    return f"The file ends after {float(reached):.1f}{total} seconds; the part that could be read is written."


def _is_index_cut(picture: VideoStream, size: int) -> bool:
    """Whether the file's index names a packet beyond the end of the file, which has `size` bytes."""
    return any(entry.pos + entry.size > size for entry in picture.index_entries)
