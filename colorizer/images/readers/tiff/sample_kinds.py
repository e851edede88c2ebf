"""Which kinds of samples of a TIFF file can be read; others are refused in words."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum

from PIL.ExifTags import Base
from tifffile import COMPRESSION, PHOTOMETRIC, SAMPLEFORMAT

from colorizer.errors import InvalidImage
from colorizer.images.readers.tiff.directory import Directory

FAX = (COMPRESSION.CCITTRLE, COMPRESSION.CCITTFAX3, COMPRESSION.CCITTFAX4)

# Photometric interpretation -> the numbers of samples that a pixel can have, without extra samples.
_COLORS: dict[int, tuple[int, ...]] = {
    PHOTOMETRIC.MINISWHITE: (1,), PHOTOMETRIC.MINISBLACK: (1,), PHOTOMETRIC.RGB: (3,), PHOTOMETRIC.PALETTE: (1,),
    PHOTOMETRIC.SEPARATED: (4,), PHOTOMETRIC.YCBCR: (3,), PHOTOMETRIC.CIELAB: (3, 1), PHOTOMETRIC.ICCLAB: (3, 1),
    PHOTOMETRIC.ITULAB: (3, 1),
}  # fmt: skip


def read_depth(directory: Directory, compression: int) -> tuple[int, int, bool]:
    """The samples of each pixel, the bits of each sample, and whether these are signed. Raises InvalidImage."""
    bits = directory.integers(Base.BitsPerSample) or ([8] * 3 if compression == COMPRESSION.OJPEG else [1])
    samples = directory.number(Base.SamplesPerPixel, len(bits))
    kinds = set(directory.integers(Base.SampleFormat)) or {SAMPLEFORMAT.UINT}
    if SAMPLEFORMAT.IEEEFP in kinds:
        raise InvalidImage("expected whole-number pixels (8 or 16 bits), got floating-point ones")
    if len(set(bits[:samples])) > 1:
        raise InvalidImage(f"expected the same number of bits in each sample, got {', '.join(map(str, bits[:8]))}")
    if bits[0] not in (*range(1, 17), 32):
        raise InvalidImage(f"expected samples of 1 to 16 bits, or of 32, got {bits[0]} bits")
    signed = kinds == {SAMPLEFORMAT.INT}
    if not kinds <= {SAMPLEFORMAT.UINT, SAMPLEFORMAT.VOID} and not (signed and bits[0] in (8, 16, 32)):
        got = f"{describe_codes(SAMPLEFORMAT, kinds)} of {bits[0]} bits"
        raise InvalidImage(f"expected whole-number samples of one kind, got {got}")
    return samples, bits[0], signed


def read_colors(directory: Directory, samples: int, compression: int) -> tuple[int, int]:
    """The photometric interpretation, and the number of samples that are the colour. Raises InvalidImage."""
    # Where the tag is missing, libtiff decides like this, too.
    usual = PHOTOMETRIC.RGB if samples > 2 else PHOTOMETRIC.MINISWHITE if compression in FAX else PHOTOMETRIC.MINISBLACK
    photometric = directory.number(Base.PhotometricInterpretation, usual)
    if compression == COMPRESSION.OJPEG and samples == 3:
        photometric = PHOTOMETRIC.YCBCR  # whatever the tag says
    if photometric not in _COLORS:
        raise InvalidImage(
            f"expected grey, RGB, CMYK, YCbCr, Lab or a palette, got {describe_codes(PHOTOMETRIC, [photometric])}"
        )
    if photometric == PHOTOMETRIC.SEPARATED and directory.number(Base.InkSet, 1) != 1:
        raise InvalidImage(f"expected the inks CMYK, got {samples} other ones")
    fitting = [colors for colors in _COLORS[photometric] if colors <= samples]
    if not fitting:
        name = describe_codes(PHOTOMETRIC, [photometric])
        raise InvalidImage(f"expected {_COLORS[photometric][0]} samples for {name}, got {samples}")
    return photometric, fitting[0]


def describe_codes(kinds: type[IntEnum], values: Iterable[int]) -> str:
    """The names of values of a tag, for messages."""
    known = {kind.value: kind.name for kind in kinds}
    return ", ".join(known.get(value, f"an unknown kind ({value})") for value in sorted(values))
