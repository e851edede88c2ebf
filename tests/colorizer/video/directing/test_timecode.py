"""Time code: the numbers of SMPTE ST 12-1, and the same frame back for every rate."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from colorizer.video.directing.timecode import Timecode, drops_frames, is_timecode, read_seconds

NTSC, NTSC_DOUBLE, FILM = Fraction(30000, 1001), Fraction(60000, 1001), Fraction(24000, 1001)


@pytest.mark.parametrize(
    ("rate", "frame", "code"),
    [
        (NTSC, 0, "00:00:00;00"),
        (NTSC, 1799, "00:00:59;29"),
        (NTSC, 1800, "00:01:00;02"),  # 00 and 01 are left out
        (NTSC, 17982, "00:10:00;00"),  # but not in every tenth minute
        (NTSC, 107892, "01:00:00;00"),
        (NTSC_DOUBLE, 3600, "00:01:00;04"),
        (Fraction(2997, 100), 1800, "00:01:00;02"),
        (FILM, 1440, "00:01:00:00"),
        (Fraction(25), 25 * 3600 + 24, "01:00:00:24"),
        (Fraction(18), 35, "00:00:01:17"),
    ],
)
def test_known_codes(rate: Fraction, frame: int, code: str) -> None:
    timecode = Timecode.of_film(rate)
    assert timecode.write(frame) == code
    assert timecode.count(code) == frame


@given(
    st.sampled_from([NTSC, NTSC_DOUBLE, FILM, Fraction(25), Fraction(24), Fraction(50), Fraction(16), Fraction(12.5)]),
    st.integers(0, 3_000_000),
)
def test_every_frame_has_a_code_of_its_own_and_its_time_leads_back(rate: Fraction, frame: int) -> None:
    timecode = Timecode.of_film(rate)
    assert timecode.count(timecode.write(frame)) == frame
    assert timecode.write(frame) != timecode.write(frame + 1)
    assert timecode.frame_at(timecode.seconds(frame)) == frame


@given(st.integers(0, 2_000_000))
def test_drop_frame_keeps_with_the_clock(frame: int) -> None:
    hours, minutes, rest = Timecode.of_film(NTSC).write(frame).split(":")
    seconds, frames = rest.split(";")
    shown = 3600 * int(hours) + 60 * int(minutes) + int(seconds) + int(frames) / 30
    assert shown == pytest.approx(float(frame / NTSC), abs=0.15)  # two frames, and 3.6 ms an hour


def test_the_code_in_a_file_says_where_the_film_begins_and_whether_frames_are_dropped() -> None:
    assert Timecode.of_film(Fraction(25), "10:00:00:00").write(25) == "10:00:01:00"
    assert Timecode.of_film(NTSC, "01:00:00:00").write(1800) == "01:01:00:00"
    assert Timecode.of_film(NTSC, "01:00:00;00").write(1800) == "01:01:00;02"
    for tag in ("noon", "", "00:00:00:29"):  # the last one does not exist at 25 frames a second
        assert Timecode.of_film(Fraction(25), tag).write(0) == "00:00:00:00"


@pytest.mark.parametrize("text", ["00:00:00:25", "1:2:3:4", "00:61:00:00", "90", ""])
def test_what_is_no_code(text: str) -> None:
    with pytest.raises(ValueError, match="expected a time code HH:MM:SS:FF of 25 frames a second"):
        Timecode(Fraction(25)).count(text)


@pytest.mark.parametrize(
    ("tag", "duration", "text", "seconds"),
    [
        (None, 10_800.0, "00:00:10:05", 10.2),
        (None, 10_800.0, "01:30:00:00", 5400.0),
        (None, 60.0, "01:00:10:05", 10.2),  # in an editing program, time lines begin with a full hour
        (None, 60.0, "00:05:00:00", 300.0),
        (None, None, "01:00:10:05", 3610.2),
        ("10:00:00:00", 60.0, "10:00:10:05", 10.2),
        ("10:00:00:00", 60.0, "10:01:00:00", 60.0),
        ("10:00:00:00", 60.0, "00:00:10:05", 10.2),
        ("10:00:00:00", 60.0, "10:02:00:00", 120.0),
    ],
)
def test_the_moment_of_a_code(tag: str | None, duration: float | None, text: str, seconds: float) -> None:
    assert Timecode.of_film(Fraction(25), tag).moment(text, duration) == pytest.approx(seconds)


def test_the_moment_of_a_code_with_dropped_frames() -> None:
    assert Timecode(NTSC).moment("00:01:00;02", 4000.0) == pytest.approx(60.06)
    assert Timecode.of_film(NTSC).moment("00:01:00:02", 4000.0) == pytest.approx(60.06)


@given(st.integers(0, 86_399), st.integers(0, 999))
def test_seconds_are_read_in_every_form(whole: int, thousandths: int) -> None:
    minutes, rest = divmod(whole, 60)
    hours, few = divmod(minutes, 60)
    fraction = f".{thousandths:03}"
    for text in (f"{whole}{fraction}", f"{minutes}:{rest:02}{fraction}", f"{hours}:{few:02}:{rest:02}{fraction}"):
        assert read_seconds(text) == pytest.approx(whole + thousandths / 1000)


@pytest.mark.parametrize("text", ["", "noon", "-1", "nan", "1:-2", "1::2", "inf", "0:0:0:1"])
def test_what_is_no_time(text: str) -> None:
    with pytest.raises(ValueError, match=f"expected seconds, H:MM:SS or a time code HH:MM:SS:FF, got '{text}'"):
        read_seconds(text)


def test_fractions_of_a_second_are_no_frames() -> None:
    assert is_timecode("00:00:01:12")
    assert is_timecode("00:00:01;12")
    assert not is_timecode("00:00:01.533")
    assert not is_timecode("12.5")
    assert not drops_frames(Fraction(30))
