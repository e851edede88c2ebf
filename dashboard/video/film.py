"""A visitor's film on disk, its runs and their results. Independent of Streamlit."""

from __future__ import annotations

import itertools
from collections.abc import Hashable
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path, PurePath

from colorizer import Colorizer, InvalidVideo
from colorizer.frames.repair import FilmRepair
from colorizer.images.naming import result_names
from colorizer.video import Pace, Progress, VideoInfo, VideoOptions
from colorizer.video.directing.shots import number_at
from dashboard.server.disk import watch_free_space
from dashboard.server.job_queue import JobQueue
from dashboard.server.jobs import Job, JobState
from dashboard.server.workers.run import WorkerStopped
from dashboard.video.directing import Directing
from dashboard.video.formats import kind_of
from dashboard.video.runs import (
    FilmPart,
    FilmResult,
    FilmRun,
    RunEnd,
    RunTooLong,
    describe_in_name,
    pace_key,
    why_stopped,
)
from dashboard.video.still import StillFrame
from dashboard.video.strip import FilmStrip
from dashboard.video.work import colorize_film, measure_film_pace, read_film_still, read_film_strip

_ESTIMATED_PIXELS = 2_100_000  # of a frame, Full HD; an estimate of larger ones takes much memory, so it is asked for

_NO_REPAIR = FilmRepair()
_NUMBERS = itertools.count(1)  # numbers in file names, so that a run never overwrites the result of another


@dataclass
class Film:
    """An uploaded film.

    `upload`: Streamlit's file id. `max_seconds`: of film; a run stops there, whatever length the file claims.
    `digest`: the SHA-256 of its file. `directing`: its shots and key frames.
    `moment`: the one that was chosen, in seconds. `strip`: the job that reads the frames to choose it by.
    `latest`: the run that waits, runs or failed. `results`: the last one of each kind, the newest last.
    `stills`: by its time and repair, the frame that was shown last; None if the film ends before. `paces`: by what
    changes them (see `pace_key`), the jobs that measure how long its frames will take.
    """

    upload: str
    name: str
    source: Path
    info: VideoInfo
    max_seconds: float
    digest: str = ""
    moment: float = 0.0
    strip: Job[None, FilmStrip | None] | None = None
    latest: FilmRun | None = None
    results: dict[FilmPart, FilmResult] = field(default_factory=dict)
    stills: dict[tuple[float, FilmRepair], StillFrame | None] = field(default_factory=dict)
    paces: dict[Hashable, Job[None, Pace]] = field(default_factory=dict)
    directing: Directing = field(init=False)
    # What all results are, and the suffixes of their files, also of those that were replaced.
    _named: list[tuple[PurePath, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.directing = Directing(self.source, self.info, self.max_seconds)

    @property
    def length(self) -> float | None:
        """Seconds, above 0; None: unknown."""
        return self.info.duration or None

    @property
    def is_estimated(self) -> bool:
        """Whether the time it takes is estimated without being asked for."""
        return self.info.width * self.info.height <= _ESTIMATED_PIXELS

    @property
    def is_busy(self) -> bool:
        return self.latest is not None and not self.latest.job.done()

    def still_at(self, seconds: float, repair: FilmRepair = _NO_REPAIR) -> StillFrame | None:
        """The first frame at or after `seconds`, repaired, or None if the film ends before. Raises InvalidVideo."""
        if (seconds, repair) not in self.stills:
            self.stills = {(seconds, repair): read_film_still(self.source, self.info, seconds, repair)}
        return self.stills[seconds, repair]

    def read_strip(self, *, queue: JobQueue, owner: str) -> Job[None, FilmStrip | None]:
        """The job that reads the strip of frames; it is queued by the first call."""
        if self.strip is None:
            self.strip = queue.submit(lambda _: read_film_strip(self.source, self.info), owner=owner)
        return self.strip

    def start(
        self, kind: FilmPart, colorizer: Colorizer, options: VideoOptions, *, queue: JobQueue, owner: str
    ) -> None:
        """Queue a run of the part in `options`, unless one goes on. A measurement is stopped: it would slow the run.

        One click was seen to come twice, while the page was drawn anew by itself; a second run would stand in the queue
        behind the first, which nobody would see any more.
        """
        if self.is_busy:
            return
        self._stop_measuring()
        suffix = kind_of(options.encoding).suffix
        target = self.source.with_name(f"{kind}-{next(_NUMBERS)}{suffix}")
        directed = self.directing.files(options.direction)

        def work(job: Job[Progress, RunEnd]) -> RunEnd:
            disk_problem = watch_free_space(target.parent)
            try:
                result = colorize_film(
                    *(self.source, target, self.info, colorizer, options, directed),
                    max_seconds=self.max_seconds,
                    report=job.report,
                    should_stop=lambda: job.should_stop() or disk_problem() is not None,
                )
            except (WorkerStopped, InvalidVideo) as error:
                if job.is_overdue:
                    raise RunTooLong("expected a run within the longest time of one, got none that was done") from error
                raise
            return RunEnd(result, why_stopped(result, job, is_disk_full=disk_problem() is not None))

        self.latest = FilmRun(kind, target, colorizer.spec.name, options, queue.submit(work, owner=owner))

    def collect_result(self) -> FilmResult | None:
        """Move the latest run, if it has ended with a playable file, to the results. It replaces the last of its kind.

        Returns that result, or None.
        """
        run = self.latest
        if run is None or not run.job.done() or run.job.state is JobState.FAILED:
            return None
        self.latest = None
        if run.job.state is JobState.CANCELLED or not (video := run.job.result().video).frames:
            return None
        # The beginning of a film does not replace a whole film.
        kind = FilmPart.BEGINNING if run.kind is FilmPart.WHOLE and not video.complete else run.kind
        if kind in self.results:
            self.results.pop(kind).run.delete()
        self._named.append((describe_in_name(self.name, kind, run.options, video.duration), run.target.suffix))
        name = result_names(self._named)[-1].name
        self.results[kind] = FilmResult(kind, run, name)
        return self.results[kind]

    def measure_pace(
        self, colorizer: Colorizer, options: VideoOptions, *, queue: JobQueue, owner: str
    ) -> Job[None, Pace]:
        """The job that measures how long frames take with these settings, in any part; the first call queues it."""
        key = pace_key(colorizer.spec.name, options)
        if key not in self.paces:
            self._stop_measuring()  # with settings of before
            whole, directed = replace(options, start=0.0, end=None), self.directing.files(options.direction)
            suffix = kind_of(options.encoding).suffix
            measure = partial(measure_film_pace, self.source, self.info, colorizer, whole, directed, suffix)
            self.paces[key] = queue.submit(lambda _: measure(), owner=owner)
        return self.paces[key]

    def what_is_left(self, model: str, options: VideoOptions) -> VideoOptions:
        """The options with a later start if a run like this was stopped: its finished shots are not made again."""
        stopped, starts = self.results.get(FilmPart.BEGINNING), [shot.start for shot in options.direction.shots]
        if stopped is None or not starts or (stopped.run.model, stopped.run.options) != (model, options):
            return options
        under_way = starts[
            number_at(starts, options.start + stopped.end.video.duration, frame=self.directing.frame) - 1
        ]
        return replace(options, start=max(options.start, under_way))

    def _stop_measuring(self) -> None:
        going_on = {key: job for key, job in self.paces.items() if not job.done()}
        for key, job in going_on.items():
            job.cancel()
            del self.paces[key]

    def delete(self) -> None:
        """Stop all jobs and remove all files."""
        if self.strip is not None:
            self.strip.stop()
        for job in self.paces.values():
            job.stop()
        for run in (self.latest, *(result.run for result in self.results.values())):
            if run is not None:
                run.delete()
        self.directing.delete()
        self.source.unlink(missing_ok=True)
