"""The work on a film, each piece of it in a worker: look into it, show frames, estimate the time, colour it."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from colorizer import Colorizer
from colorizer.video import (
    Progress,
    VideoInfo,
    VideoLimits,
    VideoOptions,
    VideoResult,
    colorize_video,
    estimate_seconds,
    probe,
)
from dashboard.server.settings import max_frame_pixels, max_frame_rate
from dashboard.server.workers.limits import film_limits, picture_limits, run_limits
from dashboard.server.workers.run import LentJob, run_isolated
from dashboard.video.still import StillFrame, read_still
from dashboard.video.strip import FilmStrip, read_strip


@dataclass(frozen=True)
class DirectedFiles:
    """The files of a directed film.

    `stills`: coloured ones, by their SHA-256. `pixels`: of the largest. `shots`: the folder in which finished shots are
    kept, which is there; None: nowhere.
    """

    stills: Mapping[str, Path] = field(default_factory=dict)
    pixels: int = 0
    shots: Path | None = None


def probe_film(source: Path) -> VideoInfo:
    """What the file holds. Raises InvalidVideo."""
    return run_isolated(probe, source, video_limits(), limits=film_limits(max_frame_pixels()))


def read_film_still(source: Path, info: VideoInfo, seconds: float) -> StillFrame | None:
    """The first frame at or after `seconds`, or None if the film ends before. Raises InvalidVideo."""
    return run_isolated(read_still, source, seconds, video_limits(), limits=film_limits(info.width * info.height))


def read_film_strip(source: Path, info: VideoInfo) -> FilmStrip | None:
    """A few small frames spread over the film; None if there are none to choose from. Raises InvalidVideo."""
    return run_isolated(read_strip, source, video_limits(), limits=film_limits(info.width * info.height))


def estimate_film_seconds(source: Path, info: VideoInfo, colorizer: Colorizer, options: VideoOptions) -> float | None:
    """How long the work will take, in seconds; None: unknown. Raises InvalidVideo and VideoNotWritten."""
    with _scratch_folder(source) as folder:
        arguments = (source, colorizer, options, Path(folder), video_limits())
        limits = film_limits(info.width * info.height, encodes=True, repairs=not options.repair.is_off)
        return run_isolated(_estimate, *arguments, limits=limits)


def colorize_film(
    source: Path,
    target: Path,
    info: VideoInfo,
    colorizer: Colorizer,
    options: VideoOptions,
    directed: DirectedFiles,
    *,
    max_seconds: float,
    report: Callable[[Progress], None],
    should_stop: Callable[[], bool],
) -> VideoResult:
    """Colour a film into `target`, at most its first `max_seconds`, whatever length its file claims.

    `target` is a playable file when this returns, also after `should_stop`; otherwise there is none.
    Raises InvalidVideo, InvalidImage, VideoNotWritten and WorkerStopped.
    """
    with _scratch_folder(source) as folder:  # removed even if the worker is killed
        part = Path(folder) / target.name
        job = LentJob(report, should_stop)
        arguments = (source, part, colorizer, options, directed, video_limits(max_seconds), job)
        limits = run_limits(info.width * info.height, repairs=not options.repair.is_off)
        stills = picture_limits().pixel_memory * directed.pixels
        result = run_isolated(_colorize, *arguments, limits=replace(limits, memory=limits.memory + stills))
        part.replace(target)
    return result


def video_limits(seconds: float = math.inf) -> VideoLimits:
    """The limits of this page for films of up to so many seconds."""
    return VideoLimits(pixels=max_frame_pixels(), rate=max_frame_rate(), seconds=seconds)


def _scratch_folder(source: Path) -> tempfile.TemporaryDirectory[str]:
    """A folder beside the film, in the folder of its session."""
    return tempfile.TemporaryDirectory(dir=source.parent)


def _estimate(
    source: Path, colorizer: Colorizer, options: VideoOptions, folder: Path, limits: VideoLimits
) -> float | None:
    return estimate_seconds(source, colorizer, options, folder=folder, limits=limits)


def _colorize(
    source: Path,
    target: Path,
    colorizer: Colorizer,
    options: VideoOptions,
    directed: DirectedFiles,
    limits: VideoLimits,
    job: LentJob,
) -> VideoResult:
    return colorize_video(
        *(source, target, colorizer, options),
        progress=job.report,
        cancelled=job.should_stop,
        limits=limits,
        pictures=directed.stills,
        shots_folder=directed.shots,
    )
