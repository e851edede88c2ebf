"""The Album tab: colour many photographs and download them as one ZIP file."""

from __future__ import annotations

from functools import partial

import streamlit as st

from colorizer import DEFAULT_MODEL, MODELS, Colorizer, ColorizerError, Look, images
from colorizer.images.atomic import whole_file
from colorizer.recipe import PhotoSettings
from dashboard.album.album import ZIP_SUFFIX, Album, AlbumRun, Limits, Upload, make_album
from dashboard.album.entry import Settings
from dashboard.album.grid import draw_grid
from dashboard.server.disk import require_free_space
from dashboard.server.downloads import DOWNLOADS
from dashboard.server.jobs import JobState
from dashboard.server.queues import job_queue, run_queued
from dashboard.server.session_folders import session_folders
from dashboard.server.settings import max_album_bytes, max_photos, max_pixels
from dashboard.server.streamlit_internals import release_upload, session_id
from dashboard.shared.controls import (
    choose_encoding,
    choose_marks,
    choose_model,
    choose_restoration,
    choose_strength,
    choose_vividness,
    choose_warmth,
)
from dashboard.shared.errors import show_error
from dashboard.shared.models import cached_colorizer
from dashboard.shared.text import capitalize, escape_markdown

UPLOAD_KEY, ALBUM_KEY, FILES_KEY = "album-upload", "album", "album-files"
REFRESH_SECONDS = 1.0

_HOW_IT_WORKS = """
**A shoebox of photographs, all at once**

1. **Drop your photographs above:** many files or one ZIP file, up to {photos} photographs and {megabytes:.0f} MB.
2. **Watch them turn to colour,** one after the other. If one fails, the page names it and goes on with the others.
3. **Open one** to see it larger, change its colours and download it by itself.
4. **Download all** as a ZIP file: every photograph at full size, named after the original.
"""


def render() -> None:
    """Draw the tab."""
    limits = Limits(max_photos(), max_album_bytes(), max_pixels())
    st.file_uploader(
        "Drop many black-and-white photographs here, or a ZIP file of them",
        type=[suffix.lstrip(".") for suffix in (*images.READABLE_SUFFIXES, ZIP_SUFFIX)],
        accept_multiple_files=True,
        help="Your photographs are kept in a temporary folder on the computer that runs this page. They are deleted "
        "when you close the page.",
        key=UPLOAD_KEY,
    )
    try:
        album = _current_album(limits)
    except (ColorizerError, OSError) as error:
        show_error(error, MODELS[DEFAULT_MODEL])
    else:
        if album is None:
            st.markdown(_HOW_IT_WORKS.format(photos=limits.photos, megabytes=limits.bytes / 1e6))
        else:
            _show(album, limits)


def _current_album(limits: Limits) -> Album | None:
    """The session's album, made again when the files in the upload field change; None if there are none."""
    uploads = _save_uploads()
    album: Album | None = st.session_state.get(ALBUM_KEY)
    if album is None or album.uploads != uploads:
        if st.session_state.pop(ALBUM_KEY, None) is not None and album is not None:
            album.delete()
        album = run_queued(partial(make_album, uploads, limits)) if uploads else None
        st.session_state[ALBUM_KEY] = album
    return album


def _save_uploads() -> dict[str, Upload]:
    """Move the files of the upload field from memory to disk. Returns them by Streamlit's file id.

    Raises DiskFull or OSError if the disk takes no more; the files before are kept.
    """
    before: dict[str, Upload] = st.session_state.setdefault(FILES_KEY, {})
    shown = st.session_state[UPLOAD_KEY] or ()
    for gone in before.keys() - {held.file_id for held in shown}:  # first, because it makes space
        before.pop(gone).path.unlink(missing_ok=True)
    for held in shown:
        if held.file_id not in before:
            path = session_folders().folder(session_id()) / f"album-{held.file_id}"
            require_free_space(path.parent, held.size)
            with whole_file(path) as part:
                part.write_bytes(held.getbuffer())
            before[held.file_id] = Upload(held.name, path)
            release_upload(held.file_id)
    return {held.file_id: before[held.file_id] for held in shown}


@st.fragment
def _show(album: Album, limits: Limits) -> None:
    """Draw the album and its controls. A fragment, so that a control redraws nothing else."""
    stage, controls = st.columns([3, 1], gap="medium")
    with controls:
        model = choose_model(key="album-model")
        settings = _choose()
    with stage:
        _draw_left_out(album)
        try:
            colorizer = cached_colorizer(model)
        except ColorizerError as error:
            show_error(error, MODELS[model], key="album-fetch")
            return
    start = partial(_start, album, colorizer, settings, limits)
    if album.run is None and album.entries:
        start()
    if album.run is None:
        return
    differs = (model, settings) != (album.run.model, album.run.settings) or len(album.run.outcomes) < len(album.entries)
    controls.button(
        "Colour all again",
        icon=":material/palette:",
        help="Colours every photograph with these settings. To change a single photograph, open it.",
        disabled=album.is_busy or not differs,
        on_click=start,
        width="stretch",
        key="album-again",
    )
    with stage:
        busy = album.is_busy
        st.fragment(_draw_progress, run_every=REFRESH_SECONDS if busy else None)(album, album.run, was_busy=busy)


def _choose() -> Settings:
    restoration = choose_restoration(key="album-care")
    look = Look(
        strength=choose_strength(key="album-strength"),
        vividness=choose_vividness(key="album-vividness"),
        warmth=choose_warmth(key="album-warmth"),
    )
    encoding = choose_encoding(key="album-encoding")
    caption, label = choose_marks(key="album-")
    return Settings(PhotoSettings(look=look, restoration=restoration, encoding=encoding, caption=caption), label)


def _start(album: Album, colorizer: Colorizer, settings: Settings, limits: Limits) -> None:
    folder = session_folders().folder(session_id())
    album.start(colorizer, settings, folder=folder, limits=limits, queue=job_queue(), owner=session_id())


def _draw_left_out(album: Album) -> None:
    if album.left_out:
        many = len(album.left_out)
        with st.expander(f"{many} {'file is' if many == 1 else 'files are'} left out", icon=":material/info:"):
            for name, why in album.left_out:
                st.markdown(f"**{escape_markdown(name)}:** {escape_markdown(capitalize(why))}")


def _draw_progress(album: Album, run: AlbumRun, *, was_busy: bool) -> None:
    """Draw the progress and the cards. Redrawn every second during a run."""
    if was_busy and run.job.done():
        st.rerun()  # the whole page, so that the controls can be used again
    done, total = len(run.outcomes), len(album.entries)
    failed = sum(bool(outcome.error) for outcome in run.outcomes)
    if (error := run.job.exception()) is not None:
        show_error(error, MODELS[run.model], key="album-run-fetch")
    elif not run.job.done():
        _draw_run(run, done, total)
    else:
        _draw_download(run, done - failed, failed, total)
    draw_grid(album, run)


def _draw_run(run: AlbumRun, done: int, total: int) -> None:
    bar, stop = st.columns([3, 1], vertical_alignment="center")
    if run.job.state is JobState.WAITING:
        ahead = len(job_queue().jobs_ahead_of(run.job))
        jobs = "1 job is" if ahead == 1 else f"{ahead} jobs are"
        bar.markdown(f":material/hourglass_top: Waiting in the queue: {jobs} before yours.")
    else:
        bar.progress(done / total, text=f"{done} of {total} photographs")
    stop.button("Stop", icon=":material/stop:", on_click=run.job.cancel, width="stretch", key="album-cancel")


def _draw_download(run: AlbumRun, colorized: int, failed: int, total: int) -> None:
    words = [f"{colorized} of {total} in colour"]
    if failed:
        words.append(f"{failed} could not be coloured")
    if colorized + failed < total:
        words.append(f"stopped with {total - colorized - failed} left")
    st.markdown(f"**{'; '.join(words)}.**")
    if colorized:
        size = f"{run.target.stat().st_size / 1e6:.1f} MB"
        address = DOWNLOADS.url(run.target, f"album_colorized{ZIP_SUFFIX}", owner=session_id())
        st.link_button(f"Download all, {size}", address, icon=":material/download:", type="primary")
    if run.job.state is JobState.DONE and (error := run.job.result()) is not None:
        show_error(error, MODELS[run.model])
