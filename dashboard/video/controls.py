"""The controls of the Film tab: colours, part of the film, and the buttons that start a run."""

from __future__ import annotations

from functools import partial

import streamlit as st

from colorizer import Colorizer, Look
from colorizer.video import VideoOptions
from dashboard.server.queues import estimate_queue, job_queue
from dashboard.server.streamlit_internals import session_id
from dashboard.shared.controls import choose_label, choose_model, choose_smoothing, choose_strength, choose_vividness
from dashboard.shared.text import format_clock, format_duration
from dashboard.video.film import Film, FilmPart

_SHORTEST_DIVISIBLE = 0.2  # seconds; two steps of the slider


def choose_options(film: Film) -> tuple[str, VideoOptions | None]:
    """Draw the controls. Returns the name of the model and the options, or None if the chosen part is empty."""
    busy = film.is_busy
    model = choose_model(key="video-model", disabled=busy)
    strength = choose_strength(key="video-strength", disabled=busy)
    vividness = choose_vividness(key="video-vividness", disabled=busy)
    smoothing = choose_smoothing(key="video-smoothing", disabled=busy)
    start, end = _enter_part(film) if film.length is None else _slide_part(film, film.length)
    label = choose_label(key="video-label", disabled=busy)
    if end is not None and not end > start:
        return model, None
    return model, VideoOptions(Look(strength=strength, vividness=vividness), smoothing, start, end, label)


def _slide_part(film: Film, length: float) -> tuple[float, float | None]:
    """Draw a slider for the part. Returns its start and its end, None for the end of the film, in seconds."""
    if length < _SHORTEST_DIVISIBLE:
        return 0.0, None
    is_short = length < 60
    start, end = st.slider(
        "Part",
        0.0,
        length,
        (0.0, length),
        0.1 if is_short else 1.0,
        format="%.1f s" if is_short else "%.0f s",
        help="Only the part between the two handles is coloured.",
        disabled=film.is_busy,
        key=f"video-part-{film.upload}",
    )
    return start, None if end >= length > start else end


def _enter_part(film: Film) -> tuple[float, float | None]:
    """Draw two fields for the part of a film of unknown length. Returns the same as `_slide_part`."""
    field = partial(st.number_input, min_value=0.0, max_value=float(film.max_seconds), step=1.0, format="%.1f")
    start: float = field("Start, in seconds", value=0.0, disabled=film.is_busy, key=f"video-part-start-{film.upload}")
    end: float | None = field(
        "End, in seconds",
        value=None,
        placeholder="End of the film",
        help="Leave it empty to colour the film to its end. The file does not say how long the film is.",
        disabled=film.is_busy,
        key=f"video-part-end-{film.upload}",
    )
    return start, end


def start_buttons(film: Film, colorizer: Colorizer, options: VideoOptions | None) -> None:
    """Draw the buttons that start a run, and the estimate of its time."""
    is_part = options is not None and (options.start > 0 or options.end is not None)
    start = partial(
        st.button,
        on_click=_start,  # a callback, because it runs even if the visitor opens another tab at once
        disabled=film.is_busy or options is None,
        width="stretch",
    )
    start(
        "Try 3 seconds",
        icon=":material/timer_3_alt_1:",
        help="Colours the first three seconds of the chosen part.",
        args=(film, FilmPart.TRIAL, colorizer, options),
        key="video-try",
    )
    start(
        "Colour this part" if is_part else "Colour the film",
        icon=":material/palette:",
        type="primary",
        args=(film, FilmPart.WHOLE, colorizer, options),
        key="video-start",
    )
    if options is None:
        st.caption("The chosen part is empty. Choose an end that is after its start.")
    elif not film.is_busy and _is_estimate_wanted(film, colorizer):
        _draw_estimate(film, colorizer, options)


def _start(film: Film, kind: FilmPart, colorizer: Colorizer, options: VideoOptions) -> None:
    film.start(kind, colorizer, options, queue=job_queue(), owner=session_id())


def _is_estimate_wanted(film: Film, colorizer: Colorizer) -> bool:
    """Whether to estimate the time: of a film with large frames only when its button is pressed."""
    if film.is_estimated or colorizer.spec.name in film.estimates:
        return True
    return st.button("Estimate the time", icon=":material/timer:", width="stretch", key="video-estimate")


def _draw_estimate(film: Film, colorizer: Colorizer, options: VideoOptions) -> None:
    pace = film.estimate_pace(colorizer, queue=estimate_queue(), owner=session_id())
    if pace is None:
        st.fragment(_wait_for_estimate, run_every=0.5)(film, colorizer)
        return
    end = film.length if options.end is None else options.end
    length = 60.0 if end is None else end - options.start
    film_time = "each minute" if end is None else format_clock(length)
    st.caption(f"About {format_duration(pace * length)} of work for {film_time} of film, longer if others are waiting.")


def _wait_for_estimate(film: Film, colorizer: Colorizer) -> None:
    if film.estimates[colorizer.spec.name].done():
        st.rerun()
    st.caption("Estimating the time")
