"""Shot lists: written and read back, and as other programs write them."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from colorizer import InvalidSetting
from colorizer.video.directing.film import FilmTimes
from colorizer.video.directing.shot_lists import (
    parse_shot_list,
    read_shot_list,
    shot_list_csv,
    shot_list_edl,
    write_shot_list,
)
from colorizer.video.directing.shots import Shots
from colorizer.video.directing.timecode import Timecode

PAL = FilmTimes(Timecode(Fraction(25)), 100.0)
NTSC = FilmTimes(Timecode.of_film(Fraction(30000, 1001)), 4000.0)
CODED = FilmTimes(Timecode.of_film(Fraction(25), "10:00:00:00"), 100.0)
every_film = st.sampled_from([PAL, NTSC, CODED, FilmTimes(Timecode(Fraction(24000, 1001)), None)])


def starts_of(shots: Shots) -> list[float]:
    return [shot.start for shot in shots]


def read(name: str, text: str, film: FilmTimes = PAL) -> list[float]:
    return starts_of(parse_shot_list(name, text.encode(), film))


@given(every_film, st.lists(st.integers(1, 2400), max_size=40, unique=True))
def test_a_list_that_is_written_is_read_back(film: FilmTimes, frames: list[int]) -> None:
    starts = [0.0, *sorted(film.code.seconds(frame) for frame in frames)]
    assert read("a.csv", shot_list_csv(starts, film), film) == pytest.approx(starts, abs=1e-6)
    assert read("a.EDL", shot_list_edl(starts, film, "A\nfilm"), film) == pytest.approx(starts, abs=1e-9)


def test_the_form_of_both(tmp_path: Path) -> None:
    starts = [0.0, 60.06, 100.0]
    write_shot_list(tmp_path / "list.csv", starts, NTSC, "Film")
    write_shot_list(tmp_path / "list.edl", starts, NTSC, "Film")
    assert (tmp_path / "list.csv").read_bytes().decode().splitlines() == [
        "shot,start_seconds,end_seconds,start_timecode,end_timecode",
        "1,0.000000,60.060000,00:00:00;00,00:01:00;02",
        "2,60.060000,100.000000,00:01:00;02,00:01:39;29",
        "3,100.000000,4000.000000,00:01:39;29,01:06:40;00",
    ]
    assert (tmp_path / "list.edl").read_bytes().decode().split("\r\n") == [
        "TITLE: Film",
        "FCM: DROP FRAME",
        "",
        "001  AX       V     C        00:00:00;00 00:01:00;02 00:00:00;00 00:01:00;02",
        "002  AX       V     C        00:01:00;02 00:01:39;29 00:01:00;02 00:01:39;29",
        "003  AX       V     C        00:01:39;29 01:06:40;00 00:01:39;29 01:06:40;00",
        "",
    ]
    assert starts_of(read_shot_list(tmp_path / "list.edl", NTSC)) == pytest.approx(starts, abs=0.02)


def test_an_edl_of_an_editing_program() -> None:
    """From the hour that its time line begins with; a dissolve in its middle; sound and comments say nothing."""
    text = """TITLE: Reel 1
FCM: NON-DROP FRAME

001  AX       V     C        00:00:00:00 00:00:04:00 01:00:00:00 01:00:04:00
* FROM CLIP NAME: A.MOV
002  AX       AA/V  C        00:00:04:00 00:00:04:00 01:00:04:00 01:00:04:00
002  BX       V     D    024 00:00:10:00 00:00:13:00 01:00:04:00 01:00:07:00
003  BX       A     C        00:00:10:00 00:00:13:00 01:00:05:00 01:00:08:00
000004  TAPE_7  B   C        00:00:20:00 00:00:22:00 01:00:07:00 01:00:09:00
"""
    assert read("cut.edl", text) == pytest.approx([0.0, 4.48, 7.0])
    assert read("cut.edl", text.replace("01:00:0", "10:00:0"), CODED) == pytest.approx([0.0, 4.48, 7.0])


@pytest.mark.parametrize(
    "text",
    [
        "Timecode List:,00:00:04.000,00:00:07.500\n"
        "Scene Number,Start Frame,Start Timecode,Start Time (seconds),End Frame\n1,1,00:00:00.000,0.000,100\n"
        "2,101,00:00:04.000,4.000,187\n3,188,00:00:07.500,7.500,200\n",
        "\ufeffshot;start\n1;0\n2;4,0\n3;7,5\n",
        "name\tstart_timecode\nA\t00:00:00:00\nB\t00:00:04:00\nC\t00:00:07:12\n",
        "Marker Name\tDescription\tIn\tOut\nA\t\t00:00:00:00\t00:00:04:00\nB\t\t00:00:04:00\t00:00:07:12\n"
        "C\t\t00:00:07:12\t00:00:07:12\n",
        '"#","Reel","Source In","Record In"\n1,A,00:00:00:00,01:00:00:00\n2,A,02:00:00:00,01:00:04:00\n'
        "3,B,01:00:00:00,01:00:07:12\n",
        "Shot,Start (s),End (s)\r1,0,4\r2,4,7.5\r3,7.5,9\r",
        "start,name\n4,Haus\n\n0:07.5,Ümlaut\n200,behind the end\n",
        "0\n4\n7.5\n",
    ],
)
def test_tables_of_other_programs(text: str) -> None:
    for data in (text.encode(), text.encode("utf-16"), text.encode("windows-1252", "ignore")):
        found = starts_of(parse_shot_list("list.csv", data, PAL))
        assert found == pytest.approx([0.0, 4.0, 7.5], abs=0.021)


def event(number: str, reel: str, begin: str, end: str, kind: str = "C") -> str:
    return f"{number}  {reel} V {kind} 00:00:00:00 00:00:01:00 {begin} {end}\r\n"


@pytest.mark.parametrize("reel", ["AX", "MY REEL 7", "A001_C003_0412XY.mov", "B C", ""])
@pytest.mark.parametrize(("first", "second"), [("1:00:00:00", "1:00:04:00"), ("00:59:58:00", "01:00:02:00")])
def test_reels_and_leaders_of_other_programs(reel: str, first: str, second: str) -> None:
    """A reel of any name, and a list that begins before or behind the full hour."""
    text = event("001", reel, first, second) + event("002", reel, second, "01:00:08:00")
    assert read("a.edl", text) == [0.0, 4.0]


@pytest.mark.parametrize("tag", [None, "01:00:00:00", "01:00:00;00", "03:20:00:00"])
def test_a_list_in_drop_frame_for_a_film_with_any_code(tag: str | None) -> None:
    film = FilmTimes(Timecode.of_film(Fraction(30000, 1001), tag), 4000.0)
    codes = ("01:00:00;00", "01:01:00;02", "01:10:00;00")
    edl = "".join(event(f"{number:03}", "AX", code, "02:00:00;00") for number, code in enumerate(codes, start=1))
    for name, text in (("a.edl", f"FCM: DROP FRAME\n{edl}"), ("a.edl", edl), ("a.csv", "\n".join(("start", *codes)))):
        assert read(name, text, film) == pytest.approx([0.0, 60.06, 599.9994])


def test_a_list_that_begins_before_the_film() -> None:
    assert read("a.csv", "start\n09:59:58:00\n10:00:04:00\n", CODED) == [0.0, 4.0]


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.csv", "start\n500\n600\n", "expected shots in the film of 100 seconds, got a list from 500 seconds on"),
        ("a.csv", f"start\n{'a' * 140_000}", "expected a table of cells"),
        ("a.csv", "", "a table with a column"),
        ("a.csv", "when\nnoon\n", "a table with a column"),
        (
            "a.csv",
            "start\nnoon\n",
            "row 2 of the shot list: expected seconds, H:MM:SS or a time code HH:MM:SS:FF, got 'noon'",
        ),
        (
            "a.csv",
            "start\n-4\n",
            "row 2 of the shot list: expected seconds, H:MM:SS or a time code HH:MM:SS:FF, got '-4'",
        ),
        ("a.csv", "start\nnan\n", "row 2 of the shot list"),
        ("a.csv", "start\n00:00:00:30\n", "time code HH:MM:SS:FF of 25 frames a second"),
        ("a.edl", "TITLE: empty\n", "with events of a picture, got none"),
        ("a.edl", "001 AX V C 00:00:00:00 00:00:00:30 00:00:00:00 00:00:00:30\n", "line 1 of the edit decision list"),
    ],
)
def test_what_is_no_list(name: str, text: str, message: str) -> None:
    with pytest.raises(InvalidSetting, match=message):
        read(name, text)


@given(st.binary(max_size=200), st.sampled_from(["a.csv", "a.edl"]))
def test_bytes_of_any_kind_are_read_or_refused(data: bytes, name: str) -> None:
    try:
        shots = parse_shot_list(name, data, PAL)
    except InvalidSetting:
        return
    assert starts_of(shots)[0] == 0


def test_a_list_of_another_kind(tmp_path: Path) -> None:
    with pytest.raises(InvalidSetting, match=r"a shot list ending in .csv or .edl, got list.txt"):
        read_shot_list(tmp_path / "list.txt", PAL)
