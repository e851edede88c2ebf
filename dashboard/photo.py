"""The Photo tab: one photograph in, the same in colour out."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from colorizer import MODELS, ColorizerError, images, lab
from colorizer.images import Picture
from colorizer.lab import Floats
from colorizer.networks import Prediction
from dashboard.compare import compare
from dashboard.controls import choose_model, choose_strength, choose_vividness
from dashboard.opened import back_to_album, close_photo, opened_photo
from dashboard.resources import cached_colorizer, max_pixels, show_error
from dashboard.samples import offer_samples, read_sample

VIEWS = ("Slider", "Side by side")
PREVIEW_SIDE = 1280  # pixels, the longest of what travels to the page while the strength moves


@dataclass
class Photo:
    """The picture of this session, and what has been worked out for it; in memory only.

    `predictions` and `seconds` by model name, kept so that strength and vividness move without the network.
    """

    source: str
    name: str
    picture: Picture
    preview: Picture
    grey: bytes  # the preview without colour, as JPEG: the same however the controls stand
    predictions: dict[str, Prediction] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)


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
    try:
        with stage:
            photo = _decoded(source, name, read)
            _colour(photo, model)
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
            photo = Photo(source, name, picture, preview, images.encode(grey, ".jpg"))
        st.session_state["photo"] = photo
    return photo


def _colour(photo: Photo, model: str) -> None:
    if model in photo.predictions:
        return
    started = time.perf_counter()
    with st.spinner(f"Colouring with {MODELS[model].title}"):
        photo.predictions[model] = cached_colorizer(model).predict(photo.picture.pixels)
    photo.seconds[model] = time.perf_counter() - started


def _result(photo: Photo, model: str, stage: DeltaGenerator, controls: DeltaGenerator) -> None:
    with controls:
        strength = choose_strength(key="strength")
        vividness = choose_vividness(key="vividness")
        view = st.segmented_control("View", VIEWS, default=VIEWS[0], required=True, key="view", persist_state="page")
    ab = photo.predictions[model].at(vividness)
    with stage:
        _pictures(photo, ab, strength, side_by_side=view == VIEWS[1])
        size = f"{photo.picture.width} \N{MULTIPLICATION SIGN} {photo.picture.height} pixels"
        st.caption(f"{size} · coloured in {photo.seconds[model]:.2f} s by {MODELS[model].title}")
    with controls:
        _downloads(photo, ab, strength)


def _pictures(photo: Photo, ab: Floats, strength: float, *, side_by_side: bool) -> None:
    preview = photo.preview
    coloured = images.encode(_merged(preview, ab, strength), ".jpg")
    if side_by_side:
        left, right = st.columns(2)
        left.image(photo.grey, caption="Grey", width="stretch", alt=f"{photo.name}, grey")
        right.image(coloured, caption="Coloured", width="stretch", alt=f"{photo.name}, coloured")
    else:
        compare(photo.grey, coloured, width=preview.width, height=preview.height, key=f"compare-{photo.source}")


def _downloads(photo: Photo, ab: Floats, strength: float) -> None:
    for title, suffix, mime in (("PNG", ".png", "image/png"), ("JPEG", ".jpg", "image/jpeg")):
        st.download_button(
            f"Download {title}",
            # Made when it is asked for: the full size takes longer than the preview.
            data=partial(_full_size, photo.picture, ab, strength, suffix),
            file_name=images.colorized_name(photo.name, suffix),
            mime=mime,
            icon=":material/download:",
            type="primary" if suffix == ".png" else "secondary",
            on_click="ignore",
            width="stretch",
        )


def _full_size(picture: Picture, ab: Floats, strength: float, suffix: str) -> bytes:
    return images.encode(_merged(picture, ab, strength), suffix)


def _merged(picture: Picture, ab: Floats, strength: float) -> Picture:
    return replace(picture, pixels=lab.merge(picture.pixels, ab, strength=strength))
