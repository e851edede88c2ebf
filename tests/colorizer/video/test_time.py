"""A film's time: clocks that begin anew, jump or turn over, edit lists, and parts of a film. FFmpeg is the judge."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from av.container import InputContainer

from colorizer.video import VideoOptions, colorize_video, probe, survey
from colorizer.video.reader import VideoReader
from colorizer.video.types import AnyPacket, GrayFrame
from tests.support.films import (
    Tinter,
    ask,
    make_film,
    planes_of_film,
    psnr,
    run_ffmpeg,
    times_of,
)

SIZE = "64x48"
FRAME = Fraction(1, 25)
TICK = 0.001  # seconds; Matroska has no finer times
H264 = ("-c:v", "libx264", "-preset", "ultrafast", "-bf", "2", "-g", "25", "-pix_fmt", "yuv420p")
MPEG2 = ("-c:v", "mpeg2video", "-bf", "2", "-g", "12")
AAC = ("-c:a", "aac")


def later(seconds: float) -> tuple[str, ...]:
    """The options for a clock that begins at `seconds`."""
    return ("-output_ts_offset", str(seconds))


def packet_count(path: Path, track: str) -> int:
    """How many packets the first track of a kind (`v` or `a`) has."""
    streams = ask(path, "stream=nb_read_packets", "-count_packets", "-select_streams", f"{track}:0")["streams"]
    return int(streams[0]["nb_read_packets"])


def irregularity(times: list[Fraction]) -> float:
    """The largest difference of the time between two frames from a twenty-fifth of a second."""
    return float(max(abs(after - before - FRAME) for before, after in pairwise(times)))


def join(target: Path, *parts: Path) -> Path:
    """The files behind each other, as `cat` does it, and as recorders do it with a tape or a disc of several parts."""
    target.write_bytes(b"".join(part.read_bytes() for part in parts))
    return target


JOINED = {
    "vob": ("vob", (*MPEG2, "-c:a", "ac3"), (0, 0, 0)),
    "mpg": ("mpg", ("-c:v", "mpeg1video", "-bf", "2", "-c:a", "mp2"), (0, 0)),
    "ts-anew": ("ts", (*H264, *AAC), (0, 0)),
    "ts-an-hour-later": ("ts", (*MPEG2, "-c:a", "mp2"), (0, 3600)),
    "ts-an-hour-earlier": ("ts", (*H264, *AAC), (3600, 0)),
    "ts-several": ("ts", (*H264, "-c:a", "mp2"), (9000, 0, 9000, 50)),
    "m2ts": ("m2ts", (*H264, "-c:a", "ac3"), (0, 500)),
    "mkv": ("mkv", (*H264, *AAC), (0, 0)),
}


@pytest.mark.parametrize(("ending", "options", "begins"), JOINED.values(), ids=JOINED)
def test_joined_recordings_are_one_film(
    ending: str, options: tuple[str, ...], begins: tuple[float, ...], tmp_path: Path
) -> None:
    parts = [
        make_film(tmp_path / f"{number}.{ending}", *options, *later(begin), size=SIZE, seconds=2)
        for number, begin in enumerate(begins)
    ]
    source, target = join(tmp_path / f"joined.{ending}", *parts), tmp_path / "coloured.mp4"
    result = colorize_video(source, target, Tinter())
    assert result.complete
    assert result.frames == 50 * len(parts)
    times = times_of(target)
    assert irregularity(times) <= TICK
    assert packet_count(target, "a") == sum(packet_count(part, "a") for part in parts)
    format_duration = float(ask(target, "format=duration")["format"]["duration"])
    assert format_duration == pytest.approx(2 * len(parts), abs=0.1)
    info = probe(source)
    assert info.duration == pytest.approx(format_duration, abs=0.1)
    assert info.frames == result.frames
    assert psnr(planes_of_film(target), np.concatenate([planes_of_film(part) for part in parts])) > 35


def test_sound_stays_with_its_picture_behind_a_change_of_clocks(tmp_path: Path) -> None:
    """The first recording has one second more of sound than of pictures."""
    longer = ("-af", "apad=pad_dur=1")
    first = make_film(tmp_path / "1.ts", *H264, *AAC, *longer, size=SIZE, seconds=2)
    second = make_film(tmp_path / "2.ts", *H264, *AAC, *later(100), size=SIZE, seconds=2)
    frames, sound = read(join(tmp_path / "joined.ts", first, second))
    alone_frames, alone_sound = read(second)
    place = packet_count(first, "a")
    assert len(sound) == place + len(alone_sound)
    assert float(sound[place + 9] - frames[50]) == pytest.approx(float(alone_sound[9] - alone_frames[0]), abs=0.001)


@pytest.mark.parametrize("begin", [95_440.0, 95_442.5], ids=["later", "soon"])
def test_a_clock_of_33_bits_turns_over(begin: float, tmp_path: Path) -> None:
    source = make_film(tmp_path / "film.ts", *H264, *AAC, *later(begin), size=SIZE, seconds=4)
    frames, sound = read(source)
    assert {after - before for before, after in pairwise(frames)} == {FRAME}
    assert len(frames) == 100
    assert len(sound) == packet_count(source, "a")
    assert abs(frames[0] - sound[0]) < Fraction(1, 10)


def test_a_pause_in_a_film_stays(tmp_path: Path) -> None:
    """A slide show with a picture every 12 seconds, in a format whose clock does not jump."""
    slides = ("-vf", "select='not(mod(n,12))',setpts=N*12/TB", "-vsync", "vfr")
    source = make_film(tmp_path / "film.mp4", *slides, *H264, size=SIZE, rate="1", seconds=48, sound=False)
    assert read(source)[0] == times_of(source) == [0, 12, 24, 36]


@pytest.mark.parametrize(
    ("codec", "early", "rate", "target"),
    [
        (H264, 0.2, "25", "mp4"),
        (H264, 0.6, "24000/1001", "mkv"),
        (("-c:v", "mpeg2video", "-bf", "0"), 0.6, "25", "mp4"),
    ],
    ids=["a-little", "more", "no-b-frames"],
)
def test_a_matroska_film_whose_times_begin_below_0(
    codec: tuple[str, ...], early: float, rate: str, target: str, tmp_path: Path
) -> None:
    """FFmpeg tells few of its pictures' times below 0. The judge is the same film with times from 0 on."""
    usual = make_film(tmp_path / "usual.mkv", *codec, *AAC, size=SIZE, rate=rate, seconds=2)
    source = tmp_path / "early.mkv"
    run_ffmpeg("-i", usual, "-c", "copy", "-avoid_negative_ts", "disabled", *later(-early), source)
    result = tmp_path / f"coloured.{target}"
    made = colorize_video(source, result, Tinter())
    assert made.complete
    assert gaps(times_of(result)) == pytest.approx(gaps(times_of(usual)), abs=2 * TICK)
    assert lead_of_sound(result) == pytest.approx(lead_of_sound(usual), abs=3 * TICK)
    info = probe(source)
    assert info.duration == pytest.approx(2, abs=0.1)
    part = colorize_video(source, result, Tinter(), VideoOptions(start=1))
    assert gaps(times_of(result)) == pytest.approx(gaps(times_of(usual))[-part.frames + 1 :], abs=2 * TICK)


def test_times_that_are_missing_later_do_not_move_the_beginning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = make_film(tmp_path / "film.mkv", *H264, size=SIZE, seconds=2, sound=False)
    read_all = survey.read_packets

    def read_some(container: InputContainer, tracks: Collection[int]) -> Iterator[AnyPacket]:
        for number, packet in enumerate(read_all(container, tracks)):
            if number in (3, 5):
                packet.pts = packet.dts = None
            yield packet

    whole = probe(source)
    monkeypatch.setattr(survey, "read_packets", read_some)
    assert probe(source) == whole


def gaps(times: list[Fraction]) -> list[float]:
    return [float(after - before) for before, after in pairwise(times)]


def lead_of_sound(path: Path) -> float:
    """By how many seconds the packets of the sound begin before the picture."""
    sound = ask(path, "packet=pts_time", "-select_streams", "a:0")["packets"][0]["pts_time"]
    return float(times_of(path)[0]) - float(sound)


@pytest.mark.parametrize("ending", ["mp4", "mov"])
def test_a_film_that_was_cut_without_encoding_is_complete(ending: str, tmp_path: Path) -> None:
    """An MP4 keeps the frames before the cut that decoding needs, and its edit list says not to show them."""
    whole = make_film(tmp_path / f"whole.{ending}", *H264, "-g", "250", *AAC, size=SIZE, seconds=8)
    source = tmp_path / f"film.{ending}"
    run_ffmpeg("-ss", "3.3", "-i", whole, "-t", "2", "-c", "copy", source)
    frames = times_of(source)
    result = colorize_video(source, tmp_path / "coloured.mp4", Tinter())
    assert (result.complete, result.notes) == (True, ())
    assert result.frames == len(frames) == probe(source).frames
    assert times_of(tmp_path / "coloured.mp4") == pytest.approx(frames, abs=TICK)
    assert read(source, 1, 2)[0] == pytest.approx([time - 1 for time in frames if 1 <= time < 2], abs=TICK)


@dataclass(frozen=True)
class Container:
    ending: str
    options: tuple[str, ...]
    sound: tuple[str, ...] = ()


CONTAINERS = {
    "mp4": Container("mp4", H264, AAC),
    "mp4-fragments": Container("mp4", (*H264, "-movflags", "frag_keyframe+empty_moov"), AAC),
    "mp4-begins-late": Container("mp4", (*H264, *later(5)), AAC),
    "mov-b-frames": Container("mov", ("-c:v", "mpeg4", "-bf", "2"), ("-c:a", "pcm_s16le")),
    "mkv": Container("mkv", (*H264, *later(7)), AAC),
    "mkv-without-cues": Container("mkv", (*MPEG2, "-live", "1"), AAC),
    "webm": Container("webm", ("-c:v", "libvpx", "-deadline", "realtime", "-g", "25"), ("-c:a", "libopus")),
    "avi": Container("avi", ("-c:v", "mpeg4", "-bf", "2", "-g", "25"), ("-c:a", "libmp3lame")),
    "avi-h264": Container("avi", H264, ("-c:a", "libmp3lame")),
    "flv": Container("flv", H264, AAC),
    "ogv": Container("ogv", ("-c:v", "libtheora", "-q:v", "7", "-g", "25"), ("-c:a", "libvorbis")),
    "wmv": Container("wmv", ("-c:v", "wmv2", "-g", "25"), ("-c:a", "wmav2")),
    "mxf": Container("mxf", MPEG2, ("-c:a", "pcm_s16le")),
    "mpg": Container("mpg", MPEG2, ("-c:a", "mp2")),
    "vob": Container("vob", MPEG2, ("-c:a", "ac3")),
    "ts": Container("ts", (*H264, *later(3600)), AAC),
    "ts-long-gop": Container("ts", (*H264, "-g", "90"), AAC),
    "ts-turns-over": Container("ts", (*H264, *later(95_441)), AAC),
    "m2ts": Container("m2ts", H264, ("-c:a", "ac3")),
    "h264": Container("h264", H264),
    "m2v": Container("m2v", MPEG2),
    "gif": Container("gif", ()),
}


@pytest.mark.parametrize("kind", CONTAINERS.values(), ids=CONTAINERS)
def test_a_part_has_exactly_its_frames_in_every_container(kind: Container, tmp_path: Path) -> None:
    film = make_film(
        tmp_path / f"film.{kind.ending}", *kind.options, *kind.sound, size=SIZE, seconds=5, sound=bool(kind.sound)
    )
    frames, sound = read(film)
    count = ask(film, "stream=nb_read_frames", "-count_frames", "-select_streams", "v")["streams"][0]["nb_read_frames"]
    assert len(frames) == int(count)
    assert kind.ending == "ogv" or irregularity(frames) <= TICK  # Theora leaves out frames in which nothing moves
    for start, end in ((3, 4), (Fraction("1.01"), Fraction("2.3")), (Fraction("4.85"), None)):
        until = 99 if end is None else end
        wanted = [time - start for time in frames if start <= time < until]
        part_frames, part_sound = read(film, start, end)
        assert part_frames == pytest.approx(wanted, abs=TICK)
        packets = [time - start for time in sound if start <= time < until]
        assert len(part_sound) == pytest.approx(len(packets), abs=1)
        assert part_sound[:1] == pytest.approx(packets[:1], abs=0.03)  # an AVI's clock of the sound has long ticks


@pytest.mark.parametrize("name", ["mp4", "avi", "ts-long-gop", "vob", "mkv-without-cues"])
def test_a_part_shows_the_right_pictures(name: str, tmp_path: Path) -> None:
    kind = CONTAINERS[name]
    source, target = tmp_path / f"film.{kind.ending}", tmp_path / "coloured.mp4"
    make_film(source, *kind.options, *kind.sound, size=SIZE, seconds=5)
    first = next(number for number, time in enumerate(read(source)[0]) if time >= 3)
    result = colorize_video(source, target, Tinter(), VideoOptions(start=3, end=4))
    assert result.frames == 25
    assert psnr(planes_of_film(target), planes_of_film(source)[first : first + 25]) > 35


def test_a_part_of_a_transport_stream_with_few_key_frames(tmp_path: Path) -> None:
    """A seek by time lands behind the part, because the next key frame is there."""
    source = make_film(tmp_path / "film.ts", *H264, "-g", "250", size=SIZE, seconds=24, sound=False)
    target = tmp_path / "coloured.mp4"
    result = colorize_video(source, target, Tinter(), VideoOptions(start=18, end=20))
    assert result.frames == len(times_of(target)) == 50


def test_a_part_of_an_avi_without_an_index(tmp_path: Path) -> None:
    source = make_film(tmp_path / "film.avi", "-c:v", "mpeg4", "-c:a", "libmp3lame", size=SIZE, seconds=5)
    data = source.read_bytes()
    source.write_bytes(data[: data.rindex(b"idx1")])
    assert len(read(source, Fraction(3), Fraction(4))[0]) == 25


def test_a_part_of_joined_recordings(tmp_path: Path) -> None:
    parts = [
        make_film(tmp_path / f"{begin}.ts", *H264, *AAC, *later(begin), size=SIZE, seconds=3) for begin in (3600, 0)
    ]
    source, target = join(tmp_path / "joined.ts", *parts), tmp_path / "coloured.mp4"
    result = colorize_video(source, target, Tinter(), VideoOptions(start=4, end=5))
    assert result.frames == 25
    first = next(number for number, time in enumerate(read(source)[0]) if time >= 4) - 75
    assert psnr(planes_of_film(target), planes_of_film(parts[1])[first : first + 25]) > 35


def read(
    path: Path, start: Fraction | int = 0, end: Fraction | int | None = None
) -> tuple[list[Fraction], list[Fraction]]:
    """The times of the frames and of the sound packets, in seconds from `start`."""
    frames, sound = [], []
    with VideoReader(path) as reader:
        for item in reader.read(float(start), None if end is None else float(end)):
            if isinstance(item, GrayFrame):
                frames.append(item.pts * reader.time_base)
            else:
                sound.append((item.pts or 0) * Fraction(item.time_base))
    return frames, sound


@pytest.mark.parametrize("name", ["mp4", "mkv", "ts", "flv", "mpg", "webm"])
def test_times_begin_with_the_file_as_ffprobe_says(name: str, tmp_path: Path) -> None:
    kind = CONTAINERS[name]
    source = make_film(tmp_path / f"film.{kind.ending}", *kind.options, *kind.sound, size=SIZE, seconds=1)
    judged = times_of(source, from_begin=True)
    assert read(source)[0][: len(judged)] == pytest.approx(judged, abs=TICK)
