"""The work on the shots of a film, each piece of it in a worker: find them, show them, read and write lists of them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from pathlib import Path

from colorizer import InvalidVideo, images
from colorizer.images import Picture
from colorizer.video import VideoInfo, VideoLimits
from colorizer.video.directing.film import find_shots, read_times
from colorizer.video.directing.shot_lists import parse_shot_list, shot_list_csv, shot_list_edl
from colorizer.video.directing.shots import Shots
from colorizer.video.sampling import frames_at
from dashboard.server.workers.limits import film_limits, run_limits
from dashboard.server.workers.run import LentJob, run_isolated
from dashboard.video.strip import SIDE
from dashboard.video.work import video_limits


def find_film_shots(
    source: Path,
    info: VideoInfo,
    *,
    max_seconds: float,
    report: Callable[[float], None],
    should_stop: Callable[[], bool],
) -> Shots:
    """The shots of a film. `report` is called with the seconds of film that have been seen.

    Raises InvalidVideo, and WorkerStopped at once after `should_stop`.
    """
    job = LentJob(report, should_stop, grace=0)
    return run_isolated(_find, source, video_limits(max_seconds), job, limits=run_limits(info.width * info.height))


def read_shot_pictures(source: Path, info: VideoInfo, times: Sequence[float], *, max_seconds: float) -> list[bytes]:
    """The frames that are shown at rising times, small, as JPEG; where there is none, the last one before or the first.

    Raises InvalidVideo if there is none at all.
    """
    limits = run_limits(info.width * info.height)
    return run_isolated(_read_pictures, source, times, video_limits(max_seconds), limits=limits)


def write_shot_list(source: Path, info: VideoInfo, shots: Shots, suffix: str, title: str) -> bytes:
    """The file of a shot list. `suffix`: .csv or .edl. Raises InvalidVideo."""
    arguments = (source, shots, suffix, title, video_limits())
    return run_isolated(_write_list, *arguments, limits=film_limits(info.width * info.height))


def read_shot_list(source: Path, info: VideoInfo, name: str, data: bytes) -> Shots:
    """The shots in the file of a list for this film. Raises InvalidSetting for what is none, InvalidVideo."""
    return run_isolated(_read_list, source, name, data, video_limits(), limits=film_limits(info.width * info.height))


def _find(source: Path, limits: VideoLimits, job: LentJob) -> Shots:
    return find_shots(source, progress=job.report, limits=limits)


def _read_pictures(source: Path, times: Sequence[float], limits: VideoLimits) -> list[bytes]:
    frames = [
        (frame.seconds, images.encode(Picture(frame.pixels), ".jpg"))
        for frame in frames_at(source, times, longest=SIDE, limits=limits)
    ]
    shown = [seconds for seconds, _ in frames]
    if not frames:
        raise InvalidVideo(f"expected a film with frames, got none in {source.name}", path=source)
    return [frames[max(0, bisect_right(shown, time) - 1)][1] for time in times]


def _write_list(source: Path, shots: Shots, suffix: str, title: str, limits: VideoLimits) -> bytes:
    make = shot_list_csv if suffix == ".csv" else shot_list_edl
    return make([shot.start for shot in shots], read_times(source, limits), title).encode()


def _read_list(source: Path, name: str, data: bytes, limits: VideoLimits) -> Shots:
    return parse_shot_list(name, data, read_times(source, limits))
