"""What the Film tab shows beside its controls: a frame of the film, or one of its results."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import streamlit as st

from colorizer import DEFAULT_MODEL, MODELS, Colorizer, ColorizerError, Look
from colorizer.video import VideoOptions
from dashboard.components.compare import compare
from dashboard.components.film_compare import film_compare
from dashboard.locale.catalogues import mark
from dashboard.server.downloads import DOWNLOADS
from dashboard.server.settings import longest_run_seconds, max_film_seconds, max_frame_rate
from dashboard.server.streamlit_internals import session_id
from dashboard.shared.errors import show_error
from dashboard.shared.language import tr, trn
from dashboard.shared.notes import show_notes
from dashboard.shared.text import describe_video, format_clock, format_duration
from dashboard.shared.waiting import run_queued
from dashboard.video.controls import start_run
from dashboard.video.correction import draw_correction
from dashboard.video.directing_page import draw_directing
from dashboard.video.film import Film
from dashboard.video.moment import choose_moment
from dashboard.video.runs import FilmPart, FilmResult, StopReason
from dashboard.video.still import StillFrame

VIEW_KEY, FRAME_VIEW = "video-view", "frame"
_ROOM_FOR_STRIP, _ROOM_FOR_BAR = 128, 72  # pixels below the picture, for the strip of frames and for a phone's buttons

_TITLES = {FilmPart.PREVIEW: mark("Preview"), FilmPart.BEGINNING: mark("Stopped early"), FilmPart.WHOLE: mark("Result")}
_REASONS = {  # {limit}: the longest run; {length}, {rate}: of the longest and the fastest film
    StopReason.VISITOR: mark("You stopped it here. What was done by then is kept."),
    StopReason.TIME: mark(
        "It stopped here because one film may take {limit} of work on this computer. For the rest, choose the part "
        "that begins here."
    ),
    StopReason.DISK: mark("It stopped here because the disk of the computer that runs this page is full."),
    StopReason.LIMIT: mark(
        "The rest of the film was left out. Films may have up to {length} and {rate} frames a second here."
    ),
    StopReason.SOURCE: mark("The film is damaged and could not be read beyond this."),
}


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


def result_title(result: FilmResult) -> str:
    """What a result is: Preview 0:06-0:09."""
    return f"{tr(_TITLES[result.kind])} {result.span}".rstrip()


def show_frame(film: Film, colorizer: Colorizer, options: VideoOptions) -> None:
    """Draw the frame at the chosen moment, grey and in colour, and below it what to choose the moment by, and shots."""
    picture, strip = st.container(), st.container()
    still = _read_still(film)  # below them, so that the picture keeps its place while it says that it looks
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
    show_notes(film.info.losses)
    draw_directing(film, still, colorizer.spec.name, options)


def _draw_still(film: Film, still: StillFrame, colorizer: Colorizer, look: Look) -> None:
    """Draw a frame in grey and in colour, or to correct it. A key frame has its own colours."""
    key = film.directing.key_at(still.seconds)
    if film.directing.is_correcting and not (key and key.picture):
        draw_correction(film, still, colorizer, look)
        return
    if key is None or key.picture:
        given = film.directing.stills[key.picture].facts.key if key else None
        colored = still.colorize(colorizer, look, given)
    else:
        colored = still.correct(colorizer, look, key)
    compare(
        still.gray,
        colored,
        width=still.picture.width,
        height=still.picture.height,
        sweep=True,
        room_below=_ROOM_FOR_STRIP,
        key=f"video-compare-{film.upload}",
    )


def _read_still(film: Film) -> StillFrame | None:
    """The frame at the chosen moment. Where there is none that can be shown, the page says why."""
    with st.container(), st.spinner(tr("Looking for the frame")):
        try:
            is_read = film.moment in film.stills
            still = film.still_at(film.moment) if is_read else run_queued(partial(film.still_at, film.moment))
        except ColorizerError as error:
            show_error(error, MODELS[DEFAULT_MODEL], name=film.name)
            return None
        if still is None:
            words = tr("The film has no frame after {time}.", time=format_clock(film.moment))
            st.info(words, icon=":material/info:")
        return still


def show_result(film: Film, result: FilmResult, colorizer: Colorizer, options: VideoOptions | None) -> None:
    """Draw a result to play, beside the film in grey, and whether it is all and made as the controls say now."""
    video, stop = result.end.video, result.end.stop
    film_compare(None, result_url(result), room_below=_ROOM_FOR_BAR, key=f"video-result-{result.name}")
    if stop is not None:
        st.warning(_explain_stop(stop), icon=":material/content_cut:")
    if options is not None and not result.is_made_with(colorizer.spec.name, options):
        _offer_again(film, result, colorizer, options)
    model = MODELS[result.run.model].title
    frames = trn("{n} frame", "{n} frames", video.frames)
    st.caption(f"{format_clock(video.duration)} · {frames} · {tr('coloured by {model}', model=model)}")
    show_notes(video.notes)


def _explain_stop(reason: StopReason) -> str:
    return tr(
        _REASONS[reason],
        limit=format_duration(longest_run_seconds()),
        length=format_duration(max_film_seconds()),
        rate=f"{max_frame_rate():g}",
    )


def _offer_again(film: Film, result: FilmResult, colorizer: Colorizer, options: VideoOptions) -> None:
    """Say that a result was made with other settings, and offer to make it with those of now."""
    part = replace(options, start=result.run.options.start, end=result.run.options.end)
    with st.container(horizontal=True, vertical_alignment="center"):
        words = tr("This was made with other settings than those chosen now.")
        st.markdown(f":material/history: {words}", width="content")
        st.button(
            tr("Make it again"),
            icon=":material/refresh:",
            on_click=start_run,
            args=(film, result.run.kind, colorizer, part),
            disabled=film.is_busy,
            key="video-again",
        )


def download_button(result: FilmResult) -> None:
    """Draw the link that saves a result's file."""
    st.link_button(
        tr("Download {size} MB", size=f"{result.run.target.stat().st_size / 1e6:.1f}"),
        result_url(result),
        icon=":material/download:",
        type="primary",
        width="stretch",
    )


def result_url(result: FilmResult) -> str:
    return DOWNLOADS.url(result.run.target, result.name, owner=session_id())
