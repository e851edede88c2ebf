"""Films against the reference recipe, and the flicker of their colours: `python -m benchmarks.video`.

Prints Markdown. Both colour the same grey H.264 clip of 640 x 480 at 25 frames a second, from file to file, including
decoding and encoding. The reference is the well-known OpenCV loop: VideoCapture, the script's steps with zhang2016 (at
full width with random weights, which do not affect the time), VideoWriter with mp4v.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

import cv2
import numpy as np

from benchmarks import recipe
from benchmarks.clips import moving_luma, write_clip
from benchmarks.flicker import Flow, flicker, flows, mean_chroma
from colorizer import Colorizer, load_colorizer
from colorizer.arrays import Floats
from colorizer.frames.smoothing import DEFAULT_AMOUNT, Smoother
from colorizer.frames.yuv import YuvFrame, shrink_luminance
from colorizer.network.predictor import Predictor
from colorizer.video import colorize_video
from colorizer.video.colors import VideoColors

RATE = 25  # frames a second
FRAMES = 250
REFERENCE_FRAMES = 16  # few, because each takes half a second
FLICKER_FRAMES = 75
CLIPS = ("coffee", "cat", "pagoda")


def recipe_film(source: Path, target: Path, predictor: Predictor, frames: int) -> None:
    """Colour the first `frames` frames of a film with the usual OpenCV loop."""
    reader = cv2.VideoCapture(str(source))
    size = int(reader.get(cv2.CAP_PROP_FRAME_WIDTH)), int(reader.get(cv2.CAP_PROP_FRAME_HEIGHT))
    writer = cv2.VideoWriter(str(target), cv2.VideoWriter.fourcc(*"mp4v"), RATE, size)
    for _ in range(frames):
        there, bgr = reader.read()
        if not there:
            raise OSError(f"expected {frames} frames in {source}")
        rgb = np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB), np.uint8)
        colorized = recipe.colorize(rgb, predictor.predict_ab, predictor.spec.side)
        writer.write(cv2.cvtColor(colorized, cv2.COLOR_RGB2BGR))
    reader.release()
    writer.release()


def compare_films(runs: int) -> None:
    """Colour a film from file to file, alternating ours and the recipe; the fastest of `runs` runs of each counts."""
    colorizer, predictor = load_colorizer("compact"), recipe.reference_network()
    ours, theirs = float("inf"), float("inf")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        clip = folder / "clip.mp4"
        write_clip(clip, CLIPS[0], FRAMES, rate=RATE)
        for _ in range(runs):
            started = time.perf_counter()
            colorize_video(clip, folder / "ours.mp4", colorizer)
            ours = min(ours, (time.perf_counter() - started) / FRAMES)
            started = time.perf_counter()
            recipe_film(clip, folder / "recipe.mp4", predictor, REFERENCE_FRAMES)
            theirs = min(theirs, (time.perf_counter() - started) / REFERENCE_FRAMES)
    print(f"A film of 640 x 480 at {RATE} frames a second, from file to file\n")
    print("| | ms a frame | times real time |")
    print("|---|---|---|")
    for title, seconds in (("ours, `compact`", ours), ("recipe, zhang2016", theirs)):
        print(f"| {title} | {seconds * 1e3:.1f} | {1 / (seconds * RATE):.2f} |")
    print(f"\nOurs is {theirs / ours:.1f} times faster.")


def compare_steadiness(_runs: int) -> None:
    """Compare the flicker without smoothing, with it, with motion compensation, and as in films. Deterministic."""
    colorizer = load_colorizer("compact")
    print("Colours of moving clips (photographs with pan, zoom and grain): change from frame to frame along the")
    print("motion, in CIE units of ab, mean chroma, and mean distance from the frame's own prediction\n")
    print("| clip | colours | flicker | share | chroma | distance | predicted frames |")
    print("|---|---|---|---|---|---|---|")
    for name in CLIPS:
        clip = moving_luma(name, FLICKER_FRAMES)
        luminances = [shrink_luminance(YuvFrame(luma, luma, luma), colorizer.spec.side) for luma in clip]
        predicted = [colorizer.predict_ab(luminance) for luminance in luminances]
        between = flows(luminances)
        _print_row(name, "frame by frame", predicted, predicted, between)
        for title, follow in (("smoothed", False), ("smoothed, motion followed", True)):
            smoother = Smoother(follow_motion=follow)
            shown = [
                smoother.smooth(ab, light, seconds=1 / RATE) for ab, light in zip(predicted, luminances, strict=True)
            ]
            _print_row(name, title, shown, predicted, between)
        _print_film(name, colorizer, luminances, predicted, between)


def _print_film(
    name: str, colorizer: Colorizer, luminances: list[Floats], predicted: list[Floats], between: list[Flow]
) -> None:
    film = VideoColors(colorizer, vividness=0, smoothing=DEFAULT_AMOUNT)
    shown = [film.next_ab(luminance, seconds=1 / RATE) for luminance in luminances]
    _print_row(name, "as in films", shown, predicted, between, share=film.predictions / len(luminances))


def _print_row(
    name: str, title: str, shown: list[Floats], predicted: list[Floats], between: list[Flow], *, share: float = 1.0
) -> None:
    change, raw = flicker(shown, between), flicker(predicted, between)
    off = np.mean([np.abs(ours - theirs).mean() for ours, theirs in zip(shown, predicted, strict=True)])
    print(
        f"| {name} | {title} | {change:.2f} | {change / raw:.2f} | {mean_chroma(shown):.2f} | {off:.2f} "
        f"| {100 * share:.0f} % |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3, help="number of runs; the fastest counts")
    arguments = parser.parse_args()
    compare_films(arguments.runs)
    print()
    compare_steadiness(arguments.runs)


if __name__ == "__main__":
    main()
