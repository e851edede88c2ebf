"""What all tabs share: loaded models, limits, and the one place that words an error."""

from __future__ import annotations

import os

import streamlit as st

from colorizer import Colorizer, ColorizerError, InvalidSetting, WeightsMissing, load_colorizer
from colorizer.images import DEFAULT_MAX_PIXELS
from colorizer.models import ModelSpec
from colorizer.weights import fetch_weights

MAX_MEGAPIXELS_VARIABLE = "COLORIZER_MAX_MEGAPIXELS"


@st.cache_resource(show_spinner=False)
def cached_colorizer(name: str) -> Colorizer:
    """One colorizer of each model for all sessions; an error is not kept, so the next rerun tries again."""
    return load_colorizer(name)


def max_pixels() -> int:
    """The largest picture taken, in pixels. Raises InvalidSetting if the environment's is no positive number."""
    named = os.environ.get(MAX_MEGAPIXELS_VARIABLE)
    if named is None:
        return DEFAULT_MAX_PIXELS
    try:
        pixels = int(float(named) * 1e6)
    except (ValueError, OverflowError):
        pixels = 0
    if pixels < 1:
        raise InvalidSetting(f"expected {MAX_MEGAPIXELS_VARIABLE} to be a number of megapixels above 0, got {named!r}")
    return pixels


def show_error(error: ColorizerError, spec: ModelSpec, *, key: str = "fetch") -> None:
    """Say what went wrong, and offer what helps. `key`: the offered button's, one for each tab."""
    if isinstance(error, WeightsMissing) and spec.weights.urls:
        size = f"{spec.weights.size / 1e6:.0f} MB"
        st.warning(f"**{spec.title} is not on this computer yet.** It is {size}, fetched once and checked.")
        if st.button(f"Fetch {size}", icon=":material/download:", key=key, type="primary"):
            _fetch(spec)
        with st.expander("Or put the file there yourself"):
            st.markdown(_as_markdown(error))
    else:
        st.error(_as_markdown(error), icon=":material/error:")


def _fetch(spec: ModelSpec) -> None:
    bar = st.progress(0.0, text=f"Fetching {spec.weights.name}")

    def progress(done: int, total: int) -> None:
        bar.progress(
            min(done / total, 1.0), text=f"Fetching {spec.weights.name}: {done / 1e6:.0f} of {total / 1e6:.0f} MB"
        )

    try:
        fetch_weights(spec, progress=progress)
    except ColorizerError as error:
        bar.empty()
        st.error(_as_markdown(error), icon=":material/error:")
    else:
        st.rerun()


def _as_markdown(error: ColorizerError) -> str:
    """The message, its line breaks kept and nothing in it taken for Markdown but the code it quotes."""
    first, *rest = str(error).splitlines()
    return "  \n".join([_capitalise(_escape(first)), *(_escape(line.strip()) for line in rest)])


def _escape(text: str) -> str:
    return "".join(f"\\{character}" if character in "\\*_[]<>$#~|:" else character for character in text)


def _capitalise(text: str) -> str:
    return text[:1].upper() + text[1:]
