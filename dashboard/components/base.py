"""What the page components of our own share: their scripts, styles and pictures."""

from __future__ import annotations

from pathlib import Path

from streamlit import runtime

COMPONENTS = Path(__file__).parent


def read_assets(*paths: Path) -> str:
    """The text of scripts or styles, one after the other: what components share comes first."""
    return "".join(path.read_text(encoding="utf-8") for path in paths)


def register_media(picture: bytes, place: str) -> str:
    """Hand `picture` to Streamlit's in-memory file server, as st.image does, and return its path on this server.

    `place` names where in the app the picture is shown: the next picture at the same place sets the last one free.
    """
    path: str = runtime.get_instance().media_file_mgr.add(picture, _sniff_mimetype(picture), place)
    return path


def _sniff_mimetype(picture: bytes) -> str:
    """The type of an encoded picture, from its first bytes."""
    if picture.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if picture.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if picture.startswith(b"RIFF") and picture[8:12] == b"WEBP":
        return "image/webp"
    raise ValueError(f"expected a JPEG, PNG or WebP picture, got {len(picture)} bytes that begin with {picture[:12]!r}")
