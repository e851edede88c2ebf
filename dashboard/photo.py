"""The Photo tab: one photograph in, the same in colour out."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from colorizer import MODELS, Care, ColorizerError, Look, Study, images, lab
from colorizer.images import Picture
from colorizer.lab import Floats
from colorizer.restore import restored
from dashboard.compare import compare
from dashboard.controls import (
    choose_care,
    choose_encoding,
    choose_model,
    choose_strength,
    choose_vividness,
    choose_warmth,
)
from dashboard.hinting import Hints, draw_controls, draw_picker
from dashboard.opened import back_to_album, close_photo, opened_photo
from dashboard.resources import cached_colorizer, capitalise, escape_markdown, max_pixels, show_error
from dashboard.samples import offer_samples, read_sample
from dashboard.saving import draw_downloads

VIEWS = ("Slider", "Side by side", "Hints")
PREVIEW_SIDE = 1280  # pixels, the longest of what travels to the page while the strength moves


@dataclass
class Version:
    """The preview with some care for old photographs, and what has been worked out for it, by model name.

    Kept so that all sliders and hints move without the network.
    """

    care: Care
    preview: Picture
    studies: dict[str, Study] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)


@dataclass
class Photo:
    """The picture of this session and its hints; in memory only."""

    source: str
    name: str
    picture: Picture
    grey: bytes  # the preview without colour or care, as JPEG: the same however the controls stand
    version: Version
    hints: Hints = field(default_factory=Hints)


def render() -> None:
    """Draw the tab."""
    uploaded = st.file_uploader(
        "Drop a black-and-white photograph here",
        type=[suffix.lstrip(".") for suffix in images.READABLE_SUFFIXES],
        help="The picture stays in this program's memory and is forgotten when you close the page.",
        on_change=_leave_sample,
    )
    if (opened := opened_photo()) is not None:
        st.button("Back to the album", icon=":material/arrow_back:", on_click=back_to_album)
        st.caption("What you choose here is for this photograph's own download; the album's ZIP file stays as it is.")
        _show(opened.source, opened.name, opened.read)
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
    """The picture and its controls: a fragment, so that a control redraws nothing else."""
    stage, controls = st.columns([3, 1], gap="medium")
    with controls:
        model = choose_model(key="model")
        care = choose_care(key="care")
    try:
        with stage:
            photo = _decoded(source, name, read)
            _colour(photo, model, care)
    except ColorizerError as error:
        with stage:
            show_error(error, MODELS[model])
    else:
        _result(photo, model, stage, controls)
    if "sample" in st.session_state and controls.button("Other samples", icon=":material/arrow_back:", width="stretch"):
        _leave_sample()
        st.rerun()  # the whole page: the fragment alone would draw the same sample again


def _leave_sample() -> None:
    close_photo()
    st.session_state.pop("sample", None)


def _decoded(source: str, name: str, read: Callable[[], bytes]) -> Photo:
    photo: Photo | None = st.session_state.get("photo")
    if photo is None or photo.source != source:
        st.session_state.pop("photo", None)  # before the next one is decoded: not both in memory
        with st.spinner("Reading the picture"):
            picture = images.decode(read(), max_pixels=max_pixels())
            preview = images.shrink(picture, PREVIEW_SIDE)
            grey = Picture(lab.grey(lab.luminance(preview.pixels)), preview.alpha)
            photo = Photo(source, name, picture, images.encode(grey, ".jpg"), Version(Care(), preview))
        st.session_state["photo"] = photo
    return photo


def _restored(picture: Picture, care: Care) -> Picture:
    return replace(picture, pixels=restored(picture.pixels, care))


def _colour(photo: Photo, model: str, care: Care) -> None:
    """Bring the photo's version to that care, and have the model's study of it; nothing where both are there."""
    started = time.perf_counter()
    if photo.version.care == care and model in photo.version.studies:
        return
    with st.spinner(f"Colouring with {MODELS[model].title}"):
        picture = _restored(photo.picture, care)
        if photo.version.care != care:
            photo.version = Version(care, images.shrink(picture, PREVIEW_SIDE))
        study = cached_colorizer(model).study(picture.pixels, crop_border=care.crop_border)
        photo.version.studies[model] = study
    photo.version.seconds[model] = time.perf_counter() - started


def _result(photo: Photo, model: str, stage: DeltaGenerator, controls: DeltaGenerator) -> None:
    with controls:
        look = Look(
            strength=choose_strength(key="strength"),
            vividness=choose_vividness(key="vividness"),
            warmth=choose_warmth(key="warmth"),
        )
        view = st.segmented_control("View", VIEWS, default=VIEWS[0], required=True, key="view", persist_state="page")
    version = photo.version
    ab = version.studies[model].ab(look, photo.hints.placed)
    with stage:
        coloured = images.encode(_merged(version.preview, ab, look), ".jpg")
        if view == "Hints":
            _hinting(photo, model, coloured)
        else:
            _pictures(photo, coloured, side_by_side=view == "Side by side")
        size = f"{photo.picture.width} \N{MULTIPLICATION SIGN} {photo.picture.height} pixels"
        st.caption(f"{size} · coloured in {version.seconds[model]:.2f} s by {MODELS[model].title}")
        for note in photo.picture.notes:
            st.caption(f":material/info: {escape_markdown(capitalise(note))}.")
    with controls:
        downloads = st.container()
        encoding = choose_encoding(key="encoding")
        colour = partial(_full_size, photo.picture, version.care, ab, look)
        with downloads:
            draw_downloads(photo.name, photo.picture, colour, encoding)


def _pictures(photo: Photo, coloured: bytes, *, side_by_side: bool) -> None:
    preview = photo.version.preview
    if side_by_side:
        left, right = st.columns(2)
        left.image(photo.grey, caption="Grey", width="stretch", alt=f"{photo.name}, grey")
        right.image(coloured, caption="Coloured", width="stretch", alt=f"{photo.name}, coloured")
    else:
        compare(photo.grey, coloured, width=preview.width, height=preview.height, key=f"compare-{photo.source}")


def _hinting(photo: Photo, model: str, coloured: bytes) -> None:
    preview = photo.version.preview
    draw_picker(
        photo.hints,
        photo.version.studies[model],
        coloured,
        size=(preview.width, preview.height),
        name=photo.name,
        key=f"picker-{photo.source}",
    )
    draw_controls(photo.hints, photo.name, partial(show_error, spec=MODELS[model]))


def _full_size(picture: Picture, care: Care, ab: Floats, look: Look) -> Picture:
    return _merged(_restored(picture, care), ab, look)


def _merged(picture: Picture, ab: Floats, look: Look) -> Picture:
    return replace(picture, pixels=lab.merge(picture.pixels, ab, strength=look.strength))
