"""The two versions of a picture in "Real or coloured?". Only their colours tell them apart."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

import numpy as np

from colorizer import Colorizer, InvalidImage, Look, images
from colorizer.arrays import Pixels
from colorizer.color import lab
from colorizer.color.merge import merge
from colorizer.images import EncodeOptions, Picture
from colorizer.images.segments import LONGEST_SEGMENT
from colorizer.picture import flatten_alpha

GAME_SIDE = 640  # pixels, longest side of a picture in the game
_OPTIONS = EncodeOptions(quality=90, subsampling="4:2:0")  # the same reduced colour resolution for both versions

_COLOR_SIDE = 64  # pixels; averaging to this size removes the noise of a scan or a JPEG file
_LEAST_COLOR = 4.5  # CIE units; separates nearly all colour photographs from sepia prints

_COMMENT_HEAD = 4  # bytes of the marker and the length
_LEAST_COMMENT = _COMMENT_HEAD + 16  # bytes; 16 random bytes make every file unique


@dataclass(frozen=True)
class Pair:
    """A picture with its real colours and with ours: JPEG files of `width` x `height`, equal in L up to rounding."""

    name: str
    real: bytes
    ours: bytes
    width: int
    height: int


def prepare_picture(data: bytes, *, max_pixels: int) -> Picture:
    """Decode a colour photograph: opaque, 8 bits, at the size of the game. Raises InvalidImage, also for a grey one."""
    picture = flatten_alpha(images.shrink(images.decode(data, max_pixels=max_pixels), GAME_SIDE))
    if not has_colors(picture.pixels):
        raise InvalidImage("expected a photograph in colour, got one that is grey or has a single tint")
    return picture


def make_pair(name: str, picture: Picture, colorizer: Colorizer, look: Look | None = None) -> Pair:
    """Make both versions of a picture from `prepare_picture`."""
    pixels = picture.pixels
    # The real colours are converted to Lab and back as well, so that both versions are rounded in the same way.
    real = merge(pixels, lab.rgb_to_lab(pixels)[..., 1:])
    ours = colorizer.colorize_picture(picture, look).pixels
    files = [images.encode(Picture(version), ".jpg", _OPTIONS) for version in (real, ours)]
    return Pair(name, files[0], files[1], picture.width, picture.height)


def has_colors(pixels: Pixels) -> bool:
    """Whether a picture, (H, W) or (H, W, 3) uint8, has more colours than a tint.

    In a tinted picture the colour is a function of the lightness.
    """
    if pixels.ndim == 2:
        return False
    values = lab.rgb_to_lab(images.shrink(Picture(pixels), _COLOR_SIDE).pixels).reshape(-1, 3)
    light, ab = np.rint(values[:, 0]).astype(int), values[:, 1:]
    counts = np.bincount(light)[light]
    tint = np.stack([np.bincount(light, weights=each)[light] / counts for each in ab.T], axis=1)
    return bool(np.percentile(np.hypot(*(ab - tint).T), 95) >= _LEAST_COLOR)


def disguise(pair: Pair) -> tuple[bytes, bytes]:
    """The real version and ours as files of equal length that differ on every call.

    Without this the length would reveal which version is smoother. Streamlit also names a file after its content, so
    players could recognise a file by its URL in a later round. Random JPEG comments change the length and the content
    of a file, but no pixel.
    """
    length = max(len(pair.real), len(pair.ours)) + _LEAST_COMMENT
    real, ours = (_with_comments(file, length - len(file)) for file in (pair.real, pair.ours))
    return real, ours


def _with_comments(jpeg: bytes, length: int) -> bytes:
    """Insert `length` bytes of comments after the first segment of a JPEG file (ITU-T T.81, COM)."""
    start = 4 + int.from_bytes(jpeg[4:6], "big")
    parts = [jpeg[:start]]
    while length:
        part = min(length, _COMMENT_HEAD + LONGEST_SEGMENT)
        if 0 < length - part < _COMMENT_HEAD:
            part -= _COMMENT_HEAD  # else the rest would be too short for a comment
        parts += [b"\xff\xfe", (part - 2).to_bytes(2, "big"), secrets.token_bytes(part - _COMMENT_HEAD)]
        length -= part
    return b"".join([*parts, jpeg[start:]])
