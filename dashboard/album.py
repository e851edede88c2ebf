"""The Album tab: many photographs in, a ZIP file of the same in colour out."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import streamlit as st

from colorizer import DEFAULT_MODEL, MODELS, Colorizer, ColorizerError, Look, images
from colorizer.images import Picture
from dashboard.album_run import THUMBNAIL, ZIP_SUFFIX, Album, Entry, Limits, Outcome, Run, Upload, make_album
from dashboard.controls import choose_model, choose_strength, choose_vividness
from dashboard.downloads import DOWNLOADS
from dashboard.jobs import JobState
from dashboard.opened import open_photo
from dashboard.resources import (
    cached_colorizer,
    escape_markdown,
    job_queue,
    max_album_bytes,
    max_photos,
    max_pixels,
    session_folders,
    show_error,
)
from dashboard.session import release_upload, session_id

UPLOAD_KEY, ALBUM_KEY, FILES_KEY = "album-upload", "album", "album-files"
REFRESH_SECONDS = 1.0
PAGE = 60  # cards at a time
CARD_WIDTH = THUMBNAIL[0] // 2
_LONGEST_LABEL = 20  # characters of a name on its card

_HOW_IT_WORKS = """
**A shoebox of photographs, all at once**

1. **Drop them above:** many files, or a ZIP file of them, up to {photos} photographs and {megabytes:.0f} MB.
2. **Watch them become coloured,** each as it is done. One that fails is named, and the others go on.
3. **Open one** to look at it closely and to choose its colours by itself.
4. **Download all** as a ZIP file: every photograph at its full size and under its name.
"""


def render() -> None:
    """Draw the tab."""
    limits = Limits(max_photos(), max_album_bytes(), max_pixels())
    st.file_uploader(
        "Drop many black-and-white photographs here, or a ZIP file of them",
        type=[suffix.lstrip(".") for suffix in (*images.READABLE_SUFFIXES, ZIP_SUFFIX)],
        accept_multiple_files=True,
        help="They lie in a temporary folder of the computer that runs this page, and are removed when you close the "
        "page.",
        key=UPLOAD_KEY,
    )
    try:
        album = _album(limits)
    except (ColorizerError, OSError) as error:
        show_error(error, MODELS[DEFAULT_MODEL])
    else:
        if album is None:
            st.markdown(_HOW_IT_WORKS.format(photos=limits.photos, megabytes=limits.bytes / 1e6))
        else:
            _show(album, limits)


def _album(limits: Limits) -> Album | None:
    """The session's album: of what the upload field holds, made anew when that is another; none where it is empty."""
    uploads = _uploads()
    album: Album | None = st.session_state.get(ALBUM_KEY)
    if album is None or album.uploads != uploads:
        if st.session_state.pop(ALBUM_KEY, None) is not None and album is not None:
            album.delete()
        album = make_album(uploads, limits) if uploads else None
        st.session_state[ALBUM_KEY] = album
    return album


def _uploads() -> dict[str, Upload]:
    """What the upload field holds, on disk: in memory it does not stay."""
    before: dict[str, Upload] = st.session_state.setdefault(FILES_KEY, {})
    uploads: dict[str, Upload] = {}
    for held in st.session_state[UPLOAD_KEY] or ():
        if held.file_id not in before:
            path = session_folders().folder(session_id()) / f"album-{held.file_id}"
            path.write_bytes(held.getbuffer())
            before[held.file_id] = Upload(held.name, path)
            release_upload(held.file_id)
        uploads[held.file_id] = before[held.file_id]
    for gone in before.keys() - uploads.keys():
        before.pop(gone).path.unlink(missing_ok=True)
    return uploads


@st.fragment
def _show(album: Album, limits: Limits) -> None:
    """The album and its controls: a fragment, so that a control redraws nothing else."""
    stage, controls = st.columns([3, 1], gap="medium")
    with controls:
        model = choose_model(key="album-model", disabled=album.is_busy)
        look = Look(
            strength=choose_strength(key="album-strength", disabled=album.is_busy),
            vividness=choose_vividness(key="album-vividness", disabled=album.is_busy),
        )
    with stage:
        _left_out(album)
        try:
            colorizer = cached_colorizer(model)
        except ColorizerError as error:
            show_error(error, MODELS[model], key="album-fetch")
            return
    start = partial(_start, album, colorizer, look, limits)
    if album.run is None:
        if album.entries:
            start()
            st.rerun()  # the controls rest while it runs
        return
    differs = (model, look) != (album.run.model, album.run.look) or len(album.run.outcomes) < len(album.entries)
    controls.button(
        "Colour all again",
        icon=":material/palette:",
        help="With these settings. Each photograph can be opened and set by itself, too.",
        disabled=album.is_busy or not differs,
        on_click=start,
        width="stretch",
        key="album-again",
    )
    with stage:
        busy = album.is_busy
        st.fragment(_follow, run_every=REFRESH_SECONDS if busy else None)(album, album.run, was_busy=busy)


def _start(album: Album, colorizer: Colorizer, look: Look, limits: Limits) -> None:
    folder = session_folders().folder(session_id())
    album.start(colorizer, look, folder=folder, limits=limits, queue=job_queue(), owner=session_id())


def _left_out(album: Album) -> None:
    if album.left_out:
        many = len(album.left_out)
        with st.expander(f"{many} {'file is' if many == 1 else 'files are'} left out", icon=":material/info:"):
            for name, why in album.left_out.items():
                st.markdown(f"**{escape_markdown(name)}:** {escape_markdown(why)}")


def _follow(album: Album, run: Run, *, was_busy: bool) -> None:
    """How far it is, and what there is to see; drawn again and again while it goes on."""
    if was_busy and not run.job.is_active:
        st.rerun()  # the whole page: the controls can be used again
    done, total = len(run.outcomes), len(album.entries)
    failed = sum(bool(outcome.error) for outcome in run.outcomes)
    if run.job.error is not None:
        show_error(run.job.error, MODELS[run.model], key="album-run-fetch")
    elif run.job.is_active:
        _progress(run, done, total)
    else:
        _download(run, done - failed, failed, total)
    _grid(album, run)


def _progress(run: Run, done: int, total: int) -> None:
    bar, stop = st.columns([3, 1], vertical_alignment="center")
    if run.job.state is JobState.WAITING:
        bar.markdown(
            f":material/hourglass_top: Waiting in the queue: {len(job_queue().ahead_of(run.job))} before yours"
        )
    else:
        bar.progress(done / total, text=f"{done} of {total} photographs")
    stop.button("Stop", icon=":material/stop:", on_click=run.job.cancel, width="stretch", key="album-cancel")


def _download(run: Run, coloured: int, failed: int, total: int) -> None:
    words = [f"{coloured} of {total} in colour"]
    if failed:
        words.append(f"{failed} could not be coloured")
    if coloured + failed < total:
        words.append(f"stopped before {total - coloured - failed} more")
    st.markdown(f"**{'; '.join(words)}.**")
    if coloured:
        size = f"{run.target.stat().st_size / 1e6:.1f} MB"
        address = DOWNLOADS.address(run.target, f"album_colorized{ZIP_SUFFIX}")
        st.link_button(f"Download all, {size}", address, icon=":material/download:", type="primary")


def _grid(album: Album, run: Run) -> None:
    pages = -(-len(album.entries) // PAGE)
    first = PAGE * (st.pagination(pages, key="album-page") - 1) if pages > 1 else 0
    with st.container(horizontal=True, gap="small"):
        for number, entry in enumerate(album.entries[first : first + PAGE], start=first):
            with st.container(width=CARD_WIDTH, gap="xsmall", key=f"album-card-{number}"):
                outcome = run.outcomes[number] if number < len(run.outcomes) else None
                if outcome is None or outcome.error:
                    _grey_card(entry, outcome)
                else:
                    _card(f"{run.target.stem}/{number}", entry, outcome)


def _grey_card(entry: Entry, outcome: Outcome | None) -> None:
    st.image(_blank(), width="stretch", alt=f"{entry.name.name}, not in colour")
    st.caption(f"**{escape_markdown(_label(entry.name.name))}**", help=escape_markdown(str(entry.name)))
    if outcome is not None:
        st.caption(f":red[:material/error: {escape_markdown(outcome.error)}]")


def _card(source: str, entry: Entry, outcome: Outcome) -> None:
    name = entry.name.name
    st.image(outcome.thumbnail, width="stretch", alt=f"{name}, coloured")
    if st.button(
        escape_markdown(_label(name)),
        help="  \n".join(escape_markdown(line) for line in (str(entry.name), *outcome.notes)),
        on_click=partial(open_photo, source, name, entry.read),
        width="stretch",
        key=f"album-open-{source}",
    ):
        st.rerun()  # the whole page: another tab is to be seen


def _label(name: str) -> str:
    """The name, its middle left out where it is too long for a card."""
    if len(name) <= _LONGEST_LABEL:
        return name
    suffix = Path(name).suffix[:6]
    return f"{name[: _LONGEST_LABEL - len(suffix) - 1]}\N{HORIZONTAL ELLIPSIS}{suffix}"


@st.cache_data(show_spinner=False)
def _blank() -> bytes:
    """A plain grey card, for a photograph that is not in colour yet."""
    grey = np.full(THUMBNAIL[::-1], 128, np.uint8)
    return images.encode(Picture(grey, grey // 2), ".png")  # half clear: pale by day and by night
