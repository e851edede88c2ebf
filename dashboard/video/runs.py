"""The runs of a film and their results. Independent of Streamlit."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path, PurePath

from colorizer.images.naming import shorten, split_ending
from colorizer.video import Progress, VideoEncoding, VideoOptions, VideoResult
from colorizer.video.directing.tone import measures_shots
from dashboard.locale.catalogues import mark
from dashboard.server.jobs import Job
from dashboard.server.plain_words import PlainError
from dashboard.shared.text import format_clock

PREVIEW_SECONDS = 3.0
_LONGEST_STEM = 150  # bytes of a film's name in those of its results; leaves room for what is added


class FilmPart(StrEnum):
    PREVIEW = "preview"  # a few seconds from the chosen moment on
    WHOLE = "whole"  # all of the chosen part
    BEGINNING = "beginning"  # of the chosen part, because the run was stopped or the source is truncated


class StopReason(StrEnum):
    """Why a result is not all of what was asked for."""

    VISITOR = "visitor"
    TIME = "time"  # the longest run
    DISK = "disk"
    LIMIT = "limit"  # the film exceeds a limit; a note of the result says which
    SOURCE = "source"  # the film is truncated


class RunTooLong(PlainError):
    """A run that took too long, and of which nothing could be kept."""

    plain = mark(
        "Colouring this film takes longer than the computer that runs this page allows for one film. Choose a shorter "
        "part of it."
    )


@dataclass(frozen=True)
class RunEnd:
    """What a run has written. `stop`: why it is not all; None: it is."""

    video: VideoResult
    stop: StopReason | None


@dataclass(frozen=True)
class FilmRun:
    """One run: the film, or a part of it, is coloured and written to the file `target`."""

    kind: FilmPart
    target: Path
    model: str
    options: VideoOptions
    job: Job[Progress, RunEnd]

    def delete(self) -> None:
        """Stop the run and remove its file."""
        self.job.stop()
        self.target.unlink(missing_ok=True)


@dataclass(frozen=True)
class FilmResult:
    """The playable file of a finished run. `name`: for the visitor, another one for each result of a film."""

    kind: FilmPart
    run: FilmRun
    name: str

    @property
    def end(self) -> RunEnd:
        return self.run.job.result()

    @property
    def span(self) -> str:
        """The part of the film that it is, as positions: 0:06-0:09; empty for all of it."""
        return _span(self.kind, self.run.options, self.end.video.duration)

    def settings_again(self, options: VideoOptions) -> VideoOptions:
        """These settings for the same part, and the same kind of file for a preview."""
        own = self.run.options
        encoding = own.encoding if self.kind is FilmPart.PREVIEW else options.encoding
        return replace(options, start=own.start, end=own.end, encoding=encoding)

    def is_made_with(self, model: str, options: VideoOptions) -> bool:
        """Whether these settings would make the same of the same part."""
        return (self.run.model, self.run.options) == (model, self.settings_again(options))


def why_stopped(result: VideoResult, job: Job[Progress, RunEnd], *, is_disk_full: bool) -> StopReason | None:
    """Why a run has not written all; None: it has."""
    if result.complete:
        return None
    if is_disk_full:
        return StopReason.DISK
    if job.is_overdue:
        return StopReason.TIME
    if result.exceeds_limits:
        return StopReason.LIMIT
    return StopReason.VISITOR if job.should_stop() else StopReason.SOURCE


def _span(kind: FilmPart, options: VideoOptions, duration: float) -> str:
    if kind is FilmPart.WHOLE and options.start == 0 and options.end is None:
        return ""
    return f"{format_clock(options.start)}-{format_clock(options.start + duration)}"


def describe_in_name(film: str, kind: FilmPart, options: VideoOptions, duration: float) -> PurePath:
    """The name of a film with what a result of it is: `parade.mp4` -> `parade_preview_0.06-0.09.mp4`."""
    stem, ending = split_ending(film)
    kinds = {FilmPart.PREVIEW: "preview", FilmPart.BEGINNING: "stopped", FilmPart.WHOLE: ""}
    span = _span(kind, options, duration).replace(":", ".")  # Windows allows no colon in a name
    return PurePath("_".join(filter(None, (shorten(stem, _LONGEST_STEM), kinds[kind], span))) + (ending or ".film"))


def pace_key(model: str, options: VideoOptions) -> Hashable:
    """What changes how long a frame takes: equal for settings that take equally long."""
    direction, look = options.direction, options.look
    kinds = look.vividness > 0, options.smoothing > 0, bool(direction.keys), bool(direction.reference)
    return model, options.repair, options.encoding, kinds, measures_shots(direction)


def preview_part(options: VideoOptions, moment: float, length: float | None) -> VideoOptions:
    """The same options for PREVIEW_SECONDS from `moment` on, earlier where the film ends too soon after it.

    A preview is for browsers.
    """
    start = moment if length is None else max(0.0, min(moment, length - PREVIEW_SECONDS))
    return replace(options, start=start, end=start + PREVIEW_SECONDS, encoding=VideoEncoding())
