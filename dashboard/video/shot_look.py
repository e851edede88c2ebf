"""The colours of single shots on the page: as the film's, as another shot's, or their own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st

from colorizer import Look
from colorizer.edits.look import MAX_STRENGTH
from colorizer.video.directing.shots import Shot, make_same, settings_of
from dashboard.shared.language import tr
from dashboard.video.film import Film

_AS_FILM, _OWN = 0, -1  # of the choice, besides the numbers of shots


def draw_film_levels(film: Film) -> None:
    """Draw the check box for the levels of all shots that have no colours of their own."""
    directing = film.directing

    def change(levels: bool) -> None:
        directing.restoration = replace(directing.restoration, levels=levels)

    key, label = f"video-levels-{film.upload}", tr("Automatic levels for the whole film")
    _check_levels(key, label, directing.restoration.levels, change, disabled=film.is_busy)


def draw_shot_look(film: Film, look: Look) -> None:
    """Draw how the shot that is shown is coloured. `look`: of the film."""
    directing = film.directing
    number = directing.number_at(film.moment)
    shot = directing.shots[number - 1]
    others = [other for other in range(1, len(directing.shots) + 1) if other != number]
    key = f"video-shot-{film.upload}"

    def choose() -> None:
        chosen = st.session_state[f"{key}-like"]
        if chosen > 0:
            directing.shots = make_same(directing.shots, number, chosen)
        elif chosen == _AS_FILM:
            _put(film, number, Shot(start=shot.start))
        else:
            now = settings_of(directing.shots, number)
            restoration = now.restoration or directing.restoration
            _put(film, number, Shot(start=shot.start, look=now.look or look, restoration=restoration))

    st.session_state[f"{key}-like"] = shot.same_as or (_OWN if shot.look or shot.restoration else _AS_FILM)
    st.selectbox(
        tr("Colours of shot {number}", number=number),
        [_AS_FILM, _OWN, *others],
        format_func=_describe,
        disabled=film.is_busy,
        key=f"{key}-like",
        on_change=choose,
    )
    if not shot.same_as and (shot.look or shot.restoration):
        _draw_own(film, number, shot, shot.look or look, key)


def _describe(choice: int) -> str:
    names = {_AS_FILM: tr("As the film"), _OWN: tr("Its own")}
    return names.get(choice) or tr("As shot {number}", number=choice)


def _draw_own(film: Film, number: int, shot: Shot, look: Look, key: str) -> None:
    restoration = shot.restoration or film.directing.restoration

    def set_look(**changes: float) -> None:
        _put(film, number, replace(shot, look=replace(look, **changes)))

    def set_levels(levels: bool) -> None:
        _put(film, number, replace(shot, restoration=replace(restoration, levels=levels)))

    with st.container(horizontal=True):
        slide = partial(_slide, key, set_look, disabled=film.is_busy)
        slide(tr("Amount"), "strength", 0.0, MAX_STRENGTH, look.strength)
        slide(tr("Cooler-Warmer"), "warmth", -1.0, 1.0, look.warmth)
        slide(tr("Bold"), "vividness", 0.0, 1.0, look.vividness)
    _check_levels(f"{key}-levels", tr("Automatic levels"), restoration.levels, set_levels, disabled=film.is_busy)


def _slide(
    key: str,
    change: Callable[..., None],
    label: str,
    name: str,
    least: float,
    most: float,
    value: float,
    *,
    disabled: bool,
) -> None:
    """Draw a slider for one value of a shot's look, which shows what the shot has."""
    key = f"{key}-{name}"
    st.session_state[key] = value
    st.slider(
        label,
        least,
        most,
        step=0.05,
        disabled=disabled,
        key=key,
        on_change=lambda: change(**{name: st.session_state[key]}),
        width=220,
    )


def _check_levels(key: str, label: str, value: bool, change: Callable[[bool], Any], *, disabled: bool) -> None:
    st.session_state[key] = value
    st.checkbox(
        label,
        help=tr(
            "Makes the darkest parts black and the lightest white. They are measured once for each shot, so that the "
            "brightness stays steady."
        ),
        disabled=disabled,
        key=key,
        on_change=lambda: change(st.session_state[key]),
    )


def _put(film: Film, number: int, shot: Shot) -> None:
    """Set a shot. Those that are the same as it stay so, unless it is the same as another now."""
    shots = film.directing.shots
    film.directing.shots = (*shots[: number - 1], shot, *shots[number:])
