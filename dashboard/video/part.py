"""The part of a film that is to be coloured."""

from __future__ import annotations

from functools import partial

import streamlit as st

from dashboard.shared.language import tr
from dashboard.video.film import Film

_SHORTEST_DIVISIBLE = 0.2  # seconds; two steps of the slider


def choose_part(film: Film) -> tuple[float, float | None]:
    """Draw the choice. Returns the start and the end, None for the end of the film, in seconds."""
    return _enter_part(film) if film.length is None else _slide_part(film, film.length)


def put_part(film: Film, start: float, end: float | None) -> None:
    """Choose a part, as far as the film has it. Call it before the choice is drawn."""
    if film.length is None:
        st.session_state[_key(film, "-start")] = min(start, float(film.max_seconds))
        st.session_state[_key(film, "-end")] = None if end is None else min(end, float(film.max_seconds))
    elif film.length >= _SHORTEST_DIVISIBLE:
        last = film.length if end is None else min(end, film.length)
        st.session_state[_key(film)] = min(start, last), last


def _key(film: Film, end: str = "") -> str:
    return f"video-part{end}-{film.upload}"


def _slide_part(film: Film, length: float) -> tuple[float, float | None]:
    """A slider."""
    if length < _SHORTEST_DIVISIBLE:
        return 0.0, None
    is_short = length < 60
    start, end = st.slider(
        tr("Part"),
        0.0,
        length,
        (0.0, length),
        0.1 if is_short else 1.0,
        format="%.1f s" if is_short else "%.0f s",
        help=tr("Only the part between the two handles is coloured."),
        disabled=film.is_busy,
        key=_key(film),
    )
    return start, None if end >= length > start else end


def _enter_part(film: Film) -> tuple[float, float | None]:
    """Two fields, for a film of unknown length."""
    field = partial(st.number_input, min_value=0.0, max_value=float(film.max_seconds), step=1.0, format="%.1f")
    start: float = field(tr("Start, in seconds"), value=0.0, disabled=film.is_busy, key=_key(film, "-start"))
    end: float | None = field(
        tr("End, in seconds"),
        value=None,
        placeholder=tr("End of the film"),
        help=tr("Leave it empty to colour the film to its end. The file does not say how long the film is."),
        disabled=film.is_busy,
        key=_key(film, "-end"),
    )
    return start, end
