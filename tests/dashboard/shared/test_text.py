"""Times and films in words."""

from __future__ import annotations

from fractions import Fraction

import pytest

from colorizer.video import VideoInfo
from dashboard.shared.text import describe_video, format_clock, format_duration


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0:00"), (7.4, "0:07"), (59.6, "1:00"), (754, "12:34"), (3599.9, "1:00:00"), (3723, "1:02:03")],
)
def test_a_place_in_a_film_reads_as_on_a_player(seconds: float, words: str) -> None:
    assert format_clock(seconds) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.0, "1 s"),
        (7.4, "7 s"),
        (59.4, "59 s"),
        (59.7, "1 min"),
        (85, "1 min"),
        (100, "2 min"),
        (3569, "59 min"),
        (3580, "1 h"),
        (3600, "1 h"),
        (4815, "1 h 20 min"),
    ],
)
def test_a_guess_is_no_more_exact_than_it_can_be(seconds: float, words: str) -> None:
    assert format_duration(seconds) == words


def film(*, audio: tuple[str, ...], rate: Fraction = Fraction(25), codec: str = "h264") -> VideoInfo:
    return VideoInfo(width=640, height=480, duration=12.0, frames=300, rate=rate, codec=codec, audio=audio, rotation=0)


@pytest.mark.parametrize(
    ("info", "words"),
    [
        (film(audio=("aac",)), "640 \N{MULTIPLICATION SIGN} 480 · 25 frames a second · H.264 · with sound"),
        (
            film(audio=(), rate=Fraction(30000, 1001), codec="mpeg2video"),
            "640 \N{MULTIPLICATION SIGN} 480 · 29.97 frames a second · MPEG-2 · no sound",
        ),
        (
            film(audio=("aac", "ac3"), rate=Fraction(18), codec="indeo5"),
            "640 \N{MULTIPLICATION SIGN} 480 · 18 frames a second · indeo5 · 2 sound tracks",
        ),
    ],
)
def test_a_film_in_one_line(info: VideoInfo, words: str) -> None:
    assert describe_video(info) == words
