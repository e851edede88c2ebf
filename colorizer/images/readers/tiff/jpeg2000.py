"""The headers of a JPEG 2000 codestream (ITU-T T.800, annex A).

They are read before the codec allocates memory for what they claim.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from colorizer.errors import InvalidImage
from colorizer.images.readers.heif.boxes import walk_boxes

_START = b"\xff\x4f\xff\x51"  # SOC, and SIZ, which comes next
_SIZE = struct.Struct(">HH8IH")  # of SIZ: length, capabilities, sizes and offsets of picture and tiles, components
_TILE, _DATA, _END = 0xFF90, 0xFF93, 0xFFD9
_CODING_STYLE, _COMPONENT_STYLE = 0xFF52, 0xFF53
_MOST_TILES = 1000  # inside one strip or tile of a TIFF; the codec has tables of some kilobytes for each
# log2 of the least sides of a code block, which encoders make 32 or 64, and of a precinct, which is larger: the codec
# has a table for each of them.
_LEAST_BLOCK, _LEAST_PRECINCT = 4, 5


def read_codestream(content: bytes, components: int) -> tuple[bytes, int, int]:
    """The codestream in a strip or tile, which may lie in a JP2 file, and its width and height in pixels.

    Raises InvalidImage if it has another number of components or absurdly many parts, struct.error if it is damaged.
    """
    start = 0
    if not content.startswith(_START):
        found = (box.start for box in walk_boxes(content, 0, len(content)) if box.kind == "jp2c")
        start = next(found, len(content))
    if not content.startswith(_START, start):
        raise struct.error("expected a JPEG 2000 in a strip or tile, got something else")
    codestream = content[start:]
    _, _, right, bottom, left, top, *tiles, count = _SIZE.unpack_from(codestream, len(_START))
    if count != components:
        raise InvalidImage(f"expected {components} samples in a strip or tile, got {count}")
    tile_width, tile_height, tile_left, tile_top = tiles
    if 0 in (tile_width, tile_height):
        raise struct.error("expected tiles of at least one pixel, got smaller ones")
    number = -(-(right - tile_left) // tile_width) * -(-(bottom - tile_top) // tile_height)
    if number * count > _MOST_TILES:
        raise InvalidImage(f"expected a JPEG 2000 of up to {_MOST_TILES} tiles in a strip or tile, got {number}")
    for segment in _walk_styles(codestream, 2, count):
        _check_style(segment)
    return codestream, right - left, bottom - top


def _walk_styles(codestream: bytes, position: int, components: int) -> Iterator[bytes]:
    """The coding styles in the headers of the picture and of its tiles, from the byte that says what is in them."""
    behind_tile = 0
    while (marker := struct.unpack_from(">H", codestream, position)[0]) != _END:
        if marker == _DATA:
            if behind_tile <= position:
                raise struct.error("expected the data of a tile within it, got others")
            if behind_tile >= len(codestream):
                return
            position = behind_tile
            continue
        (length,) = struct.unpack_from(">H", codestream, position + 2)
        if length < 2:
            raise struct.error(f"expected a segment with its length, got {length}")
        if marker == _TILE:
            (size,) = struct.unpack_from(">I", codestream, position + 6)  # 0: up to the end
            behind_tile = position + size if size > length else len(codestream)
        elif marker == _CODING_STYLE:
            segment = codestream[position + 4 : position + 2 + length]
            yield segment[:1] + segment[5:]
        elif marker == _COMPONENT_STYLE:
            yield codestream[position + (5 if components < 257 else 6) : position + 2 + length]
        position += 2 + length


def _check_style(style: bytes) -> None:
    """Raise InvalidImage for tiny code blocks or precincts, of which a picture would have millions.

    `style`: flags, levels, width and height of code blocks, 2 bytes, and the precincts of each resolution.
    """
    if len(style) < 6:
        raise struct.error("expected a coding style, got a shorter one")
    precincts = style[6:] if style[0] & 1 else b""
    sides = [side for value in precincts for side in (value & 15, value >> 4)]
    if min(style[2], style[3]) + 2 < _LEAST_BLOCK or min(sides, default=_LEAST_PRECINCT) < _LEAST_PRECINCT:
        raise InvalidImage(
            f"expected a JPEG 2000 with code blocks of at least {1 << _LEAST_BLOCK} pixels a side and precincts of "
            f"{1 << _LEAST_PRECINCT}, got smaller ones"
        )
