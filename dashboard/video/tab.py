"""The Film tab: colour one film, with its sound, and download it."""

from __future__ import annotations

from functools import partial

import streamlit as st

from colorizer import DEFAULT_MODEL, MODELS, Colorizer, ColorizerError
from colorizer.video import VIDEO_SUFFIXES, VideoOptions
from dashboard.components.compare import compare
from dashboard.server.queues import run_queued
from dashboard.server.session_folders import session_folders
from dashboard.server.settings import max_film_seconds
from dashboard.server.streamlit_internals import release_upload, session_id
from dashboard.shared.errors import show_error
from dashboard.shared.models import cached_colorizer
from dashboard.shared.notes import show_notes
from dashboard.shared.text import describe_video, format_clock, format_duration
from dashboard.video.controls import choose_options, start_buttons
from dashboard.video.film import Film, FilmPart, save_upload
from dashboard.video.progress import show_result, show_run

UPLOAD_KEY, FILM_KEY, VIEW_KEY = "video-upload", "film", "video-view"
FRAME_VIEW = "Frame"
VIEWS = {FilmPart.TRIAL: "3 seconds", FilmPart.WHOLE: "Film", FilmPart.BEGINNING: "Beginning"}

# Icon, title and text of each step. {limit}: the longest film that is allowed.
_STEPS = (
    ("upload_file", "Drop a film", "MP4, MOV, AVI, MKV, MPEG and many older formats, up to {limit} long."),
    ("tune", "Try it", "See one frame in colour at once, then three seconds. Choose how strong the colours are."),
    ("palette", "Colour it", "All of it or a part. The sound is kept. You can stop at any time and keep what is done."),
    ("download", "Download it", "Play it here and download it as an MP4 file for browsers, phones and televisions."),
)


def render() -> None:
    """Draw the tab."""
    st.file_uploader(
        "Drop a black-and-white film here",
        type=[suffix.lstrip(".") for suffix in VIDEO_SUFFIXES],
        help="The film is kept in a temporary folder on the computer that runs this page. It is deleted when you close "
        "the page.",
        key=UPLOAD_KEY,
    )
    try:
        film = _current_film()
    except ColorizerError as error:
        show_error(error, MODELS[DEFAULT_MODEL])
    else:
        if film is None:
            _explain()
        else:
            _show(film)


def _explain() -> None:
    limit = format_duration(max_film_seconds())
    for column, (icon, title, text) in zip(st.columns(len(_STEPS), gap="medium"), _STEPS, strict=True):
        column.markdown(f":material/{icon}: **{title}**  \n{text.format(limit=limit)}")


def _current_film() -> Film | None:
    """The film in the upload field, read when it is new; None if the field is empty."""
    film: Film | None = st.session_state.get(FILM_KEY)
    held = st.session_state[UPLOAD_KEY]
    if film is not None and (held is None or held.file_id != film.upload):
        st.session_state.pop(FILM_KEY)
        film.delete()
        film = None
    if film is None and held is not None:
        with st.spinner("Reading the film"):
            film = run_queued(
                partial(
                    save_upload,
                    held.getvalue(),
                    name=held.name,
                    upload=held.file_id,
                    folder=session_folders().folder(session_id()),
                    max_seconds=max_film_seconds(),
                )
            )
        st.session_state[FILM_KEY] = film
        release_upload(film.upload)  # the film is on disk now
    return film


@st.fragment
def _show(film: Film) -> None:
    """Draw the film and its controls. A fragment, so that a control redraws nothing else."""
    if (ended := film.collect_result()) is not None:
        st.session_state[VIEW_KEY] = VIEWS[ended]
    stage, controls = st.columns([3, 1], gap="medium")
    with controls:
        buttons = st.container()  # above the options that they start with, to be visible without scrolling
        model, options = choose_options(film)
    try:
        colorizer = cached_colorizer(model)
        with stage:
            _draw_stage(film, colorizer, options)
        with buttons:
            start_buttons(film, colorizer, options)
    except ColorizerError as error:
        with stage:
            show_error(error, MODELS[model], key="video-fetch")


def _draw_stage(film: Film, colorizer: Colorizer, options: VideoOptions | None) -> None:
    """Draw the current run, if any, and below it one of the results or a frame."""
    if film.latest is not None:
        show_run(film.latest)
    views = [*([] if film.is_busy else [FRAME_VIEW]), *(VIEWS[kind] for kind in film.results)]
    if not views:
        return
    if st.session_state.get(VIEW_KEY) not in views:
        st.session_state[VIEW_KEY] = views[-1]
    if len(views) > 1:
        st.segmented_control("See", views, required=True, key=VIEW_KEY, label_visibility="collapsed")
    view = st.session_state[VIEW_KEY]
    if view == FRAME_VIEW:
        if options is not None:
            _draw_frame(film, colorizer, options)
    else:
        show_result(next(run for kind, run in film.results.items() if VIEWS[kind] == view), film)


def _draw_frame(film: Film, colorizer: Colorizer, options: VideoOptions) -> None:
    with st.spinner("Looking for the frame"):
        is_read = options.start in film.stills
        still = film.still_at(options.start) if is_read else run_queued(partial(film.still_at, options.start))
    if still is not None:
        colorized = still.colorize(colorizer, options.look)
        width, height = still.picture.width, still.picture.height
        compare(still.gray, colorized, width=width, height=height, key=f"video-compare-{film.upload}")
    else:
        st.info(f"The film has no frame after {format_clock(options.start)}.", icon=":material/info:")
    length = "a film of unknown length" if film.length is None else format_clock(film.length)
    st.caption(f"Frame at {format_clock(options.start)} of {length} · {describe_video(film.info)}")
    show_notes(film.info.losses)
