"""The memory that a film takes in its worker, against what it may take: `python -m benchmarks.film_memory`.

Films with large frames are looked into, estimated and coloured as on the Film tab. Prints Markdown: for each codec and
step the most address space, which is what the kernel limits, and the most memory, beyond those of an idle worker (Linux
only). A step that takes more than its limit is named as refused.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks import film_memory  # by its name as a module, for the worker
from benchmarks.timing import status_megabytes
from colorizer import Colorizer, InvalidVideo, load_colorizer
from colorizer.video import VideoOptions, colorize_video, estimate_seconds, probe
from dashboard.server.workers.limits import Limits, film_limits, run_limits
from dashboard.server.workers.run import run_isolated
from dashboard.video.still import read_still
from dashboard.video.strip import read_strip
from dashboard.video.work import video_limits

_ENCODERS = {  # FFmpeg's options by codec; a group of pictures as long as players allow, and the usual B-frames
    "H.264": ("-c:v", "libx264", "-preset", "ultrafast", "-bf", "3", "-refs", "4"),
    "H.265, 10 bits": (
        *("-c:v", "libx265", "-preset", "ultrafast", "-pix_fmt", "yuv420p10le", "-x265-params", "log-level=error"),
    ),
    "MPEG-2": ("-c:v", "mpeg2video", "-q:v", "5"),
}


def make_film(path: Path, size: str, frames: int, options: tuple[str, ...]) -> Path:
    """A moving test picture in the codec of `options`."""
    source = ("-f", "lavfi", "-i", f"testsrc2=size={size}:rate=25", "-frames:v", str(frames))
    command = ["ffmpeg", "-v", "error", "-nostdin", "-y", *source, "-pix_fmt", "yuv420p", *options, str(path)]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    return path


def measure(call: Callable[[], Any]) -> tuple[float, float]:
    """In a worker: the most address space and the most memory that a call takes, in MiB beyond those before."""
    before = status_megabytes("VmSize"), status_megabytes("VmRSS")
    call()
    return status_megabytes("VmPeak") - before[0], status_megabytes("VmHWM") - before[1]


def film_steps(path: Path, folder: Path, colorizer: Colorizer) -> dict[str, tuple[Limits, Callable[[], Any]]]:
    """By name, the limits and the call of each step of the Film tab."""
    info = probe(path)
    pixels = info.width * info.height
    limits, options = video_limits(), VideoOptions()
    target = folder / f"{path.stem}-colorized.mp4"
    estimate = partial(estimate_seconds, path, colorizer, options, folder=folder, limits=limits)
    return {
        "look": (film_limits(pixels), partial(probe, path, limits)),
        "strip": (film_limits(pixels), partial(read_strip, path, limits)),
        "frame": (film_limits(pixels), partial(read_still, path, 0.0, limits=limits)),
        "estimate": (film_limits(pixels, encodes=True), estimate),
        "run": (run_limits(pixels), partial(colorize_video, path, target, colorizer, options, limits=limits)),
    }


def compare_memory(size: str, frames: int) -> None:
    colorizer = load_colorizer("compact")
    print(f"Films of {size}, {frames} frames\n")
    print("| codec | step | limit MiB | address space MiB | memory MiB |\n|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number, (codec, options) in enumerate(_ENCODERS.items()):
            path = make_film(folder / f"{number}.mkv", size, frames, options)
            for step, (limits, call) in film_steps(path, folder, colorizer).items():
                try:
                    space, memory = run_isolated(film_memory.measure, call, limits=limits)
                    words = f"{space:.0f} | {memory:.0f}"
                except InvalidVideo as error:
                    words = f"refused: {error} | "
                print(f"| {codec} | {step} | {limits.memory / 2**20:.0f} | {words} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", default="4096x2304", help="of the frames; default 4096x2304, the largest allowed")
    parser.add_argument("--frames", type=int, default=100)
    arguments = parser.parse_args()
    if not sys.platform.startswith("linux"):
        parser.error("expected Linux, whose kernel limits the memory of workers")
    compare_memory(arguments.size, arguments.frames)


if __name__ == "__main__":
    main()
