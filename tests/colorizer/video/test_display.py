"""Frames as a player shows them."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from colorizer.video import Progress, colorize_video
from colorizer.video.display import display_size
from colorizer.video.types import VideoInfo
from tests.support.films import Tinter
from tests.support.unusual_films import make_anamorphic


@pytest.mark.parametrize(
    ("width", "height", "aspect", "shown"),
    [
        (640, 480, Fraction(1), (640, 480)),
        (720, 576, Fraction(64, 45), (1024, 576)),  # PAL, wide
        (720, 480, Fraction(8, 9), (720, 540)),  # NTSC: enlarged, so that no detail is lost
        (1440, 1080, Fraction(4, 3), (1920, 1080)),  # HDV
        (576, 720, Fraction(45, 64), (576, 1024)),  # turned
        (1, 1, Fraction(1, 3), (1, 3)),
    ],
)
def test_the_size_in_square_pixels(width: int, height: int, aspect: Fraction, shown: tuple[int, int]) -> None:
    info = VideoInfo(width, height, None, None, Fraction(25), "h264", (), 0, pixel_aspect=aspect)
    assert display_size(info) == shown


def test_the_preview_of_a_dvd_is_16_to_9(tmp_path: Path) -> None:
    reports: list[Progress] = []
    colorize_video(make_anamorphic(tmp_path / "dvd.vob"), tmp_path / "coloured.mp4", Tinter(), progress=reports.append)
    assert reports[-1].preview is not None
    assert reports[-1].preview.shape == (180, 320, 3)
    assert [report.film_seconds for report in reports] == pytest.approx([0.04, 0.08, 0.12, 0.16, 0.2])
