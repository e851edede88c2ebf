"""The two versions of a picture in "Real or coloured?". Only their colours tell them apart."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

import imagecodecs

from colorizer import Colorizer, InvalidImage, Look, images
from colorizer.color import lab
from colorizer.color.merge import merge
from colorizer.color.tint import has_colors
from colorizer.errors import Problem
from colorizer.images import EncodeOptions, Picture
from colorizer.images.chunks import make_chunk
from colorizer.picture import flatten_alpha
from dashboard.server.workers.limits import decode_picture

GAME_SIDE = 512  # pixels, longest side of a picture in the game; it is sent without compression, see `disguise`
_OPTIONS = EncodeOptions(quality=90, subsampling="4:2:0")  # the same reduced colour resolution for both versions

_HEADER_END = 8 + 25  # bytes: the signature and the first chunk of a PNG file


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
    picture = flatten_alpha(images.shrink(decode_picture(data, max_pixels=max_pixels), GAME_SIDE))
    if not has_colors(picture.pixels):
        message = "expected a photograph in colour, got one that is grey or has a single tint"
        raise InvalidImage(message, problem=Problem.NO_COLOR)
    return picture


def make_pair(name: str, picture: Picture, colorizer: Colorizer, look: Look | None = None) -> Pair:
    """Make both versions of a picture from `prepare_picture`."""
    pixels = picture.pixels
    # The real colours are converted to Lab and back as well, so that both versions are rounded in the same way.
    real = merge(pixels, lab.rgb_to_lab(pixels)[..., 1:])
    ours = colorizer.colorize_picture(picture, look).pixels
    files = [images.encode(Picture(version), ".jpg", _OPTIONS) for version in (real, ours)]
    return Pair(name, files[0], files[1], picture.width, picture.height)


def disguise(pair: Pair) -> tuple[bytes, bytes]:
    """The real version and ours as PNG files that are alike in all but the pixels, and differ on every call.

    The pixels are not compressed: a compressed version is the smaller, the smoother it is, and no padding hides that.
    The comment is random because Streamlit names a file after its content: players could recognise a file by its URL
    in a later round.
    """
    real, ours = (_to_uncompressed_png(file) for file in (pair.real, pair.ours))
    return real, ours


def _to_uncompressed_png(jpeg: bytes) -> bytes:
    png = bytes(imagecodecs.png_encode(images.decode(jpeg).pixels, level=0, filter=imagecodecs.PNG.FILTER.NO))
    chunk = make_chunk(b"tEXt", b"Comment\0" + secrets.token_hex(16).encode())
    return png[:_HEADER_END] + chunk + png[_HEADER_END:]
