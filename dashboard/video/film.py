"""A visitor's film on disk, and what has been made of it. Knows nothing of Streamlit."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

from colorizer import Colorizer, ColorizerError, InvalidVideo, VideoNotWritten
from colorizer.images.naming import colorized_name
from colorizer.video import (
    TARGET_SUFFIX,
    Progress,
    VideoInfo,
    VideoOptions,
    VideoResult,
    colorize_video,
    estimate_seconds,
    probe,
)
from dashboard.server.jobs import Job, JobQueue, JobState
from dashboard.video.still import StillFrame

TRIAL_SECONDS = 3.0

_NUMBERS = itertools.count(1)  # in the names of the files: a run never writes where another one's result lies


class FilmPart(StrEnum):
    TRIAL = "trial"  # the first three seconds
    WHOLE = "whole"  # all of the chosen part
    BEGINNING = "beginning"  # what there is of a run that was to be whole: stopped, or the source broke off


@dataclass(frozen=True)
class FilmRun:
    """One coloring of a film, or of its first seconds, into `target`."""

    kind: FilmPart
    target: Path
    model: str
    job: Job[Progress, VideoResult]

    def delete(self) -> None:
        """Stop it, and remove its file."""
        self.job.stop()
        self.target.unlink(missing_ok=True)


@dataclass
class Film:
    """An uploaded film.

    `upload`: the identity of the upload. `latest`: the run that waits, runs or failed. `results`: what runs have
    finished, the newest last; one of each kind. `still`: the frame that was looked at last. `estimates`: by
    model, the work of finding out how long the film will take.
    """

    upload: str
    name: str
    source: Path
    info: VideoInfo
    latest: FilmRun | None = None
    results: dict[FilmPart, FilmRun] = field(default_factory=dict)
    still: StillFrame | None = None
    estimates: dict[str, Job[None, float]] = field(default_factory=dict)

    @property
    def is_busy(self) -> bool:
        return self.latest is not None and not self.latest.job.done()

    @property
    def target_name(self) -> str:
        return colorized_name(self.name, TARGET_SUFFIX)

    def start(
        self, kind: FilmPart, colorizer: Colorizer, options: VideoOptions, *, queue: JobQueue, owner: str
    ) -> None:
        """Put a run into the queue."""
        target = self.source.with_name(f"{kind}-{next(_NUMBERS)}{TARGET_SUFFIX}")
        options = options if kind is FilmPart.WHOLE else limit_to_first_seconds(options, TRIAL_SECONDS)

        def work(job: Job[Progress, VideoResult]) -> VideoResult:
            return colorize_video(
                self.source, target, colorizer, options, progress=job.report, cancelled=job.should_stop
            )

        self.latest = FilmRun(kind, target, colorizer.spec.name, queue.submit(work, owner=owner))

    def collect_result(self) -> FilmPart | None:
        """Put a run that has ended with something to see among the results, in the place of the last of its kind.

        Returns which kind that was.
        """
        run = self.latest
        if run is None or not run.job.done() or run.job.state is JobState.FAILED:
            return None
        self.latest = None
        if run.job.state is JobState.CANCELLED or not (result := run.job.result()).frames:
            return None
        # A beginning takes no whole film's place.
        kind = FilmPart.BEGINNING if run.kind is FilmPart.WHOLE and not result.complete else run.kind
        if kind in self.results:
            self.results.pop(kind).delete()
        self.results[kind] = run
        return kind

    def estimate_pace(self, colorizer: Colorizer, *, queue: JobQueue, owner: str) -> float | None:
        """Seconds of work for a second of the film; None while that is being found out. Raises why it was not."""
        name = colorizer.spec.name
        if name not in self.estimates:
            folder = self.source.parent  # what a program that is ended leaves there goes with all else
            self.estimates[name] = queue.submit(
                lambda _: estimate_seconds(self.source, colorizer, folder=folder), owner=owner
            )
        job = self.estimates[name]
        return job.result() / self.info.duration if job.done() else None

    def delete(self) -> None:
        """Stop what runs, and remove all files."""
        for job in self.estimates.values():
            job.stop()
        for run in (self.latest, *self.results.values()):
            if run is not None:
                run.delete()
        self.source.unlink(missing_ok=True)


def save_upload(data: bytes, *, name: str, upload: str, folder: Path, max_seconds: float) -> Film:
    """Write an uploaded film into `folder`, and look into it.

    Raises VideoNotWritten where the disk takes no more, InvalidVideo for what is no film, or one that lasts longer
    than `max_seconds`; no file is left then.
    """
    source = folder / f"source-{next(_NUMBERS)}{Path(name).suffix.lower()}"
    try:
        _write(source, data)
        info = probe(source)
        _check_length(info, max_seconds)
    except ColorizerError:
        source.unlink(missing_ok=True)
        raise
    return Film(upload, name, source, info)


def _write(path: Path, data: bytes) -> None:
    try:
        path.write_bytes(data)
    except OSError as error:
        raise VideoNotWritten(
            f"expected {len(data) / 1e6:.0f} MB of room on the disk of the computer that runs this page, "
            f"got: {error.strerror}"
        ) from error


def _check_length(info: VideoInfo, max_seconds: float) -> None:
    if info.duration > max_seconds:
        raise InvalidVideo(
            f"expected a film of at most {max_seconds / 60:g} minutes, got one of {info.duration / 60:.1f} minutes\n"
            "Cut it into parts, or ask who runs this page for a higher limit."
        )


def limit_to_first_seconds(options: VideoOptions, seconds: float) -> VideoOptions:
    """The same, but of the chosen part no more than its first `seconds`."""
    end = options.start + seconds
    return replace(options, end=end if options.end is None else min(end, options.end))
