"""Random TIFFs: depth x sense x order x compression x alpha x profile x planes x strips or tiles.

The values are known, and tifffile reads the same ones from the file.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import imagecodecs
import numpy as np
import tifffile
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from colorizer.images import decode
from tests.support.tiff_files import LONG, SHORT, UNDEFINED, Page, Value, pack_bits, reverse_bits, write_tiff

_WHITE_IS_ZERO, _BLACK_IS_ZERO, _RGB = 0, 1, 2
_NONE, _LZW, _DEFLATE, _PACKBITS, _ZSTD = 1, 5, 8, 32773, 50000
_INFRARED, _ASSOCIATED, _UNASSOCIATED = 0, 1, 2
_GAMMA = 1.8

_ENCODERS: dict[int, Callable[[bytes], Any]] = {
    _NONE: bytes,
    _LZW: imagecodecs.lzw_encode,
    _DEFLATE: imagecodecs.zlib_encode,
    _PACKBITS: imagecodecs.packbits_encode,
    _ZSTD: imagecodecs.zstd_encode,
}

Values = NDArray[np.uint32]


@dataclass(frozen=True)
class Case:
    """One file to write."""

    size: tuple[int, int]
    bits: int
    photometric: int
    extra: int | None
    order: str
    big: bool
    compression: int
    predicted: bool
    reversed_bits: bool
    planar: bool
    tile: tuple[int, int] | None
    rows: int
    profile: bool

    @property
    def top(self) -> int:
        return (1 << self.bits) - 1

    @property
    def colors(self) -> int:
        return 3 if self.photometric == _RGB else 1


@st.composite
def cases(draw: st.DrawFn) -> Case:
    size = draw(st.integers(1, 40)), draw(st.integers(1, 40))
    bits = draw(st.integers(1, 16))
    photometric = draw(st.sampled_from([_WHITE_IS_ZERO, _BLACK_IS_ZERO, _RGB]))
    extra = draw(st.sampled_from([None, None, _INFRARED, _ASSOCIATED, _UNASSOCIATED]))
    compression = draw(st.sampled_from([*_ENCODERS]))
    return Case(
        size,
        bits,
        photometric,
        extra,
        draw(st.sampled_from("<>")),
        draw(st.booleans()),
        compression,
        draw(st.booleans()) and bits in (8, 16) and compression in (_LZW, _DEFLATE, _ZSTD),
        draw(st.booleans()),
        draw(st.booleans()),
        draw(st.none() | st.sampled_from([(16, 16), (32, 16), (48, 64)])),
        draw(st.integers(1, 45)),
        draw(st.booleans()) and photometric != _RGB,
    )


def make_values(case: Case) -> Values:
    """(H, W, samples): a ramp with noise, and a black and a white corner."""
    height, width = case.size
    random = np.random.default_rng(height * width * case.bits)
    light = np.linspace(0.2, 0.8, height)[:, np.newaxis] * np.linspace(0.5, 1, width) + random.uniform(
        0, 0.2, case.size
    )
    light[0, 0], light[-1, -1] = 0, 1
    gray = np.rint(light * case.top)
    values = [np.roll(gray, 2 * number) for number in range(case.colors)]
    if case.extra is not None:
        share = np.maximum(gray[::-1], case.top // 2 + 1)
        if case.extra == _ASSOCIATED:
            values = [np.rint(value * share / case.top) for value in values]
        values.append(share)
    return np.stack(values, axis=-1).astype(np.uint32)


def write_case(case: Case, values: Values) -> bytes:
    height, width = case.size
    samples = values.shape[2]
    planes = [values[..., index : index + 1] for index in range(samples)] if case.planar and samples > 1 else [values]
    tags: dict[int, tuple[int, Value]] = {
        256: (LONG, [width]),
        257: (LONG, [height]),
        258: (SHORT, [case.bits] * samples),
        259: (SHORT, [case.compression]),
        262: (SHORT, [case.photometric]),
        266: (SHORT, [2 if case.reversed_bits else 1]),
        277: (SHORT, [samples]),
        284: (SHORT, [2 if len(planes) > 1 else 1]),
        317: (SHORT, [2 if case.predicted else 1]),
    }
    if case.extra is not None:
        tags[338] = SHORT, [case.extra]
    if case.profile:
        tags[34675] = UNDEFINED, bytes(imagecodecs.cms_profile("gray", whitepoint=(0.3457, 0.3585, 1.0), gamma=_GAMMA))
    if case.tile is None:
        tags[278] = LONG, [case.rows]
        pieces = [plane[top : top + case.rows] for plane in planes for top in range(0, height, case.rows)]
    else:
        across, down = case.tile
        tags |= {322: (LONG, [across]), 323: (LONG, [down])}
        padding = ((0, -height % down), (0, -width % across), (0, 0))
        pieces = [
            padded[top : top + down, left : left + across]
            for padded in (np.pad(plane, padding) for plane in planes)
            for top in range(0, padded.shape[0], down)
            for left in range(0, padded.shape[1], across)
        ]
    return write_tiff(Page(tags, [encode_block(case, piece) for piece in pieces]), order=case.order, big=case.big)


def encode_block(case: Case, piece: Values) -> bytes:
    if case.predicted:
        piece = piece.copy()
        piece[:, 1:] -= piece[:, :-1].copy()
        piece &= np.uint32(case.top)
    encoded = _ENCODERS[case.compression](pack_bits(piece, case.bits, case.order))
    return reverse_bits(bytes(encoded)) if case.reversed_bits else bytes(encoded)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(cases())
def test_every_tiff_comes_out_as_it_was_written(case: Case) -> None:
    values = make_values(case)
    data = write_case(case, values)
    assert_tifffile_reads_the_same(data, values)

    picture = decode(data)
    top = 255 if case.bits <= 8 else 65535
    light = values[..., : case.colors] / case.top
    tolerance = 1.0
    if case.extra == _ASSOCIATED:
        light = np.minimum(light / (values[..., case.colors :] / case.top), 1)
        tolerance = 2.0  # two rounded numbers, divided by half or more
    light = 1 - light if case.photometric == _WHITE_IS_ZERO else light
    if case.profile:
        light = light**_GAMMA
        light = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
        tolerance *= 2.0 if top == 255 else 30.0  # the curve is steepest in the dark
    expected = np.rint(light * top)
    pixels = picture.pixels.reshape(*case.size, -1).astype(float)
    assert picture.pixels.dtype == (np.uint8 if top == 255 else np.uint16)
    np.testing.assert_allclose(pixels, expected, atol=tolerance)
    assert abs(pixels.mean() - expected.mean()) < tolerance
    corners = np.ix_([0, -1], [0, -1])
    np.testing.assert_allclose(pixels[corners], expected[corners], atol=tolerance)
    if case.extra in (_ASSOCIATED, _UNASSOCIATED):
        assert picture.alpha is not None
        np.testing.assert_allclose(picture.alpha, np.rint(values[..., -1] / case.top * top))
    else:
        assert picture.alpha is None
    assert ("dropped: 1 extra channel, such as infrared" in picture.notes) == (case.extra == _INFRARED)


def assert_tifffile_reads_the_same(data: bytes, values: Values) -> None:
    """The file is what it should be."""
    with tifffile.TiffFile(io.BytesIO(data)) as file:
        read = file.pages.first.asarray(squeeze=False)
    np.testing.assert_array_equal(
        np.moveaxis(read[:, 0], 0, -1)[..., 0, :] if read.shape[0] > 1 else read[0, 0], values
    )


@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    mode=st.sampled_from(["1", "L", "LA", "P", "RGB", "RGBA", "I;16", "CMYK"]),
    compression=st.sampled_from(["raw", "tiff_lzw", "tiff_adobe_deflate", "packbits", "group3", "group4"]),
    width=st.integers(1, 70),
    height=st.integers(1, 70),
)
def test_pillows_files_come_out_as_pillow_reads_them(mode: str, compression: str, width: int, height: int) -> None:
    random = np.random.default_rng(width * height)
    channels = {"LA": 2, "RGB": 3, "RGBA": 4, "CMYK": 4, "P": 3}.get(mode, 1)
    pixels = random.integers(0, 256, (height, width, channels), np.uint8)
    if mode == "I;16":
        image = Image.fromarray(pixels[..., 0].astype(np.uint16) * 257)
    elif mode in ("1", "P"):
        image = Image.fromarray(pixels if channels == 3 else pixels[..., 0]).convert(mode)
    else:
        image = Image.fromarray(pixels.reshape(height, width, channels) if channels > 1 else pixels[..., 0], mode)
    if compression.startswith("group") and mode != "1":
        compression = "raw"
    buffer = io.BytesIO()
    image.save(buffer, "TIFF", compression=compression)
    picture = decode(buffer.getvalue())
    with Image.open(io.BytesIO(buffer.getvalue())) as reread:
        shown = {"1": "L", "P": "RGB"}.get(mode, mode)
        expected = np.asarray(reread if mode in ("I;16", "LA", "CMYK") else reread.convert(shown))
    if mode == "CMYK":
        expected = np.rint((255.0 - expected[..., :3]) * (255.0 - expected[..., 3:]) / 255)
    found = picture.pixels if picture.alpha is None else np.dstack([picture.pixels, picture.alpha])
    np.testing.assert_allclose(found.astype(int), expected.astype(int), atol=1 if mode == "CMYK" else 0)
