"""The Film tab: colour one film, with its sound, and download it."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import streamlit as st

from colorizer import DEFAULT_MODEL, MODELS, ColorizerError
from colorizer.video import VIDEO_SUFFIXES
from dashboard.locale.catalogues import mark
from dashboard.navigation import Tab, open_tab
from dashboard.server.queues import photo_queue
from dashboard.server.session_folders import session_folders
from dashboard.server.settings import max_film_seconds
from dashboard.server.streamlit_internals import UploadedFile, release_upload, session_id
from dashboard.shared.errors import show_error
from dashboard.shared.language import tr
from dashboard.shared.models import cached_colorizer
from dashboard.shared.recent import forget_result, remember_result
from dashboard.shared.text import format_duration
from dashboard.shared.waiting import run_queued
from dashboard.video.controls import choose_options, show_estimate, start_buttons
from dashboard.video.correction import take_correction
from dashboard.video.film import Film
from dashboard.video.progress import encode_preview, show_run
from dashboard.video.result import download_button, result_title, show_result
from dashboard.video.runs import FilmPart, FilmResult
from dashboard.video.stage import VIEW_KEY, choose_view, show_frame
from dashboard.video.upload import save_upload
from dashboard.video.uploads import take_dropped

UPLOAD_KEY, FILM_KEY = "video-upload", "film"
TAB_KEY, BAR_KEY = "video-tab", "video-bar"  # of the containers with everything, and with the buttons
_STYLES = Path(__file__).with_name("video.css")

# Icon, title and text of each step. {limit}: the longest film that is allowed.
_STEPS = (
    (
        "upload_file",
        mark("Drop a film"),
        mark("MP4, MOV, AVI, MKV, MPEG and many older formats, up to {limit} long."),
    ),
    (
        "tune",
        mark("Try it"),
        mark("Choose a moment and see it in colour at once, then a few seconds of film. Choose how strong it is."),
    ),
    (
        "palette",
        mark("Colour it"),
        mark("All of it or a part. The sound is kept. You can stop at any time and keep what is done."),
    ),
    (
        "download",
        mark("Download it"),
        mark("Play it here and download it as an MP4 file for browsers, phones and televisions."),
    ),
)


@st.fragment
def render() -> None:
    """Draw the tab. A fragment, so that a control redraws nothing else."""
    film, held = st.session_state.get(FILM_KEY), st.session_state.get(UPLOAD_KEY)
    if film is not None and (held is None or held.file_id != film.upload):
        del st.session_state[FILM_KEY]
        for result in film.results.values():
            forget_result(_identity(film, result))
        film.delete()
        film = None
    if film is not None:
        st.html(_STYLES)
        with st.container(key=TAB_KEY):
            _show(film)
        return
    _draw_upload()
    if held is None:
        _explain()
        return
    try:
        with st.spinner(tr("Reading the film")):
            _read_upload(held)
    except ColorizerError as error:
        show_error(error, MODELS[DEFAULT_MODEL], name=held.name)
    else:
        st.rerun()


def _draw_upload() -> None:
    """Draw the field for a film: at the top of the tab at first, then below the controls."""
    st.file_uploader(
        tr("Drop a black-and-white film here"),
        type=[suffix.lstrip(".") for suffix in VIDEO_SUFFIXES],
        help=tr(
            "The film is kept in a temporary folder on the computer that runs this page. It is deleted when you close "
            "the page."
        ),
        key=UPLOAD_KEY,
    )


def _explain() -> None:
    limit = format_duration(max_film_seconds())
    for column, (icon, title, text) in zip(st.columns(len(_STEPS), gap="medium"), _STEPS, strict=True):
        column.markdown(f":material/{icon}: **{tr(title)}**  \n{tr(text, limit=limit)}")


def _read_upload(held: UploadedFile) -> None:
    """Write the film to the disk, and begin to read what is shown of it. Raises ColorizerError."""
    owner = session_id()
    film = run_queued(
        partial(
            save_upload,
            held.getvalue(),
            name=held.name,
            upload=held.file_id,
            folder=session_folders().folder(owner),
            max_seconds=max_film_seconds(),
        )
    )
    st.session_state[FILM_KEY] = film
    release_upload(film.upload)  # the film is on disk now
    if film.length is not None:
        film.read_strip(queue=photo_queue(), owner=owner)


def _show(film: Film) -> None:
    """Draw the film beside its controls."""
    if (ended := film.collect_result()) is not None:
        _show_result(ended.kind)
        _remember(film, ended)
    take_correction(film)
    with st.container():  # has its place always: else a file that is read moves the whole tab, which is drawn anew then
        take_dropped(film)
    stage, side = st.columns([3, 1], gap="medium")
    with stage:
        result = choose_view(film)
    with side:
        buttons = st.container(key=BAR_KEY)
        state = st.container()
        model, options = choose_options(film)
        _draw_upload()
    with buttons:
        if result is not None:
            download_button(result)
    with state:
        if film.latest is not None:
            show_run(film, film.latest)
    try:
        colorizer = cached_colorizer(model)
        with buttons:
            start_buttons(film, colorizer, options, is_main=result is None)
        with stage:
            if result is not None:
                show_result(film, result, colorizer, options)
            elif options is not None:
                show_frame(film, colorizer, options)
        with state:
            show_estimate(film, colorizer, options)
    except ColorizerError as error:
        with stage:
            show_error(error, MODELS[model], key="video-fetch", name=film.name)


def _show_result(kind: FilmPart) -> None:
    """Let the tab show the result of a kind when it is drawn next."""
    st.session_state[VIEW_KEY] = kind


def _remember(film: Film, result: FilmResult) -> None:
    """Put a new result among the recent ones of the session."""
    kind, progress = result.kind, result.run.job.progress
    if progress is None or progress.preview is None:
        return

    def open_again() -> None:
        open_tab(Tab.FILM)
        _show_result(kind)

    title = f"{result_title(result)}: {film.name}"
    remember_result(_identity(film, result), title, encode_preview(progress.preview), open_again)


def _identity(film: Film, result: FilmResult) -> str:
    return f"film-{film.upload}-{result.kind}"
