"""Encode TIFF files, strip by strip on all cores (TIFF 6.0 and its Technical Note 2).

EXIF is itself a TIFF structure with offsets from its first byte. The file therefore begins with the EXIF, the strips
follow, and a new directory at the end takes over its entries. Even a maker note with absolute offsets stays valid.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import Literal

import numpy as np
from PIL.ExifTags import Base
from PIL.TiffTags import ASCII, BYTE, LONG, RATIONAL, SHORT, UNDEFINED

from colorizer.arrays import Pixels
from colorizer.errors import InvalidImage
from colorizer.images.metadata import read_directory
from colorizer.parallel import map_strips, split_rows
from colorizer.picture import Metadata

LEVEL = 3  # of deflate
MAX_BYTES = 1 << 32  # offsets have 32 bits
_IPTC = 33723  # "RichTIFFIPTC" of libtiff; the values are bytes, although the type is LONG by convention
_SIZES = {ASCII: 1, SHORT: 2, LONG: 4, RATIONAL: 8, UNDEFINED: 1, BYTE: 1}  # bytes of one value
_LETTERS = {SHORT: "H", LONG: "I", RATIONAL: "I"}  # for struct
_EMPTY = b"II*\0" + struct.pack("<IHI", 8, 0, 0)

Entry = tuple[int, Sequence[int] | bytes]  # field type and values


def find_losses(metadata: Metadata) -> Iterator[str]:
    """Name the texts if EXIF has the description of the picture, which is their place in a TIFF."""
    if metadata.texts and Base.ImageDescription in _read_kept(metadata):
        yield f"the texts {', '.join(keyword for keyword, _ in metadata.texts)} beside the description in the EXIF"


def encode(pixels: Pixels, alpha: Pixels | None, metadata: Metadata) -> bytes:
    """Encode pixels with their metadata and return the bytes of the TIFF file.

    `pixels`: grey (H, W) or RGB (H, W, 3), uint8 or uint16. `alpha`: (H, W) of the same dtype, or None.
    Raises InvalidImage if the file would exceed TIFF's 4 GB.
    """
    if pixels.ndim == 2 and alpha is not None:
        pixels = np.dstack([pixels] * 3)  # few readers support 16-bit grey with alpha
    start, kept = metadata.exif or _EMPTY, _read_kept(metadata)
    order: Literal["<", ">"] = "<" if start.startswith(b"II") else ">"
    height, width = pixels.shape[:2]
    pieces = split_rows(height, width)

    def compress_strip(rows: slice) -> bytes:
        part = pixels[rows] if alpha is None else np.dstack([pixels[rows], alpha[rows]])
        values = part.reshape(*part.shape[:2], -1).copy()
        values[:, 1:] -= values[:, :-1].copy()
        return zlib.compress(values.astype(values.dtype.newbyteorder(order), copy=False).data, LEVEL)

    parts = map_strips(compress_strip, pieces)
    lengths = [len(part) for part in parts]
    offsets = (_round_up_to_even(len(start)) + np.cumsum([0, *lengths[:-1]])).tolist()
    end = _round_up_to_even(offsets[-1] + lengths[-1])
    blocks = metadata.xmp, metadata.icc_profile, metadata.iptc, _describe(metadata.texts).encode()
    if end + 1_000_000 + sum(len(block or b"") for block in blocks) > MAX_BYTES:
        raise InvalidImage(f"expected a picture within TIFF's 4 GB, got {end / 1e9:.1f} GB")
    entries = _build_entries(pixels, alpha, metadata)
    if metadata.texts and Base.ImageDescription not in kept:
        entries[Base.ImageDescription] = (ASCII, _describe(metadata.texts).encode() + b"\0")
    entries |= {
        Base.StripOffsets: (LONG, offsets),
        Base.RowsPerStrip: (LONG, [pieces[0].stop]),
        Base.StripByteCounts: (LONG, lengths),
    }
    table = _build_directory(entries, kept, order, end)
    head = start[:4] + struct.pack(f"{order}I", end) + start[8:]
    return b"".join([head.ljust(offsets[0], b"\0"), *parts, bytes(end - offsets[-1] - lengths[-1]), table])


def _read_kept(metadata: Metadata) -> dict[int, bytes]:
    """The entries of the EXIF's directory, which become the file's own."""
    return read_directory(metadata.exif or _EMPTY)


def _describe(texts: Iterable[tuple[str, str]]) -> str:
    """One text of several, each with its keyword; a comment, which needs none, without."""
    return "\n".join(text if keyword == "Comment" else f"{keyword}: {text}" for keyword, text in texts).replace(
        "\0", ""
    )


def _round_up_to_even(offset: int) -> int:
    return offset + offset % 2


def _build_entries(pixels: Pixels, alpha: Pixels | None, metadata: Metadata) -> dict[int, Entry]:
    """The directory's entries by tag, without those that locate the strips."""
    from tifffile import COMPRESSION, EXTRASAMPLE, ORIENTATION, PHOTOMETRIC, PLANARCONFIG, PREDICTOR, RESUNIT

    height, width = pixels.shape[:2]
    colors = pixels.shape[2] if pixels.ndim == 3 else 1
    samples = colors + (alpha is not None)
    entries: dict[int, Entry] = {
        Base.ImageWidth: (LONG, [width]),
        Base.ImageLength: (LONG, [height]),
        Base.BitsPerSample: (SHORT, [8 * pixels.itemsize] * samples),
        Base.Compression: (SHORT, [COMPRESSION.ADOBE_DEFLATE]),
        Base.PhotometricInterpretation: (SHORT, [PHOTOMETRIC.RGB if colors == 3 else PHOTOMETRIC.MINISBLACK]),
        Base.Orientation: (SHORT, [ORIENTATION.TOPLEFT]),
        Base.SamplesPerPixel: (SHORT, [samples]),
        Base.PlanarConfiguration: (SHORT, [PLANARCONFIG.CONTIG]),
        Base.Predictor: (SHORT, [PREDICTOR.HORIZONTAL]),
    }
    if alpha is not None:
        entries[Base.ExtraSamples] = (SHORT, [EXTRASAMPLE.UNASSALPHA])
    if metadata.dpi is not None:
        for tag, value in zip((Base.XResolution, Base.YResolution), metadata.dpi, strict=True):
            entries[tag] = (RATIONAL, Fraction(value).limit_denominator(1000).as_integer_ratio())
        entries[Base.ResolutionUnit] = (SHORT, [RESUNIT.INCH])
    if metadata.xmp is not None:
        entries[Base.XMLPacket] = (BYTE, metadata.xmp)
    if metadata.iptc is not None:
        entries[_IPTC] = (LONG, metadata.iptc + bytes(-len(metadata.iptc) % 4))
    if metadata.icc_profile is not None:
        entries[Base.InterColorProfile] = (UNDEFINED, metadata.icc_profile)
    return entries


def _build_directory(entries: dict[int, Entry], kept: dict[int, bytes], order: str, offset: int) -> bytes:
    """The bytes of a directory at `offset`, followed by the values too long for an entry. `kept`: entries to copy."""
    table = dict(kept)
    values = b""
    behind = offset + 2 + 12 * len(kept.keys() | entries.keys()) + 4
    for tag, (kind, content) in entries.items():
        letters = f"{order}{len(content)}{_LETTERS.get(kind, '')}"
        data = content if isinstance(content, bytes) else struct.pack(letters, *content)
        place = data.ljust(4, b"\0")
        if len(data) > 4:
            place = struct.pack(f"{order}I", behind + len(values))
            values += data.ljust(_round_up_to_even(len(data)), b"\0")
        table[tag] = struct.pack(f"{order}HHI", tag, kind, len(data) // _SIZES[kind]) + place
    lines = b"".join(table[tag] for tag in sorted(table))
    return struct.pack(f"{order}H", len(table)) + lines + bytes(4) + values
