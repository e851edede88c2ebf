"""Random films: codec x container x start time x rotation x sound. FFmpeg makes them; ffprobe counts what they hold."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from colorizer.video import colorize_video, probe
from tests.support.films import Tinter, ask, make_film, run_ffmpeg, sound_hashes, times_of

PICTURES = {
    "h264": ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"),
    "h264-b": ("-c:v", "libx264", "-preset", "ultrafast", "-bf", "3", "-pix_fmt", "yuv420p"),
    "mpeg2-b": ("-c:v", "mpeg2video", "-bf", "2"),
    "mpeg4": ("-c:v", "mpeg4"),
    "mjpeg": ("-c:v", "mjpeg", "-pix_fmt", "yuvj420p"),
    "vp8": ("-c:v", "libvpx", "-deadline", "realtime"),
    "ffv1": ("-c:v", "ffv1"),
}
SOUNDS = {
    "aac": ("-c:a", "aac"),
    "mp3": ("-c:a", "libmp3lame"),
    "opus": ("-c:a", "libopus"),
    "pcm": ("-c:a", "pcm_s16le"),
}
HOLDS = {  # what a container holds; the times in an AVI with B frames are FFmpeg's guess, and so not to compare
    "mp4": (("h264", "h264-b", "mpeg2-b", "mpeg4"), ("aac", "mp3", None)),
    "mov": (("h264", "h264-b", "mpeg4", "mjpeg"), ("aac", "pcm", None)),
    "mkv": (tuple(PICTURES), (*SOUNDS, None)),
    "webm": (("vp8",), ("opus", None)),
    "avi": (("mpeg4", "mjpeg", "ffv1"), ("mp3", "pcm", None)),
    "flv": (("h264", "h264-b"), ("aac", "mp3", None)),
    "ts": (("h264", "h264-b", "mpeg2-b"), ("aac", "mp3", None)),
    "m2ts": (("h264", "h264-b"), ("mp3", None)),
}
LATER = (0.0, 1.3, 95_442.0)  # seconds; the last is the end of the clock of MPEG-TS, which turns over
TICK = 0.001  # seconds


@st.composite
def films(draw: st.DrawFn) -> tuple[str, str, str | None, float, int, str]:
    """Container, picture, sound, start time in seconds, rotation in degrees, frame rate."""
    ending = draw(st.sampled_from(sorted(HOLDS)))
    pictures, sounds = HOLDS[ending]
    later = draw(st.sampled_from(LATER if ending in ("ts", "m2ts") else LATER[:2]))
    rotation = draw(st.sampled_from((0, 90, 180, 270))) if ending in ("mp4", "mov") else 0
    rate = draw(st.sampled_from(("25", "30000/1001", "10")))
    return ending, draw(st.sampled_from(pictures)), draw(st.sampled_from(sounds)), later, rotation, rate


@given(films())
@settings(
    max_examples=10,
    deadline=None,
    derandomize=True,
    phases=(Phase.generate,),  # a failing film is already as simple as it gets, and shrinking would make many more
    suppress_health_check=list(HealthCheck),
)
def test_frames_times_and_sound_are_the_sources(film: tuple[str, str, str | None, float, int, str]) -> None:
    ending, picture, sound, later, rotation, rate = film
    with tempfile.TemporaryDirectory() as folder:
        plain, source, target = (Path(folder) / name for name in (f"plain.{ending}", f"film.{ending}", "coloured.mp4"))
        begin = ("-output_ts_offset", str(later))
        encoding = (*PICTURES[picture], *(SOUNDS[sound] if sound else ()), *begin)
        make_film(plain, *encoding, size="64x48", rate=rate, seconds=1, sound=sound is not None)
        if rotation:
            run_ffmpeg("-i", plain, "-map", "0", "-c", "copy", "-metadata:s:v", f"rotate={rotation}", source)
        else:
            plain.rename(source)
        result = colorize_video(source, target, Tinter())
        ours, judged = times_of(target), times_of(source)
        assert result.complete
        assert result.frames == len(judged) == probe(source).frames
        assert [time - ours[0] for time in ours] == pytest.approx([time - judged[0] for time in judged], abs=TICK)
        assert rotation_of(target) == rotation_of(source)
        if sound in ("aac", "mp3", "opus"):
            assert sound_hashes(target) == sound_hashes(source)
            lead = first_sound(target) - float(ours[0])
            assert lead == pytest.approx(first_sound(source) - float(judged[0]), abs=0.03)


def rotation_of(path: Path) -> list[int]:
    """The rotation in the display matrix, degrees; empty if there is none."""
    data = ask(path, "stream_side_data=rotation", "-select_streams", "v:0")["streams"][0].get("side_data_list", [])
    return [one["rotation"] for one in data if "rotation" in one]


def first_sound(path: Path) -> float:
    """The time of the first sound packet, in seconds."""
    packets = ask(path, "packet=pts_time", "-select_streams", "a:0", "-read_intervals", "%+#1")["packets"]
    return float(packets[0]["pts_time"])
