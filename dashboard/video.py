"""The Video tab: one film in, the same in colour out, with its sound."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from colorizer import DEFAULT_MODEL, MODELS, Colorizer, ColorizerError
from colorizer.smoothing import DEFAULT_AMOUNT
from colorizer.video import SUFFIXES, VideoOptions
from dashboard.compare import compare
from dashboard.controls import choose_model, choose_strength, choose_vividness
from dashboard.film import Film, Kind, take_film
from dashboard.resources import (
    cached_colorizer,
    estimate_queue,
    job_queue,
    max_film_seconds,
    session_folders,
    show_error,
)
from dashboard.session import release_upload, session_id
from dashboard.still import Still, take_still
from dashboard.video_run import show_result, show_run
from dashboard.wording import about, clock, describe

UPLOAD_KEY, FILM_KEY, VIEW_KEY = "video-upload", "film", "video-view"
FRAME_VIEW = "Frame"
VIEWS = {Kind.TRIAL: "3 seconds", Kind.WHOLE: "Film", Kind.BEGINNING: "Beginning"}

# An icon, what to do, and what comes of it; {limit}: how long a film may be.
_STEPS = (
    ("upload_file", "Drop a film", "An old one too: MP4, MOV, AVI, MKV, MPEG and more, up to {limit} long."),
    ("tune", "Try it", "See a frame in colour at once, then three seconds, and choose how strong the colours are."),
    ("palette", "Colour it", "All of it or a part, with its sound. Stop at any time and keep what is done."),
    ("download", "Take it home", "Play it here and download it: an MP4 that browsers, phones and televisions play."),
)


@dataclass(frozen=True)
class _Choice:
    """What the controls say. `options` is None where the chosen part is empty."""

    model: str
    options: VideoOptions | None


def render() -> None:
    """Draw the tab."""
    st.file_uploader(
        "Drop a black-and-white film here",
        type=[suffix.lstrip(".") for suffix in SUFFIXES],
        help="The film lies in a temporary folder of the computer that runs this page, and is removed when you close "
        "the page.",
        key=UPLOAD_KEY,
    )
    try:
        film = _film()
    except ColorizerError as error:
        show_error(error, MODELS[DEFAULT_MODEL])
    else:
        if film is None:
            _explain()
        else:
            _show(film)


def _explain() -> None:
    limit = about(max_film_seconds())
    for column, (icon, title, text) in zip(st.columns(len(_STEPS), gap="medium"), _STEPS, strict=True):
        column.markdown(f":material/{icon}: **{title}**  \n{text.format(limit=limit)}")


def _film() -> Film | None:
    """The session's film: that of the upload field, read when it is new; none where the field is empty."""
    film: Film | None = st.session_state.get(FILM_KEY)
    held = st.session_state[UPLOAD_KEY]
    if film is not None and (held is None or held.file_id != film.upload):
        st.session_state.pop(FILM_KEY)
        film.delete()
        film = None
    if film is None and held is not None:
        with st.spinner("Reading the film"):
            film = take_film(
                held.getvalue(),
                name=held.name,
                upload=held.file_id,
                folder=session_folders().folder(session_id()),
                max_seconds=max_film_seconds(),
            )
        st.session_state[FILM_KEY] = film
        release_upload(film.upload)  # it lies on disk now
    return film


@st.fragment
def _show(film: Film) -> None:
    """The film and its controls: a fragment, so that a control redraws nothing else."""
    if (ended := film.settle()) is not None:
        st.session_state[VIEW_KEY] = VIEWS[ended]
    stage, controls = st.columns([3, 1], gap="medium")
    with controls:
        buttons = st.container()  # first, where they are in sight without scrolling; what they start is chosen below
        choice = _choose(film)
    try:
        colorizer = cached_colorizer(choice.model)
        with stage:
            _stage(film, colorizer, choice.options)
        with buttons:
            _start_buttons(film, colorizer, choice.options)
    except ColorizerError as error:
        with stage:
            show_error(error, MODELS[choice.model], key="video-fetch")


def _choose(film: Film) -> _Choice:
    busy = film.is_busy
    model = choose_model(key="video-model", disabled=busy)
    strength = choose_strength(key="video-strength", disabled=busy)
    vividness = choose_vividness(key="video-vividness", disabled=busy)
    smoothing = st.slider(
        "Smoothing",
        0.0,
        1.0,
        DEFAULT_AMOUNT,
        0.05,
        help="Steadies the colours over time. 0 shows each frame's own, which flicker.",
        disabled=busy,
        key="video-smoothing",
        persist_state="page",
    )
    length = film.info.duration
    is_short = length < 60
    start, end = st.slider(
        "Part",
        0.0,
        length,
        (0.0, length),
        0.1 if is_short else 1.0,
        format="%.1f s" if is_short else "%.0f s",
        help="Only what lies between the two ends is coloured.",
        disabled=busy,
        key=f"video-part-{film.upload}",
    )
    if not end > start:
        return _Choice(model, None)
    until = None if end >= length else end
    return _Choice(model, VideoOptions(strength, vividness, smoothing, start, until))


def _stage(film: Film, colorizer: Colorizer, options: VideoOptions | None) -> None:
    """What there is to see: the run that is under way, and one of the results or a frame."""
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
            _frame(film, colorizer, options)
    else:
        show_result(next(run for kind, run in film.results.items() if VIEWS[kind] == view), film)


def _frame(film: Film, colorizer: Colorizer, options: VideoOptions) -> None:
    still: Still | None = film.still
    if still is None or still.seconds != options.start:
        with st.spinner("Looking for the frame"):
            still = film.still = take_still(film.source, options.start)
    if still is not None:
        coloured = still.coloured(colorizer, strength=options.strength, vividness=options.vividness)
        width, height = still.picture.width, still.picture.height
        compare(still.grey, coloured, width=width, height=height, key=f"video-compare-{film.upload}")
    st.caption(f"Frame at {clock(options.start)} of {clock(film.info.duration)} · {describe(film.info)}")


def _start_buttons(film: Film, colorizer: Colorizer, options: VideoOptions | None) -> None:
    is_part = options is not None and (options.start > 0 or options.end is not None)
    st.button(
        "Try 3 seconds",
        icon=":material/timer_3_alt_1:",
        help="Colours the first three seconds of the chosen part.",
        on_click=_start,
        args=(film, Kind.TRIAL, colorizer, options),
        disabled=film.is_busy or options is None,
        width="stretch",
        key="video-try",
    )
    st.button(
        "Colour this part" if is_part else "Colour the film",
        icon=":material/palette:",
        type="primary",
        on_click=_start,
        args=(film, Kind.WHOLE, colorizer, options),
        disabled=film.is_busy or options is None,
        width="stretch",
        key="video-start",
    )
    if options is None:
        st.caption("The chosen part is empty: move its ends apart.")
    elif not film.is_busy:
        _estimate(film, colorizer, options)


def _start(film: Film, kind: Kind, colorizer: Colorizer, options: VideoOptions) -> None:
    """As a callback: it is called even if the visitor goes to another tab before the page is drawn."""
    film.start(kind, colorizer, options, queue=job_queue(), owner=session_id())


def _estimate(film: Film, colorizer: Colorizer, options: VideoOptions) -> None:
    pace = film.pace(colorizer, queue=estimate_queue(), owner=session_id())
    if pace is None:
        st.fragment(_wait_for_estimate, run_every=0.5)(film, colorizer)
        return
    length = (film.info.duration if options.end is None else options.end) - options.start
    st.caption(f"About {about(pace * length)} of work for {clock(length)} of film, longer while others wait.")


def _wait_for_estimate(film: Film, colorizer: Colorizer) -> None:
    if not film.estimates[colorizer.spec.name].is_active:
        st.rerun()
    st.caption("Estimating the time")
