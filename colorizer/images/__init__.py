"""Encoded pictures <-> pixels: the names that the other packages use."""

from __future__ import annotations

from pathlib import PurePath

from colorizer.images.decoding import DEFAULT_MAX_PIXELS, READABLE_SUFFIXES, READABLE_TEXT, decode
from colorizer.images.encoding import SUFFIXES, EncodeOptions, encode, not_kept
from colorizer.images.metadata import Metadata
from colorizer.picture import Picture, cut, shrink

__all__ = [
    "DEFAULT_MAX_PIXELS",
    "READABLE_SUFFIXES",
    "READABLE_TEXT",
    "SUFFIXES",
    "EncodeOptions",
    "Metadata",
    "Picture",
    "colorized_name",
    "cut",
    "decode",
    "encode",
    "not_kept",
    "shrink",
]


def colorized_name(original: str, suffix: str | None = None) -> str:
    """`grandma.jpg` -> `grandma_colorized.jpg`; the same ending unless `suffix` names another."""
    path = PurePath(original)
    return f"{path.stem}_colorized{suffix if suffix is not None else path.suffix}"
