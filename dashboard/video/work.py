"""The work on a film, each piece of it in a worker: look into it, show frames, estimate the time, colour it."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from colorizer import Colorizer
from colorizer.frames.repair import FilmRepair
from colorizer.video import (
    Pace,
    Progress,
    VideoInfo,
    VideoLimits,
    VideoOptions,
    VideoResult,
    colorize_video,
    measure_pace,
    probe,
)
from dashboard.server.settings import max_frame_pixels, max_frame_rate
from dashboard.server.signing import sign_film
from dashboard.server.workers.limits import Limits, film_limits, run_limits, with_solver
from dashboard.server.workers.run import LentJob, run_isolated
from dashboard.video.still import StillFrame, read_still
from dashboard.video.strip import FilmStrip, read_strip

_MEASUREMENTS = 4  # of a pace: without a key frame, with one, with one that comes later, and of reading


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


def read_film_still(source: Path, info: VideoInfo, seconds: float, repair: FilmRepair) -> StillFrame | None:
    """The first frame at or after `seconds`, repaired, or None if the film ends before. Raises InvalidVideo."""
    limits = film_limits(info.width * info.height, repairs=not repair.is_off)
    return run_isolated(read_still, source, seconds, repair, video_limits(), limits=limits)


def read_film_strip(source: Path, info: VideoInfo) -> FilmStrip | None:
    """A few small frames spread over the film; None if there are none to choose from. Raises InvalidVideo."""
    return run_isolated(read_strip, source, video_limits(), limits=film_limits(info.width * info.height))


def measure_film_pace(
    source: Path, info: VideoInfo, colorizer: Colorizer, options: VideoOptions, directed: DirectedFiles, suffix: str
) -> Pace:
    """How long frames take, in a file with this suffix. Raises InvalidVideo, InvalidImage and VideoNotWritten."""
    with _scratch_folder(source) as folder:
        arguments = (source, info, colorizer, options, directed, suffix, Path(folder), video_limits())
        pixels, repairs = info.width * info.height, not options.repair.is_off
        limits = film_limits(pixels, looks=_MEASUREMENTS, encodes=True, repairs=repairs)
        return run_isolated(_measure_pace, *arguments, limits=_limits_of(limits, options, directed))


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
    The film is signed if that is set. Raises InvalidVideo, InvalidImage, VideoNotWritten, SigningFailed and
    WorkerStopped.
    """
    with _scratch_folder(source) as folder:  # removed even if the worker is killed
        part = Path(folder) / target.name
        job = LentJob(report, should_stop)
        arguments = (source, part, colorizer, options, directed, video_limits(max_seconds), job)
        limits = run_limits(info.width * info.height, repairs=not options.repair.is_off)
        result = run_isolated(_colorize, *arguments, limits=_limits_of(limits, options, directed))
        notes = sign_film(part, source, colorizer.spec)
        part.replace(target)
    return replace(result, notes=(*result.notes, *notes))


def video_limits(seconds: float = math.inf) -> VideoLimits:
    """The limits of this page for films of up to so many seconds."""
    return VideoLimits(pixels=max_frame_pixels(), rate=max_frame_rate(), seconds=seconds)


def _scratch_folder(source: Path) -> tempfile.TemporaryDirectory[str]:
    """A folder beside the film, in the folder of its session."""
    return tempfile.TemporaryDirectory(dir=source.parent)


def _limits_of(limits: Limits, options: VideoOptions, directed: DirectedFiles) -> Limits:
    """The limits for work with these options."""
    is_directed = options.direction.keys or options.direction.reference
    return with_solver(limits, directed.pixels) if is_directed else limits


def _measure_pace(
    source: Path,
    info: VideoInfo,
    colorizer: Colorizer,
    options: VideoOptions,
    directed: DirectedFiles,
    suffix: str,
    folder: Path,
    limits: VideoLimits,
) -> Pace:
    return measure_pace(
        *(source, colorizer, options), info=info, suffix=suffix, folder=folder, limits=limits, pictures=directed.stills
    )


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
