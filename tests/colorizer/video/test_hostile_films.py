"""Films that are larger, faster or longer than the limits, or than they say: refused in words, or cut with a note."""

from __future__ import annotations

import struct
import subprocess
import sys
from pathlib import Path

import pytest

from colorizer.errors import InvalidVideo
from colorizer.video import VideoLimits, VideoResult, colorize_video, estimate_seconds, probe
from tests.support.films import Tinter, run_ffmpeg
from tests.support.paths import ROOT
from tests.support.unusual_films import claim_duration, make_small

SIZE = "64x48"
MJPEG = ("-c:v", "mjpeg")
SMALL = VideoLimits(pixels=10_000)

_PROBE = """
import resource, sys
from pathlib import Path
from colorizer import InvalidVideo
from colorizer.video import VideoLimits, probe

before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    print(probe(Path(sys.argv[1]), VideoLimits(pixels=10_000)))
except InvalidVideo as error:
    print(error)
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


def claim_size(path: Path, side: int) -> Path:
    """The film whose pictures, but not the file around them, say that they are `side` x `side`."""
    data = bytearray(path.read_bytes())
    place = data.find(b"\xff\xc0\x00\x11")
    while place >= 0:
        struct.pack_into(">HH", data, place + 5, side, side)
        place = data.find(b"\xff\xc0\x00\x11", place + 1)
    path.write_bytes(data)
    return path


def colorize(source: Path, limits: VideoLimits) -> VideoResult:
    return colorize_video(source, source.with_name("coloured.mp4"), Tinter(), limits=limits)


def test_a_large_frame_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    source = make_small(tmp_path / "film.mkv", size="128x96")
    message = r"expected a film with frames of at most 0.01 megapixels, got frames of 0.0123 megapixels \(128 x 96\)"
    with pytest.raises(InvalidVideo, match=message):
        probe(source, SMALL)
    with pytest.raises(InvalidVideo, match=message):
        colorize(source, SMALL)
    with pytest.raises(InvalidVideo, match=message):
        estimate_seconds(source, Tinter(), limits=SMALL)
    assert probe(source).width == 128


def test_pictures_larger_than_the_file_says_take_no_memory(tmp_path: Path) -> None:
    source = claim_size(make_small(tmp_path / "film.mkv", seconds=0.2), 400)
    done = subprocess.run(
        [sys.executable, "-c", _PROBE, source], cwd=ROOT, capture_output=True, text=True, timeout=120, check=True
    )
    message, megabytes = done.stdout.rsplit("\n", 2)[:2]
    assert "0.01 megapixels" in message
    assert int(megabytes) < 100


@pytest.mark.parametrize("codec", ["mjpeg", "mpeg2video", "libx264"])
def test_a_film_whose_frames_become_too_large_keeps_the_others(codec: str, tmp_path: Path) -> None:
    parts = [
        make_small(tmp_path / f"{size}.ts", "-c:v", "mpeg2video" if codec == "mjpeg" else codec, size=size, seconds=0.4)
        for size in (SIZE, "640x480")
    ]
    source = tmp_path / "film.ts"
    source.write_bytes(b"".join(part.read_bytes() for part in parts))
    if codec == "mjpeg":
        pictures = [run_ffmpeg("-i", part, "-c:v", "mjpeg", "-f", "mjpeg", "-") for part in parts]
        raw = tmp_path / "film.mjpeg"
        raw.write_bytes(b"".join(pictures))
        source = tmp_path / "film.mkv"
        run_ffmpeg("-f", "mjpeg", "-i", raw, "-c", "copy", source)
    result = colorize(source, SMALL)
    assert 8 <= result.frames <= 10
    assert any("frames larger than 0.01 megapixels were skipped." in note for note in result.notes)


def test_a_film_of_too_many_frames_a_second(tmp_path: Path) -> None:
    source = make_small(tmp_path / "film.mkv", rate="200", seconds=2)
    limits = VideoLimits(rate=25)
    with pytest.raises(InvalidVideo, match="expected a film of at most 25 frames a second, got one of 200"):
        probe(source, limits)
    result = colorize(source, limits)
    assert (result.complete, result.frames) == (False, 285)  # 25 a second, and those of ten seconds
    assert result.notes[0] == "The film has more than 25 frames a second; only its first 1.4 seconds are read."
    assert probe(source).frames == 400


def test_a_short_film_in_slow_motion_is_whole(tmp_path: Path) -> None:
    source = make_small(tmp_path / "film.mkv", rate="100", seconds=1)
    assert probe(source, VideoLimits(rate=25)).frames == 100
    assert colorize(source, VideoLimits(rate=25)).complete


def test_a_film_longer_than_it_says_is_cut(tmp_path: Path) -> None:
    source = claim_duration(make_small(tmp_path / "film.mkv", seconds=6), 1.0)
    result = colorize(source, VideoLimits(seconds=3))
    assert (result.complete, result.frames) == (False, 101)  # a second more than the limit, and the frame at its end
    assert result.notes[0] == "The film is longer than 3 seconds; only this first part is read."


def test_a_film_of_a_known_length_above_the_limit_is_refused(tmp_path: Path) -> None:
    source = make_small(tmp_path / "film.mkv", seconds=5)
    with pytest.raises(InvalidVideo, match="expected a film of at most 3 seconds, got one of 5 seconds"):
        probe(source, VideoLimits(seconds=3))
    assert colorize(source, VideoLimits(frames=50)).notes[0] == "The film has more than 50 frames; only these are read."
