"""A run on the Film tab: its place in the queue, its progress and its result."""

from __future__ import annotations

from base64 import b64encode

import streamlit as st

from colorizer import MODELS, images
from colorizer.arrays import Pixels
from colorizer.images import Picture
from colorizer.video import Progress
from dashboard.server.downloads import DOWNLOADS
from dashboard.server.jobs import JobState
from dashboard.server.queues import job_queue
from dashboard.server.streamlit_internals import session_id
from dashboard.shared.errors import show_error
from dashboard.shared.notes import show_notes
from dashboard.shared.text import format_clock, format_duration
from dashboard.video.film import Film, FilmRun

REFRESH_SECONDS = 1.0


def show_run(run: FilmRun) -> None:
    """Draw the progress of a run, refreshed while it waits or runs, or the error that it failed with."""
    if (error := run.job.exception()) is not None:
        show_error(error, MODELS[run.model], key="video-run-fetch")
        return
    with st.container(border=True):
        st.fragment(_draw_progress, run_every=REFRESH_SECONDS)(run)


def _draw_progress(run: FilmRun) -> None:
    job = run.job
    if job.done():
        st.rerun()  # the whole page, so that the controls can be used again
    if job.state is JobState.WAITING:
        _draw_waiting(run)
        _cancel_button(run, "Leave the queue", ":material/close:", key="video-leave")
        return
    progress = job.progress
    picture, words = st.columns([1, 2], vertical_alignment="center")
    if progress is not None and progress.preview is not None:
        picture.image(_data_url(progress.preview), width="stretch", alt="The frame that was coloured last")
    with words:
        _draw_bar(progress)
        if job.should_stop():
            st.caption("Stopping. The part that is done is being saved.")
        else:
            _cancel_button(run, "Stop, keep what is done", ":material/stop:", key="video-stop")


def _data_url(preview: Pixels) -> str:
    """The preview as a data URL. Streamlit may replace a picture file before a slow browser has fetched it."""
    return "data:image/jpeg;base64," + b64encode(images.encode(Picture(preview), ".jpg")).decode("ascii")


def _cancel_button(run: FilmRun, label: str, icon: str, *, key: str) -> None:
    st.button(label, icon=icon, on_click=run.job.cancel, key=key)


def _draw_waiting(run: FilmRun) -> None:
    ahead = job_queue().jobs_ahead_of(run.job)
    films = "1 film is" if len(ahead) == 1 else f"{len(ahead)} films are"
    st.markdown(f":material/hourglass_top: **Waiting in the queue:** {films} before yours.")
    progress = ahead[0].progress if ahead else None
    if progress is not None and progress.seconds_left is not None:
        st.caption(f"The film that is being coloured needs about {format_duration(progress.seconds_left)} more.")


def _draw_bar(progress: Progress | None) -> None:
    if progress is None:
        st.progress(0.0, text="Reading the film")
        return
    if progress.expected_frames is None:
        st.markdown(f"**{progress.frames:,} frames done** · {format_clock(progress.film_seconds)} of film")
    else:
        expected = max(1, progress.frames, progress.expected_frames)
        st.progress(progress.frames / expected, text=f"{progress.frames:,} of {expected:,} frames")
    speed, left = progress.frames_per_second, progress.seconds_left
    parts = [
        *([] if speed is None else [f"{speed:.1f} frames a second"]),
        f"{format_clock(progress.seconds_spent)} spent",
        *([] if left is None else [f"about {format_duration(left)} left"]),
    ]
    st.caption(" · ".join(parts))


def show_result(run: FilmRun, film: Film) -> None:
    """Draw the result of a finished run, to play and to download."""
    result = run.job.result()
    st.video(run.target, alt=f"{film.name}, coloured")
    if not result.complete:
        text = f"This is not all of it, only the first {format_clock(result.duration)}."
        st.warning(text, icon=":material/content_cut:")
    st.caption(f"{format_clock(result.duration)} · {result.frames:,} frames · coloured by {MODELS[run.model].title}")
    show_notes(result.notes)
    st.link_button(
        f"Download {run.target.stat().st_size / 1e6:.1f} MB",
        DOWNLOADS.url(run.target, film.target_name, owner=session_id()),
        icon=":material/download:",
        type="primary",
    )
