"""The moment of a film that is shown, and where its preview begins."""

from __future__ import annotations

import math

import streamlit as st

from dashboard.components.frame_strip import Frames, frame_strip
from dashboard.server.jobs import AnyJob, JobState
from dashboard.server.queues import photo_queue
from dashboard.server.streamlit_internals import session_id
from dashboard.shared.language import tr
from dashboard.video.film import Film

_LOOK_SECONDS = 0.3  # between two looks whether a job is done


def choose_moment(film: Film) -> None:
    """Draw frames of the film to choose a moment by; for a film of unknown length, a field."""
    if film.length is None:
        _enter_moment(film)
        return
    job = film.read_strip(queue=photo_queue(), owner=session_id())
    had_ended = job.done()  # looked at once, because it may end while the page is drawn
    strip = job.result() if had_ended and job.state is JobState.DONE else None
    frame_strip(
        film.moment,
        None if strip is None else Frames(strip.picture, strip.seconds, strip.ratio),
        length=last_moment(film, film.length),
        pending=not had_ended,
        key=f"video-strip-{film.upload}",
        on_moment=lambda moment: setattr(film, "moment", moment),
    )
    if had_ended and job.exception() is not None:
        st.caption(tr("The small frames of this film could not be read. Choose a moment with the slider."))
    if not had_ended:
        rerun_when_done(job)


def _enter_moment(film: Film) -> None:
    key = f"video-moment-{film.upload}"
    st.number_input(
        tr("Moment, in seconds"),
        0.0,
        float(film.max_seconds),
        film.moment,
        1.0,
        format="%.1f",
        help=tr("The file does not say how long the film is, so there are no small frames to choose from."),
        on_change=lambda: setattr(film, "moment", st.session_state[key]),
        key=key,
    )


def last_moment(film: Film, length: float) -> float:
    """The latest moment, in seconds, at which there is a frame: an average frame's duration before the end."""
    return max(0.0, math.floor(10 * (length - float(1 / film.info.rate))) / 10)


def rerun_when_done(job: AnyJob) -> None:
    """Draw the page again as soon as a job is done, which had not ended when the page was drawn."""
    st.fragment(_rerun_if_done, run_every=_LOOK_SECONDS)(job)


def _rerun_if_done(job: AnyJob) -> None:
    if job.done():
        st.rerun()
