"""The luma of frames in many formats, against FFmpeg's own conversion where it has one."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest

from colorizer.frames.pyav import is_full_range, read_luma
from tests.support.films import run_ffmpeg


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


RAMP = "gradients=size=64x48:duration=0.04:rate=25:c0=black:c1=white:x0=0:y0=24:x1=63:y1=24:speed=0.00001"
FORMATS = [
    *("yuv420p9be", "yuv422p10be", "yuv444p12le", "yuv420p14be", "yuv420p16le", "p010le", "p016be", "p216le"),
    *("gray9le", "gray10be", "gray12le", "gray14be", "gray16be", "ya8", "ya16le", "grayf32le", "ayuv64le"),
    *("gbrp", "gbrp10be", "gbrp16le", "gbrap12le", "rgb48be", "rgba64le", "bgr24", "x2rgb10le", "gbrpf32le"),
    *("yuv410p", "yuvj422p", "nv24", "uyvy422", "yvyu422", "pal8"),
]


@pytest.mark.parametrize("name", FORMATS)
def test_luma_is_that_of_ffmpegs_own_conversion(name: str, tmp_path: Path) -> None:
    """A ramp in each format, stored without loss; FFmpeg converts it to 16 bits, and that is rounded to 8."""
    source = tmp_path / "film.nut"
    run_ffmpeg("-f", "lavfi", "-i", RAMP, "-pix_fmt", name, "-c:v", "rawvideo", "-strict", "-1", source)
    with av.open(str(source)) as container:
        frame = next(container.decode(video=0))
    limits = "full" if is_full_range(frame) else "limited"
    convert = f"scale=out_range={limits}:flags=accurate_rnd+full_chroma_int,format=yuv444p16le,extractplanes=y"
    raw = run_ffmpeg("-i", source, "-frames:v", "1", "-vf", convert, "-f", "rawvideo", "-")
    deepest = np.frombuffer(raw, np.uint16).reshape(48, 64)
    expected = deepest * (255 / 65535 if limits == "full" else 1 / 256)
    difference = read_luma(frame).astype(float) - expected
    assert np.abs(difference).max() <= 1
    assert abs(difference.mean()) < 0.3
    deep = read_luma(frame, bits=10)
    assert deep.dtype == np.uint16
    assert np.abs(deep - deepest * (1023 / 65535 if limits == "full" else 1 / 64)).max() <= 4  # one level of 8 bits


@pytest.mark.parametrize("name", ["yuv420p10le", "yuv422p12be", "gray16le", "yuv444p9be", "p010le"])
@pytest.mark.parametrize("full_range", [False, True])
def test_luma_of_as_many_bits_is_passed_on(name: str, full_range: bool) -> None:
    """Every value that the format has, in its own order of bytes."""
    frame = av.VideoFrame(256, 256, name)
    frame.color_range = 2 if full_range else 1
    bits = frame.format.components[0].bits
    values = (np.arange(1 << 16, dtype=np.uint16) & ((1 << bits) - 1)).reshape(256, 256)
    shift = 6 if name == "p010le" else 0
    order = np.dtype(">u2" if name.endswith("be") else "<u2")
    np.frombuffer(memoryview(frame.planes[0]), order).reshape(256, -1)[:, :256][:] = values << shift
    np.testing.assert_array_equal(read_luma(frame, bits=bits), values)


@pytest.mark.parametrize("full_range", [False, True])
def test_eight_bits_in_ten_can_be_taken_back(full_range: bool) -> None:
    frame = av.VideoFrame(256, 16, "yuv420p")
    frame.color_range = 2 if full_range else 1
    plane = np.frombuffer(memoryview(frame.planes[0]), np.uint8).reshape(16, -1)
    plane[:] = np.arange(256, dtype=np.uint8)
    deep = read_luma(frame, bits=10)
    scale = 1023 / 255 if full_range else 4
    np.testing.assert_array_equal(np.rint(deep[:, :256] / scale).astype(np.uint8), plane[:, :256])
    assert deep.max() == (1023 if full_range else 1020)
