"""What a PNG file says about its colours (PNG specification, third edition, clause 4.3)."""

from __future__ import annotations

import struct
from collections.abc import Mapping

from colorizer.color.encoding import DEFAULT_PEAK, SRGB_PRIMARIES, SRGB_TRANSFER, ColorEncoding

_UNIT = 100_000  # of gAMA and cHRM
_LUMINANCE_UNIT = 10_000  # of cLLI and mDCV, in 1/cd/m2
_USUAL_GAMMA = 2.2  # stands for sRGB
_GAMMA_TOLERANCE = 0.05  # libpng's, and so that of browsers
_UNSPECIFIED = (0, 2, 3)  # code points of transfers in ITU-T H.273: reserved, unspecified, reserved


def read_encoding(chunks: Mapping[bytes, bytes]) -> tuple[ColorEncoding | None, bool]:
    """The encoding of the values, and whether it takes precedence over a profile; None: sRGB, or that profile.

    `chunks`: the contents by type. cICP comes before iCCP, sRGB, and gAMA with cHRM. What is damaged counts as
    missing.
    """
    cicp = chunks.get(b"cICP", b"")
    if len(cicp) == 4:
        primaries, transfer, matrix, full_range = cicp
        if matrix == 0 and transfer not in _UNSPECIFIED:
            return ColorEncoding(transfer, primaries, full_range=bool(full_range), peak=_read_peak(chunks)), True
    return (None if b"sRGB" in chunks else _read_gamma(chunks)), False


def _read_gamma(chunks: Mapping[bytes, bytes]) -> ColorEncoding | None:
    content = chunks.get(b"gAMA", b"")
    stored = int.from_bytes(content, "big") / _UNIT if len(content) == 4 else 0
    usual = abs(stored * _USUAL_GAMMA - 1) <= _GAMMA_TOLERANCE
    gamma = None if stored == 0 or usual else 1 / stored
    points = chunks.get(b"cHRM", b"")
    chromaticities = tuple(value / _UNIT for value in struct.unpack(">8I", points)) if len(points) == 32 else None
    if gamma is None and chromaticities is None:
        return None
    return ColorEncoding(SRGB_TRANSFER, SRGB_PRIMARIES, gamma, chromaticities)


def _read_peak(chunks: Mapping[bytes, bytes]) -> float:
    """The brightest light in cd/m2: of the content, else of the display on which it was made."""
    for kind, size, place in ((b"cLLI", 8, 0), (b"mDCV", 24, 16)):
        content = chunks.get(kind, b"")
        if len(content) == size and (peak := int.from_bytes(content[place : place + 4], "big")):
            return peak / _LUMINANCE_UNIT
    return DEFAULT_PEAK
