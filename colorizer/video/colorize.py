"""Colours a film file: reading, colouring and writing run side by side."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import av

from colorizer.errors import InvalidVideo, Problem
from colorizer.frames.yuv import YuvColorizer, shrink_luminance
from colorizer.images.atomic import whole_file
from colorizer.pipeline import Colorizer
from colorizer.video.colors import VideoColors
from colorizer.video.label import COMMENT, write_label
from colorizer.video.limits import DEFAULT_LIMITS, VideoLimits
from colorizer.video.orientation import make_stored, make_upright
from colorizer.video.prefetch import Prefetch
from colorizer.video.probe import TOO_LITTLE_MEMORY
from colorizer.video.progress import Meter, expected_frames
from colorizer.video.reader import VideoReader
from colorizer.video.types import (
    TARGET_SUFFIX,
    GrayFrame,
    Progress,
    SoundPacket,
    VideoOptions,
    VideoResult,
)
from colorizer.video.writer import VideoWriter

_DEFAULT_OPTIONS = VideoOptions()
_ESTIMATE_FRAMES, _ESTIMATE_SECONDS = 50, 3.0  # whichever comes first; from the first frame on


def colorize_video(
    source: Path,
    target: Path,
    colorizer: Colorizer,
    options: VideoOptions = _DEFAULT_OPTIONS,
    *,
    progress: Callable[[Progress], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    limits: VideoLimits = DEFAULT_LIMITS,
) -> VideoResult:
    """Colour a film into `target`, an MP4 file (H.264, 8 bits, 4:2:0) with the source's sound tracks.

    Luma, timestamps, rotation and metadata are the source's. The file is written under a temporary name beside
    `target` and then takes its place, so that `target` is always whole.
    `progress` and `cancelled` are called in the caller's thread, after each frame that was written; once `cancelled`
    gives True, what was finished is kept as a playable `target`.
    `limits`: what is read of the source; of a longer film the beginning is coloured, with a note.
    Raises InvalidVideo for a source that cannot be read or whose frames are too large, VideoNotWritten for a target
    that cannot be written (a full disk, say), and whatever the colorizer or the callables raise; `target` is then as it
    was.
    """
    try:
        with whole_file(target) as part, VideoReader(source, limits) as reader:
            result = _colorize(reader, part, colorizer, options, progress, cancelled, COMMENT if options.label else "")
            if not options.label:
                return result
            if not result.complete:  # the recipe is that of the part which was made
                options = replace(options, end=options.start + result.duration)
            notes = write_label(part, source, colorizer.spec, options)
            return replace(result, notes=(*result.notes, *notes))
    except MemoryError as error:
        raise InvalidVideo(TOO_LITTLE_MEMORY, problem=Problem.NO_MEMORY) from error
    except av.FFmpegError as error:
        what = error.strerror or str(error)
        raise InvalidVideo(
            f"expected a film that can be read, got {source.name}, where FFmpeg fails: {what}", path=source
        ) from error
    except Exception as error:
        error.add_note(f"while colouring the film {source}")
        raise


def estimate_seconds(
    source: Path,
    colorizer: Colorizer,
    options: VideoOptions = _DEFAULT_OPTIONS,
    *,
    folder: Path | None = None,
    limits: VideoLimits = DEFAULT_LIMITS,
) -> float | None:
    """Estimate the seconds that `colorize_video` would take, by colouring a few frames for up to 3 seconds.

    None if the film's length is unknown. `folder`: where those frames lie in the meantime, else the system's temporary
    folder. Raises as `colorize_video` does.
    """
    reports: list[Progress] = []

    def is_enough() -> bool:
        first, last = reports[0], reports[-1]
        return last.frames >= _ESTIMATE_FRAMES or last.seconds_spent - first.seconds_spent >= _ESTIMATE_SECONDS

    with tempfile.TemporaryDirectory(dir=folder) as own_folder:
        target = Path(own_folder) / f"estimate{TARGET_SUFFIX}"
        colorize_video(
            *(source, target, colorizer, replace(options, label=False)),
            progress=reports.append,
            cancelled=is_enough,
            limits=limits,
        )
    first, last = reports[0], reports[-1]
    if last.expected_frames is None:
        return None
    speed = last.frames_per_second or last.frames / last.seconds_spent
    return first.seconds_spent + max(last.expected_frames, last.frames) / speed


def _colorize(
    reader: VideoReader,
    part: Path,
    colorizer: Colorizer,
    options: VideoOptions,
    progress: Callable[[Progress], None] | None,
    cancelled: Callable[[], bool] | None,
    comment: str,
) -> VideoResult:
    """Decode and colour on two other threads, and encode on this one."""
    stopped = False
    meter = Meter(expected_frames(reader.info, options), reader.info)
    with VideoWriter(part, reader, start=options.start, comment=comment) as writer:
        with (
            Prefetch(reader.read(options.start, options.end), name="video-reader") as gray,
            Prefetch(
                _colorize_frames(gray, reader, writer, colorizer, options), name="video-colorizer"
            ) as colorized_frames,
        ):
            for item in colorized_frames:
                if isinstance(item, av.Packet):
                    writer.write_sound(item)
                    continue
                writer.write(item)
                report = meter.count(item)
                if progress is not None:
                    progress(report)
                if cancelled is not None and cancelled():
                    stopped = True
                    break
        if writer.frames == 0:
            length = reader.info.duration
            held = "which ends before" if length is None else f"of {length:g} seconds"
            message = f"expected pictures from {options.start:g} seconds on, got {reader.path.name} {held}"
            raise InvalidVideo(message, problem=Problem.NOTHING_THERE, path=reader.path)
    notes = (*reader.problems, *writer.notes)
    complete = not stopped and not reader.is_truncated
    return VideoResult(writer.frames, writer.duration, complete, notes, reader.exceeds_limits)


def _colorize_frames(
    items: Iterator[GrayFrame | SoundPacket],
    reader: VideoReader,
    writer: VideoWriter,
    colorizer: Colorizer,
    options: VideoOptions,
) -> Iterator[av.VideoFrame | SoundPacket]:
    """Colour the frames for the writer; sound passes through."""
    colors = VideoColors(colorizer, vividness=options.look.vividness, smoothing=options.smoothing)
    yuv_colorizer, last_pts = YuvColorizer(), None
    for item in items:
        if isinstance(item, av.Packet):
            yield item
            continue
        frame, yuv_frame = writer.new_frame(item)
        small = make_upright(shrink_luminance(yuv_frame, colorizer.spec.side), reader.info)
        ticks = item.duration if last_pts is None else item.pts - last_pts
        ab = colors.next_ab(small, seconds=max(1, ticks) * float(reader.time_base))
        yuv_colorizer.colorize_chroma(yuv_frame, make_stored(ab, reader.info), options.look)
        last_pts = item.pts
        yield frame
