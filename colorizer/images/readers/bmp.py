"""Read BMP files with Pillow (Microsoft's BITMAPINFOHEADER, BITMAPV4HEADER and BITMAPV5HEADER)."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from colorizer.images.metadata import INCH, valid_dpi
from colorizer.images.readers import pillow
from colorizer.images.readers.bmp_runs import expand_runs
from colorizer.images.samples import CheckSize, Samples, describe_untaken, name_rest
from colorizer.picture import Metadata

_FILE_HEAD = 14  # bytes in front of the header
_INFO, _V4, _V5 = 40, 108, 124  # lengths of headers
_CALIBRATED, _EMBEDDED, _LINKED = 0, 0x4D424544, 0x4C494E4B  # kinds of colour space
_USUAL_GAMMA, _TOLERANCE = 2.2, 0.05


def read(data: bytes, check_size: CheckSize) -> Samples:
    """Read a BMP. Raises as `readers.read` does."""
    pillow.open_image(data, "BMP", check_size=check_size).close()
    with pillow.open_image(expand_runs(data), "BMP", check_size=check_size) as image:
        image.load()
        pixels, alpha = pillow.read_pixels(image)
    header = data[_FILE_HEAD : _FILE_HEAD + int.from_bytes(data[_FILE_HEAD : _FILE_HEAD + 4], "little")]
    profile_place = _find_profile(header)
    profile = data[slice(*profile_place)] or None
    notes = describe_untaken(_list_entries(data, header, profile_place[1]))
    return Samples(pixels, alpha, metadata=Metadata(icc_profile=profile, dpi=_read_dpi(header)), notes=notes)


def _read_dpi(header: bytes) -> tuple[float, float] | None:
    """The pixels per metre; 0 stands for none."""
    if len(header) < _INFO:
        return None
    across, down = struct.unpack_from("<ii", header, 24)
    return valid_dpi(across * INCH, down * INCH)


def _color_space(header: bytes) -> int | None:
    return struct.unpack_from("<I", header, 56)[0] if len(header) >= _V4 else None


def _find_profile(header: bytes) -> tuple[int, int]:
    """The offsets of the embedded profile in the file."""
    if len(header) < _V5 or _color_space(header) != _EMBEDDED:
        return 0, 0
    offset, length = struct.unpack_from("<II", header, 112)
    return _FILE_HEAD + offset, _FILE_HEAD + offset + length


def _list_entries(data: bytes, header: bytes, profile_end: int) -> Iterator[str]:
    space = _color_space(header)
    if space == _LINKED:
        yield "a link to a colour profile"
    if space == _CALIBRATED:
        gamma = struct.unpack_from("<I", header, 96)[0] / 65536  # of red; those of green and blue are the same
        # Browsers do not apply it, because many programs store a number of another sense (ImageMagick: 1 / gamma).
        usual = gamma == 0 or min(abs(gamma / _USUAL_GAMMA - 1), abs(gamma * _USUAL_GAMMA - 1)) <= _TOLERANCE
        if not usual:
            yield f"the calibration of the colours, whose gamma is {gamma:.3g}"
    end = max(int.from_bytes(data[2:6], "little"), profile_end, _pixel_end(data, header))
    if data[end:].strip(b"\0"):
        yield name_rest(len(data) - end)


def _pixel_end(data: bytes, header: bytes) -> int:
    """The offset behind the pixels, as the header says it."""
    start = int.from_bytes(data[10:14], "little")
    if len(header) < _INFO:
        width, height, _, bits = struct.unpack_from("<4H", header, 4)
        return int(start + height * _row_bytes(width, bits))
    width, height, _, bits, compression, length = struct.unpack_from("<iiHHII", header, 4)
    is_packed = compression in (1, 2)  # run lengths
    return int(start + (length if is_packed else abs(height) * _row_bytes(width, bits)))


def _row_bytes(width: int, bits: int) -> int:
    return -(-width * bits // 32) * 4
