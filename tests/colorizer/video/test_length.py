"""A film's length is what is in the file, not what the file says; one that breaks off is told from a whole one."""

from __future__ import annotations

import struct
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

from colorizer.video import Progress, VideoInfo, VideoOptions, colorize_video, estimate_seconds, probe, survey
from colorizer.video.progress import expected_frames
from tests.support.films import Tinter, ask, make_film, run_ffmpeg, times_of

SIZE = "64x48"
H264 = ("-c:v", "libx264", "-preset", "ultrafast", "-g", "25", "-pix_fmt", "yuv420p")
FASTSTART = ("-movflags", "faststart")
FRAGMENTS = ("-movflags", "frag_keyframe+empty_moov")
AAC, MP3 = ("-c:a", "aac"), ("-c:a", "libmp3lame")
UNKNOWN = 0xFFFFFFFF


def replace_behind(path: Path, name: bytes, skip: int, value: bytes) -> None:
    """Overwrite the bytes that lie `skip` behind each `name` in the file."""
    data = bytearray(path.read_bytes())
    place = data.find(name)
    assert place >= 0
    while place >= 0:
        data[place + len(name) + skip : place + len(name) + skip + len(value)] = value
        place = data.find(name, place + 1)
    path.write_bytes(data)


def unfinished_avi(path: Path, frames: int, size: int) -> None:
    """The header of a capture program that was ended before it could complete the file, which has no index."""
    make_film(path, "-c:v", "mpeg4", *MP3, size=SIZE)
    data = path.read_bytes()
    path.write_bytes(data[: data.rindex(b"idx1")])
    replace_behind(path, b"RIFF", 0, struct.pack("<I", size))
    replace_behind(path, b"avih", 4 + 16, struct.pack("<I", frames))
    replace_behind(path, b"strh", 4 + 32, struct.pack("<I", frames))


def long_avi(path: Path) -> None:
    unfinished_avi(path, 0x40000000, UNKNOWN)


def endless_avi(path: Path) -> None:
    unfinished_avi(path, UNKNOWN, 0)


def empty_avi(path: Path) -> None:
    unfinished_avi(path, 0, 0)


def live_webm(path: Path) -> None:
    """As a browser records: neither the duration nor the sizes of the elements are known."""
    run_ffmpeg(
        *("-f", "lavfi", "-i", f"testsrc2=size={SIZE}:rate=25:duration=2", "-f", "lavfi", "-i", "sine=duration=2"),
        *("-c:v", "libvpx", "-deadline", "realtime", "-c:a", "libopus", "-f", "webm", "-live", "1", path),
    )


def wrong_mkv(path: Path) -> None:
    make_film(path, *H264, *AAC, size=SIZE)
    replace_behind(path, b"\x44\x89\x88", 0, struct.pack(">d", 3_600_000.0))  # Duration, in milliseconds


def wrong_flv(path: Path) -> None:
    make_film(path, *H264, *AAC, size=SIZE)
    replace_behind(path, b"\x00\x08duration\x00", 0, struct.pack(">d", 3600.0))


def wrong_mp4(path: Path) -> None:
    make_film(path, *H264, *AAC, size=SIZE)
    replace_behind(path, b"mvhd", 16, struct.pack(">I", 3_600_000))


def long_sound(path: Path) -> None:
    make_film(path, *H264, *AAC, "-af", "apad=pad_dur=3", size=SIZE)


def long_subtitles(path: Path) -> None:
    text = path.with_suffix(".srt")
    text.write_text("1\n00:00:01,000 --> 00:00:08,000\nThe end\n", encoding="utf-8")
    film = make_film(path.with_name("plain.mp4"), *H264, *AAC, size=SIZE)
    run_ffmpeg("-i", film, "-i", text, "-map", "0", "-map", "1", "-c", "copy", "-c:s", "srt", path)


def zero_mp4(path: Path) -> None:
    """Fragments; the header says a length of 0."""
    make_film(path, *H264, *AAC, *FRAGMENTS, size=SIZE)


@pytest.mark.parametrize(
    ("make", "ending"),
    [
        *((make, "avi") for make in (long_avi, endless_avi, empty_avi)),
        (live_webm, "webm"),
        (wrong_mkv, "mkv"),
        (wrong_flv, "flv"),
        (wrong_mp4, "mp4"),
        (zero_mp4, "mp4"),
        (long_sound, "mp4"),
        (long_sound, "mkv"),
        (long_subtitles, "mkv"),
    ],
)
def test_a_whole_film_is_whole_whatever_its_header_says(
    make: Callable[[Path], None], ending: str, tmp_path: Path
) -> None:
    source, target = tmp_path / f"film.{ending}", tmp_path / "coloured.mp4"
    make(source)
    info = probe(source)
    assert info.duration == pytest.approx(2, abs=0.15)
    assert info.frames == 50
    reports: list[Progress] = []
    result = colorize_video(source, target, Tinter(), progress=reports.append)
    assert result.complete
    assert not [note for note in result.notes if "ends after" in note or "cannot be read" in note]
    assert reports[0].expected_frames == result.frames == len(times_of(target)) == 50


CUT = {
    "mp4": ("mp4", (*H264, *AAC, *FASTSTART)),
    "mp4-fragments": ("mp4", (*H264, *AAC, *FRAGMENTS)),
    "mov": ("mov", (*H264, "-c:a", "pcm_s16le", *FASTSTART)),
    "mkv": ("mkv", (*H264, *AAC)),
    "webm": ("webm", ("-c:v", "libvpx", "-deadline", "realtime", "-c:a", "libopus")),
    "avi": ("avi", ("-c:v", "mpeg4", *MP3)),
    "flv": ("flv", (*H264, *AAC)),
    "wmv": ("wmv", ("-c:v", "wmv2", "-c:a", "wmav2")),
}


@pytest.mark.parametrize(("ending", "options"), CUT.values(), ids=CUT)
def test_a_film_that_breaks_off_is_named(ending: str, options: tuple[str, ...], tmp_path: Path) -> None:
    source, target = tmp_path / f"film.{ending}", tmp_path / "coloured.mp4"
    make_film(source, *options, size=SIZE, seconds=4)
    source.write_bytes(source.read_bytes()[: source.stat().st_size * 6 // 10])
    frames = int(
        ask(source, "stream=nb_read_frames", "-count_frames", "-select_streams", "v")["streams"][0]["nb_read_frames"]
    )
    result = colorize_video(source, target, Tinter())
    assert not result.complete
    assert any("seconds" in note for note in result.notes)
    assert result.frames == pytest.approx(frames, abs=1)
    assert probe(source).duration == pytest.approx(result.duration, abs=0.1)


@pytest.mark.parametrize("missing", [b"idx1", b"\x1c\x53\xbb\x6b"], ids=["avi-index", "mkv-cues"])
def test_a_film_that_only_lacks_its_index_is_whole(missing: bytes, tmp_path: Path) -> None:
    ending, codec = ("avi", "mpeg4") if missing == b"idx1" else ("mkv", "mpeg2video")
    source = make_film(tmp_path / f"film.{ending}", "-c:v", codec, *MP3, size=SIZE)
    data = source.read_bytes()
    source.write_bytes(data[: data.rindex(missing)])
    result = colorize_video(source, tmp_path / "coloured.mp4", Tinter())
    assert (result.complete, result.frames) == (True, 50)


@pytest.fixture
def short_survey(monkeypatch: pytest.MonkeyPatch) -> None:
    """As with a long film: only its beginning is read."""
    monkeypatch.setattr(survey, "_MAX_PACKETS", 90)


@pytest.mark.usefixtures("short_survey")
@pytest.mark.parametrize("ending", ["mp4", "mkv", "avi", "flv", "ts", "mpg"])
def test_the_length_of_a_long_film_is_the_files_word(ending: str, tmp_path: Path) -> None:
    codec = ("-c:v", "mpeg2video", "-c:a", "mp2") if ending in ("mpg", "ts") else (*H264, *MP3)
    source = make_film(tmp_path / f"film.{ending}", *codec, size=SIZE, seconds=6)
    info = probe(source)
    assert info.duration == pytest.approx(6, abs=0.1)
    assert info.frames == pytest.approx(150, abs=3)


@pytest.mark.usefixtures("short_survey")
@pytest.mark.parametrize(
    ("make", "ending"), [(long_avi, "avi"), (endless_avi, "avi"), (live_webm, "webm"), (wrong_mkv, "mkv")]
)
def test_a_length_that_cannot_be_is_unknown(make: Callable[[Path], None], ending: str, tmp_path: Path) -> None:
    source, target = tmp_path / f"film.{ending}", tmp_path / "coloured.mp4"
    make(source)
    info = probe(source)
    assert (info.duration, info.frames) == (None, None)
    reports: list[Progress] = []
    result = colorize_video(source, target, Tinter(), progress=reports.append)
    assert (result.complete, result.frames) == (True, 50)
    assert {(report.expected_frames, report.seconds_left) for report in reports} == {(None, None)}
    assert estimate_seconds(source, Tinter()) is None
    part = colorize_video(source, target, Tinter(), VideoOptions(start=0.5, end=1.5))
    assert part.frames == 25


@pytest.mark.usefixtures("short_survey")
def test_the_length_of_a_long_recording_whose_clock_jumps_is_unknown(tmp_path: Path) -> None:
    parts = [
        make_film(tmp_path / f"{begin}.ts", "-c:v", "mpeg2video", "-output_ts_offset", begin, "-c:a", "mp2", size=SIZE)
        for begin in ("0", "3600")
    ]
    source = tmp_path / "film.ts"
    source.write_bytes(b"".join(part.read_bytes() for part in parts))
    assert probe(source).duration is None
    assert colorize_video(source, tmp_path / "coloured.mp4", Tinter()).frames == 100


@pytest.mark.parametrize(
    ("duration", "frames", "start", "end", "expected"),
    [
        (4.0, 100, 0.0, None, 100),
        (4.0, 100, 1.0, 3.0, 50),
        (4.0, 100, 3.0, None, 25),
        (4.0, 100, 9.0, None, 0),
        (None, None, 0.0, None, None),
        (None, None, 1.0, None, None),
        (None, None, 1.0, 3.0, 50),
        (None, 100, 0.0, None, 100),
    ],
)
def test_the_expected_frames_of_a_part(
    duration: float | None, frames: int | None, start: float, end: float | None, expected: int | None
) -> None:
    info = VideoInfo(64, 48, duration, frames, Fraction(25), "h264", (), 0)
    assert expected_frames(info, VideoOptions(start=start, end=end)) == expected
