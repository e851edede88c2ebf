"""Times and films in words."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from colorizer.video import VideoInfo
from dashboard.shared.text import (
    describe_video,
    escape_markdown,
    format_clock,
    format_duration,
    format_number,
    format_size,
)


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("grandma 1932 (2).jpg", "grandma 1932 (2).jpg"),
        ("`code`", r"\`code\`"),
        ("&lt;b&gt;", r"\&lt;b\&gt;"),
        (" a\tb\n\n# c ", r"a b \# c"),
        ("www.example.org", "www\N{WORD JOINER}.example.org"),
        ("see WWW.example.org", "see WWW\N{WORD JOINER}.example.org"),
        ("http://a.b", "http\\:\N{WORD JOINER}//a.b"),
        ("me@a.b", "me@\N{WORD JOINER}a.b"),
        (":material/home:", "\\:\N{WORD JOINER}material/home\\:"),
        ("a -> b, a -- b", "a -\N{WORD JOINER}\\> b, a -\N{WORD JOINER}- b"),
        ("- a", r"\- a"),
        ("12. a", r"12\. a"),
        ("hint 1: at 1:30", r"hint 1\: at 1\:30"),
    ],
)
def test_nothing_in_a_name_is_taken_for_markdown(text: str, escaped: str) -> None:
    """tests/browser/test_names.py looks at what a browser shows."""
    assert escape_markdown(text) == escaped


def test_text_of_our_own_may_have_links_and_code() -> None:
    assert escape_markdown("`run` https://a.b/_c", is_ours=True) == r"`run` https\://a.b/\_c"


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


@pytest.mark.parametrize(("language", "words"), [("en", "1.4 MB"), ("de", "1,4 MB"), ("es", "1,4 MB")])
def test_a_size_is_written_as_in_the_visitors_language(
    language: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboard.shared.text.current_language", lambda: language)
    assert format_size(1_440_000) == words


@pytest.mark.parametrize(("language", "words"), [("en", "1,234.50"), ("de", "1.234,50"), ("es", "1.234,50")])
def test_a_number_is_written_as_in_the_visitors_language(
    language: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboard.shared.text.current_language", lambda: language)
    assert format_number(1234.5, ",.2f") == words


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
        (
            replace(film(audio=()), width=720, height=576, pixel_aspect=Fraction(64, 45)),
            "720 \N{MULTIPLICATION SIGN} 576, shown as 1024 \N{MULTIPLICATION SIGN} 576"
            " · 25 frames a second · H.264 · no sound",
        ),
    ],
)
def test_a_film_in_one_line(info: VideoInfo, words: str) -> None:
    assert describe_video(info) == words
