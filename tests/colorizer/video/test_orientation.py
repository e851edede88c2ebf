"""Films that a player turns or mirrors: the result, as FFmpeg shows it, is the source as FFmpeg shows it."""

from __future__ import annotations

import itertools
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageOps
from PIL.ExifTags import Base

from colorizer.arrays import Floats
from colorizer.video import Progress, colorize_video, probe
from colorizer.video.orientation import make_stored, make_upright
from colorizer.video.types import VideoInfo
from tests.support.films import Tinter, make_film, psnr, run_ffmpeg, streams_of

H264 = ("-c:v", "libx264", "-pix_fmt", "yuv420p")
ORIENTATIONS = list(itertools.product([0, 90, 180, 270], [False, True]))
every_orientation = pytest.mark.parametrize(("rotation", "mirrored"), ORIENTATIONS)


def turned(source: Path, target: Path, rotation: int, mirrored: bool) -> Path:
    """The same film with another display matrix: turned counter-clockwise, then mirrored left to right."""
    with av.open(str(source)) as old, av.open(str(target), "w") as new:
        track = old.streams.video[0]
        copy = new.add_stream_from_template(track, opaque=True)
        copy.set_display_rotation(rotation, hflip=mirrored)
        for packet in old.demux(track):
            if packet.size:
                packet.stream = copy
                new.mux(packet)
    return target


def shown(path: Path, plane: str = "y") -> NDArray[Any]:
    """The plane of the first frame as FFmpeg shows it, which obeys the display matrix: (h, w) uint8."""
    size = probe(path)
    width, height = (size.width, size.height) if plane == "y" else (size.width // 2, size.height // 2)
    raw = run_ffmpeg("-i", path, "-frames:v", "1", "-vf", f"extractplanes={plane}", "-f", "rawvideo", "-")
    return np.frombuffer(raw, np.uint8).reshape(height, width)


class UpperHalfGray(Tinter):
    """Colours only the lower half of what it sees, and keeps what it has seen."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[Floats] = []

    def predict_ab(self, luminance: Floats, *, vividness: float = 0.0) -> Floats:
        self.seen.append(luminance)
        colors = super().predict_ab(luminance, vividness=vividness)
        colors[:28] = 0
        return colors


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A film that is shown as it is stored."""
    path = tmp_path_factory.mktemp("films") / "plain.mp4"
    return make_film(path, *H264, size="64x48", rate="5", seconds=1, sound=False)


@every_orientation
def test_the_result_is_shown_as_the_source_is(rotation: int, mirrored: bool, plain: Path, tmp_path: Path) -> None:
    source, target = turned(plain, tmp_path / "film.mp4", rotation, mirrored), tmp_path / "coloured.mp4"
    colorizer, reports = UpperHalfGray(), list[Progress]()
    colorize_video(source, target, colorizer, progress=reports.append)
    before, after = shown(source), shown(target)
    assert after.shape == before.shape
    assert psnr(after, before) > 35
    entries = "width,height:stream_side_data=displaymatrix,rotation"
    assert streams_of(target, "v", entries) == streams_of(source, "v", entries), "expected the same display matrix"
    red_difference = shown(target, "v").astype(int)
    half = len(red_difference) // 2
    assert abs(red_difference[: half - 3].mean() - 128) < 3, "expected the upper half, as it is shown, in grey"
    assert red_difference[half + 3 :].mean() > 133
    seen = colorizer.seen[0]
    for corner in itertools.product([slice(0, 56), slice(168, 224)], repeat=2):
        box = tuple(
            slice(edge.start * side // 224, edge.stop * side // 224)
            for edge, side in zip(corner, before.shape, strict=True)
        )
        assert lightness(before[box]) == pytest.approx(float(seen[corner].mean()), abs=3)
    assert reports[0].preview is not None
    preview = reports[0].preview.mean(axis=2)
    assert preview.shape[0] / preview.shape[1] == pytest.approx(before.shape[0] / before.shape[1])


def lightness(luma: NDArray[Any]) -> float:
    """The mean CIE L of luma 16 .. 235."""
    encoded = np.clip((luma.astype(float) - 16) / 219, 0, 1)
    light = np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)
    return float(np.where(light > 216 / 24389, 116 * np.cbrt(light) - 16, light * 24389 / 27).mean())


@every_orientation
def test_upright_and_stored_are_inverse(rotation: int, mirrored: bool) -> None:
    info = VideoInfo(4, 3, 1.0, 1, Fraction(1), "h264", (), rotation, mirrored)
    picture = np.arange(24).reshape(3, 4, 2)
    np.testing.assert_array_equal(make_stored(make_upright(picture, info), info), picture)


def test_a_rotation_between_the_quarter_turns_is_kept(plain: Path, tmp_path: Path) -> None:
    source, target = turned(plain, tmp_path / "film.mp4", 80, False), tmp_path / "coloured.mp4"
    colorize_video(source, target, Tinter())
    entries = "stream_side_data=displaymatrix,rotation"
    assert streams_of(target, "v", entries) == streams_of(source, "v", entries)
    assert (probe(source).width, probe(source).height) == (48, 64)


def test_pictures_with_the_orientation_of_exif(tmp_path: Path) -> None:
    """Motion JPEG of a camera that writes EXIF into each picture; PyAV does not list that data of a frame."""
    exif = Image.Exif()
    exif[Base.Orientation] = 6
    picture, source, target = tmp_path / "picture.jpg", tmp_path / "film.avi", tmp_path / "coloured.mp4"
    Image.linear_gradient("L").resize((64, 48)).save(picture, exif=exif, quality=95)
    run_ffmpeg("-framerate", "25", "-loop", "1", "-i", picture, "-t", "0.2", "-c", "copy", source)
    assert (probe(source).width, probe(source).height, probe(source).rotation) == (48, 64, 270)
    colorize_video(source, target, Tinter())
    upright = ImageOps.exif_transpose(Image.open(picture))
    assert upright is not None
    luma = (shown(target).astype(float) - 16) * 255 / 219 if not is_full(target) else shown(target)
    assert psnr(luma, np.asarray(upright)) > 30


def is_full(path: Path) -> bool:
    return bool(streams_of(path, "v", "color_range")[0]["color_range"] == "pc")
