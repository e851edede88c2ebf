"""The controls of the Film tab: colours, part of the film, and the buttons that start a run."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import streamlit as st

from colorizer import Colorizer, Look
from colorizer.frames.repair import FilmRepair, SteadyEdges
from colorizer.video import VideoOptions
from dashboard.components.reference_field import choose_reference
from dashboard.server.queues import estimate_queue, job_queue
from dashboard.server.streamlit_internals import session_id
from dashboard.shared.controls import choose_model, choose_smoothing, choose_strength, choose_vividness, choose_warmth
from dashboard.shared.file_controls import choose_label
from dashboard.shared.language import mark, tr
from dashboard.shared.text import format_clock, format_duration
from dashboard.video.film import Film
from dashboard.video.formats import choose_encoding, put_encoding
from dashboard.video.moment import rerun_when_done
from dashboard.video.part import choose_part, put_part
from dashboard.video.runs import PREVIEW_SECONDS, FilmPart, pace_key, preview_part

_AMOUNT, _WARMTH, _BOLD, _MODEL = "film-amount", "film-warmth", "film-bold", "film-model"
_SMOOTHING, _LABEL = "video-smoothing", "video-label"
_REPAIR, _ENCODING = "video", "video-file"  # each begins the keys of several
_STEADY: dict[SteadyEdges, str] = {"off": mark("Off"), "fill": mark("Fill edges"), "crop": mark("Enlarge")}


def choose_options(film: Film) -> tuple[str, VideoOptions | None]:
    """Draw the controls. Returns the name of the model and the options, or None if the chosen part is empty."""
    busy = film.is_busy
    strength = choose_strength(key=_AMOUNT, disabled=busy, in_address=True)
    warmth = choose_warmth(key=_WARMTH, disabled=busy, in_address=True)
    vividness = choose_vividness(key=_BOLD, disabled=busy, in_address=True)
    choose_reference(film.directing.reference, key="film", disabled=busy)
    with st.expander(tr("More"), icon=":material/tune:"):
        start, end = choose_part(film)
        smoothing = choose_smoothing(key=_SMOOTHING, disabled=busy)
        model = choose_model(key=_MODEL, disabled=busy, in_address=True)
        label = choose_label(key=_LABEL, disabled=busy)
    with st.expander(tr("Repair"), icon=":material/healing:"):
        repair = _choose_repair(disabled=busy)
    with st.expander(tr("For editing"), icon=":material/video_file:"):
        encoding = choose_encoding(film.info, key=_ENCODING, disabled=busy)
    if end is not None and not end > start:
        return model, None
    look = Look(strength=strength, vividness=vividness, warmth=warmth)
    direction = film.directing.direction
    return model, VideoOptions(
        look, smoothing, start, end, label, repair=repair, direction=direction, encoding=encoding
    )


def put_options(film: Film, model: str, options: VideoOptions) -> None:
    """Set the controls as the options are, as far as there are controls for them. Call it before they are drawn."""
    look, repair = options.look, options.repair
    st.session_state.update(
        {
            _AMOUNT: look.strength,
            _WARMTH: look.warmth,
            _BOLD: look.vividness,
            _SMOOTHING: options.smoothing,
            _MODEL: model,
            _LABEL: options.label,
            f"{_REPAIR}-dust": repair.dust,
            f"{_REPAIR}-scratches": repair.scratches,
            f"{_REPAIR}-deflicker": repair.deflicker > 0,
            f"{_REPAIR}-steady": repair.steady,
        }
    )
    put_encoding(options.encoding, key=_ENCODING)
    put_part(film, options.start, options.end)


def _choose_repair(*, disabled: bool) -> FilmRepair:
    """Draw what to repair in the film."""
    check = partial(st.checkbox, disabled=disabled, persist_state="page")
    st.caption(tr("The frame and the preview show what it does. Repair takes more time."))
    dust = check(
        tr("Take out dust and dirt"),
        help=tr("Fills spots that are in one frame alone, from the frames before and after. Changes nothing else."),
        key=f"{_REPAIR}-dust",
    )
    scratches = check(
        tr("Take out vertical scratches"),
        help=tr("Fills thin lines that stay in their place while the scene moves, from both sides."),
        key=f"{_REPAIR}-scratches",
    )
    deflicker = check(
        tr("Even out flickering brightness"),
        help=tr("Changes the lightness. Fades and cuts stay as they are."),
        key=f"{_REPAIR}-deflicker",
    )
    steady = st.radio(
        tr("Steady the picture"),
        list(_STEADY),
        horizontal=True,
        format_func=lambda edges: tr(_STEADY[edges]),
        help=tr(
            "Takes out shake; the camera's own moves stay. Where a picture was moved away from its edge, the outermost "
            "pixels are repeated, or all pictures are enlarged a little alike, so that no edge shows."
        ),
        disabled=disabled,
        key=f"{_REPAIR}-steady",
        persist_state="page",
    )
    return FilmRepair(dust=dust, scratches=scratches, deflicker=float(deflicker), steady=steady)


def start_buttons(film: Film, colorizer: Colorizer, options: VideoOptions | None, *, is_main: bool) -> None:
    """Draw the buttons that start a run. `is_main`: whether they are what comes next, and not a download."""
    is_part = options is not None and (options.start > 0 or options.end is not None)
    preview = None if options is None else preview_part(options, film.moment, film.length)
    draw = partial(st.button, disabled=film.is_busy or options is None, width="stretch")
    draw(
        tr("Preview {seconds} seconds", seconds=PREVIEW_SECONDS),
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
    elif not film.is_busy and _is_estimate_wanted(film, colorizer, options):
        _draw_estimate(film, colorizer, options)


def _is_estimate_wanted(film: Film, colorizer: Colorizer, options: VideoOptions) -> bool:
    """Whether to estimate the time: of a film with large frames only when its button is pressed."""
    if film.is_estimated or pace_key(colorizer.spec.name, options) in film.paces:
        return True
    return st.button(tr("Estimate the time"), icon=":material/timer:", width="stretch", key="video-estimate")


def _draw_estimate(film: Film, colorizer: Colorizer, options: VideoOptions) -> None:
    job = film.measure_pace(colorizer, options, queue=estimate_queue(), owner=session_id())
    if not job.done():
        st.caption(tr("Estimating the time"))
        rerun_when_done(job)
        return
    pace, end = job.result(), film.length if options.end is None else options.end
    if end is None:
        work = format_duration(pace.seconds(replace(options, start=0.0, end=60.0), film.info) or 0.0)
        st.caption(tr("About {work} of work for each minute of film, longer if others are waiting.", work=work))
        return
    left = film.what_is_left(colorizer.spec.name, options)
    work = format_duration(pace.seconds(left, film.info) or 0.0)
    length = format_clock(end - options.start)
    st.caption(tr("About {work} of work for {length} of film, longer if others are waiting.", work=work, length=length))
