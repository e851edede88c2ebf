"""What key frames cost: processor seconds a frame of a film with one key frame, beside the same film without.

Films are coloured from file to file, with decoding and encoding. Processor seconds are those of all threads, so other
work on the machine changes them little; the ways take turns, and the least of several runs of each counts.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from benchmarks.clips import write_clip
from colorizer import Colorizer, Hint
from colorizer.video import VideoOptions, colorize_video
from colorizer.video.directing.direction import Direction, FilmKey

SIZES = ((640, 480), (1920, 1080))  # pixels
FRAMES, RATE = 75, 25
_CLIP = "coffee"
_HINT = Hint(0.5, 0.5, "#b07040")

NONE = "no key frame"
WAYS: Mapping[str, float | None] = {  # when the key frame is shown, in shares of the film
    NONE: None,
    "on the first frame": 0.0,
    "on the last frame": 1.0,  # its colours are carried backwards, so the film is read twice
}


def measure_cost(colorizer: Colorizer, runs: int, *, size: tuple[int, int], frames: int = FRAMES) -> dict[str, float]:
    """The processor seconds a frame of each of `WAYS`."""
    seconds = dict.fromkeys(WAYS, float("inf"))
    with tempfile.TemporaryDirectory() as name:
        clip, target = Path(name) / "clip.mp4", Path(name) / "colored.mp4"
        write_clip(clip, _CLIP, frames, rate=RATE, size=size)
        for _ in range(runs):
            for way, share in WAYS.items():
                options = _options(None if share is None else share * (frames - 1) / RATE)
                started = time.process_time()
                colorize_video(clip, target, colorizer, options)
                seconds[way] = min(seconds[way], (time.process_time() - started) / frames)
    return seconds


def _options(key: float | None) -> VideoOptions:
    keys = () if key is None else (FilmKey(seconds=key, hints=(_HINT,)),)
    return VideoOptions(direction=Direction(keys=keys))


def tabulate_cost(colorizer: Colorizer, runs: int) -> str:
    """The cost at each of `SIZES`, as a table in Markdown."""
    lines = [f"### Processor seconds a frame, of {FRAMES} frames from file to file\n"]
    lines += ["| size | key frame | ms a frame | times a film without |", "|---|---|---|---|"]
    for size in SIZES:
        found = measure_cost(colorizer, runs, size=size)
        for way, seconds in found.items():
            ratio = seconds / found[NONE]
            lines.append(f"| {size[0]} x {size[1]} | {way} | {1e3 * seconds:.1f} | {ratio:.2f} |")
    return "\n".join(lines)
