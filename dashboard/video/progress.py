"""A run on the Film tab: its place in the queue and its progress."""

from __future__ import annotations

from base64 import b64encode
from typing import Literal

import streamlit as st

from colorizer import MODELS, images
from colorizer.arrays import Pixels
from colorizer.images import Picture
from colorizer.video import Progress
from dashboard.server.jobs import JobState
from dashboard.server.queues import job_queue
from dashboard.shared.errors import show_error
from dashboard.shared.language import tr, trn
from dashboard.shared.text import format_clock, format_duration, format_number
from dashboard.video.film import Film
from dashboard.video.runs import FilmRun

REFRESH_SECONDS = 1.0


def show_run(film: Film, run: FilmRun) -> None:
    """Draw the progress of a run, refreshed while it waits or runs, or the error that it failed with."""
    if (error := run.job.exception()) is not None:
        show_error(error, MODELS[run.model], key="video-run-fetch", name=film.name)
        return
    with st.container(border=True):
        st.fragment(_draw_progress, run_every=REFRESH_SECONDS)(run)


def _draw_progress(run: FilmRun) -> None:
    job = run.job
    if job.done():
        st.rerun()  # the whole page, so that the controls can be used again
    if job.state is JobState.WAITING:
        _draw_waiting(run)
        _cancel_button(run, tr("Leave the queue"), ":material/close:", key="video-leave")
        return
    progress = job.progress
    draw_latest_frame(progress, width="stretch")
    _draw_bar(progress)
    if job.should_stop():
        st.caption(tr("Stopping. The part that is done is being saved."))
    else:
        _cancel_button(run, tr("Stop, keep what is done"), ":material/stop:", key="video-stop")


def draw_latest_frame(progress: Progress | None, *, width: Literal["stretch", "content"]) -> None:
    """Draw the frame that a run has coloured last, if there is one."""
    if progress is not None and progress.preview is not None:
        st.image(_data_url(progress.preview), width=width, alt=tr("The frame that was coloured last"))


def encode_preview(preview: Pixels) -> bytes:
    """A run's latest frame as JPEG."""
    return images.encode(Picture(preview), ".jpg")


def _data_url(preview: Pixels) -> str:
    """The preview as a data URL. Streamlit may replace a picture file before a slow browser has fetched it."""
    return "data:image/jpeg;base64," + b64encode(encode_preview(preview)).decode("ascii")


def _cancel_button(run: FilmRun, label: str, icon: str, *, key: str) -> None:
    st.button(label, icon=icon, on_click=run.job.cancel, width="stretch", key=key)


def _draw_waiting(run: FilmRun) -> None:
    ahead = job_queue().jobs_ahead_of(run.job)
    words = trn("{n} film is before yours.", "{n} films are before yours.", len(ahead))
    st.markdown(f":material/hourglass_top: **{tr('Waiting in the queue')}:** {words}")
    progress = ahead[0].progress if ahead else None
    if progress is not None and progress.seconds_left is not None:
        left = format_duration(progress.seconds_left)
        st.caption(tr("The film that is being coloured needs about {left} more.", left=left))


def _draw_bar(progress: Progress | None) -> None:
    if progress is None:
        st.progress(0.0, text=tr("Reading the film"))
        return
    done = format_number(progress.frames, ",")
    if progress.expected_frames is None:
        length = format_clock(progress.film_seconds)
        st.markdown(tr("**{done} frames done** · {length} of film", done=done, length=length))
    else:
        expected = max(1, progress.frames, progress.expected_frames)
        words = tr("{done} of {expected} frames", done=done, expected=format_number(expected, ","))
        st.progress(progress.frames / expected, text=words)
    st.caption(" · ".join(_describe_speed(progress)))


def _describe_speed(progress: Progress) -> list[str]:
    speed, left = progress.frames_per_second, progress.seconds_left
    return [
        *([] if speed is None else [tr("{speed} frames a second", speed=format_number(speed, ".1f"))]),
        tr("{time} spent", time=format_clock(progress.seconds_spent)),
        *([] if left is None else [tr("about {left} left", left=format_duration(left))]),
    ]
