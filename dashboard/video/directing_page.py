"""Shots and key frames on the page: a part of the Film tab that is folded at first."""

from __future__ import annotations

import streamlit as st

from colorizer.video import VideoOptions
from dashboard.shared.language import tr
from dashboard.video.directed_project import keep_project, make_project
from dashboard.video.film import Film
from dashboard.video.keys import draw_keys
from dashboard.video.project_files import draw_files
from dashboard.video.shot_look import draw_film_levels, draw_shot_look
from dashboard.video.shots import draw_shots
from dashboard.video.still import StillFrame
from dashboard.video.uploads import show_problem


def draw_directing(film: Film, still: StillFrame | None, model: str, options: VideoOptions) -> None:
    """Draw everything about shots and key frames. The project is kept in the folder of the session.

    `still`: the frame that is shown; None: there is none. `model`, `options`: what the film is coloured with.
    """
    directing = film.directing
    project = make_project(directing, options, model, film.digest)
    keep_project(directing, project)
    with st.container():  # has its place always, so that the shots are not drawn anew
        show_problem(film)
    key = f"video-directing-{film.upload}"
    st.session_state[key] = directing.is_open  # the page forgets it while it shows a result
    part = st.expander(
        tr("Shots and key frames"),
        icon=":material/movie_edit:",
        key=key,
        on_change=lambda: setattr(directing, "is_open", st.session_state[key]),
    )
    if not directing.is_open:
        return
    with part:
        draw_shots(film, film.moment if still is None else still.seconds)
        if directing.shots:
            draw_shot_look(film, options.look)
        draw_keys(film, still)
        draw_film_levels(film)
        draw_files(film, project)
