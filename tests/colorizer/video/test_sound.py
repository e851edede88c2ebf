"""Sound tracks of all sorts: what MP4 takes is copied, the rest is AAC, and one odd track never costs the film."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from colorizer.video import VideoResult, colorize_video
from tests.support.films import Tinter, make_film, run_ffmpeg, sound_hashes, streams_of, times_of
from tests.support.find_tools import find_tool

PICTURE = ("-f", "lavfi", "-i", "testsrc2=size=64x48:rate=25:duration=1")
MPEG4 = ("-c:v", "mpeg4", "-g", "5")


def tone(frequency: int, *, rate: int = 48000, channels: int = 1, seconds: float = 1) -> tuple[str, ...]:
    """An input of FFmpeg: a sine of half the greatest loudness in each channel."""
    waves = "|".join([f"0.5*sin(2*PI*{frequency}*t)"] * channels)
    return ("-f", "lavfi", "-i", f"aevalsrc={waves}:s={rate}:d={seconds}")


def film(path: Path, *options: str, sounds: tuple[tuple[str, ...], ...] = (tone(440),)) -> Path:
    """A second of moving picture with sound tracks; `options` say how all is encoded."""
    maps = [word for number in range(len(sounds) + 1) for word in ("-map", str(number))]
    run_ffmpeg(*PICTURE, *(word for sound in sounds for word in sound), *maps, *MPEG4, *options, path)
    return path


def colorize_clip(source: Path) -> tuple[Path, VideoResult]:
    target = source.with_name("coloured.mp4")
    return target, colorize_video(source, target, Tinter())


def samples(path: Path, track: int = 0, rate: int = 8000) -> NDArray[np.float32]:
    """The sound as FFmpeg plays it, one channel, from the film's beginning on."""
    raw = run_ffmpeg(
        *("-i", path, "-map", f"0:a:{track}", "-af", "aresample=async=1:first_pts=0", "-ac", "1", "-ar", str(rate)),
        *("-f", "f32le", "-"),
    )
    return np.frombuffer(raw, np.float32)


def pitch(sound: NDArray[np.float32], rate: int = 8000) -> float:
    """The strongest frequency in Hz."""
    return float(np.argmax(np.abs(np.fft.rfft(sound * np.hanning(len(sound))))) * rate / len(sound))


def assert_frames(path: Path, count: int = 25) -> None:
    assert streams_of(path, "v", "nb_frames")[0]["nb_frames"] == str(count)


@pytest.mark.parametrize(
    ("ending", "codec", "rate"),
    [
        ("avi", ("libmp3lame",), 11025),
        ("mkv", ("libmp3lame",), 8000),
        ("avi", ("adpcm_ima_wav",), 11025),
        ("avi", ("pcm_u8",), 8000),
        ("mkv", ("pcm_s24le",), 96000),
        ("mov", ("pcm_s16be",), 192000),
        ("flv", ("libmp3lame",), 22050),
        ("avi", ("wmav2",), 44100),
        ("mkv", ("truehd", "-strict", "-2"), 48000),
        ("ogv", ("libvorbis",), 32000),
    ],
)
def test_what_mp4_refuses_becomes_aac(ending: str, codec: tuple[str, ...], rate: int, tmp_path: Path) -> None:
    picture = ("-c:v", "libtheora") if ending == "ogv" else ("-c:v", "flv") if ending == "flv" else MPEG4
    name, *more = codec
    sounds = (tone(440, rate=rate, channels=2 if name == "truehd" else 1),)
    source = film(tmp_path / f"film.{ending}", *picture, "-c:a", name, *more, "-ar", str(rate), sounds=sounds)
    target, result = colorize_clip(source)
    assert result.frames == len(times_of(source))
    stream = streams_of(target, "a", "codec_name,sample_rate")[0]
    copied = name == "libmp3lame" and rate >= 16000
    assert stream["codec_name"] == ("mp3" if copied else "aac")
    assert int(stream["sample_rate"]) == (96000 if rate == 192000 else rate)
    assert any("is now AAC" in note for note in result.notes) != copied
    heard = samples(target)
    assert len(heard) / 8000 == pytest.approx(len(samples(source)) / 8000, abs=0.15)
    assert pitch(heard[800:7200]) == pytest.approx(440, abs=4)


def joined(path: Path, flags: str, *kinds: tuple[int, int, int]) -> Path:
    """A broadcast of several seconds; each has sound of a (frequency, sampling rate, number of channels)."""
    parts = []
    for second, (frequency, rate, channels) in enumerate(kinds):
        part = path.with_name(f"part{second}.ts")
        sound = tone(frequency, rate=rate, channels=channels)
        timing = ("-output_ts_offset", str(second), "-mpegts_flags", flags)
        parts.append(film(part, "-c:v", "mpeg2video", "-c:a", "aac", *timing, sounds=(sound,)).read_bytes())
    path.write_bytes(b"".join(parts))
    return path


@pytest.mark.parametrize("flags", ["latm", "+resend_headers"], ids=["latm", "adts"])
@pytest.mark.parametrize(
    "kinds",
    [[(440, 48000, 2), (880, 48000, 1)], [(440, 48000, 1), (880, 44100, 2), (660, 48000, 1)]],
    ids=["channels", "rate"],
)
def test_sound_that_changes_within_a_track(flags: str, kinds: list[tuple[int, int, int]], tmp_path: Path) -> None:
    target, result = colorize_clip(joined(tmp_path / "film.ts", flags, *kinds))
    assert_frames(target, 25 * len(kinds))
    tracks = streams_of(target, "a", "codec_name,channels,sample_rate")
    assert [(one["codec_name"], one["channels"]) for one in tracks] == [("aac", kinds[0][2])]
    assert any("changes its channels or sampling rate" in note for note in result.notes)
    heard = samples(target)
    assert len(heard) / 8000 == pytest.approx(len(kinds), abs=0.15)
    for second, (frequency, _, _) in enumerate(kinds):
        middle = heard[8000 * second + 1600 : 8000 * second + 6400]
        assert pitch(middle) == pytest.approx(frequency, abs=6)
        assert float(np.abs(middle).max()) > 0.3


def test_a_track_of_an_unknown_codec_is_left_out_and_named(tmp_path: Path) -> None:
    source = film(tmp_path / "film.mkv", "-c:a:0", "aac", "-c:a:1", "flac", sounds=(tone(440), tone(880)))
    source.write_bytes(source.read_bytes().replace(b"A_FLAC", b"A_ZZZZ"))
    target, result = colorize_clip(source)
    assert_frames(target)
    assert len(streams_of(target, "a", "codec_name")) == 1
    assert any("sound in track 3 has a format that FFmpeg does not decode" in note for note in result.notes)
    assert sound_hashes(target) == sound_hashes(source)


def test_a_track_that_cannot_be_decoded_is_left_out_and_named(tmp_path: Path) -> None:
    """Vorbis without its tables."""
    source = film(tmp_path / "film.mkv", "-c:a", "libvorbis")
    data = source.read_bytes()
    begin = data.index(b"\x05vorbis")
    source.write_bytes(data[:begin] + bytes(200) + data[begin + 200 :])
    target, result = colorize_clip(source)
    assert_frames(target)
    assert streams_of(target, "a", "codec_name") == []
    assert any(note.startswith("The sound (vorbis) cannot be read and is left out") for note in result.notes)


def test_damaged_sound_is_skipped_and_named(tmp_path: Path) -> None:
    source = film(
        tmp_path / "film.ts", "-c:v", "mpeg2video", "-c:a", "aac", "-mpegts_flags", "latm", "-pes_payload_size", "0"
    )
    data = bytearray(source.read_bytes())
    sound = [at for at in range(0, len(data), 188) if (data[at + 1] & 0x1F) << 8 | data[at + 2] == 0x101]
    noise = np.random.default_rng(0)
    for at in sound[len(sound) // 3 : len(sound) // 2]:
        data[at + 100 : at + 188] = noise.bytes(88)
    source.write_bytes(data)
    target, result = colorize_clip(source)
    assert_frames(target)
    assert any("damaged packets could not be decoded" in note for note in result.notes)
    heard = samples(target)
    assert len(heard) / 8000 == pytest.approx(1, abs=0.15)
    assert pitch(heard[800:2000]) == pytest.approx(440, abs=15)
    assert pitch(heard[5600:7200]) == pytest.approx(440, abs=15)


def run_ffprobe(path: Path, *options: str) -> dict[str, Any]:
    command = [str(find_tool("ffprobe")), "-v", "error", *options, "-of", "json", str(path)]
    answer: dict[str, Any] = json.loads(subprocess.run(command, capture_output=True, check=True, timeout=60).stdout)
    return answer


def test_a_pause_in_the_sound_stays_in_its_place(tmp_path: Path) -> None:
    """The packets from 0.3 to 0.7 seconds are not in the file."""
    source = film(tmp_path / "film.mkv", "-c:a", "pcm_s16le", "-bsf:a", "noise=drop=between(n\\,14\\,32)")
    target, _ = colorize_clip(source)
    loud = [float(np.abs(part).max()) > 0.2 for part in np.split(samples(target)[:8000], 10)]
    assert loud[:3] == loud[7:] == [True] * 3
    assert loud[4:6] == [False] * 2


@pytest.mark.parametrize("codec", ["aac", "pcm_s16le"])
def test_timestamps_that_step_back(codec: str, tmp_path: Path) -> None:
    source = film(tmp_path / "film.mkv", "-c:a", codec, "-bsf:a", "setts=pts=PTS-gt(N\\,20)*60:dts=PTS-gt(N\\,20)*60")
    target, result = colorize_clip(source)
    assert_frames(target)
    times = [
        int(one["dts"]) for one in run_ffprobe(target, "-select_streams", "a", "-show_entries", "packet=dts")["packets"]
    ]
    assert times == sorted(set(times))
    assert len(samples(target)) / 8000 == pytest.approx(1, abs=0.15)
    assert result.complete


def test_an_unforeseen_error_costs_only_its_track(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("nobody has thought of this")

    monkeypatch.setattr("colorizer.video.aac.SoundConverter.convert", fail)
    source = film(tmp_path / "film.mkv", "-c:a:0", "libvorbis", "-c:a:1", "aac", sounds=(tone(440), tone(880)))
    target, result = colorize_clip(source)
    assert_frames(target)
    assert [one["codec_name"] for one in streams_of(target, "a", "codec_name")] == ["aac"]
    assert any("nobody has thought of this" in note for note in result.notes)
    assert sound_hashes(target) == sound_hashes(source, 1)


def test_a_film_without_sound_has_no_words_on_sound(tmp_path: Path) -> None:
    source = make_film(tmp_path / "film.mp4", *MPEG4, size="64x48", seconds=1, sound=False)
    assert colorize_clip(source)[1].notes == ()
