"""The bar of an album: what its button says of the ZIP file."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.album.entry import Colorized
from tests.support.albums import make_album, photos, run


def draw() -> None:
    import streamlit as st

    from dashboard.album.status import draw_status

    draw_status(st.session_state["album"], was_working=False)


@pytest.mark.parametrize(("size", "words"), [(31, "1 kB"), (24_000, "48 kB"), (700_000, "1.4 MB")])
def test_a_small_album_is_not_said_to_be_empty(size: int, words: str, tmp_path: Path) -> None:
    album = make_album(tmp_path, *photos(2))
    run(album, color=lambda *_: Colorized(bytes(size), b"thumbnail"))
    app = AppTest.from_function(draw, default_timeout=60)
    app.session_state["album"] = album
    app.run()
    assert not app.exception
    (link,) = app.get("link_button")
    assert link.proto.label == f"Download all, {words}"
