"""The luma of frames in many formats, against FFmpeg's own conversion where it has one."""

from __future__ import annotations

import av
import numpy as np
import pytest

from colorizer.frames.pyav import is_full_range, read_luma


def ramp(width: int = 64, height: int = 48) -> np.ndarray:
    return np.linspace(16, 235, width * height).reshape(height, width).round().astype(np.uint8)


def frame_of(name: str) -> av.VideoFrame:
    """The ramp as luma, grey, in a pixel format."""
    luma = ramp()
    planes = np.vstack([luma, np.full((luma.shape[0] // 2, luma.shape[1]), 128, np.uint8)])
    return av.VideoFrame.from_ndarray(planes, format="yuv420p").reformat(format=name)


@pytest.mark.parametrize("name", ["yuv420p", "yuv422p", "yuv444p", "yuv411p", "nv12", "yuyv422", "yuva420p"])
def test_eight_bits_are_passed_on(name: str) -> None:
    np.testing.assert_array_equal(read_luma(frame_of(name)), ramp())


@pytest.mark.parametrize("name", ["yuv420p10le", "yuv422p12le", "p010le"])
def test_more_bits_are_rounded_to_eight(name: str) -> None:
    np.testing.assert_allclose(read_luma(frame_of(name)).astype(int), ramp().astype(int), atol=1)


@pytest.mark.parametrize("name", ["rgb24", "bgr0", "rgb48le"])
def test_colours_without_luma_are_converted(name: str) -> None:
    off = np.abs(read_luma(frame_of(name)).astype(int) - ramp().astype(int))
    assert off.mean() < 1.5
    assert not is_full_range(frame_of(name))


def test_rounding_is_to_the_nearest() -> None:
    frame = av.VideoFrame(16, 16, "yuv420p10le")
    values = np.frombuffer(memoryview(frame.planes[0]), np.uint16)
    for deep, expected in ((400, 100), (402, 100), (403, 101), (1023, 255)):
        values[:] = deep
        assert (read_luma(frame) == expected).all()


@pytest.mark.parametrize(
    ("name", "marked", "expected"),
    [("yuv420p", 0, False), ("yuv420p", 2, True), ("yuvj420p", 0, True), ("gray", 0, True), ("gray", 1, False)],
)
def test_the_range(name: str, marked: int, expected: bool) -> None:
    frame = av.VideoFrame(16, 16, name)
    frame.color_range = marked
    assert is_full_range(frame) == expected
