"""The Album tab: colour many photographs and download them as one ZIP file."""

from __future__ import annotations

from functools import partial

import streamlit as st

from colorizer import DEFAULT_MODEL, MODELS, ColorizerError, Look
from colorizer.recipe import PhotoSettings
from dashboard.album.album import Album
from dashboard.album.contents import Limits, Upload
from dashboard.album.entry import Settings
from dashboard.album.file_notes import draw_file_notes
from dashboard.album.grid import draw_grid
from dashboard.album.run import start_run
from dashboard.album.status import BAR_KEY, draw_end, draw_status, is_working
from dashboard.album.uploads import draw_fields, save_uploads
from dashboard.components.reference_field import ReferenceField, choose_reference
from dashboard.server.queues import job_queue
from dashboard.server.session_folders import session_folders
from dashboard.server.settings import max_album_bytes, max_photos, max_pixels
from dashboard.server.streamlit_internals import DeltaGenerator, session_id
from dashboard.shared.controls import choose_model, choose_strength, choose_vividness, choose_warmth
from dashboard.shared.errors import show_error
from dashboard.shared.file_controls import choose_encoding, choose_marks, choose_restoration
from dashboard.shared.language import tr
from dashboard.shared.models import cached_colorizer
from dashboard.shared.reference import digest_of
from dashboard.shared.waiting import run_queued

ALBUM_KEY, _REFERENCE_KEY = "album", "album-reference-field"
REFRESH_SECONDS = 1.0


def render() -> None:
    """Draw the tab."""
    limits = Limits(max_photos(), max_album_bytes(), max_pixels())
    draw_fields()
    with st.container():  # has its place always, so that the album below is not drawn anew when photographs are added
        try:
            uploads = save_uploads()
            _update_album(uploads, limits)
        except (ColorizerError, OSError) as error:  # the album stays as it was
            show_error(error, MODELS[DEFAULT_MODEL], key="album-upload-fetch")
        else:
            if not uploads:
                _explain(limits)
    album: Album | None = st.session_state.get(ALBUM_KEY)
    if album is not None:
        _show(album)


def _explain(limits: Limits) -> None:
    st.markdown(
        tr(
            """
**A shoebox of photographs, all at once**

1. **Drop your photographs above:** many files or one ZIP file, up to {photos} photographs and {megabytes} MB.
2. **Watch them turn to colour,** one after the other. If one fails, the page names it and goes on with the others.
3. **Open one** to see it larger and to correct it. What you change there goes into the album.
4. **Download** them as a ZIP file at any time: every photograph at full size, named after the original.
""",
            photos=limits.photos,
            megabytes=f"{limits.bytes / 1e6:.0f}",
        )
    )


def _update_album(uploads: dict[str, Upload], limits: Limits) -> None:
    """Let the session's album have the photographs of these uploads; without any there is none.

    Raises InvalidArchive, DiskFull or QueueFull if that is not possible.
    """
    album: Album | None = st.session_state.get(ALBUM_KEY)
    if not uploads:
        st.session_state.pop(ALBUM_KEY, None)
        if album is not None:
            album.delete()
        return
    if album is None:
        st.session_state[ALBUM_KEY] = album = Album(session_folders().folder(session_id()))
    if album.uploads != set(uploads):
        run_queued(partial(album.update, uploads, limits))


@st.fragment
def _show(album: Album) -> None:
    """Draw the album and its controls. A fragment, so that a control redraws nothing else."""
    if not album.entries:
        draw_file_notes(album)
        return
    bar = st.container(key=BAR_KEY)
    stage, controls = st.columns([3, 1], gap="medium")
    with controls:
        settings, below = _choose()
    with stage:
        if _load_model(album, settings.model):
            if album.common is None:
                album.colorize_all(settings)
            if album.next_due() is not None and not album.is_busy:
                start_run(album, max_pixels(), queue=job_queue(), owner=session_id())
        _offer_to_begin_again(album, settings, below)
        draw_end(album)
        draw_file_notes(album)
    working = is_working(album)
    every = REFRESH_SECONDS if working else None
    with bar:
        st.fragment(draw_status, run_every=every)(album, was_working=working)
    with stage:
        st.fragment(draw_grid, run_every=every)(album, was_working=working)


def _load_model(album: Album, model: str) -> bool:
    """Give an album the colorizer of a model. Returns whether there is one; else the page says why not."""
    try:
        album.colorizers[model] = cached_colorizer(model)
    except ColorizerError as error:
        show_error(error, MODELS[model], key="album-fetch")
        return False
    return True


def _choose() -> tuple[Settings, DeltaGenerator]:
    """Draw the settings for all photographs. Returns them, and the place for the button that applies them."""
    look = Look(
        strength=choose_strength(key="album-amount", in_address=True),
        vividness=choose_vividness(key="album-bold", in_address=True),
        warmth=choose_warmth(key="album-warmth", in_address=True),
    )
    below = st.container()
    field: ReferenceField = st.session_state.setdefault(_REFERENCE_KEY, ReferenceField())
    reference = choose_reference(field, key="album")
    with st.expander(tr("More")):
        model = choose_model(key="album-model", in_address=True)
        restoration = choose_restoration(key="album-care", folded=False)
        encoding = choose_encoding(key="album-encoding", folded=False)
        caption, label = choose_marks(key="album-")
    photo = PhotoSettings(
        look=look, restoration=restoration, encoding=encoding, reference=digest_of(reference), caption=caption
    )
    return Settings(model, photo, label, reference), below


def _offer_to_begin_again(album: Album, settings: Settings, place: DeltaGenerator) -> None:
    place.button(
        tr("Colour all again"),
        icon=":material/palette:",
        help=tr(
            "Colours every photograph with these settings; the finished ones stay until then. Photographs that you "
            "have corrected keep their own settings."
        ),
        disabled=album.is_busy or settings == album.common,
        on_click=partial(album.colorize_all, settings),
        width="stretch",
        key="album-again",
    )
