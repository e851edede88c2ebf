"""What directing needs of a film's file: its times, and its small pictures, in which shots are found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import av

from colorizer.errors import InvalidVideo
from colorizer.frames.yuv import YuvFrame, shrink_luminance
from colorizer.video.directing.detection import find_cuts
from colorizer.video.directing.shots import Shots, shots_at
from colorizer.video.directing.similarity import SIDE, SmallPicture
from colorizer.video.directing.timecode import Timecode
from colorizer.video.limits import DEFAULT_LIMITS, VideoLimits
from colorizer.video.metadata import readable_tags
from colorizer.video.reader import VideoReader
from colorizer.video.types import GrayFrame


@dataclass(frozen=True)
class FilmTimes:
    """`code`: the film's time code. `duration`: seconds; None: unknown."""

    code: Timecode
    duration: float | None


def read_times(path: Path, limits: VideoLimits = DEFAULT_LIMITS) -> FilmTimes:
    """The times of a film. Raises InvalidVideo, OSError."""
    with VideoReader(path, limits) as reader:
        tags = readable_tags(reader.container.metadata | reader.stream.metadata)
        tag = next((value for key, value in tags.items() if key.lower() == "timecode"), None)
        return FilmTimes(Timecode.of_film(reader.info.rate, tag), reader.info.duration)


def find_shots(
    path: Path,
    *,
    progress: Callable[[float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    limits: VideoLimits = DEFAULT_LIMITS,
) -> Shots:
    """Find the shots of a film.

    `progress` is called with the seconds of film that have been seen, after each frame. Once `cancelled` gives True,
    the rest of the film is one shot. Raises InvalidVideo for a film that cannot be read, OSError.
    """
    with VideoReader(path, limits) as reader:
        pictures = _small_pictures(reader, progress, cancelled)
        try:
            return shots_at(find_cuts(pictures, float(reader.info.rate)))
        except av.FFmpegError as error:
            what = error.strerror or str(error)
            message = f"expected a film that can be read, got {path.name}, where FFmpeg fails: {what}"
            raise InvalidVideo(message, path=path) from error


def _small_pictures(
    reader: VideoReader, progress: Callable[[float], None] | None, cancelled: Callable[[], bool] | None
) -> Iterator[SmallPicture]:
    for item in reader.read():
        if not isinstance(item, GrayFrame):
            continue
        seconds = float(item.pts * reader.time_base)
        frame = YuvFrame.of_luma(item.luma, full_range=reader.full_range)
        yield SmallPicture(shrink_luminance(frame, SIDE), seconds)
        if progress is not None:
            progress(seconds)
        if cancelled is not None and cancelled():
            return
