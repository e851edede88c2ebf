"""The Photo tab: colour one photograph, correct it and download it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial

import streamlit as st

from colorizer import MODELS, ColorizerError, Look, Restoration, images
from colorizer.images.naming import colorized_name
from colorizer.recipe import PhotoSettings
from dashboard.components.compare import compare
from dashboard.navigation import back_to_album, close_photo, get_open_photo
from dashboard.photo.hints import Hints, draw_controls, draw_picker
from dashboard.photo.rendering import FILE_KINDS, PreparedPhoto, encode_colorized, prepare
from dashboard.server.queues import queued_download_url, run_queued
from dashboard.server.settings import max_pixels
from dashboard.server.streamlit_internals import DeltaGenerator
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
from dashboard.shared.notes import show_notes
from dashboard.shared.samples import offer_samples, read_sample

VIEWS = ("Slider", "Side by side", "Hints")


@dataclass
class Photo:
    """The photograph of this session, its hints and, by model name, what was prepared with the current restoration.

    It is kept so that sliders and hints need no new run of the network. The file is kept and not its pixels, which take
    many times the memory and are needed again only for a download.
    """

    source: str
    name: str
    data: bytes
    restoration: Restoration
    prepared: dict[str, PreparedPhoto] = field(default_factory=dict)
    hints: Hints = field(default_factory=Hints)


def render() -> None:
    """Draw the tab."""
    uploaded = st.file_uploader(
        "Drop a black-and-white photograph here",
        type=[suffix.lstrip(".") for suffix in images.READABLE_SUFFIXES],
        help="The photograph stays in this program's memory. It is deleted when you close the page.",
        on_change=_leave_sample,
    )
    if (album_photo := get_open_photo()) is not None:
        st.button("Back to the album", icon=":material/arrow_back:", on_click=back_to_album)
        st.caption("Changes here apply only to this photograph's own download. The album's ZIP file does not change.")
        _show(album_photo.source, album_photo.name, album_photo.read)
    elif uploaded is not None:
        _show(f"upload/{uploaded.file_id}", uploaded.name, uploaded.getvalue)
    elif sample := st.session_state.get("sample"):
        _show(f"sample/{sample}", sample, partial(read_sample, sample))
    else:
        st.session_state.pop("photo", None)
        st.markdown("**No photograph at hand?** Colour one of these:")
        offer_samples(partial(st.session_state.__setitem__, "sample"))


@st.fragment
def _show(source: str, name: str, read: Callable[[], bytes]) -> None:
    """Draw the picture and its controls. A fragment, so that a control redraws nothing else."""
    stage, controls = st.columns([3, 1], gap="medium")
    with controls:
        model = choose_model(key="model")
        restoration = choose_restoration(key="care")
    try:
        with stage:
            photo = _prepare_photo(source, name, read, restoration, model)
    except ColorizerError as error:
        with stage:
            show_error(error, MODELS[model])
    else:
        _draw_result(photo, model, stage, controls)
    if "sample" in st.session_state and controls.button("Other samples", icon=":material/arrow_back:", width="stretch"):
        _leave_sample()
        st.rerun()  # the whole page, because the fragment alone would draw the same sample again


def _leave_sample() -> None:
    close_photo()
    st.session_state.pop("sample", None)


def _prepare_photo(source: str, name: str, read: Callable[[], bytes], restoration: Restoration, model: str) -> Photo:
    photo: Photo | None = st.session_state.get("photo")
    if photo is None or photo.source != source:
        st.session_state.pop("photo", None)
        photo = Photo(source, name, read(), restoration)
    if photo.restoration != restoration:
        photo.restoration, photo.prepared = restoration, {}
    if model not in photo.prepared:
        colorizer = cached_colorizer(model)
        with st.spinner(f"Colouring with {MODELS[model].title}"):
            photo.prepared[model] = run_queued(partial(prepare, photo.data, restoration, colorizer, max_pixels()))
    st.session_state["photo"] = photo
    return photo


def _draw_result(photo: Photo, model: str, stage: DeltaGenerator, controls: DeltaGenerator) -> None:
    with controls:
        look = Look(
            strength=choose_strength(key="strength"),
            vividness=choose_vividness(key="vividness"),
            warmth=choose_warmth(key="warmth"),
        )
        view = st.segmented_control("View", VIEWS, default=VIEWS[0], required=True, key="view", persist_state="page")
    prepared = photo.prepared[model]
    with stage:
        colorized = images.encode(prepared.analysis.colorize_picture(look, photo.hints.placed), ".jpg")
        if view == "Hints":
            _draw_hinting(photo, model, colorized)
        else:
            _draw_pictures(photo, prepared, colorized, side_by_side=view == "Side by side")
        size = f"{prepared.width} \N{MULTIPLICATION SIGN} {prepared.height} pixels"
        st.caption(f"{size} · coloured in {prepared.seconds:.2f} s by {MODELS[model].title}")
        show_notes(prepared.notes)
    with controls:
        downloads = st.container()
        encoding = choose_encoding(key="encoding")
        caption, label = choose_marks(key="")
        settings = PhotoSettings(
            look=look,
            hints=tuple(photo.hints.placed),
            restoration=photo.restoration,
            encoding=encoding,
            caption=caption,
        )
        write = partial(encode_colorized, photo.data, prepared.analysis, settings, label, max_pixels())
        with downloads:
            draw_downloads(photo.name, write, prepared.losses)


def _draw_pictures(photo: Photo, prepared: PreparedPhoto, colorized: bytes, *, side_by_side: bool) -> None:
    preview = prepared.analysis.picture
    if side_by_side:
        left, right = st.columns(2)
        left.image(prepared.gray, caption="Grey", width="stretch", alt=f"{photo.name}, grey")
        right.image(colorized, caption="Coloured", width="stretch", alt=f"{photo.name}, coloured")
    else:
        compare(prepared.gray, colorized, width=preview.width, height=preview.height, key=f"compare-{photo.source}")


def _draw_hinting(photo: Photo, model: str, colorized: bytes) -> None:
    preview = photo.prepared[model].analysis.picture
    draw_picker(
        photo.hints,
        photo.prepared[model].analysis,
        colorized,
        size=(preview.width, preview.height),
        name=photo.name,
        key=f"picker-{photo.source}",
    )
    draw_controls(photo.hints, photo.name, partial(show_error, spec=MODELS[model]))


def draw_downloads(name: str, write: Callable[[str], bytes], lost: Iterable[str]) -> None:
    """Draw a download button for each kind of file, and what each cannot store. `name`: file name of the original.

    `write` returns the file for a suffix. It runs only on request, because the full size takes longer than the preview.
    """
    for title, suffix in FILE_KINDS.items():
        st.link_button(
            f"Download {title}",
            queued_download_url(partial(write, suffix), colorized_name(name, suffix), place=f"photo{suffix}"),
            icon=":material/download:",
            type="primary" if suffix == ".png" else "secondary",
            width="stretch",
        )
    show_notes(lost)
