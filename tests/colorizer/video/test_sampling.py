"""Frames spread over a film, compared with all frames as FFmpeg's own program decodes them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from colorizer import InvalidVideo
from colorizer.resize import resize
from colorizer.video import sampling, survey
from colorizer.video.sampling import SampleFrame, frames_at, sample_frames
from tests.support.films import make_film, run_ffmpeg
from tests.support.unusual_films import make_anamorphic, make_long_recording

SIZE, RATE, SECONDS = (64, 48), 25, 8
GROUP = 10  # frames from one key frame to the next
X264 = ("-c:v", "libx264", "-pix_fmt", "yuv420p", "-sc_threshold", "0", "-g", str(GROUP))
MPEG2 = ("-c:v", "mpeg2video", "-g", str(GROUP), "-q:v", "2")


def make(path: Path, *options: str) -> Path:
    size = f"{SIZE[0]}x{SIZE[1]}"
    return make_film(path, *options, size=size, rate=str(RATE), seconds=SECONDS, sound=path.suffix != ".webm")


def decode_all(path: Path) -> NDArray[np.int16]:
    raw = run_ffmpeg("-i", path, "-f", "rawvideo", "-pix_fmt", "gray", "-fps_mode", "passthrough", "-")
    return np.frombuffer(raw, np.uint8).reshape(-1, SIZE[1], SIZE[0]).astype(np.int16)


def number_of(sample: SampleFrame, frames: NDArray[np.int16]) -> int:
    """Which of the frames it is."""
    pixels = resize(sample.pixels, *SIZE).astype(np.int16)
    return int(np.abs(frames - pixels).mean(axis=(1, 2)).argmin())


def test_a_short_film_is_sampled_evenly(tmp_path: Path) -> None:
    path = make(tmp_path / "short.mp4", *X264)
    samples, frames = sample_frames(path, 8, longest=64), decode_all(path)
    assert [number_of(sample, frames) for sample in samples] == [12, 37, 62, 87, 112, 137, 162, 187]
    assert [sample.seconds for sample in samples] == pytest.approx([number / RATE for number in range(12, 200, 25)])


def test_the_frames_at_given_times(tmp_path: Path) -> None:
    path = make(tmp_path / "short.mp4", *X264)
    times, frames = [0.0, 1.99, 2.0, 2.01, 7.0, 60.0], decode_all(path)
    samples = list(frames_at(path, times, longest=64))
    assert [number_of(sample, frames) for sample in samples[:-1]] == [0, 49, 50, 175]  # the last two are alike
    assert [sample.seconds for sample in samples] == pytest.approx([0, 1.96, 2, 7, 7.96])


@pytest.mark.parametrize(
    ("name", "options"),
    [("indexed.mp4", X264), ("indexed.mkv", X264), ("clocks.mpg", MPEG2), ("clocks.ts", X264), ("old.avi", MPEG2)],
)
def test_of_a_long_film_the_key_frames_before_are_taken(
    name: str, options: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sampling, "_DECODED_PIXELS", 0)
    path = make(tmp_path / name, *options)
    samples, frames = sample_frames(path, 8, longest=64), decode_all(path)
    numbers = [number_of(sample, frames) for sample in samples]
    wanted = [(number + 0.5) * len(frames) / 8 for number in range(8)]
    assert len(numbers) == 8
    assert all(number % GROUP == 0 for number in numbers)
    assert all(0 <= ideal - number <= GROUP for ideal, number in zip(wanted, numbers, strict=True))
    begin = samples[0].seconds - numbers[0] / RATE  # of MPEG's clocks, whose first frame is not at 0
    assert [sample.seconds - begin for sample in samples] == pytest.approx([each / RATE for each in numbers], abs=0.01)
    assert abs(begin) < 0.1


def test_each_key_frame_is_there_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sampling, "_DECODED_PIXELS", 0)
    path = make(tmp_path / "few.mp4", "-c:v", "libx264", "-pix_fmt", "yuv420p", "-sc_threshold", "0", "-g", "120")
    assert [sample.seconds for sample in sample_frames(path, 8, longest=64)] == pytest.approx([0.0, 4.8])


def test_a_truncated_film_gives_what_there_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sampling, "_DECODED_PIXELS", 0)
    monkeypatch.setattr(survey, "_MAX_PACKETS", 10)  # a longer film, in little time: its length is what the file says
    whole = make(tmp_path / "whole.mp4", *X264, "-movflags", "faststart").read_bytes()
    path = tmp_path / "cut.mp4"
    path.write_bytes(whole[: len(whole) // 2])
    samples = sample_frames(path, 8, longest=64)
    assert 2 <= len(samples) < 8
    assert all(sample.seconds < SECONDS / 2 + 1 for sample in samples)


def test_they_are_as_a_player_shows_them(tmp_path: Path) -> None:
    samples = sample_frames(make_anamorphic(tmp_path / "dvd.vob", seconds=1), 4, longest=160)
    assert {sample.pixels.shape for sample in samples} == {(90, 160)}


def test_a_film_of_unknown_length_has_none(tmp_path: Path) -> None:
    assert sample_frames(make_long_recording(tmp_path / "live.webm"), 8, longest=64) == ()


def test_what_is_no_film_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "letter.mp4"
    path.write_bytes(b"Dear grandma")
    with pytest.raises(InvalidVideo):
        sample_frames(path, 8, longest=64)
