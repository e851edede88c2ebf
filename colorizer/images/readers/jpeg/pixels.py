"""The pixels of a JPEG file, and whether its data are damaged."""

from __future__ import annotations

from collections.abc import Sequence

import imagecodecs
import numpy as np
import simplejpeg

from colorizer.arrays import Pixels, depth_for
from colorizer.images.readers.jpeg.frame import Frame, misses_scans
from colorizer.images.segments import APPLICATION, END, START, Layout, Marker, make_segment

_SPACES = {1: "GRAY", 3: "RGB", 4: "CMYK"}
_JFIF = make_segment(Marker.APP0, b"JFIF\0\1\1\0\0\1\0\1\0\0")
# How libjpeg's warnings of damage begin (jerror.h); the others are about odd headers.
_DAMAGE = ("Corrupt JPEG data", "Premature end")


def decode_pixels(data: bytes, layout: Layout, frame: Frame) -> tuple[Pixels, bool]:
    """Decode grey (H, W), RGB (H, W, 3) or CMYK (H, W, 4; 0 is no ink) pixels, and say whether the data are damaged.

    uint8, or uint16 above 8 bits; stretched to the full range. libjpeg fills what is missing with grey.
    Raises RuntimeError if nothing can be recovered.
    """
    channels = len(frame.components)
    shape = (frame.height, frame.width, channels)[: 2 if channels == 1 else 3]
    pixels: Pixels = np.empty(shape, depth_for(frame.precision))
    stream, stops = _make_stream(data, layout, frame)
    is_damaged = _decode(stream, stops, pixels, sure_of_end=layout.has_end) or misses_scans(data, layout, frame)
    if channels == 4:
        np.invert(pixels, out=pixels)  # Adobe's programs store it inverted, and so do all others
    return _stretch(pixels, frame.precision), is_damaged


def _make_stream(data: bytes, layout: Layout, frame: Frame) -> tuple[bytes, list[int]]:
    """The file as the decoder needs it, and where the data of each scan end in it.

    Without metadata and odd headers, the first warning, which hides the others, is about the picture's data. A missing
    end would be one, too, although all rows may be there. The height is where libjpeg expects it.
    """
    header = [START]
    scans = list(layout.scans())
    for item in layout.segments[: layout.segments.index(scans[0][0])]:
        content = data[item.start : item.stop]
        if content.startswith(b"JFIF\0") and item.marker == Marker.APP0:
            header.append(_JFIF)  # its version may be an odd one
        elif item.place == frame.place:
            header.append(make_segment(item.marker, content[:1] + frame.height.to_bytes(2, "big") + content[3:]))
        elif item.marker == Marker.APP14 or item.marker not in (*APPLICATION, Marker.COMMENT):
            header.append(make_segment(item.marker, content))
    start = b"".join(header)
    moved = len(start) - scans[0][0].place
    body = memoryview(data)[scans[0][0].place : layout.end]
    return b"".join([start, body, END]), [stop + moved for _, stop in scans]


def _decode(stream: bytes, stops: Sequence[int], pixels: Pixels, *, sure_of_end: bool) -> bool:
    """Decode into `pixels`, and return whether the data are damaged. Raises RuntimeError if libjpeg gives up."""
    is_damaged = not sure_of_end
    if pixels.dtype == np.uint8:
        space = _SPACES[pixels.shape[2] if pixels.ndim == 3 else 1]
        try:
            simplejpeg.decode_jpeg(stream, space, buffer=pixels)  # the only reader that reports warnings
            return False
        except ValueError as warning:  # or it is about a kind that it cannot read, such as unusual subsampling
            is_damaged |= str(warning).startswith(_DAMAGE)
    try:
        imagecodecs.jpeg8_decode(stream, out=pixels)
        return is_damaged
    except RuntimeError:
        _decode_sound_scans(stream, stops, pixels)
        return True


def _decode_sound_scans(stream: bytes, stops: Sequence[int], pixels: Pixels) -> None:
    """Decode as many of the scans, which end at `stops`, as libjpeg accepts; they are found by bisection."""

    def decode(count: int) -> None:
        imagecodecs.jpeg8_decode(stream[: stops[count - 1]] + END, out=pixels)

    count, most = 1, len(stops) - 1
    while count < most:
        middle = (count + most + 1) // 2
        try:
            decode(middle)
            count = middle
        except RuntimeError:
            most = middle - 1
    decode(count)


def _stretch(pixels: Pixels, bits: int) -> Pixels:
    """Stretch values of `bits` bits to the full range of the dtype."""
    top, full = (1 << bits) - 1, int(np.iinfo(pixels.dtype).max)
    if top == full:
        return pixels
    return ((pixels.astype(np.uint32) * full + top // 2) // top).astype(pixels.dtype)
