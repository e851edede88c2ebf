"""The controls of the Film tab: colours, part of the film, and the buttons that start a run."""

from __future__ import annotations

from functools import partial

import streamlit as st

from colorizer import Colorizer, Look
from colorizer.video import VideoOptions
from dashboard.server.queues import estimate_queue, job_queue
from dashboard.server.streamlit_internals import session_id
from dashboard.shared.controls import choose_model, choose_smoothing, choose_strength, choose_vividness, choose_warmth
from dashboard.shared.file_controls import choose_label
from dashboard.shared.language import tr
from dashboard.shared.text import format_clock, format_duration
from dashboard.video.film import Film
from dashboard.video.moment import rerun_when_done
from dashboard.video.runs import PREVIEW_SECONDS, FilmPart, preview_part

_SHORTEST_DIVISIBLE = 0.2  # seconds; two steps of the slider


def choose_options(film: Film) -> tuple[str, VideoOptions | None]:
    """Draw the controls. Returns the name of the model and the options, or None if the chosen part is empty."""
    busy = film.is_busy
    strength = choose_strength(key="film-amount", disabled=busy, in_address=True)
    warmth = choose_warmth(key="film-warmth", disabled=busy, in_address=True)
    vividness = choose_vividness(key="film-bold", disabled=busy, in_address=True)
    with st.expander(tr("More"), icon=":material/tune:"):
        start, end = _enter_part(film) if film.length is None else _slide_part(film, film.length)
        smoothing = choose_smoothing(key="video-smoothing", disabled=busy)
        model = choose_model(key="film-model", disabled=busy, in_address=True)
        label = choose_label(key="video-label", disabled=busy)
    if end is not None and not end > start:
        return model, None
    look = Look(strength=strength, vividness=vividness, warmth=warmth)
    return model, VideoOptions(look, smoothing, start, end, label)


def _slide_part(film: Film, length: float) -> tuple[float, float | None]:
    """Draw a slider for the part. Returns its start and its end, None for the end of the film, in seconds."""
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
        key=f"video-part-{film.upload}",
    )
    return start, None if end >= length > start else end


def _enter_part(film: Film) -> tuple[float, float | None]:
    """Draw two fields for the part of a film of unknown length. Returns the same as `_slide_part`."""
    field = partial(st.number_input, min_value=0.0, max_value=float(film.max_seconds), step=1.0, format="%.1f")
    start: float = field(
        tr("Start, in seconds"), value=0.0, disabled=film.is_busy, key=f"video-part-start-{film.upload}"
    )
    end: float | None = field(
        tr("End, in seconds"),
        value=None,
        placeholder=tr("End of the film"),
        help=tr("Leave it empty to colour the film to its end. The file does not say how long the film is."),
        disabled=film.is_busy,
        key=f"video-part-end-{film.upload}",
    )
    return start, end


def start_buttons(film: Film, colorizer: Colorizer, options: VideoOptions | None, *, is_main: bool) -> None:
    """Draw the buttons that start a run. `is_main`: whether they are what comes next, and not a download."""
    is_part = options is not None and (options.start > 0 or options.end is not None)
    preview = None if options is None else preview_part(options, film.moment, film.length)
    draw = partial(st.button, disabled=film.is_busy or options is None, width="stretch")
    draw(
        tr("Preview {seconds} seconds", seconds=f"{PREVIEW_SECONDS:g}"),
        icon=":material/timer_3_alt_1:",
        help=tr("Colours a few seconds from the chosen moment on."),
        on_click=start_run,  # a callback, because it runs even if the visitor opens another tab at once
        args=(film, FilmPart.PREVIEW, colorizer, preview),
        key="video-try",
    )
    draw(
        tr("Colour this part") if is_part else tr("Colour the film"),
        icon=":material/palette:",
        type="primary" if is_main else "secondary",
        on_click=start_run,
        args=(film, FilmPart.WHOLE, colorizer, options),
        key="video-start",
    )


def start_run(film: Film, kind: FilmPart, colorizer: Colorizer, options: VideoOptions) -> None:
    """Queue a run for this visitor. For a button's callback."""
    film.start(kind, colorizer, options, queue=job_queue(), owner=session_id())


def show_estimate(film: Film, colorizer: Colorizer, options: VideoOptions | None) -> None:
    """Draw how long the work will take, or why there is none to do."""
    if options is None:
        st.caption(tr("The chosen part is empty. Choose an end that is after its start."))
    elif not film.is_busy and _is_estimate_wanted(film, colorizer):
        _draw_estimate(film, colorizer, options)


def _is_estimate_wanted(film: Film, colorizer: Colorizer) -> bool:
    """Whether to estimate the time: of a film with large frames only when its button is pressed."""
    if film.is_estimated or colorizer.spec.name in film.estimates:
        return True
    return st.button(tr("Estimate the time"), icon=":material/timer:", width="stretch", key="video-estimate")


def _draw_estimate(film: Film, colorizer: Colorizer, options: VideoOptions) -> None:
    pace = film.estimate_pace(colorizer, queue=estimate_queue(), owner=session_id())
    if pace is None:
        st.caption(tr("Estimating the time"))
        rerun_when_done(film.estimates[colorizer.spec.name])
        return
    end = film.length if options.end is None else options.end
    if end is None:
        work = format_duration(60 * pace)
        st.caption(tr("About {work} of work for each minute of film, longer if others are waiting.", work=work))
        return
    length = end - options.start
    work = format_duration(pace * length)
    st.caption(
        tr(
            "About {work} of work for {length} of film, longer if others are waiting.",
            work=work,
            length=format_clock(length),
        )
    )
