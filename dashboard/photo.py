"""The Photo tab: one photograph in, the same in colour out."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import streamlit as st

from colorizer import DEFAULT_MODEL, MODELS, ColorizerError, images, lab
from colorizer.images import Picture
from colorizer.lab import Floats
from colorizer.pipeline import MAX_STRENGTH
from dashboard.compare import compare
from dashboard.resources import cached_colorizer, max_pixels, show_error

SAMPLES = Path(__file__).resolve().parent.parent / "samples"
PREVIEW_SIDE = 1280  # pixels, the longest of what travels to the page while the strength moves


@dataclass
class Photo:
    """The picture of this session, and what has been worked out for it; in memory only.

    `colours`: ab by model name, kept so that the strength can move without the network.
    """

    source: str
    name: str
    picture: Picture
    preview: Picture
    colours: dict[str, Floats] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)


def render() -> None:
    """Draw the tab."""
    uploaded = st.file_uploader(
        "Drop a black-and-white photograph here",
        type=[suffix.lstrip(".") for suffix in images.SUFFIXES],
        help="The picture stays in this program's memory and is forgotten when you close the page.",
        on_change=partial(st.session_state.pop, "sample", None),
    )
    if uploaded is not None:
        _show(f"upload/{uploaded.file_id}", uploaded.name, uploaded.getvalue)
    elif sample := st.session_state.get("sample"):
        _show(f"sample/{sample}", sample, (SAMPLES / sample).read_bytes)
    else:
        st.session_state.pop("photo", None)
        _offer_samples()


def _offer_samples() -> None:
    st.markdown("**No photograph at hand?** Try one of these.")
    with st.container(horizontal=True, gap="medium"):
        for credit in _credits():
            with st.container(width=168, gap="small"):
                st.image(SAMPLES / credit["file"], width="stretch", alt=credit["title"])
                st.button(
                    credit["title"],
                    key=f"sample-{credit['file']}",
                    icon=":material/palette:",
                    help=f"{credit['credit']} ({credit['licence']})",
                    width="stretch",
                    on_click=partial(st.session_state.__setitem__, "sample", credit["file"]),
                )


@st.cache_data(show_spinner=False)
def _credits() -> list[dict[str, Any]]:
    credits: list[dict[str, Any]] = json.loads((SAMPLES / "credits.json").read_text(encoding="utf-8"))
    return credits


def _show(source: str, name: str, read: Callable[[], bytes]) -> None:
    model = _choose_model()
    try:
        photo = _decoded(source, name, read)
        _colour(photo, model)
    except ColorizerError as error:
        show_error(error, MODELS[model])
    else:
        _result(photo, model)


def _choose_model() -> str:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        model = st.segmented_control(
            "Model",
            list(MODELS),
            default=DEFAULT_MODEL,
            required=True,
            format_func=lambda name: MODELS[name].title,
            help="  \n".join(f"**{spec.title}**: {spec.summary}" for spec in MODELS.values()),
            key="model",
        )
        if "sample" in st.session_state:
            st.button(
                "Other samples",
                icon=":material/arrow_back:",
                on_click=partial(st.session_state.pop, "sample", None),
            )
    return model or DEFAULT_MODEL


def _decoded(source: str, name: str, read: Callable[[], bytes]) -> Photo:
    photo: Photo | None = st.session_state.get("photo")
    if photo is None or photo.source != source:
        st.session_state.pop("photo", None)  # before the next one is decoded: not both in memory
        with st.spinner("Reading the picture"):
            picture = images.decode(read(), max_pixels=max_pixels())
            photo = Photo(source, name, picture, images.shrink(picture, PREVIEW_SIDE))
        st.session_state["photo"] = photo
    return photo


def _colour(photo: Photo, model: str) -> None:
    if model in photo.colours:
        return
    started = time.perf_counter()
    with st.spinner(f"Colouring with {MODELS[model].title}"):
        photo.colours[model] = cached_colorizer(model).predict_for(photo.picture.pixels)
    photo.seconds[model] = time.perf_counter() - started


@st.fragment
def _result(photo: Photo, model: str) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="large"):
        strength = st.slider(
            "Strength",
            0.0,
            MAX_STRENGTH,
            1.0,
            0.05,
            help="0 is grey, 1 is what the network predicts, more is more vivid.",
            width=360,
            key="strength",
        )
        view = st.segmented_control("View", ["Slider", "Side by side"], default="Slider", required=True, key="view")
    preview = photo.preview
    grey = images.encode(_merged(preview, photo.colours[model], 0.0), ".jpg")
    coloured = images.encode(_merged(preview, photo.colours[model], strength), ".jpg")
    if view == "Slider":
        compare(grey, coloured, width=preview.width, height=preview.height, key="compare")
    else:
        left, right = st.columns(2)
        left.image(grey, caption="Grey", width="stretch", alt=f"{photo.name}, grey")
        right.image(coloured, caption="Coloured", width="stretch", alt=f"{photo.name}, coloured")
    size = f"{photo.picture.width} \N{MULTIPLICATION SIGN} {photo.picture.height} pixels"
    st.caption(f"{size} · coloured in {photo.seconds[model]:.2f} s · {MODELS[model].title}")
    _downloads(photo, photo.colours[model], strength)


def _downloads(photo: Photo, ab: Floats, strength: float) -> None:
    with st.container(horizontal=True):
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
            )


def _full_size(picture: Picture, ab: Floats, strength: float, suffix: str) -> bytes:
    return images.encode(_merged(picture, ab, strength), suffix)


def _merged(picture: Picture, ab: Floats, strength: float) -> Picture:
    return Picture(lab.merge(picture.pixels, ab, strength=strength), picture.alpha)
