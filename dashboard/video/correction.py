"""The frame that is shown as a picture to fix colours on: what is placed on it makes it a key frame."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

import streamlit as st

from colorizer import MODELS, Analysis, Look
from colorizer.edits.hints import AnyHint
from colorizer.video.directing.direction import FilmKey
from dashboard.components.fixing import draw_controls, draw_picker
from dashboard.components.hints import Hints
from dashboard.shared.errors import show_error
from dashboard.video.film import Film
from dashboard.video.still import StillFrame

_KEY = "film-fixing"  # of what is under way, in the session; also begins the keys of its widgets


@dataclass
class _Correction:
    """What is placed on a frame. `seen`: the hints that the direction has of it."""

    film: str
    seconds: float
    hints: Hints
    seen: tuple[AnyHint, ...]


def take_correction(film: Film) -> None:
    """Put what was placed since the page was drawn into the direction. To be called before the options are read."""
    correction: _Correction | None = st.session_state.get(_KEY)
    if correction is None or correction.film != film.upload or correction.hints.placed == correction.seen:
        return
    placed = correction.seen = correction.hints.placed
    before = film.directing.key_at(correction.seconds) or FilmKey(seconds=correction.seconds)
    key = replace(before, hints=placed)
    if key == FilmKey(seconds=key.seconds):
        film.directing.remove_key(key.seconds)
    else:
        film.directing.put_key(key)


def draw_correction(film: Film, still: StillFrame, analysis: Analysis, look: Look, model: str) -> None:
    """Draw the frame to fix colours on, and the controls for it. `analysis`: of it. `look`: of its shot."""
    key = film.directing.key_at(still.seconds) or FilmKey(seconds=still.seconds)
    correction: _Correction | None = st.session_state.get(_KEY)
    now = film.upload, key.seconds, key.hints
    # Anew for another frame, and where the key frame was taken away or came with a project.
    if correction is None or (correction.film, correction.seconds, correction.seen) != now:
        correction = _Correction(film.upload, key.seconds, Hints(key.hints, key=_KEY), key.hints)
        st.session_state[_KEY] = correction
    reference = film.directing.reference.picture
    draw_picker(
        correction.hints,
        analysis,
        still.correct(analysis, look, key),
        size=(still.picture.width, still.picture.height),
        name=film.name,
        key=f"film-picker-{film.upload}-{key.seconds}",
        source=None if reference is None else reference.jpeg,
    )
    show = partial(show_error, spec=MODELS[model], key="film-fixing-problem")
    draw_controls(correction.hints, film.name, show)
