"""Films that say little of themselves, or what is not true: of unknown or false length, or with oblong pixels."""

from __future__ import annotations

import struct
from pathlib import Path

from tests.support.films import make_film, run_ffmpeg

RECORDED = {  # FFmpeg's options by suffix; for a live stream they write no length
    ".webm": ("-c:v", "libvpx", "-deadline", "realtime", "-c:a", "libopus", "-f", "webm", "-live", "1"),
    ".mkv": ("-c:v", "libx264", "-c:a", "aac", "-f", "matroska", "-live", "1"),
    ".m2v": ("-c:v", "mpeg2video", "-an", "-f", "mpeg2video"),
}


def make_recording(path: Path, *options: str, seconds: float = 2, rate: int = 25) -> Path:
    """A film of 96 x 72 pixels that does not say how long it is, as a browser's recorder writes it."""
    picture, sound = f"testsrc2=size=96x72:rate={rate}:duration={seconds}", f"sine=duration={seconds}"
    inputs = ("-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", sound, "-ar", "48000")
    path.write_bytes(run_ffmpeg(*inputs, *RECORDED[path.suffix], *options, "-"))
    return path


def make_long_recording(path: Path) -> Path:
    """80 frames in 16 seconds, with so many packets of sound that they are not counted when the film is opened."""
    return make_recording(path, "-frame_duration", "2.5", seconds=16, rate=5)


def make_anamorphic(path: Path, *, seconds: float = 0.2) -> Path:
    """The picture of a European DVD: 720 x 576 pixels of 64 : 45, shown as 1024 x 576, which is 16 : 9."""
    encoding = ("-c:v", "mpeg2video", "-aspect", "16:9", "-f", "vob")
    return make_film(path, *encoding, size="720x576", seconds=seconds, sound=False)


def make_small(path: Path, *options: str, size: str = "64x48", rate: str = "25", seconds: float = 1) -> Path:
    """A film without sound, by default of Motion JPEG."""
    return make_film(path, *(options or ("-c:v", "mjpeg")), size=size, rate=rate, seconds=seconds, sound=False)


def claim_duration(path: Path, seconds: float) -> Path:
    """The Matroska film, which now says that it is so long."""
    data = bytearray(path.read_bytes())
    place = data.index(b"\x44\x89\x88") + 3  # the element Duration, in milliseconds
    data[place : place + 8] = struct.pack(">d", 1000 * seconds)
    path.write_bytes(data)
    return path
