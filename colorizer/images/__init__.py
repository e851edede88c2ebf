"""Decode and encode picture files. This module exports the names that other packages use."""

from __future__ import annotations

from colorizer.images.decoding import DEFAULT_MAX_PIXELS, decode, read_xmp
from colorizer.images.encoding import WRITABLE_SUFFIXES, EncodeOptions, describe_losses, encode, format_name, holds
from colorizer.images.geometry import transform
from colorizer.images.kinds import READABLE_SUFFIXES, READABLE_TEXT
from colorizer.images.naming import colorized_name
from colorizer.picture import Metadata, Picture, crop_to_fill, shrink

__all__ = [
    "DEFAULT_MAX_PIXELS",
    "READABLE_SUFFIXES",
    "READABLE_TEXT",
    "WRITABLE_SUFFIXES",
    "EncodeOptions",
    "Metadata",
    "Picture",
    "colorized_name",
    "crop_to_fill",
    "decode",
    "describe_losses",
    "encode",
    "format_name",
    "holds",
    "read_xmp",
    "shrink",
    "transform",
]
