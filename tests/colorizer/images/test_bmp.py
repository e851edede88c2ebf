"""Reading BMP files: every depth, alpha, resolution, and what their headers say."""

from __future__ import annotations

import struct

import imagecodecs
import numpy as np
import pytest
from PIL import Image

from colorizer.arrays import Pixels
from colorizer.errors import ImageTooLarge, InvalidImage
from colorizer.images import decode, icc
from tests.support.malformed import picture, save_image

CALIBRATED, SRGB, WINDOWS, EMBEDDED, LINKED = 0, 0x73524742, 0x57696E20, 0x4D424544, 0x4C494E4B
V4, V5 = 108, 124


def bmp(
    values: Pixels,
    bits: int,
    *,
    header: int = 40,
    masks: tuple[int, ...] = (),
    palette: bytes = b"",
    top_down: bool = False,
    resolution: int = 0,
    space: int = SRGB,
    gamma: float = 0,
    profile: bytes = b"",
) -> bytes:
    """A BMP of `values` (H, W): indices, or pixels of `bits` bits."""
    height, width = values.shape
    rows = values if top_down else values[::-1]
    packed = (_pack(row, bits) for row in rows)
    pixels = b"".join(row + bytes(-len(row) % 4) for row in packed)
    compression = 3 if masks else 0
    lines = -height if top_down else height
    head = struct.pack(
        "<IiiHHIIiiII", header, width, lines, 1, bits, compression, len(pixels), resolution, resolution, 0, 0
    )
    if header >= V4:
        head += struct.pack("<4I", *((*masks, 0)[:4] if masks else (0,) * 4))
        head += struct.pack("<I36s3I", space, bytes(36), *[round(gamma * 65536)] * 3)
    if header == V5:
        head += struct.pack("<4I", 4, header + len(palette) + len(pixels), len(profile), 0)
    if header == 40 and masks:
        head += struct.pack("<3I", *masks[:3])
    start = 14 + len(head) + len(palette)
    file = b"BM" + struct.pack("<IHHI", start + len(pixels) + len(profile), 0, 0, start)
    return file + head + palette + pixels + profile


def _pack(row: Pixels, bits: int) -> bytes:
    if bits >= 8:
        return b"".join(int(value).to_bytes(bits // 8, "little") for value in row)
    return np.packbits(np.unpackbits(row.astype(np.uint8)[:, np.newaxis], axis=1)[:, 8 - bits :].reshape(-1)).tobytes()


@pytest.mark.parametrize("top_down", [False, True])
@pytest.mark.parametrize("header", [40, V4, V5])
@pytest.mark.parametrize("bits", [1, 4, 8])
def test_palettes(bits: int, header: int, top_down: bool) -> None:
    random = np.random.default_rng(bits)
    palette = random.integers(0, 256, (1 << bits, 3)).astype(np.uint8)
    indices: Pixels = random.integers(0, 1 << bits, (9, 13)).astype(np.uint8)
    stored = b"".join(bytes([*color[::-1], 0]) for color in palette.tolist())
    read = decode(bmp(indices, bits, header=header, palette=stored, top_down=top_down))
    np.testing.assert_array_equal(read.pixels, palette[indices])
    assert read.notes == ()


@pytest.mark.parametrize(
    ("bits", "masks", "header"),
    [
        (16, (), 40),
        (16, (0x7C00, 0x03E0, 0x001F), 40),
        (16, (0xF800, 0x07E0, 0x001F), 40),
        (24, (), 40),
        (32, (), 40),
        (32, (0xFF0000, 0xFF00, 0xFF), V4),
        (32, (0xFF0000, 0xFF00, 0xFF, 0xFF000000), V4),
        (32, (0xFF0000, 0xFF00, 0xFF, 0xFF000000), V5),
    ],
)
@pytest.mark.parametrize("top_down", [False, True])
def test_colours(top_down: bool, bits: int, masks: tuple[int, ...], header: int) -> None:
    channels = (masks or ((0x7C00, 0x03E0, 0x001F) if bits == 16 else (0xFF0000, 0xFF00, 0xFF)))[:3]
    values: Pixels = np.random.default_rng(bits).integers(0, 1 << bits, (9, 13), dtype=np.uint64).astype(np.uint32)
    read = decode(bmp(values, bits, header=header, masks=masks, top_down=top_down))
    for number, mask in enumerate(channels):
        shift = (mask & -mask).bit_length() - 1
        expected = ((values & mask) >> shift) * 255 / (mask >> shift)
        np.testing.assert_allclose(read.pixels[..., number], expected, atol=1)
    assert (read.alpha is not None) == (len(masks) == 4)
    if read.alpha is not None:
        np.testing.assert_array_equal(read.alpha, values >> 24)
    assert read.notes == ()


def test_run_lengths() -> None:
    image = Image.fromarray(picture(9, 12)).quantize(16)
    indices = np.asarray(image)
    runs = b"".join(bytes([1, index]) for index in indices[::-1].reshape(-1).tolist())
    lines = [runs[start : start + 24] + b"\0\0" for start in range(0, len(runs), 24)]
    data = bytearray(save_image(image, "BMP"))
    start = int.from_bytes(data[10:14], "little")
    struct.pack_into("<II", data, 30, 1, sum(map(len, lines)) + 2)
    made = bytes(data[:start]) + b"".join(lines) + b"\0\1"
    made = made[:2] + struct.pack("<I", len(made)) + made[6:]
    read = decode(made)
    np.testing.assert_array_equal(read.pixels, np.asarray(image.convert("RGB")))
    assert read.notes == ()


@pytest.mark.parametrize(("resolution", "dpi"), [(0, None), (11811, 300), (-5, None)])
def test_resolution(resolution: int, dpi: float | None) -> None:
    read = decode(bmp(np.zeros((2, 2), np.uint8), 24, resolution=resolution))
    assert read.metadata.dpi == (None if dpi is None else pytest.approx((dpi, dpi), abs=0.01))


@pytest.mark.parametrize(
    ("space", "gamma", "notes"),
    [
        (SRGB, 1.0, ()),
        (WINDOWS, 1.0, ()),
        (CALIBRATED, 0.0, ()),
        (CALIBRATED, 2.2, ()),
        (CALIBRATED, 1 / 2.2, ()),
        (CALIBRATED, 1.0, ("dropped: the calibration of the colours, whose gamma is 1",)),
        (LINKED, 0.0, ("dropped: a link to a colour profile",)),
    ],
)
@pytest.mark.parametrize("header", [V4, V5])
def test_what_the_header_says_of_colours(header: int, space: int, gamma: float, notes: tuple[str, ...]) -> None:
    values = np.full((4, 4), 0x808080, np.uint32)
    read = decode(bmp(values, 24, header=header, space=space, gamma=gamma))
    np.testing.assert_array_equal(read.pixels, 128)
    assert read.notes == notes


def test_an_embedded_profile_is_applied() -> None:
    profile = bytes(
        imagecodecs.cms_profile(
            "rgb", whitepoint=(0.3127, 0.329, 1.0), primaries=[0.64, 0.33, 1, 0.3, 0.6, 1, 0.15, 0.06, 1], gamma=1.0
        )
    )
    read = decode(bmp(np.full((4, 4), 0x808080, np.uint32), 24, header=V5, space=EMBEDDED, profile=profile))
    np.testing.assert_allclose(read.pixels, 188, atol=1)
    assert [note.startswith("colour profile") for note in read.notes] == [True]
    plain = decode(bmp(np.full((4, 4), 0x808080, np.uint32), 24, header=V5, space=EMBEDDED, profile=icc.srgb_profile()))
    assert plain.metadata.icc_profile == icc.srgb_profile()
    assert plain.notes == ()


def test_bytes_behind_the_end_are_named() -> None:
    data = bmp(np.zeros((2, 2), np.uint8), 24)
    assert decode(data + b"a film").notes == ("dropped: 6 bytes behind the picture",)
    assert decode(data + bytes(2)).notes == ()  # padding


def test_the_size_is_checked_first() -> None:
    data = bytearray(bmp(np.zeros((2, 2), np.uint8), 24))
    struct.pack_into("<ii", data, 18, 20_000, -20_000)
    with pytest.raises(ImageTooLarge, match=r"\(20000 x 20000\)"):
        decode(bytes(data))


def test_missing_rows_are_refused() -> None:
    with pytest.raises(InvalidImage, match="damaged or truncated"):
        decode(bmp(np.zeros((20, 20), np.uint8), 24)[:-100])
