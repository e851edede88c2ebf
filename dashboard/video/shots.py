"""The shots of a film on the page: found by a job, chosen by their pictures, merged, split and coloured one by one."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial

import numpy as np
import streamlit as st

from colorizer import DEFAULT_MODEL, MODELS, images
from colorizer.images import Picture
from colorizer.video.directing.shots import Shots, merge, split
from dashboard.components.choices import Choice, choose_picture
from dashboard.server.jobs import JobState
from dashboard.server.queues import photo_queue
from dashboard.server.streamlit_internals import session_id
from dashboard.shared.errors import show_error
from dashboard.shared.language import tr
from dashboard.shared.text import format_clock, format_number
from dashboard.video.film import Film
from dashboard.video.moment import rerun_when_done

_REFRESH_SECONDS = 0.5
_ROWS_SHOWN = 2  # of pictures; more are scrolled
_COLUMNS = 8  # pictures in a row


def draw_shots(film: Film, moment: float) -> None:
    """Draw the shots, or how to get them. `moment`: when the frame that is shown begins, in seconds."""
    directing = film.directing
    if directing.finding is not None:
        _draw_finding(film)
    elif not directing.shots:
        st.caption(
            tr("With a list of shots, each shot can have its own colours, and colours of key frames end with the shot.")
        )
        _find_button(film, tr("Find the shots"), is_main=True)
    else:
        _draw_strip(film)
        _draw_actions(film, moment)


def _find_button(film: Film, label: str, *, is_main: bool) -> None:
    st.button(
        label,
        icon=":material/movie_edit:",
        type="primary" if is_main else "secondary",
        disabled=film.is_busy,
        on_click=partial(film.directing.find, queue=photo_queue(), owner=session_id()),
        key="video-find-shots",
    )


def _draw_finding(film: Film) -> None:
    """Draw how far the search is; take what it has found."""
    directing = film.directing
    job = directing.finding
    assert job is not None
    if not job.done():
        st.fragment(_draw_progress, run_every=_REFRESH_SECONDS)(film)
        return
    directing.finding = None
    if job.state is JobState.DONE:
        directing.shots = job.result()
        st.rerun()
    if (error := job.exception()) is not None and not job.should_stop():  # else the visitor has stopped it
        show_error(error, MODELS[DEFAULT_MODEL], name=film.name)
    _find_button(film, tr("Find the shots"), is_main=True)


def _draw_progress(film: Film) -> None:
    job = film.directing.finding
    if job is None or job.done():
        st.rerun()
    seen = job.progress or 0.0
    words = tr("Looking for cuts: {time} of film seen", time=format_clock(seen))
    if job.state is JobState.WAITING:
        words = tr("Waiting in the queue")
    st.progress(min(1.0, seen / film.length) if film.length else 0.0, text=words)
    st.button(tr("Cancel"), icon=":material/close:", on_click=job.cancel, key="video-find-cancel")


def _draw_strip(film: Film) -> None:
    """Draw a picture of each shot; the one that is shown is marked."""
    directing = film.directing
    reading = directing.read_pictures(queue=photo_queue(), owner=session_id())
    choices = [
        Choice(f"{number} · {format_clock(shot.start)}", picture or _pending())
        for number, (shot, picture) in enumerate(zip(directing.shots, directing.shot_pictures(), strict=True), start=1)
    ]
    is_long = len(choices) > _ROWS_SHOWN * _COLUMNS
    with st.container(height=280 if is_long else "content", border=is_long):
        choose_picture(
            choices,
            label=tr("Shots"),
            chosen=directing.number_at(film.moment) - 1,
            columns=min(_COLUMNS, len(choices)),
            key=f"video-shots-{film.upload}",
            on_choose=lambda chosen: setattr(film, "moment", directing.middle(chosen + 1)),
        )
    if reading is not None:
        rerun_when_done(reading)


@cache
def _pending() -> bytes:
    """A grey PNG in place of a picture that is still to come."""
    return images.encode(Picture(np.full((8, 8), 128, np.uint8)), ".png")


def _draw_actions(film: Film, moment: float) -> None:
    directing = film.directing
    number = directing.number_at(film.moment)
    start, end = directing.span(number)
    place = tr("Shot {number} of {count}", number=number, count=len(directing.shots))
    first, last, length = (format_number(seconds, ".2f") for seconds in (start, end, end - start))
    st.caption(f"{place} · {first}-{last} s · {tr('{seconds} s long', seconds=length)}")
    is_start = any(abs(shot.start - moment) < directing.frame / 2 for shot in directing.shots)
    with st.container(horizontal=True):
        st.button(
            tr("Merge with the next"),
            icon=":material/merge:",
            disabled=film.is_busy or number == len(directing.shots),
            on_click=partial(_change, film, partial(merge, directing.shots, number)),
            key="video-merge",
        )
        st.button(
            tr("Split at this frame"),
            icon=":material/content_cut:",
            help=tr("A new shot begins with the frame that is shown above."),
            disabled=film.is_busy or is_start,
            on_click=partial(_change, film, partial(split, directing.shots, moment)),
            key="video-split",
        )
        _find_button(film, tr("Find them again"), is_main=False)


def _change(film: Film, change: Callable[[], Shots]) -> None:
    film.directing.shots = change()
