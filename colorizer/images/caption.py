"""A caption in a border below a picture, never over it."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from colorizer.arrays import Pixels
from colorizer.errors import InvalidImage, InvalidSetting, Problem
from colorizer.images.metadata import normalize_exif
from colorizer.images.samples import describe_untaken
from colorizer.images.xmp import drop_regions
from colorizer.picture import Picture

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

MAX_CHARACTERS = 300
_FONT = Path(__file__).parent / "fonts" / "DejaVuSans.ttf"
_SHARE = 1 / 36  # of the picture's longest side that the letters are high
_SMALLEST, _LARGEST = 9, 1000  # pixels; smaller letters cannot be read
_MARGIN, _LEADING = 0.7, 1.3  # the border around the text, and from line to line, in heights of the letters


def check_caption(text: str) -> None:
    """Raises InvalidSetting for a caption that is too long, or has characters that the font lacks.

    The font has the letters of Latin, Greek and Cyrillic. Other scripts need another font, and some a shaping of lines.
    """
    if len(text) > MAX_CHARACTERS:
        raise InvalidSetting(f"expected a caption of at most {MAX_CHARACTERS} characters, got {len(text)}")
    font = _font(4 * _SMALLEST)
    missing = [each for each in dict.fromkeys(text) if not each.isspace() and _is_missing(each, font)]
    if missing:
        got = "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in missing[:20])
        raise InvalidSetting(f"expected a caption of Latin, Greek or Cyrillic letters, the font's own, got {got}")


def add_caption(picture: Picture, text: str) -> Picture:
    """A picture with a white border below that holds `text` in black, broken into lines; `picture` if it is empty.

    The pixels above are unchanged. Regions that the XMP marks are left out, with a note: their places are shares of the
    height, which is another one. The letters are scaled to the picture's size and to its longest word.
    Raises InvalidSetting as `check_caption` does, InvalidImage for a picture too narrow for readable letters.
    """
    words = text.split()
    if not words:
        return picture
    check_caption(text)
    ink = _draw(words, picture.width, max(picture.width, picture.height))
    top = int(np.iinfo(picture.pixels.dtype).max)
    border = ((255 - ink).astype(np.uint32) * top // 255).astype(picture.pixels.dtype)
    below = border if picture.pixels.ndim == 2 else np.dstack([border] * 3)
    alpha = picture.alpha
    if alpha is not None:
        alpha = np.vstack([alpha, np.full_like(border, top)])
    pixels = np.vstack([picture.pixels, below])
    held = picture.metadata
    exif = held.exif and normalize_exif(held.exif, pixels.shape[1], pixels.shape[0])
    xmp, lost = (None, ()) if held.xmp is None else drop_regions(held.xmp)
    metadata = replace(held, exif=exif, xmp=xmp)
    return replace(
        picture, pixels=pixels, alpha=alpha, metadata=metadata, notes=(*picture.notes, *describe_untaken(lost))
    )


def _draw(words: list[str], width: int, longest: int) -> Pixels:
    """The words in white on black, centred in lines: (h, width) uint8."""
    from PIL import Image, ImageDraw

    size = min(_LARGEST, max(_SMALLEST, round(longest * _SHARE)))
    room = width - 2 * round(_MARGIN * size)
    while (widest := max(_font(size).getlength(word) for word in words)) > room and size > _SMALLEST:
        size = max(_SMALLEST, min(size - 1, int(size * room / widest)))
        room = width - 2 * round(_MARGIN * size)
    if widest > room:
        raise InvalidImage(
            f"expected a picture wide enough for the words of the caption, got one of {width} pixels; "
            "choose shorter words, or no caption",
            problem=Problem.OTHER,
        )
    font = _font(size)
    lines = _break(words, font, room)
    margin, step = round(_MARGIN * size), round(_LEADING * size)
    image = Image.new("L", (width, 2 * margin + step * len(lines)))
    draw = ImageDraw.Draw(image)
    for number, line in enumerate(lines):
        draw.text((width / 2, margin + step * (number + 0.5)), line, fill=255, font=font, anchor="mm")
    return np.asarray(image, np.uint8)


def _break(words: list[str], font: FreeTypeFont, room: float) -> list[str]:
    lines = [words[0]]
    for word in words[1:]:
        longer = f"{lines[-1]} {word}"
        if font.getlength(longer) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


@cache
def _font(size: int) -> FreeTypeFont:
    from PIL import ImageFont

    # The basic layout draws the same pixels on every computer; the other one depends on an installed library.
    return ImageFont.truetype(_FONT, size, layout_engine=ImageFont.Layout.BASIC)


def _is_missing(character: str, font: FreeTypeFont) -> bool:
    """Whether the font draws the sign that stands for all characters it lacks."""
    return bytes(font.getmask(character)) == bytes(font.getmask("\uffff"))
