"""How long a film will take: a few frames are coloured in each way that it needs, and counted up over its shots."""

from __future__ import annotations

import tempfile
import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import islice, pairwise
from pathlib import Path
from types import MappingProxyType

from colorizer.pipeline import Colorizer
from colorizer.video.colorize import colorize_video
from colorizer.video.containers import suffix_for
from colorizer.video.directing.direction import Direction
from colorizer.video.directing.shots import number_at, settings_of, shots_at
from colorizer.video.directing.source import ShotSource
from colorizer.video.directing.tone import MEASURED_SIDE, is_measured, measures_shots
from colorizer.video.limits import DEFAULT_LIMITS, VideoLimits
from colorizer.video.probe import probe
from colorizer.video.types import Progress, VideoInfo, VideoOptions

_DEFAULT_OPTIONS = VideoOptions()
_NO_PICTURES: Mapping[str, Path] = MappingProxyType({})
_MOST_FRAMES, _MOST_SECONDS = 50, 3.0  # of a measurement, whichever comes first; from its first frame on
_KEYED_FRAMES = 25  # of the measurements with a key frame, which all are read before the first is coloured


@dataclass(frozen=True)
class Pace:
    """Seconds of work.

    `start`: before the first frame. `colored`: for a frame of a shot without key frames; `keyed`: of one with. `key`:
    for a key frame itself. `ahead`: for a frame that is looked at before, because a key frame comes later in its shot.
    `measured`: for one whose levels or border are measured before.
    """

    start: float
    colored: float
    keyed: float = 0.0
    key: float = 0.0
    ahead: float = 0.0
    measured: float = 0.0

    def seconds(self, options: VideoOptions, info: VideoInfo) -> float | None:
        """For the part in `options` of the film of `info`, as if no shot was finished; None if its end is unknown."""
        end = min((time for time in (options.end, info.duration) if time is not None), default=None)
        if end is None:
            return None
        shots, rate = options.direction.shots or shots_at(()), float(info.rate)
        starts = [shot.start for shot in shots]
        keys: dict[int, list[float]] = defaultdict(list)
        for key in options.direction.keys:
            keys[number_at(starts, key.seconds, frame=1 / rate)].append(key.seconds)
        frames, total = 0.0, self.start
        for number, (first, last) in enumerate(pairwise([*starts, max(starts[-1], info.duration or end)]), start=1):
            begin, finish = max(first, options.start), min(last, end)
            if finish <= begin:
                continue
            if is_measured(settings_of(shots, number).restoration or options.direction.restoration):
                frames += (last - first) * self.measured
            if number in keys:  # what is before the part is coloured too
                total += len(keys[number]) * self.key
                frames += (max(keys[number]) - first) * self.ahead + (finish - first) * self.keyed
            else:
                frames += (finish - begin) * self.colored
        return total + frames * rate


def estimate_seconds(
    source: Path,
    colorizer: Colorizer,
    options: VideoOptions = _DEFAULT_OPTIONS,
    *,
    folder: Path | None = None,
    limits: VideoLimits = DEFAULT_LIMITS,
    pictures: Mapping[str, Path] = _NO_PICTURES,
) -> float | None:
    """Estimate the seconds that `colorize_video` would take: see `measure_pace`. None if the length is unknown."""
    info = probe(source, limits)
    pace = measure_pace(source, colorizer, options, info=info, folder=folder, limits=limits, pictures=pictures)
    return pace.seconds(options, info)


def measure_pace(
    source: Path,
    colorizer: Colorizer,
    options: VideoOptions = _DEFAULT_OPTIONS,
    *,
    info: VideoInfo | None = None,
    suffix: str | None = None,
    folder: Path | None = None,
    limits: VideoLimits = DEFAULT_LIMITS,
    pictures: Mapping[str, Path] = _NO_PICTURES,
) -> Pace:
    """Measure the pace of `colorize_video` by colouring a few frames for up to 3 seconds.

    The same again with a key frame, if there is one, and with one that comes later. `info`: what `probe` says of the
    film; None: it is probed. `suffix`: of the film's name, by default that for its codec. `folder`: where those frames
    lie in the meantime, else the system's temporary folder.
    Raises as `colorize_video` does.
    """
    direction, info = options.direction, info or probe(source, limits)
    with tempfile.TemporaryDirectory(dir=folder) as own_folder:
        target = Path(own_folder) / f"estimate{suffix or suffix_for(options.encoding.codec)}"

        def run(part: VideoOptions, most: int = _MOST_FRAMES) -> tuple[float, float]:
            return _run(source, target, colorizer, part, most, limits, pictures)

        plain = replace(options, label=False, direction=Direction(reference=direction.reference))
        pace = Pace(*run(plain))
        if direction.keys:
            count = max(2, min(_KEYED_FRAMES, int(_MOST_SECONDS / pace.colored)))
            ends = (options.start + count / float(info.rate), options.end, info.duration)
            end = min(time for time in ends if time is not None)
            first = _with_key(plain, end, options.start, direction)
            last = _with_key(plain, end, max(options.start, end - 0.5 / float(info.rate)), direction)
            start, keyed = run(first)
            later, _ = run(last, most=1)
            ahead = max(0.0, later - start) / count
            pace = replace(pace, keyed=keyed, key=max(0.0, start - pace.start), ahead=ahead)
    if measures_shots(direction):
        pace = replace(pace, measured=_measure_reading(source, info, options, limits))
    return pace


def _with_key(options: VideoOptions, end: float, seconds: float, direction: Direction) -> VideoOptions:
    """The options for a short shot up to `end`, with one of the key frames moved to `seconds`."""
    key = replace(direction.keys[0], seconds=seconds)
    shots = shots_at((options.start, end))
    return replace(options, end=end, direction=replace(options.direction, shots=shots, keys=(key,)))


def _run(
    source: Path,
    target: Path,
    colorizer: Colorizer,
    options: VideoOptions,
    most: int,
    limits: VideoLimits,
    pictures: Mapping[str, Path],
) -> tuple[float, float]:
    """Colour up to `most` frames. Returns the seconds to the first of them, and those for each further one."""
    reports: list[Progress] = []

    def is_enough() -> bool:
        spent = reports[-1].seconds_spent - reports[0].seconds_spent
        return reports[-1].frames >= most or spent >= _MOST_SECONDS

    colorize_video(
        *(source, target, colorizer, options),
        progress=reports.append,
        cancelled=is_enough,
        limits=limits,
        pictures=pictures,
    )
    first, last = reports[0], reports[-1]
    if last.frames == first.frames:
        return first.seconds_spent, first.seconds_spent
    return first.seconds_spent, (last.seconds_spent - first.seconds_spent) / (last.frames - first.frames)


def _measure_reading(source: Path, info: VideoInfo, options: VideoOptions, limits: VideoLimits) -> float:
    """The seconds that it takes to read a frame and repair it, as for its levels."""
    shot = ShotSource(source, shots_at(()), 1, float(1 / info.rate), options.repair, limits)
    times: list[float] = []
    for frame in islice(shot.read(), _MOST_FRAMES):
        frame.luminance(MEASURED_SIDE)
        times.append(time.monotonic())
        if times[-1] - times[0] >= _MOST_SECONDS:
            break
    return (times[-1] - times[0]) / max(1, len(times) - 1) if times else 0.0
