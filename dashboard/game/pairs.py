"""The two versions of a picture that "Real or coloured?" shows: made in the same way, and alike from outside."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

import cv2
import numpy as np

from colorizer import Colorizer, InvalidImage, Look, images
from colorizer.arrays import Pixels
from colorizer.color import lab
from colorizer.color.merge import merge
from colorizer.images import EncodeOptions, Picture
from colorizer.images.jpeg import LONGEST_SEGMENT
from colorizer.picture import flatten_alpha

GAME_SIDE = 640  # pixels, the longest of what is shown
_OPTIONS = EncodeOptions(quality=90, subsampling="4:2:0")  # half-size colour, in the true version as in ours

_COLOR_SIDE = 64  # pixels; at this size the noise of a scan or a JPEG file is gone
_LEAST_COLOR = 4.5  # CIE units; hardly a colour photograph has less, and hardly a sepia print as much

_COMMENT_HEAD = 4  # bytes: the marker and the length
_LEAST_COMMENT = _COMMENT_HEAD + 16  # bytes, enough that no two are the same


@dataclass(frozen=True)
class Pair:
    """A picture with its true colours and with ours: JPEG files of `width` x `height`, equal in L up to rounding."""

    name: str
    real: bytes
    ours: bytes
    width: int
    height: int


def prepare_picture(data: bytes, *, max_pixels: int) -> Picture:
    """A file with a colour photograph, at the work size, opaque, 8 bits. Raises InvalidImage, also without colours."""
    picture = flatten_alpha(images.shrink(images.decode(data, max_pixels=max_pixels), GAME_SIDE))
    if not has_colors(picture.pixels):
        raise InvalidImage("expected a photograph in colour, got one that is grey or has a single tint: ours would win")
    return picture


def make_pair(name: str, picture: Picture, colorizer: Colorizer, look: Look | None = None) -> Pair:
    """Both versions of what `work_picture` returns."""
    pixels, look = picture.pixels, look or Look()
    analysis = colorizer.analyze(pixels, distribution=look.vividness > 0)
    # The true colours take the way of ours: through Lab, and rounded as they are.
    real = merge(pixels, lab.rgb_to_lab(pixels)[..., 1:])
    ours = merge(pixels, analysis.ab(look), strength=look.strength)
    files = [images.encode(Picture(version), ".jpg", _OPTIONS) for version in (real, ours)]
    return Pair(name, files[0], files[1], picture.width, picture.height)


def has_colors(pixels: Pixels) -> bool:
    """Whether a picture, (H, W) or (H, W, 3) uint8, has more colours than a tint, which follows from the lightness."""
    if pixels.ndim == 2:
        return False
    scale = min(1.0, _COLOR_SIDE / max(pixels.shape[:2]))
    size = (max(1, round(scale * pixels.shape[1])), max(1, round(scale * pixels.shape[0])))
    small = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
    values = lab.rgb_to_lab(small).reshape(-1, 3)
    light, ab = np.rint(values[:, 0]).astype(int), values[:, 1:]
    counts = np.bincount(light)[light]
    tint = np.stack([np.bincount(light, weights=each)[light] / counts for each in ab.T], axis=1)
    return bool(np.percentile(np.hypot(*(ab - tint).T), 95) >= _LEAST_COLOR)


def disguise(pair: Pair) -> tuple[bytes, bytes]:
    """The true version and ours as files of one length, and other ones on every call.

    The length would tell the smoother version. And Streamlit names a file by its content: whoever has seen the answer
    would know it again in another round, by its address. Comments of random bytes change both, and no pixel.
    """
    length = max(len(pair.real), len(pair.ours)) + _LEAST_COMMENT
    real, ours = (_with_comments(file, length - len(file)) for file in (pair.real, pair.ours))
    return real, ours


def _with_comments(jpeg: bytes, length: int) -> bytes:
    """The file with `length` bytes of comments behind its first segment (ITU-T T.81, COM)."""
    start = 4 + int.from_bytes(jpeg[4:6], "big")
    parts = [jpeg[:start]]
    while length:
        part = min(length, _COMMENT_HEAD + LONGEST_SEGMENT)
        if 0 < length - part < _COMMENT_HEAD:
            part -= _COMMENT_HEAD  # no rest too short for a comment
        parts += [b"\xff\xfe", (part - 2).to_bytes(2, "big"), secrets.token_bytes(part - _COMMENT_HEAD)]
        length -= part
    return b"".join([*parts, jpeg[start:]])
