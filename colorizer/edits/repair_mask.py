"""Masks of the places of a picture that are filled: from pictures and strokes, and as text for a recipe."""

from __future__ import annotations

import base64
import binascii
import struct
from collections.abc import Sequence

import cv2
import numpy as np

from colorizer.arrays import Mask, Pixels
from colorizer.color import lab
from colorizer.edits.strokes import Stroke, footprint
from colorizer.errors import InvalidSetting
from colorizer.picture import is_opaque

MOST_CHARACTERS = 2_000_000  # of a mask's text; usual ones have some 10,000
MOST_PIXELS = 1 << 30  # of a mask, as OpenCV reads
KEEP = "#000000"  # the colour of strokes that take places out of a mask; those of all others put them in
_PNG_START = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"


def edit_mask(mask: Mask, strokes: Sequence[Stroke]) -> Mask:
    """Paint on a mask (H, W) bool: each stroke puts in what it covers, or takes it out if its colour is KEEP.

    It covers a pixel if at least half of it. The last stroke is on top. The mask itself stays as it is.
    """
    edited, shape = mask.copy(), (mask.shape[0], mask.shape[1])
    for stroke in strokes:
        box, covered = footprint(stroke.points, stroke.radius, shape)
        edited[box][covered >= 128] = stroke.color != KEEP
    return edited


def mask_from_picture(pixels: Pixels, alpha: Pixels | None = None) -> Mask:
    """The light places of a picture, grey (H, W) or RGB (H, W, 3), uint8 or uint16: (H, W) bool, where L >= 50.

    `alpha`: (H, W) of the same dtype. What is more transparent than not is not light, whatever colour it hides: a mask
    may be a layer of its own in an editor.
    """
    light = lab.luminance(pixels) >= 50
    return np.asarray(light if alpha is None else light & is_opaque(alpha), np.bool_)


def mask_to_text(mask: Mask) -> str:
    """A mask (H, W) as a PNG of one bit a pixel, white where it is True, in Base64. Equal masks have equal texts.

    Raises InvalidSetting for a mask of so many small places that the text gets longer than MOST_CHARACTERS.
    """
    options = [cv2.IMWRITE_PNG_BILEVEL, 1, cv2.IMWRITE_PNG_COMPRESSION, 9]
    _, data = cv2.imencode(".png", mask.astype(np.uint8) * 255, options)
    text = base64.b64encode(data.tobytes()).decode()
    check_mask(text)
    return text


def check_mask(text: str) -> None:
    """Raises InvalidSetting unless a text is a mask, or empty."""
    if text:
        _read_size(_decode(text))


def mask_from_text(text: str, shape: tuple[int, int]) -> Mask:
    """The mask in a text, at the size `shape` (height, width) of a picture: (H, W) bool.

    Raises InvalidSetting if it is none, or of other proportions than the picture.
    """
    data = _decode(text)
    (width, height), (rows, columns) = _read_size(data), shape
    # Rounding to whole pixels changes the shorter side by half a pixel of the smaller one of both.
    if abs(width * rows - height * columns) > max(width, columns, height, rows):
        raise InvalidSetting(f"expected a mask with the proportions of {columns} x {rows}, got {width} x {height}")
    mask = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_GRAYSCALE)
    if mask is None:
        raise InvalidSetting("expected a mask as PNG, got a damaged one")
    if mask.shape != shape:
        mask = cv2.resize(mask, (columns, rows), interpolation=cv2.INTER_NEAREST)
    return np.asarray(mask >= 128, np.bool_)


def _decode(text: str) -> bytes:
    if len(text) > MOST_CHARACTERS:
        raise InvalidSetting(f"expected a mask of at most {MOST_CHARACTERS} characters, got {len(text)}")
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise InvalidSetting("expected a mask in Base64, got something else") from None


def _read_size(data: bytes) -> tuple[int, int]:
    """The width and height of a PNG, before it is read."""
    if not data.startswith(_PNG_START) or len(data) < 24:
        raise InvalidSetting("expected a mask as PNG, got something else")
    width, height = struct.unpack(">II", data[16:24])
    if not 0 < width * height <= MOST_PIXELS:
        raise InvalidSetting(f"expected a mask of 1 to {MOST_PIXELS} pixels, got {width} x {height}")
    return width, height
