"""The photograph of a session, and the work on it, which goes on while the page shows what is there already."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from concurrent.futures import CancelledError
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, TypeVar

import streamlit as st

from colorizer import DEFAULT_MODEL, Analysis, Colorizer, ColorizerError, Geometry, InvalidImage
from colorizer.edits.geometry import move_hints
from colorizer.edits.print_finding import PrintFinding
from colorizer.recipe import PhotoSettings
from dashboard.components.hints import Hints
from dashboard.components.reference_field import ReferenceField
from dashboard.navigation import OpenPhoto
from dashboard.photo.rendering import GrayPreview, Preparation, PreparedPhoto, prepare
from dashboard.photo.settings import put_settings
from dashboard.server.jobs import Job
from dashboard.server.queues import submit_photo
from dashboard.server.settings import max_pixels
from dashboard.shared.models import cached_colorizer
from dashboard.shared.waiting import wait_on_page

PHOTO_KEY, _LAST_KEY = "photo", "photo-last"

R = TypeVar("R")


@dataclass
class Photo:
    """A photograph, what was set for it, and what was prepared from it.

    `prepared` is kept so that sliders and hints need no new run of the network. The file is kept and not its pixels,
    which take many times the memory and are needed again only for a download.
    `repairs`: strokes over damage, and over what is none. `wanted`: the preparation that the page asks for. `job`: the
    work on it, if that goes on. `failure`: why it failed. `shown`: the preparation that the page shows until then.
    `drawn`: see `remember`.
    """

    opened: OpenPhoto
    data: bytes
    geometry: Geometry
    hints: Hints
    repairs: Hints = field(default_factory=Hints)
    reference: ReferenceField = field(default_factory=ReferenceField)
    prepared: dict[Preparation, PreparedPhoto] = field(default_factory=dict)
    drawn: dict[str, tuple[Hashable, Any]] = field(default_factory=dict)
    wanted: Preparation | None = None
    shown: Preparation | None = None
    job: Job[GrayPreview, PreparedPhoto] | None = None
    failure: ColorizerError | None = None

    @property
    def current(self) -> PreparedPhoto | None:
        """What the page shows in colour."""
        return self.prepared[self.shown] if self.shown is not None else None

    @property
    def gray(self) -> GrayPreview | None:
        """What the page can show in grey, as soon as the file is read."""
        reported = self.job.progress if self.job is not None else None
        return self.current.gray if self.current is not None else reported

    @property
    def may_succeed(self) -> bool:
        """Whether it makes sense to try again after the failure: the file is not to blame."""
        return not isinstance(self.failure, InvalidImage)

    def want(self, preparation: Preparation) -> None:
        """Begin the work on a preparation, unless it was asked for before; the work on any other one ends."""
        self.collect()
        if preparation == self.wanted:
            return
        self.cancel()
        self.wanted = preparation
        if preparation in self.prepared:
            self.shown = preparation
            return
        try:
            colorizer = cached_colorizer(preparation.model)
        except ColorizerError as error:
            self.failure = error
        else:
            known = next((each.finding for each in self.prepared.values()), None)
            self.job = submit_photo(partial(_work, self.data, preparation, colorizer, max_pixels(), known))

    def collect(self) -> None:
        """Take over what the work has made, if it has ended."""
        job, wanted = self.job, self.wanted
        if job is None or wanted is None or not job.done():
            return
        self.job = None
        try:
            made = job.result()
        except CancelledError:  # the session had been given up, and has come back
            self.wanted = None
        except ColorizerError as error:
            self.failure = error
        else:
            # Of other models, the same picture is kept, to compare them.
            same = {key: each for key, each in self.prepared.items() if replace(key, model=wanted.model) == wanted}
            self.prepared, self.shown = {**same, wanted: made}, wanted

    def cancel(self) -> None:
        """End the work, and forget a failure, so that the next `want` begins again."""
        if self.job is not None:
            self.job.cancel()
        self.job = self.wanted = self.failure = None

    def answer(self, number: int) -> Analysis | None:
        """The network's answer of this number for the picture that is shown in colour: 0, or that of a variant."""
        if self.current is None:
            return None
        return self.all_answers()[number - 1] if number else self.current.analysis

    def all_answers(self) -> tuple[Analysis, ...]:
        """The variants of the picture that is shown in colour, the likeliest first."""
        if self.current is None:
            return ()
        return self.remember("answers", self.shown, self.current.analysis.variants)

    def remember(self, name: str, key: Hashable, make: Callable[[], R]) -> R:
        """What `make` returns for a key, made once as long as the key of this name stays the same."""
        if name not in self.drawn or self.drawn[name][0] != key:
            self.drawn[name] = key, make()
        made: R = self.drawn[name][1]
        return made

    def has_changed(self, name: str, key: Hashable) -> bool:
        """Whether a value of this name is another one than at the last call. The first one is no change."""
        before = self.drawn.get(name)
        self.drawn[name] = key, None
        return before is not None and before[0] != key

    def set_geometry(self, geometry: Geometry) -> None:
        """Take another part of the photograph; hints and repairs stay at their places."""
        if self.current is not None:
            size = self.current.original_size
            for strokes in (self.hints, self.repairs):
                strokes.move(lambda hint: move_hints([hint], self.geometry, geometry, size))
        self.geometry = geometry


def current_photo(opened: OpenPhoto) -> Photo:
    """The session's photograph for what is open. A new one begins with the settings that it brings, or the defaults.

    Call it before the widgets are drawn. The first photograph of a session begins with the settings in the address.
    """
    photo: Photo | None = st.session_state.get(PHOTO_KEY)
    if photo is not None and opened.goes_on(photo.opened):
        photo.opened = opened
        return photo
    close_current_photo()  # before the next one is read, so that only one is in memory
    settings = opened.settings or PhotoSettings()
    if opened.settings is not None or _LAST_KEY in st.session_state:
        put_settings(settings, opened.model or DEFAULT_MODEL)
    fields = Hints(settings.hints), Hints(settings.restoration.strokes), ReferenceField(opened.reference)
    photo = Photo(opened, opened.read(), settings.geometry, *fields)
    st.session_state[PHOTO_KEY], st.session_state[_LAST_KEY] = photo, opened.source
    return photo


def close_current_photo() -> None:
    """Forget the session's photograph and end the work on it."""
    photo: Photo | None = st.session_state.pop(PHOTO_KEY, None)
    if photo is not None:
        photo.cancel()


def wait_for_gray(photo: Photo) -> None:
    """Wait until there is something to show of a new photograph, or its work has ended."""
    if photo.job is not None and photo.current is None:
        job: Job[GrayPreview, PreparedPhoto] = photo.job
        wait_on_page(job, lambda: job.progress is not None)
        photo.collect()


def finish_work(photo: Photo) -> None:
    """If there is work, wait for its end and run the page again with it. What the page shows stays until then."""
    if photo.job is not None:
        wait_on_page(photo.job)
        photo.collect()
        st.rerun()


def _work(
    data: bytes,
    preparation: Preparation,
    colorizer: Colorizer,
    most_pixels: int,
    finding: PrintFinding | None,
    job: Job[GrayPreview, PreparedPhoto],
) -> PreparedPhoto:
    wanted = preparation.restoration, colorizer, most_pixels, preparation.geometry, preparation.reference
    return prepare(data, *wanted, finding=finding, report=job.report, should_stop=job.should_stop)
