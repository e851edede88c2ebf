"""What lies behind the end of a JPEG's picture: further pictures, films, and the data of phones."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator

from colorizer.images.samples import name_rest
from colorizer.images.segments import APPLICATION, END, START, Layout, read_layout

_FILM = "a film behind the picture, as in a motion photo"
_FILM_TYPE = re.compile(rb"ftyp(?!avif|avis|heic|heix|hevc|mif1|msf1)")
_GAIN_MAP = re.compile(rb"http://ns.adobe.com/hdr-gain-map/1.0/|urn:iso:std:iso:ts:21496:-1|ns.apple.com/HDRGainMap/")
_MOST_PICTURES = 1000  # behind the first; cameras store a few
_PADDING = re.compile(rb"[\0\s]*")


def describe_trailer(data: bytes, layout: Layout, previews: Container[int]) -> Iterator[str]:
    """Name what follows the picture, except padding and, at the offsets `previews`, small copies of it."""
    position, count = _skip_padding(data, layout.end + len(END)), 0
    while data.startswith(START + b"\xff", position) and (count := count + 1) <= _MOST_PICTURES:
        picture = read_layout(data, position)
        if position not in previews:
            is_gain_map = any(
                item.marker in APPLICATION and _GAIN_MAP.search(data, item.start, item.stop)
                for item in picture.segments
            )
            yield "an HDR gain map" if is_gain_map else "a further picture in the file"
        position = _skip_padding(data, picture.end + (len(END) if picture.has_end else 0))
    if position < len(data):
        is_film = _FILM_TYPE.search(data, position)
        yield _FILM if is_film else name_rest(len(data) - position)


def _skip_padding(data: bytes, position: int) -> int:
    found = _PADDING.match(data, position)
    return found.end() if found else position
