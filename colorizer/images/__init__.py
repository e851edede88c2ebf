"""Encoded pictures <-> pixels: the names that the other packages use."""

from __future__ import annotations

from colorizer.images.decoding import DEFAULT_MAX_PIXELS, READABLE_SUFFIXES, READABLE_TEXT, decode
from colorizer.images.encoding import SUFFIXES, EncodeOptions, encode, not_kept
from colorizer.images.naming import colorized_name
from colorizer.picture import Metadata, Picture, cut, shrink

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
