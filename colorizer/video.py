"""Films: from a file in black and white to an MP4 file in colour that browsers play, with its sound."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from colorizer.pipeline import Colorizer
from colorizer.video_types import SUFFIXES, TARGET_SUFFIX, Progress, VideoInfo, VideoOptions, VideoResult

__all__ = [
    "SUFFIXES",
    "TARGET_SUFFIX",
    "Progress",
    "VideoInfo",
    "VideoOptions",
    "VideoResult",
    "colorize_video",
    "estimate_seconds",
    "probe",
]


def probe(path: Path) -> VideoInfo:
    """What the file holds, from its header: quick. Raises InvalidVideo for what is no film that can be read."""
    raise NotImplementedError


def colorize_video(
    source: Path,
    target: Path,
    colorizer: Colorizer,
    options: VideoOptions = VideoOptions(),  # noqa: B008 - frozen
    *,
    progress: Callable[[Progress], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> VideoResult:
    """Colour a film into `target`, an MP4 file (H.264, 8 bits, 4:2:0) with the source's sound tracks.

    Luma, timestamps, rotation and metadata are the source's. The file is written under a temporary name beside
    `target` and then takes its place, so that `target` is always whole.
    `progress` and `cancelled` are called in the caller's thread, after each frame that was written; once `cancelled`
    gives True, what was finished is kept as a playable `target`.
    Raises InvalidVideo for a source that cannot be read, VideoNotWritten for a target that cannot be written (a full
    disk, say), and whatever the colorizer or the callables raise; `target` is then as it was.
    """
    raise NotImplementedError


def estimate_seconds(source: Path, colorizer: Colorizer, options: VideoOptions = VideoOptions()) -> float:  # noqa: B008
    """About how long `colorize_video` would take, in seconds, from colouring the first few frames (a few seconds)."""
    raise NotImplementedError
