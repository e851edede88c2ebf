"""Read PNG files (PNG specification, third edition)."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping

from colorizer.images.chunks import END, Layout, read_layout
from colorizer.images.metadata import INCH, read_orientation, valid_dpi
from colorizer.images.readers import pillow
from colorizer.images.readers.png.colors import read_encoding
from colorizer.images.readers.png.pixels import read_header, read_pixels
from colorizer.images.readers.png.texts import TEXT_KINDS, Blocks, Inflater, read_profile, read_text
from colorizer.images.samples import CheckSize, Samples, describe_untaken, name_private, name_rest
from colorizer.images.segments import EXIF
from colorizer.picture import Metadata

_TECHNICAL = {  # what the decoded pixels and their encoding hold
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cICP", b"iCCP", b"sRGB", b"gAMA", b"cHRM", b"cLLI", b"mDCV",
    b"sBIT",  # the depth before the samples were stretched
    b"hIST", b"sPLT",  # how to show the picture with few colours
    b"iDOT",  # where to begin decoding in parallel
}  # fmt: skip
_TAKEN = {kind.decode() for kind in (*_TECHNICAL, *TEXT_KINDS, b"eXIf", b"pHYs", b"acTL", b"fcTL", b"fdAT")}
_DESCRIPTIONS = {
    "bKGD": "the background colour",
    "tIME": "the time of the last change",
    "oFFs": "the position on a page",
    "pCAL": "a scale of measured values",
    "sCAL": "the size of the subject",
    "sTER": "that it is a stereo pair",
    "gIFg": "notes from a GIF",
    "gIFx": "notes from a GIF",
    "gIFt": "notes from a GIF",
    "caBX": "content credentials (C2PA)",
    "dSIG": "a digital signature",
}
_SINGLE = (b"cICP", b"iCCP", b"sRGB", b"gAMA", b"cHRM", b"cLLI", b"mDCV", b"eXIf", b"pHYs", b"acTL")
_METRES = 1  # the unit of pHYs; 0: none, and only the shape of the pixels is given


def read(data: bytes, check_size: CheckSize) -> Samples:
    """Read a PNG; of an animation (APNG), the default image. Raises as `readers.read` does."""
    layout = read_layout(data)
    header = read_header(data, layout)
    check_size(header.width, header.height)
    singles, blocks = _read_chunks(data, layout)
    encoding, over_profile = read_encoding(singles)
    profile = None if over_profile else blocks.found.get("profile")
    pixels, alpha = pillow.split_alpha(read_pixels(data, layout, header))
    metadata = Metadata(
        blocks.found.get("exif"),
        blocks.found.get("xmp"),
        profile,
        _read_dpi(singles),
        blocks.found.get("iptc"),
        tuple(blocks.texts),
    )
    orientation = read_orientation(metadata.exif, metadata.xmp)
    notes = _describe_rest(data, layout, singles, blocks)
    return Samples(pixels, alpha, encoding, orientation, metadata, notes, _count_pictures(layout, singles))


def _read_chunks(data: bytes, layout: Layout) -> tuple[dict[bytes, bytes], Blocks]:
    """The contents of the chunks of `_SINGLE`, of several the first, and what the chunks of text and metadata hold."""
    singles: dict[bytes, bytes] = {}
    blocks, inflater = Blocks(), Inflater()
    for chunk in layout.chunks:
        if chunk.kind not in _SINGLE and chunk.kind not in TEXT_KINDS:
            continue
        content = chunk.content(data)
        try:
            if not chunk.is_intact(data):
                raise ValueError("expected the checksum of the content, got another one")
            if chunk.kind in TEXT_KINDS:
                blocks.add(read_text(chunk.kind, content, inflater))
            elif chunk.kind == b"iCCP":
                blocks.keep("profile", "colour profile", read_profile(content, inflater))
            elif chunk.kind == b"eXIf":
                blocks.keep("exif", "EXIF", content.removeprefix(EXIF))
            else:
                singles.setdefault(chunk.kind, content)
        except (ValueError, zlib.error):
            blocks.lost.append(f"a damaged entry ({chunk.kind.decode()})")
    return singles, blocks


def _read_dpi(singles: Mapping[bytes, bytes]) -> tuple[float, float] | None:
    across, down, unit = _read_resolution(singles)
    return valid_dpi(across * INCH, down * INCH) if unit == _METRES else None


def _read_resolution(singles: Mapping[bytes, bytes]) -> tuple[int, int, int]:
    content = singles.get(b"pHYs", b"")
    return struct.unpack(">IIB", content) if len(content) == 9 else (1, 1, 0)


def _count_pictures(layout: Layout, singles: Mapping[bytes, bytes]) -> int:
    """The frames of an animation, and the default image if it is none of them."""
    if len(singles.get(b"acTL", b"")) != 8:
        return 1
    kinds = [chunk.kind for chunk in layout.chunks if chunk.kind in (b"fcTL", b"IDAT")]
    frames: int = struct.unpack_from(">I", singles[b"acTL"])[0]
    return frames + (kinds[:1] == [b"IDAT"])


def _describe_rest(data: bytes, layout: Layout, singles: Mapping[bytes, bytes], blocks: Blocks) -> tuple[str, ...]:
    """Name what is not taken."""
    kinds = [chunk.kind.decode() for chunk in layout.chunks]
    entries = [_DESCRIPTIONS[kind] for kind in kinds if kind in _DESCRIPTIONS]
    entries += name_private(kind for kind in kinds if kind not in _TAKEN and kind not in _DESCRIPTIONS)
    entries += blocks.lost
    across, down, unit = _read_resolution(singles)
    if unit != _METRES and across != down:
        entries.append(f"the shape of the pixels, which is {across} : {down}")
    last = layout.chunks[-1]
    if last.kind == END and last.stop < len(data):
        entries.append(name_rest(len(data) - last.stop))
    return describe_untaken(entries)
