"""Tables and conversions of colour systems, against ITU-R BT.601, zscale's colours and one another."""

from __future__ import annotations

import numpy as np
import pytest
from av.video.reformatter import ColorPrimaries, ColorTrc

from colorizer.color import lab
from colorizer.edits.look import Look
from colorizer.frames.color_system import BT601, ColorSystem, choose_system, gray_table, luminance_table, rgb_to_yuv
from colorizer.frames.yuv import YuvColorizer, YuvFrame, copy_gray, shrink_luminance, to_gray_pixels

RGB = [[0, 0, 0], [1, 1, 1], [0.5, 0.5, 0.5], [1, 0, 0], [0, 1, 0], [0, 0, 1]]
PQ_2020 = ColorSystem(ColorPrimaries.BT2020, ColorTrc.SMPTE2084, 9)
HLG_2020 = ColorSystem(ColorPrimaries.BT2020, ColorTrc.ARIB_STD_B67, 9)


def deep_frame(
    bits: int, chroma: tuple[int, int], system: ColorSystem = BT601, *, full_range: bool = False, seed: int = 3
) -> YuvFrame:
    """Smooth luma of 64 x 48 pixels from black to white; `chroma`: how many pixels share a chroma sample, each way."""
    top = (1 << bits) - 1
    black, white = (0, top) if full_range else (16 << (bits - 8), 235 << (bits - 8))
    luma = np.linspace(black, white, 64 * 48).reshape(48, 64)
    luma += np.random.default_rng(seed).normal(0, (white - black) / 500, luma.shape)
    dtype = np.uint8 if bits == 8 else np.uint16
    u, v = (np.zeros((48 // chroma[1], 64 // chroma[0]), dtype) for _ in range(2))
    return YuvFrame(np.clip(np.rint(luma), 0, top).astype(dtype), u, v, full_range, bits, system)


def test_the_matrix_of_bt601_has_the_standards_digits() -> None:
    expected = [[0.299, 0.587, 0.114], [-0.168736, -0.331264, 0.5], [0.5, -0.418688, -0.081312]]
    np.testing.assert_array_equal(rgb_to_yuv(6, 8, full_range=True)[:, :3], np.array(expected) * 255)


@pytest.mark.parametrize("matrix", [1, 4, 5, 6, 7, 9])
@pytest.mark.parametrize("bits", [8, 10, 16])
@pytest.mark.parametrize("full_range", [False, True])
def test_matrices_span_the_range(matrix: int, bits: int, full_range: bool) -> None:
    table = rgb_to_yuv(matrix, bits, full_range)
    found = np.array(RGB) @ table[:, :3].T + table[:, 3]
    unit, neutral, top = 1 << (bits - 8), 1 << (bits - 1), (1 << bits) - 1
    luma = (0, top) if full_range else (16 * unit, 235 * unit)
    np.testing.assert_allclose(found[:2, 0], luma, rtol=1e-5)
    np.testing.assert_allclose(found[:3, 1:], neutral, rtol=1e-5)
    reach = top / 2 if full_range else 112 * unit
    np.testing.assert_allclose(found[5, 1] - neutral, reach, rtol=1e-5)
    np.testing.assert_allclose(found[3, 2] - neutral, reach, rtol=1e-5)


@pytest.mark.parametrize("bits", [8, 10, 12, 16])
@pytest.mark.parametrize("full_range", [False, True])
def test_tables_reach_from_black_to_white(bits: int, full_range: bool) -> None:
    gray, luminance = gray_table(BT601, bits, full_range), luminance_table(BT601, bits, full_range)
    black, white = (0, (1 << bits) - 1) if full_range else (16 << (bits - 8), 235 << (bits - 8))
    assert (gray[black], gray[white]) == (0, np.iinfo(gray.dtype).max)
    assert len(gray) == len(luminance) == (256 if bits == 8 else 65536)
    np.testing.assert_allclose(luminance, lab.luminance(gray[np.newaxis])[0])
    assert (np.diff(luminance) >= 0).all()


@pytest.mark.parametrize("bits", [10, 12, 16])
@pytest.mark.parametrize("chroma", [(2, 2), (2, 1), (1, 1)])
@pytest.mark.parametrize("full_range", [False, True])
def test_deep_colours_are_those_of_eight_bits_and_finer(bits: int, chroma: tuple[int, int], full_range: bool) -> None:
    ab = np.random.default_rng(1).normal(0, 20, (7, 9, 2)).astype(np.float32)
    deep, plain = (deep_frame(depth, chroma, full_range=full_range) for depth in (bits, 8))
    luma = deep.y.copy()
    for frame in (deep, plain):
        YuvColorizer().colorize_chroma(frame, ab, Look(warmth=0.2))
    np.testing.assert_array_equal(deep.y, luma)
    scale = ((1 << bits) - 1) / 255 if full_range else 1 << (bits - 8)
    for fine, coarse in ((deep.u, plain.u), (deep.v, plain.v)):
        assert np.abs((fine - float(deep.neutral)) / scale - (coarse - 128.0)).max() < 2.5
        assert np.ptp(coarse) > 10, "expected colours"
    difference = np.abs(shrink_luminance(deep, 16) - shrink_luminance(plain, 16))
    assert difference.max() < 0.6


@pytest.mark.parametrize("system", [ColorSystem(9, 14, 9), ColorSystem(12, 13, 1), PQ_2020, HLG_2020])
def test_grey_is_neutral_in_every_system(system: ColorSystem) -> None:
    frame = deep_frame(10, (2, 1), system)
    YuvColorizer().colorize_chroma(frame, np.zeros((5, 5, 2), np.float32))
    assert np.abs(frame.u.astype(int) - 512).max() <= 1
    assert np.abs(frame.v.astype(int) - 512).max() <= 1
    out = deep_frame(10, (2, 1), system)
    copy_gray(frame, out)
    assert set(np.unique(out.u)) == {512}


@pytest.mark.parametrize("system", [PQ_2020, HLG_2020])
def test_hdr_colours_grow_with_the_light_and_stay_of_one_hue(system: ColorSystem) -> None:
    frame = deep_frame(12, (1, 1), system, full_range=True)
    YuvColorizer().colorize_chroma(frame, np.full((3, 3, 2), (30, -20), np.float32))
    u, v = (plane.astype(float).mean(axis=1)[8:20] - 2048 for plane in (frame.u, frame.v))
    assert (u > 0).all()
    assert (v > 0).all()
    luminance = shrink_luminance(frame, 48).mean(axis=1)
    assert (np.diff(luminance) >= -0.01).all()
    assert luminance[-1] == pytest.approx(100, abs=0.5)
    assert to_gray_pixels(frame).dtype == np.uint16


@pytest.mark.parametrize(
    ("marks", "height", "expected"),
    [
        ((2, 2, 2), 576, ColorSystem(1, 1, 6)),
        ((2, 2, 2), 1080, ColorSystem(1, 1, 1)),
        ((9, 16, 9), 2160, ColorSystem(9, 16, 9)),
        ((5, 6, 5), 576, ColorSystem(5, 6, 5)),
        ((99, 0, 0), 720, ColorSystem(1, 1, 1)),
    ],
)
def test_what_the_marks_do_not_say_is_assumed(marks: tuple[int, int, int], height: int, expected: ColorSystem) -> None:
    assert choose_system(*marks, height) == expected
