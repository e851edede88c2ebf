"""What the page keeps of a photograph."""

from __future__ import annotations

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from colorizer import Restoration, images, load_colorizer
from colorizer.arrays import Pixels
from colorizer.images import Picture
from dashboard.photo.rendering import PREVIEW_SIDE, PreparedPhoto, prepare
from tests.support.made_photographs import photo


def prepared(pixels: Pixels, restoration: Restoration | None = None) -> PreparedPhoto:
    data = images.encode(Picture(pixels), ".png")
    return prepare(data, restoration or Restoration(), load_colorizer("compact"), 10_000_000)


@pytest.mark.parametrize("restoration", [Restoration(), Restoration(levels=True)])
def test_of_a_grey_picture_one_channel_is_kept_with_the_same_colours(restoration: Restoration) -> None:
    gray = photo(120, 200, seed=7)
    gray = gray if gray.ndim == 2 else np.ascontiguousarray(gray[..., 0])
    analysis = prepared(np.dstack([gray] * 3), restoration).analysis
    assert analysis.picture.pixels.shape == (120, 200)
    colors = load_colorizer("compact").colorize(np.dstack([gray] * 3), restoration=restoration)
    assert np.abs(analysis.colorize().astype(int) - colors).max() <= 1


def test_a_coloured_one_keeps_its_channels_and_is_shrunk() -> None:
    pixels = np.random.default_rng(8).integers(0, 255, (30, PREVIEW_SIDE + 100, 3), np.uint8)
    made = prepared(pixels)
    shrunk = images.shrink(Picture(pixels), PREVIEW_SIDE)
    assert np.array_equal(made.analysis.picture.pixels, shrunk.pixels)
    assert (made.gray.shown_width, made.gray.shown_height) == (shrunk.width, shrunk.height)


def test_the_content_of_an_upload_is_not_copied_in_each_run() -> None:
    def page() -> None:
        import streamlit as st

        from dashboard.server.streamlit_internals import read_upload

        if upload := st.file_uploader("A file", key="file"):
            runs = st.session_state.setdefault("runs", [])
            runs.append(read_upload(upload.file_id))

    app = AppTest.from_function(page, default_timeout=30)
    app.run().file_uploader(key="file").set_value(("a.bin", b"12345", "application/octet-stream")).run()
    app.run()
    assert not app.exception
    first, second = app.session_state["runs"]
    assert first is second
    assert first == b"12345"
