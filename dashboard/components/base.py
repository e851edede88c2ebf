"""What the page components of our own share: how they are registered, their common files, and their pictures."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import streamlit as st

from dashboard.server.streamlit_internals import ComponentRenderer, publish_media

COMPONENTS = Path(__file__).parent
FRAME_CSS, SHARED_JS = COMPONENTS / "frame.css", COMPONENTS / "shared.js"

# Above the two layers of a frame; with divider.css and divider.js.
DIVIDER_HTML = """
<span class="label before-label" aria-hidden="true"></span>
<span class="label after-label" aria-hidden="true"></span>
<div class="layer"><div class="line"></div></div>
<div class="handle" role="slider" tabindex="0" aria-orientation="horizontal" aria-valuemin="0" aria-valuemax="100">
  <svg viewBox="0 0 24 24" aria-hidden="true"><path d="M9 6.5 3.5 12 9 17.5M15 6.5 20.5 12 15 17.5"/></svg>
</div>
<p class="busy" role="status" hidden></p>
"""


@cache
def component(name: str, *, html: str = "", css: tuple[Path, ...] = (), js: tuple[Path, ...] = ()) -> ComponentRenderer:
    """The component of a name, registered on first use. `css`, `js`: its files, joined in this order."""
    return st.components.v2.component(f"ai_colouriser_{name}", html=html or None, css=_read(css), js=_read(js))


def _read(paths: tuple[Path, ...]) -> str | None:
    return "".join(path.read_text(encoding="utf-8") for path in paths) or None


def register_media(picture: bytes, place: str) -> str:
    """Publish an encoded picture on this server and return its path; see `publish_media`."""
    return publish_media(picture, _sniff_mimetype(picture), place)


def _sniff_mimetype(picture: bytes) -> str:
    """The type of an encoded picture, from its first bytes."""
    if picture.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if picture.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if picture.startswith(b"RIFF") and picture[8:12] == b"WEBP":
        return "image/webp"
    raise ValueError(f"expected a JPEG, PNG or WebP picture, got {len(picture)} bytes that begin with {picture[:12]!r}")
