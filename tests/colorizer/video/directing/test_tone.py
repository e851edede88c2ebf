"""The levels and the border of a shot: measured over all its frames, the same for each."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pytest

from colorizer import Colorizer, Hint, Restoration, load_colorizer
from colorizer.arrays import Floats, Plane
from colorizer.color import lab
from colorizer.edits.restoration import restore
from colorizer.video import Direction, FilmKey, VideoOptions, colorize_video
from colorizer.video.directing.shots import shots_at
from colorizer.video.directing.tone import NO_TONE, ShotTone, measure_tone
from colorizer.video.types import GrayFrame
from tests.support.films import planes_of_film
from tests.support.shot_films import make_shots

LEVELS, BORDER = Restoration(levels=True), Restoration(crop_border=True)


@dataclass(frozen=True)
class Gray:
    """A frame in grey, 0..255."""

    pixels: Plane

    def luminance(self, side: int) -> Floats:
        return lab.luminance(np.asarray(cv2.resize(self.pixels, (side, side), interpolation=cv2.INTER_AREA), np.uint8))


def pale_frames(count: int = 30) -> list[Gray]:
    """From 80 to 160, another part of it in every frame."""
    ramp = np.linspace(80, 160, 256).astype(np.uint8)
    return [Gray(np.tile(np.roll(ramp, 8 * number), (128, 1))) for number in range(count)]


@pytest.mark.parametrize("bits", [8, 10])
@pytest.mark.parametrize("full_range", [False, True])
def test_levels_are_those_of_a_photograph_with_all_frames(bits: int, full_range: bool) -> None:
    frames = pale_frames()
    tone = measure_tone(frames, LEVELS)
    expected = restore(np.vstack([frame.pixels for frame in frames]), LEVELS)
    black, white = (0, 2**bits - 1) if full_range else (16 << (bits - 8), 235 << (bits - 8))
    for frame, wanted in zip(frames, np.vsplit(expected, len(frames)), strict=True):
        luma = np.rint(frame.pixels / 255 * (white - black) + black).astype(np.uint8 if bits == 8 else np.uint16)
        shown = tone.apply(GrayFrame(luma, 0, 1, bits), full_range=full_range)
        assert shown.luma.dtype == luma.dtype
        gray = (shown.luma.astype(float) - black) / (white - black) * 255
        np.testing.assert_allclose(gray, wanted, atol=8)  # levels are stretched to three times their range


def test_a_shot_without_contrast_and_one_without_frames_stay() -> None:
    assert measure_tone([Gray(np.full((128, 128), 90, np.uint8))] * 5, LEVELS) == NO_TONE
    assert measure_tone([], LEVELS) == NO_TONE
    frame = GrayFrame(np.zeros((4, 4), np.uint8), 0, 1)
    assert NO_TONE.apply(frame, full_range=False) is frame


def test_many_frames_are_measured_with_bounded_memory() -> None:
    few, many = pale_frames(32), pale_frames(32) * 40
    one, other = measure_tone(few, LEVELS), measure_tone(many, LEVELS)
    assert (one.low, one.high) == pytest.approx((other.low, other.high), abs=0.01)


def test_a_border_is_cut_off_and_put_back() -> None:
    frames = []
    for frame in pale_frames():
        bordered = np.full((128, 256), 230, np.uint8)
        bordered[16:112, 32:224] = frame.pixels[16:112, 32:224] - 40
        frames.append(Gray(bordered))
    tone = measure_tone(frames, BORDER)
    rows, columns = tone.part
    assert (rows.start, rows.stop, columns.start, columns.stop) == pytest.approx((16, 112, 16, 112), abs=2)
    side = 64
    square = np.arange(side * side, dtype=np.float32).reshape(side, side)
    inside = tone.crop(square)
    assert inside.shape == pytest.approx((48, 48), abs=2)
    embedded = tone.embed(np.dstack([inside, inside]), side)
    assert embedded.shape == (side, side, 2)
    np.testing.assert_array_equal(tone.crop(np.ascontiguousarray(embedded[..., 0])), inside)
    assert not embedded[:6].any()
    assert ShotTone().crop(square) is square


def test_a_key_frame_within_a_border(tmp_path: Path) -> None:
    """The border stays grey, and the correction lies where it was made."""
    compact: Colorizer = load_colorizer("compact")
    bordered = "[v0]crop=120:90,pad=160:120:20:15:color=white[film]"
    film = make_shots(tmp_path / "film.mp4", names=("pagoda",), rate=5, joined=bordered)
    restoration = Restoration(levels=True, crop_border=True)
    keys = (FilmKey(seconds=0.6, hints=(Hint(0.5, 0.5, "#2040c0"),)),)
    for name, direction in (
        ("plain", Direction(shots=shots_at([]), restoration=restoration)),
        ("keyed", Direction(shots=shots_at([]), restoration=restoration, keys=keys)),
    ):
        colorize_video(film, tmp_path / f"{name}.mp4", compact, VideoOptions(direction=direction))
    plain, keyed = (planes_of_film(tmp_path / f"{name}.mp4", "u").astype(int) for name in ("plain", "keyed"))
    assert abs(keyed[:, :5] - 128).max() <= 3
    for before, after in zip(plain, keyed, strict=True):
        assert after[26:34, 36:44].mean() > before[26:34, 36:44].mean() + 4
