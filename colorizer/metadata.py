"""What a file says of its picture beside the pixels, made true of the picture once it is upright and coloured."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Metadata:
    """`exif`: a TIFF structure, as EXIF has it, without the prefix "Exif"; its orientation is 1.

    `xmp`: the packet, in XML. `icc_profile`: that of the pixels, which are sRGB. `dpi`: dots per inch across and down.
    """

    exif: bytes | None = None
    xmp: bytes | None = None
    icc_profile: bytes | None = None
    dpi: tuple[float, float] | None = None
