"""A result on the Film tab: played, explained, downloaded, made again."""

from __future__ import annotations

import streamlit as st

from colorizer import MODELS, Colorizer
from colorizer.video import VideoOptions
from dashboard.components.film_compare import film_compare
from dashboard.locale.catalogues import mark
from dashboard.server.downloads import DOWNLOADS
from dashboard.server.settings import longest_run_seconds, max_film_seconds, max_frame_rate
from dashboard.server.streamlit_internals import session_id
from dashboard.shared.language import tr, trn
from dashboard.shared.notes import show_notes
from dashboard.shared.text import format_clock, format_duration, format_size
from dashboard.video.controls import start_run
from dashboard.video.film import Film
from dashboard.video.formats import is_for_browsers, kind_of
from dashboard.video.progress import draw_latest_frame
from dashboard.video.runs import PREVIEW_SECONDS, FilmPart, FilmResult, StopReason

_ROOM_FOR_BAR = 72  # pixels below the film, for a phone's buttons

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


def result_title(result: FilmResult) -> str:
    """What a result is: Preview 0:06-0:09."""
    return f"{tr(_TITLES[result.kind])} {result.span}".rstrip()


def show_result(film: Film, result: FilmResult, colorizer: Colorizer, options: VideoOptions | None) -> None:
    """Draw a result to play, beside the film in grey, and whether it is all and made as the controls say now."""
    video, stop = result.end.video, result.end.stop
    _play_result(result)
    if stop is not None:
        st.warning(_explain_stop(stop), icon=":material/content_cut:")
    if options is not None and not result.is_made_with(colorizer.spec.name, options):
        _offer_again(film, result, colorizer, options)
    model = MODELS[result.run.model].title
    frames = trn("{n} frame", "{n} frames", video.frames)
    st.caption(f"{format_clock(video.duration)} · {frames} · {tr('coloured by {model}', model=model)}")
    show_notes(video.notes)


def _play_result(result: FilmResult) -> None:
    """Draw a player, or for a file that browsers do not play, a frame of it."""
    if is_for_browsers(result.run.options.encoding):
        film_compare(None, result_url(result), room_below=_ROOM_FOR_BAR, key=f"video-result-{result.name}")
        return
    draw_latest_frame(result.run.job.progress, width="content")
    words = tr(
        "Many browsers cannot play {kind}. Download the file to play it; a preview of {seconds} seconds plays here.",
        kind=tr(kind_of(result.run.options.encoding).title),
        seconds=PREVIEW_SECONDS,
    )
    st.info(words, icon=":material/video_file:")


def _explain_stop(reason: StopReason) -> str:
    return tr(
        _REASONS[reason],
        limit=format_duration(longest_run_seconds()),
        length=format_duration(max_film_seconds()),
        rate=max_frame_rate(),
    )


def _offer_again(film: Film, result: FilmResult, colorizer: Colorizer, options: VideoOptions) -> None:
    """Say that a result was made with other settings, and offer to make it with those of now."""
    part = result.settings_again(options)
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
        tr("Download {size}", size=format_size(result.run.target.stat().st_size)),
        result_url(result),
        icon=":material/download:",
        type="primary",
        width="stretch",
    )


def result_url(result: FilmResult) -> str:
    return DOWNLOADS.url(result.run.target, result.name, owner=session_id())
