"""What the Film tab shows beside its controls: a frame of the film, or one of its results."""

from __future__ import annotations

from functools import partial

import streamlit as st

from colorizer import DEFAULT_MODEL, MODELS, Colorizer, ColorizerError, Look
from colorizer.frames.repair import FilmRepair
from colorizer.video import VideoOptions
from dashboard.components.compare import compare
from dashboard.shared.errors import show_error
from dashboard.shared.language import tr
from dashboard.shared.notes import show_notes
from dashboard.shared.reference import takes_little
from dashboard.shared.text import describe_video, format_clock
from dashboard.shared.waiting import run_queued
from dashboard.video.correction import draw_correction
from dashboard.video.directing_page import draw_directing
from dashboard.video.film import Film
from dashboard.video.formats import is_for_browsers
from dashboard.video.moment import choose_moment
from dashboard.video.result import result_title
from dashboard.video.runs import FilmResult
from dashboard.video.still import StillFrame

VIEW_KEY, FRAME_VIEW = "video-view", "frame"
_ROOM_FOR_STRIP = 128  # pixels below the picture, for the strip of frames


def choose_view(film: Film) -> FilmResult | None:
    """Draw the choice between the frame and the results, once there is one. Returns the chosen result, if any."""
    views = [FRAME_VIEW, *film.results]
    if st.session_state.get(VIEW_KEY) not in views:
        st.session_state[VIEW_KEY] = views[-1]
    if len(views) > 1:
        titles = {FRAME_VIEW: tr("Choose a moment")} | {kind: result_title(film.results[kind]) for kind in film.results}
        st.segmented_control(
            tr("What is shown"),
            views,
            format_func=titles.__getitem__,
            required=True,
            key=VIEW_KEY,
            label_visibility="collapsed",
        )
    return film.results.get(st.session_state[VIEW_KEY])


def show_frame(film: Film, colorizer: Colorizer, options: VideoOptions) -> None:
    """Draw the frame at the chosen moment, grey and in colour, and below it what to choose the moment by, and shots."""
    picture, strip = st.container(), st.container()
    # Below them, so that the picture keeps its place while the page says that it looks.
    still = _read_still(film, options.repair)
    if still is not None:
        with picture:
            _draw_still(film, still, colorizer, film.directing.settings_at(still.seconds, options).look)
    with strip:
        choose_moment(film)
    time = format_clock(film.moment)
    if film.length is None:
        place = tr("Frame at {time} of a film of unknown length", time=time)
    else:
        place = tr("Frame at {time} of {length}", time=time, length=format_clock(film.length))
    st.caption(f"{place} · {describe_video(film.info)}")
    with st.container():  # has its place always, so that what is below is not drawn anew
        if is_for_browsers(options.encoding):  # the losses of another kind of file are noted with the result
            show_notes(film.info.losses)
    draw_directing(film, still, colorizer.spec.name, options)


def _draw_still(film: Film, still: StillFrame, colorizer: Colorizer, look: Look) -> None:
    """Draw a frame in grey and in colour, or to correct it. A key frame has its own colours."""
    key = film.directing.key_at(still.seconds)
    analysis = still.analyze(colorizer, film.directing.reference.picture)
    if film.directing.is_correcting and not (key and key.picture):
        draw_correction(film, still, analysis, look, colorizer.spec.name)
        return
    if key is None or key.picture:
        given = film.directing.stills[key.picture].facts.key if key else None
        colored = still.colorize(analysis, look, given)
    else:
        colored = still.correct(analysis, look, key)
    compare(
        still.gray,
        colored,
        width=still.picture.width,
        height=still.picture.height,
        sweep=True,
        room_below=_ROOM_FOR_STRIP,
        key=f"video-compare-{film.upload}",
    )
    if analysis.soft_hints is not None and takes_little(analysis.soft_hints):
        st.caption(tr("Little in the picture for colours is like this frame, so it takes hardly any from it."))


def _read_still(film: Film, repair: FilmRepair) -> StillFrame | None:
    """The frame at the chosen moment, repaired. Where there is none that can be shown, the page says why."""
    words = tr("Looking for the frame") if repair.is_off else tr("Repairing the frame")
    with st.container(), st.spinner(words):
        try:
            read = partial(film.still_at, film.moment, repair)
            still = read() if (film.moment, repair) in film.stills else run_queued(read)
        except ColorizerError as error:
            show_error(error, MODELS[DEFAULT_MODEL], name=film.name)
            return None
        if still is None:
            words = tr("The film has no frame after {time}.", time=format_clock(film.moment))
            st.info(words, icon=":material/info:")
        return still
