"""Expand a BMP that is compressed by run lengths (Microsoft's BI_RLE8 and BI_RLE4) into one that is not.

Pillow expands it pixel by pixel in Python, which takes minutes, and lets one code skip more pixels than there are.
"""

from __future__ import annotations

import struct

_FILE_HEAD, _INFO = 14, 40
_RLE8, _RLE4 = 1, 2
_END_OF_LINE, _END, _DELTA = 0, 1, 2  # what follows a zero; other numbers count pixels that follow as they are


def expand_runs(data: bytes) -> bytes:
    """The same picture with 8 bits a pixel and without compression; other files are returned as they are.

    Pixels that no code sets have the first colour of the palette, as those behind the last code.
    """
    size = int.from_bytes(data[_FILE_HEAD : _FILE_HEAD + 4], "little")
    if size < _INFO or len(data) < _FILE_HEAD + size:
        return data
    width, height, _, bits, compression = struct.unpack_from("<iiHHI", data, _FILE_HEAD + 4)
    if (compression, bits) not in ((_RLE8, 8), (_RLE4, 4)) or min(width, height) < 1:
        return data
    (start,) = struct.unpack_from("<I", data, 10)
    head = bytearray(data[:start])
    colors = struct.unpack_from("<I", data, _FILE_HEAD + 32)[0] or 1 << bits
    struct.pack_into("<HII", head, _FILE_HEAD + 14, 8, 0, 0)
    struct.pack_into("<I", head, _FILE_HEAD + 32, colors)
    return bytes(head) + _decode(data[start:], width, height, packed=bits == 4)


def _decode(codes: bytes, width: int, height: int, *, packed: bool) -> bytes:
    """The indices of the rows from the lowest on, each of `width` bytes and padding. `packed`: of 4 bits."""
    line = -(-width // 4) * 4
    pixels = bytearray(line * height)
    x = y = position = 0
    while position + 2 <= len(codes) and y < height:
        count, value = codes[position], codes[position + 1]
        position += 2
        run = b""
        if count:
            run = _spread(bytes([value]) * -(-count // 2))[:count] if packed else bytes([value]) * count
        elif value == _END_OF_LINE:
            x, y = 0, y + 1
        elif value == _END:
            break
        elif value == _DELTA:
            if position + 2 > len(codes):
                break
            x, y = x + codes[position], y + codes[position + 1]
            position += 2
        else:
            stored = -(-value // 2) if packed else value
            run = codes[position : position + stored]
            run = _spread(run)[:value] if packed else run
            position += stored + stored % 2
        if run and x < width:
            run = run[: width - x]
            pixels[y * line + x : y * line + x + len(run)] = run
        x += len(run)
    return bytes(pixels)


def _spread(packed: bytes) -> bytes:
    """Two indices of 4 bits in each byte, the high one first, as one byte each."""
    return bytes.fromhex("".join(f"0{digit}" for digit in packed.hex()))
