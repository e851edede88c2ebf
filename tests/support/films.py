"""Films for the tests, made and checked with Debian's FFmpeg, and a colorizer that needs no network."""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from colorizer import MODELS, Colorizer
from colorizer.arrays import Floats
from tests.support.find_tools import find_tool

PICTURE = ("-f", "lavfi", "-i", "testsrc2=size={size}:rate={rate}:duration={seconds}")
SOUND = ("-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000:duration={seconds}")
AB = (30.0, -20.0)


class Tinter(Colorizer):
    """The same two numbers for every pixel of every frame, without computing time."""

    def __init__(self) -> None:
        self.spec = MODELS["compact"]
        self.predictions = 0

    def predict_ab(self, luminance: Floats, *, vividness: float = 0.0) -> Floats:  # noqa: ARG002 - the real signature
        self.predictions += 1
        return np.full((56, 56, 2), AB, np.float32)


def run_ffmpeg(*arguments: str | Path) -> bytes:
    """What FFmpeg writes to standard output; fails the test with FFmpeg's words if it fails."""
    command = [str(find_tool("ffmpeg")), "-v", "error", "-nostdin", "-y", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    return done.stdout


def make_film(
    path: Path, *options: str, size: str = "160x120", rate: str = "25", seconds: float = 2, sound: bool = True
) -> Path:
    """A moving test picture, coloured, with a tone; `options` say how both are encoded."""
    inputs = (*PICTURE, *(SOUND if sound else ()))
    words = (word.format(size=size, rate=rate, seconds=seconds) for word in inputs)
    path.write_bytes(_encode((*words, *options), path.suffix))
    return path


@lru_cache(maxsize=32)
def _encode(arguments: tuple[str, ...], suffix: str) -> bytes:
    """The file that FFmpeg makes. Kept, because many tests begin with the same film."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"film{suffix}"
        run_ffmpeg(*arguments, path)
        return path.read_bytes()


def ask(path: Path, entries: str, *options: str) -> dict[str, Any]:
    """The output of ffprobe."""
    command = [
        str(find_tool("ffprobe")),
        "-v",
        "error",
        "-show_entries",
        entries,
        *options,
        "-of",
        "json",
        str(path),
    ]
    answer: dict[str, Any] = json.loads(subprocess.run(command, capture_output=True, check=True, timeout=60).stdout)
    return answer


def times_of(path: Path, *, from_begin: bool = False) -> list[Fraction]:
    """The times of the picture's frames, in seconds of the file's own time.

    `from_begin`: from the start of the file's earliest track, but not from a time below 0.
    """
    entries = "format=start_time:stream=time_base:frame=best_effort_timestamp"
    answer = ask(path, entries, "-select_streams", "v:0")
    base = Fraction(answer["streams"][0]["time_base"])
    begin = max(Fraction(0), Fraction(answer["format"]["start_time"])) if from_begin else Fraction(0)
    ticks = (frame["best_effort_timestamp"] for frame in answer["frames"] if "best_effort_timestamp" in frame)
    return [int(tick) * base - begin for tick in ticks]


def streams_of(path: Path, kind: str, entries: str) -> list[dict[str, Any]]:
    """The streams of a kind (`v` or `a`) as ffprobe describes them."""
    streams: list[dict[str, Any]] = ask(path, f"stream={entries}", "-select_streams", kind)["streams"]
    return streams


def sound_hashes(path: Path, track: int = 0) -> list[str]:
    """The size and hash of each packet of a sound track, in order; without the headers that a stream in TS repeats."""
    is_adts = path.suffix == ".ts" and streams_of(path, f"a:{track}", "codec_name")[0]["codec_name"] == "aac"
    bare = ("-bsf:a", "aac_adtstoasc") if is_adts else ()
    copied = run_ffmpeg("-i", path, "-map", f"0:a:{track}", "-c", "copy", *bare, "-f", "framehash", "-")
    lines = copied.decode().splitlines()
    return [",".join(line.split(",")[4:6]) for line in lines if not line.startswith("#")]


def planes_of_film(path: Path, plane: str = "y", *, deep: bool = False) -> NDArray[Any]:
    """One plane of all frames as stored (unrotated): (frames, h, w), uint8, or uint16 if `deep`."""
    made = run_ffmpeg(
        *("-noautorotate", "-i", path, "-map", "0:v:0", "-vsync", "passthrough", "-vf", f"extractplanes={plane}"),
        *("-strict", "unofficial", "-f", "yuv4mpegpipe", "-"),  # unofficial: the depths beyond 8 bits
    )
    header, _, frames = made.partition(b"\n")
    found = re.search(rb" W(\d+) H(\d+) ", header)
    assert found is not None, header
    width, height = int(found[1]), int(found[2])
    kind = np.dtype(np.uint16 if deep else np.uint8)
    mark = len(b"FRAME\n")
    rows = np.frombuffer(frames, np.uint8).reshape(-1, mark + width * height * kind.itemsize)
    return np.ascontiguousarray(rows[:, mark:]).view(kind).reshape(-1, height, width)


def psnr(one: NDArray[Any], other: NDArray[Any], peak: float = 255) -> float:
    """In dB; infinite where they are the same."""
    error = np.mean((one.astype(np.float64) - other.astype(np.float64)) ** 2)
    return float("inf") if error == 0 else float(10 * np.log10(peak**2 / error))
