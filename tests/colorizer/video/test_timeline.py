"""The line of time, without files: packets of a picture (25 frames a second) and of sound (40 packets a second)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from colorizer.video.timeline import Timeline

PICTURE, SOUND, SUBTITLES = range(3)
TICK = Fraction(1, 90_000)
SECOND = 90_000  # ticks
FRAME, PACKET = SECOND // 25, SECOND // 40
WRAP = 1 << 33  # ticks; the clock of MPEG


@dataclass
class Stamp:
    """A packet of a film. `number`: its place in the order of its track."""

    stream_index: int
    number: int
    dts: int | None
    pts: int | None
    duration: int | None
    time_base: Fraction = TICK
    is_discard: bool = False


def part(begin: int, *, frames: int = 100, sound: int = 160, lag: int = 0, delay: int = 0) -> list[Stamp]:
    """A recording whose clock begins at `begin` ticks. `lag`: ticks by which the sound comes later in the file.

    `delay`: frames by which a frame is shown later than it is decoded.
    """
    picture = [
        Stamp(PICTURE, number, begin + number * FRAME, begin + (number + delay) * FRAME, FRAME)
        for number in range(frames)
    ]
    tones = [Stamp(SOUND, number, begin + number * PACKET, begin + number * PACKET, PACKET) for number in range(sound)]
    place = {PICTURE: 0, SOUND: lag}
    return sorted(picture + tones, key=lambda stamp: (stamp.dts or 0) + place[stamp.stream_index])


def on_line(packets: Iterable[Stamp], *, may_jump: bool = True) -> tuple[list[Stamp], Timeline[Stamp]]:
    line = Timeline[Stamp](PICTURE, {SOUND}, may_jump, Fraction(1, 25))
    return list(line.move(replace(packet) for packet in packets)), line


def times(packets: Iterable[Stamp], track: int) -> list[int]:
    return [packet.pts for packet in packets if packet.stream_index == track and packet.pts is not None]


def steps(packets: Iterable[Stamp], track: int) -> set[int]:
    return {after - before for before, after in pairwise(times(packets, track))}


@pytest.mark.parametrize("begin", [0, -SECOND, 3600 * SECOND, WRAP - SECOND])
@pytest.mark.parametrize("lag", [0, 2 * SECOND])
def test_one_clock_stays_what_it_is(begin: int, lag: int) -> None:
    packets = part(begin, lag=lag, delay=2)
    moved, line = on_line(packets)
    assert moved == packets
    assert line.clocks == 1


@pytest.mark.parametrize("lag", [0, SECOND // 2, -SECOND // 2])
@pytest.mark.parametrize(
    "begins",
    [(SECOND, SECOND), (SECOND, 3600 * SECOND), (3600 * SECOND, SECOND), (0, 0, 0), (5 * SECOND, 0, 90 * SECOND, 0)],
    ids=["anew", "ahead", "back", "three", "four"],
)
def test_recordings_behind_each_other_become_one(begins: tuple[int, ...], lag: int) -> None:
    moved, line = on_line([packet for begin in begins for packet in part(begin, lag=lag, delay=1)])
    assert line.clocks == len(begins)
    assert len(moved) == 260 * len(begins)
    assert steps(moved, PICTURE) == {FRAME}
    assert steps(moved, SOUND) == {PACKET}
    assert line.end_of(PICTURE) == Fraction(begins[0], SECOND) + 4 * len(begins) + Fraction(1, 25)


@given(
    st.lists(st.integers(-100 * SECOND, WRAP), min_size=2, max_size=4),
    st.integers(-SECOND, SECOND),
    st.integers(0, 3),
    st.integers(-4, 4),
)
@settings(max_examples=20, deadline=None)
def test_frames_keep_their_distance_and_sound_its_place(begins: list[int], lag: int, delay: int, more: int) -> None:
    """Whatever the clocks; with sound that is up to a tenth of a second longer or shorter than the picture."""
    far = [0, *(1000 * SECOND + begin if abs(begin) < 200 * SECOND else begin for begin in begins)]
    far = [
        begin
        for number, begin in enumerate(far)
        if number == 0 or abs(begin - far[number - 1] - 4 * SECOND) > 20 * SECOND
    ]
    moved, _ = on_line([packet for begin in far for packet in part(begin, sound=160 + more, lag=lag, delay=delay)])
    assert steps(moved, PICTURE) == {FRAME}
    sound = [packet for packet in moved if packet.stream_index == SOUND]
    assert all(
        before.dts < after.dts for before, after in pairwise(sound) if before.dts is not None and after.dts is not None
    )
    for number in range(len(far)):
        middle = sound[number * (160 + more) + 80]
        assert middle.pts == number * 4 * SECOND + 80 * PACKET


def test_a_clock_of_33_bits_turns_over() -> None:
    packets = part(WRAP - 2 * SECOND, lag=SECOND // 3)
    turned = [replace(packet, pts=(packet.pts or 0) % WRAP, dts=(packet.dts or 0) % WRAP) for packet in packets]
    moved, line = on_line(turned)
    assert line.clocks == 2
    assert sorted(times(moved, PICTURE)) == times(packets, PICTURE)
    assert sorted(times(moved, SOUND)) == times(packets, SOUND)


def test_a_pause_is_kept_where_the_format_has_one_clock() -> None:
    packets = part(0) + part(3600 * SECOND)
    moved, line = on_line(packets, may_jump=False)
    assert moved == packets
    assert line.clocks == 1


def test_a_clock_that_goes_back_is_mended_in_every_format() -> None:
    moved, line = on_line(part(0) + part(0), may_jump=False)
    assert line.clocks == 2
    assert steps(moved, PICTURE) == {FRAME}
    assert steps(moved, SOUND) == {PACKET}


def test_a_picture_that_rests_while_the_sound_goes_on_is_no_jump() -> None:
    """A slide show: a picture every 20 seconds."""
    packets = part(0, frames=1, sound=40 * 60)
    slides = [Stamp(PICTURE, number, at * SECOND, at * SECOND, FRAME) for number, at in ((1, 20), (2, 40))]
    packets = sorted(packets + slides, key=lambda packet: packet.dts or 0)
    moved, line = on_line(packets)
    assert moved == packets
    assert line.clocks == 1


def test_a_slide_every_ten_seconds_without_sound_is_no_jump() -> None:
    packets = [Stamp(PICTURE, number, number * 10 * SECOND, number * 10 * SECOND, FRAME) for number in range(6)]
    assert on_line(packets)[0] == packets


def test_sound_that_is_longer_than_the_picture_is_not_covered_by_the_next_recording() -> None:
    moved, _ = on_line(part(0, sound=200) + part(0))
    assert steps(moved, SOUND) == {PACKET}
    assert max(steps(moved, PICTURE)) == SECOND + FRAME  # the sound had one second more


def test_sound_whose_own_times_do_not_show_the_change_follows_the_picture() -> None:
    """The clock goes back by half a second, and the sound of the first recording ends half a second early."""
    moved, _ = on_line(part(0, sound=140) + part(int(3.5 * SECOND), frames=300, sound=480))
    last = {track: times(moved, track)[-1] for track in (PICTURE, SOUND)}
    assert last == {PICTURE: 399 * FRAME, SOUND: 16 * SECOND - PACKET}


@pytest.mark.parametrize("back", [SECOND // 5, 2 * SECOND])
def test_sound_that_alone_steps_back_stays_with_the_picture(back: int) -> None:
    packets = part(0, frames=400, sound=640)
    stepped = [
        replace(packet, pts=(packet.pts or 0) + back, dts=(packet.dts or 0) + back)
        if packet.stream_index == SOUND and packet.number < 160
        else packet
        for packet in packets
    ]
    moved, _ = on_line(stepped)
    assert times(moved, PICTURE) == times(packets, PICTURE)
    assert times(moved, SOUND)[-300:] == times(packets, SOUND)[-300:]


def test_small_steps_back_of_the_sound_are_spread() -> None:
    packets = [Stamp(SOUND, 0, 0, 0, PACKET), Stamp(SOUND, 1, 0, 0, PACKET), Stamp(SOUND, 2, -100, -100, PACKET)]
    moved, line = on_line(packets)
    assert times(moved, SOUND) == [0, 90, 180]
    assert line.clocks == 1


def test_missing_times() -> None:
    """Sound gets times. For the picture that is the decoder's work, but the next recording begins at its end."""
    first, second = part(0, delay=1), part(0, delay=1)
    without = [
        replace(packet, pts=None) if packet.stream_index == PICTURE and packet.number > 97 else packet
        for packet in first
    ]
    without = [
        replace(packet, pts=None, dts=None) if packet.stream_index == SOUND and packet.number % 3 == 1 else packet
        for packet in without
    ]
    moved, _ = on_line(without + second)
    assert times(moved, SOUND) == [number * PACKET for number in range(320)]
    assert times(moved, PICTURE)[-100:] == [(101 + number) * FRAME for number in range(100)]


def test_frames_outside_the_edit_list_do_not_make_the_film_longer() -> None:
    packets = part(0, sound=0)
    hidden = [replace(packet, is_discard=packet.number >= 50) for packet in packets]
    assert on_line(hidden, may_jump=False)[1].end_of(PICTURE) == 2


def test_subtitles_follow_the_clock_at_their_place() -> None:
    def text(at: int) -> Stamp:
        return Stamp(SUBTITLES, 0, at, at, SECOND)

    moved, line = on_line([*part(0), text(3 * SECOND), *part(3600 * SECOND), text(3602 * SECOND)])
    assert times(moved, SUBTITLES) == [3 * SECOND, 6 * SECOND]
    assert line.clocks == 2
