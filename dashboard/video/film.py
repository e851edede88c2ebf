"""A visitor's film on disk, its runs and their results. Independent of Streamlit."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path, PurePath

from colorizer import Colorizer, InvalidVideo
from colorizer.frames.repair import FilmRepair
from colorizer.images.naming import result_names
from colorizer.video import TARGET_SUFFIX, Progress, VideoInfo, VideoOptions
from dashboard.server.disk import watch_free_space
from dashboard.server.job_queue import JobQueue
from dashboard.server.jobs import Job, JobState
from dashboard.server.workers.run import WorkerStopped
from dashboard.video.directing import Directing
from dashboard.video.runs import (
    FilmPart,
    FilmResult,
    FilmRun,
    RunEnd,
    RunTooLong,
    describe_in_name,
    estimate_key,
    why_stopped,
)
from dashboard.video.still import StillFrame
from dashboard.video.strip import FilmStrip
from dashboard.video.work import colorize_film, estimate_film_seconds, read_film_still, read_film_strip

_ESTIMATED_LENGTH = 60.0  # seconds; of a film of unknown length, for the estimate of the time it takes
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
    `stills`: by its time, the frame that was shown last; None if the film ends before. `estimates`: by model, and
    by what is repaired, the job that estimates how long the film will take (see `estimate_key`).
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
    stills: dict[float, StillFrame | None] = field(default_factory=dict)
    estimates: dict[str, Job[None, float | None]] = field(default_factory=dict)
    directing: Directing = field(init=False)
    _named: list[PurePath] = field(default_factory=list)  # what all results are, also those that were replaced

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

    def still_at(self, seconds: float) -> StillFrame | None:
        """The first frame at or after `seconds`, or None if the film ends before. Raises InvalidVideo."""
        if seconds not in self.stills:
            self.stills = {seconds: read_film_still(self.source, self.info, seconds)}
        return self.stills[seconds]

    def read_strip(self, *, queue: JobQueue, owner: str) -> Job[None, FilmStrip | None]:
        """The job that reads the strip of frames; it is queued by the first call."""
        if self.strip is None:
            self.strip = queue.submit(lambda _: read_film_strip(self.source, self.info), owner=owner)
        return self.strip

    def start(
        self, kind: FilmPart, colorizer: Colorizer, options: VideoOptions, *, queue: JobQueue, owner: str
    ) -> None:
        """Queue a run of the part in `options`."""
        target = self.source.with_name(f"{kind}-{next(_NUMBERS)}{TARGET_SUFFIX}")
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
        self._named.append(describe_in_name(self.name, kind, run.options, video.duration))
        name = result_names((path, TARGET_SUFFIX) for path in self._named)[-1].name
        self.results[kind] = FilmResult(kind, run, name)
        return self.results[kind]

    def estimate_pace(
        self, colorizer: Colorizer, repair: FilmRepair = _NO_REPAIR, *, queue: JobQueue, owner: str
    ) -> float | None:
        """Seconds of work for a second of film, or None while it is measured. Raises the error of the measurement."""
        length = self.length or _ESTIMATED_LENGTH
        options = VideoOptions(end=None if self.length else length, repair=repair)
        key = estimate_key(colorizer.spec.name, repair)
        if key not in self.estimates:
            estimate = partial(estimate_film_seconds, self.source, self.info, colorizer, options)
            self.estimates[key] = queue.submit(lambda _: estimate(), owner=owner)
        job = self.estimates[key]
        seconds = job.result() if job.done() else None
        return None if seconds is None else seconds / length

    def delete(self) -> None:
        """Stop all jobs and remove all files."""
        if self.strip is not None:
            self.strip.stop()
        for job in self.estimates.values():
            job.stop()
        for run in (self.latest, *(result.run for result in self.results.values())):
            if run is not None:
                run.delete()
        self.directing.delete()
        self.source.unlink(missing_ok=True)
