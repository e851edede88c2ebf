"""How far an album is, with what can be done about it: a bar that stays in sight while the cards are scrolled."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import streamlit as st

from colorizer import MODELS
from dashboard.album.album import Album
from dashboard.album.contents import ZIP_SUFFIX
from dashboard.album.results import open_zip
from dashboard.server.downloads import DOWNLOADS
from dashboard.server.jobs import JobState
from dashboard.server.queues import job_queue
from dashboard.server.streamlit_internals import session_id
from dashboard.shared.errors import show_error
from dashboard.shared.language import tr
from dashboard.shared.text import format_size
from dashboard.shared.waiting import describe_place

BAR_KEY = "album-bar"  # of the container that the bar is drawn in, beside the cards
_STYLES = Path(__file__).with_name("album.css")


def is_working(album: Album) -> bool:
    """Whether something about the album changes by itself."""
    return album.is_busy or album.is_drawing_grays


def draw_status(album: Album, *, was_working: bool) -> None:
    """Draw the bar. Redrawn every second while the album is worked on."""
    if was_working and not is_working(album):
        st.rerun()  # the whole page, so that the controls can be used again
    st.html(_STYLES)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if album.is_busy:
            _draw_progress(album)
        else:
            _draw_summary(album)
        _draw_download(album)


def draw_end(album: Album) -> None:
    """Draw why the last run ended early, if it did."""
    if album.job is None or album.is_busy or album.common is None:
        return
    error = album.job.result() if album.job.state is JobState.DONE else album.job.exception()
    if error is not None:
        show_error(error, MODELS[album.common.model], key="album-run-fetch")


def _draw_progress(album: Album) -> None:
    job, total = album.job, len(album.entries)
    assert job is not None
    if job.state is JobState.WAITING:
        words = describe_place(len(job_queue().jobs_ahead_of(job)))
        st.markdown(f":material/hourglass_top: {words}", width="stretch")
    else:
        done = total - len(album.left())
        st.progress(done / total if total else 1.0, text=tr("{done} of {total} photographs", done=done, total=total))
    st.button(tr("Stop"), icon=":material/stop:", on_click=job.cancel, key="album-cancel")


def _draw_summary(album: Album) -> None:
    left = album.left()
    st.markdown(f"**{'; '.join(_summarize(album))}.**", width="stretch")
    if left and album.common is not None:
        words = tr("Continue: {count} left", count=len(left))
        if st.button(words, icon=":material/play_arrow:", on_click=album.go_on, key="album-continue"):
            st.rerun()  # the whole page, which starts the run


def _summarize(album: Album) -> list[str]:
    """What is done of an album that is not worked on."""
    results = [album.results.get(entry.key) for entry in album.entries]
    colorized = sum(result is not None and result.file is not None for result in results)
    failed = sum(result is not None and result.error is not None for result in results)
    earlier = sum(entry.key in album.results for entry in album.left())
    unseen = sum(entry.key not in album.results for entry in album.entries)
    words = [tr("{count} of {total} in colour", count=colorized, total=len(album.entries))]
    if failed:
        words.append(tr("{count} could not be coloured", count=failed))
    if earlier:
        words.append(tr("{count} with the colours from before", count=earlier))
    if unseen:
        words.append(tr("stopped with {count} left", count=unseen))
    return words


def _draw_download(album: Album) -> None:
    results = [result for entry in album.entries if (result := album.results.get(entry.key)) and result.file]
    if not results:
        return
    size = format_size(sum(result.size for result in results))
    is_all = not album.left() and not album.is_busy
    label = (
        tr("Download all, {size}", size=size)
        if is_all
        else tr("Download {count} so far, {size}", count=len(results), size=size)
    )
    address = DOWNLOADS.stream_url(
        partial(open_zip, album.files, album.members), f"album_colorized{ZIP_SUFFIX}", owner=session_id(), place="album"
    )
    # Said at once, for a browser shows a download only when its first bytes have come.
    if st.link_button(
        label, address, icon=":material/download:", type="primary", on_click="rerun", key="album-download"
    ):
        st.toast(tr("The download has begun."), icon=":material/download:")
