"""What colouring a film costs over decoding and encoding it: `python -m benchmarks.film_cost`.

Three films are coloured by default settings, and decoded and encoded by PyAV alone, with the same encoder, options and
threads. Each run has a process of its own, and the two ways alternate. Prints Markdown: milliseconds a frame by the
clock and of the processors, and how many times as much ours takes; of the work alone, and with the program's start
(imports and the network's weights). The least of all runs counts, for each figure (Linux only).
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import astuple, dataclass
from itertools import repeat
from pathlib import Path
from typing import TYPE_CHECKING, cast

import av
from av.video.frame import PictureType

if TYPE_CHECKING:
    from av.video.stream import VideoStream

    from colorizer.arrays import Plane

# What takes long to import is imported where it is used: a run of PyAV alone begins without it.

SMALL, LARGE = (640, 480), (1920, 1080)
BARE, OURS = "bare", "ours"
_MODULE = "benchmarks.film_cost"
_SETTINGS = re.compile(rb"x264 - core [^\0]*options: ([^\0]*)")


@dataclass(frozen=True)
class Cost:
    """Seconds of one run, by the clock and of all processors: of the work, and of the whole process."""

    work: float
    work_processor: float
    whole: float
    whole_processor: float


def recode(source: Path, target: Path, encoder: str, options: Mapping[str, str]) -> None:
    """Decode a film's picture and encode it, and nothing else."""
    with av.open(str(source)) as reader, av.open(str(target), "w") as writer:
        picture = reader.streams.video[0]
        picture.thread_type = "AUTO"  # as `VideoReader` has it
        stream = cast("VideoStream", writer.add_stream(encoder, rate=picture.average_rate, options=dict(options)))
        stream.width, stream.height = picture.width, picture.height
        for frame in reader.decode(picture):
            frame.pict_type = PictureType.NONE  # else the encoder repeats the source's decisions
            writer.mux(stream.encode(frame))
        writer.mux(stream.encode(None))


def run_way(way: str, source: Path, target: Path, encoding: tuple[str, dict[str, str]]) -> tuple[float, float]:
    """In a process of its own: the seconds that the work takes, by the clock and of the processors."""
    action: Callable[[], object]
    if way == BARE:

        def action() -> None:
            recode(source, target, *encoding)
    else:
        from colorizer import load_colorizer
        from colorizer.video import colorize_video

        colorizer = load_colorizer("compact")

        def action() -> None:
            colorize_video(source, target, colorizer)

    processor, clock = time.process_time(), time.perf_counter()
    action()
    return time.perf_counter() - clock, time.process_time() - processor


def measure(way: str, source: Path, target: Path, encoding: tuple[str, Mapping[str, str]]) -> Cost:
    """Run a way in a new process."""
    from benchmarks.support.processes import run_measured

    command = [sys.executable, "-m", _MODULE, "--run", way, str(source), str(target), json.dumps(encoding)]
    done = run_measured(command)
    work, work_processor = json.loads(done.output)
    return Cost(work, work_processor, done.seconds, done.processor_seconds)


def encoder_settings(path: Path) -> dict[str, str]:
    """The settings that x264 has written into a film."""
    found = _SETTINGS.search(path.read_bytes())
    if found is None:
        raise OSError(f"expected a film encoded by x264 in {path}")
    return dict(pair.partition("=")[::2] for pair in found[1].decode().split())


def films(frames: int) -> dict[str, tuple[tuple[int, int], Iterator[Plane]]]:
    """By name, the size of each film and its luma."""
    from benchmarks.clips import moving_luma

    still = next(moving_luma("coffee", 1, grain=0))
    return {
        "moving": (SMALL, moving_luma("coffee", frames)),
        "still": (SMALL, repeat(still, frames)),
        "moving, large": (LARGE, moving_luma("coffee", frames, size=LARGE)),
    }


def compare_costs(runs: int, frames: int) -> None:
    """Print the costs of each film by both ways."""
    import cv2

    from benchmarks.clips import write_lumas
    from colorizer.video.codecs import CODECS

    encoding = (CODECS["h264"].encoder, CODECS["h264"].options)
    print(
        f"Films of {frames} frames, file to file. OpenCV has {cv2.getNumThreads()} threads. Processor ms in brackets."
    )
    print(
        "\n| film | size | x264 threads | bare ms | ours ms | times | with the start |\n|---|---|---|---|---|---|---|"
    )
    with tempfile.TemporaryDirectory() as name:
        source = Path(name) / "film.mp4"
        targets = {way: Path(name) / f"{way}.mp4" for way in (BARE, OURS)}
        for title, (size, lumas) in films(frames).items():
            write_lumas(source, lumas, size=size)
            found: dict[str, list[Cost]] = {way: [] for way in targets}
            for _ in range(runs):
                for way, target in targets.items():
                    found[way].append(measure(way, source, target, encoding))
            bare, ours = (Cost(*map(min, zip(*map(astuple, found[way]), strict=True))) for way in targets)
            settings = [encoder_settings(target) for target in targets.values()]
            if settings[0] != settings[1]:
                raise OSError(f"expected the same settings of x264 in both films, got {settings}")
            print(_row(f"{title} | {size[0]} x {size[1]} | {settings[0]['threads']}", bare, ours, frames), flush=True)


def _row(begin: str, bare: Cost, ours: Cost, frames: int) -> str:
    each = [f"{1e3 * one.work / frames:.1f} ({1e3 * one.work_processor / frames:.1f})" for one in (bare, ours)]
    work = f"{ours.work / bare.work:.2f} ({ours.work_processor / bare.work_processor:.2f})"
    whole = f"{ours.whole / bare.whole:.2f} ({ours.whole_processor / bare.whole_processor:.2f})"
    return f"| {begin} | {each[0]} | {each[1]} | {work} | {whole} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=3, help="of each film and way; the least counts")
    parser.add_argument("--frames", type=int, default=250, help="of each film, at 25 a second")
    parser.add_argument("--run", nargs=4, metavar=("WAY", "SOURCE", "TARGET", "ENCODING"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.run:
        way, source, target, encoding = arguments.run
        print(json.dumps(run_way(way, Path(source), Path(target), json.loads(encoding))))
    else:
        compare_costs(arguments.runs, arguments.frames)


if __name__ == "__main__":
    main()
