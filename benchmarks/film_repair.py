"""Repair of films on synthetic damage, and its time: `python -m benchmarks.film_repair`.

Prints Markdown. The clips are photographs with pan, zoom and grain (`benchmarks.clips`), once damaged with fixed seeds
and once as they are, for false alarms. Everything but the time is deterministic.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

import cv2
import numpy as np

from benchmarks.clips import moving_luma
from benchmarks.film_damage import Damaged, add_dust, add_flicker, add_scratches, add_shake
from colorizer.arrays import Mask, Pixels, Plane
from colorizer.frames.repair import FilmRepair, repair_shot

CLIPS = ("coffee", "cat", "pagoda")
FRAMES = 40
PAN = 150  # frames that a clip would need to the end of its pan: some 4 pixels a frame
SEED = 1
SIZES = ((640, 480), (1920, 1080))
DUST, SCRATCHES = FilmRepair(dust=True), FilmRepair(scratches=True)
DEFLICKER, STEADY = FilmRepair(deflicker=1.0), FilmRepair(steady="fill")


@dataclass(frozen=True)
class Scores:
    """How well masks of damage agree with the truth, 0 .. 1."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def make_clip(name: str, frames: int, size: tuple[int, int] = SIZES[0]) -> list[Plane]:
    """The first frames of the sample `name` with pan and zoom; all of it for more frames than PAN."""
    return list(islice(moving_luma(name, max(PAN, frames), size=size), frames))


def repair(planes: Sequence[Pixels], wanted: FilmRepair, *, bits: int = 8) -> list[Pixels]:
    """All planes of a clip, repaired as one shot."""
    return list(repair_shot(planes, wanted, bits=bits))


def score(found: Sequence[Mask], truth: Sequence[Mask]) -> Scores:
    """Precision and recall of all pixels of all frames."""
    hits = sum(int(np.count_nonzero(one & other)) for one, other in zip(found, truth, strict=True))
    claimed, there = (sum(int(np.count_nonzero(mask)) for mask in masks) for masks in (found, truth))
    return Scores(hits / claimed if claimed else 1.0, hits / there if there else 1.0)


def changed(before: Sequence[Pixels], after: Sequence[Pixels]) -> list[Mask]:
    """Where each frame was changed."""
    return [np.asarray(one != other) for one, other in zip(before, after, strict=True)]


def psnr(one: Sequence[Pixels], other: Sequence[Pixels], margin: float = 0.0) -> float:
    """In dB over all frames, without `margin` (a share of the sides) at the edges; infinite if they are the same."""
    errors = []
    for mine, theirs in zip(one, other, strict=True):
        rows, columns = (slice(round(margin * side), side - round(margin * side)) for side in mine.shape)
        errors.append(np.square(mine[rows, columns].astype(np.float64) - theirs[rows, columns]).mean())
    error = float(np.mean(errors))
    return float("inf") if error == 0 else float(10 * np.log10(255**2 / error))


def brightness_flicker(planes: Sequence[Pixels]) -> float:
    """The root of the mean square of the second difference of the mean luma, in levels: a fade has none."""
    means = np.array([plane.mean() for plane in planes])
    return float(np.sqrt(np.square(np.diff(means, 2)).mean()))


def shake(planes: Sequence[Pixels], clean: Sequence[Pixels]) -> float:
    """How far, in pixels, a frame moves from one to the next against the clean clip, as a root mean square.

    Measured by phase correlation, which the repair does not use.
    """
    window = cv2.createHanningWindow(planes[0].shape[::-1], cv2.CV_32F)
    places = np.array(
        [
            cv2.phaseCorrelate(was.astype(np.float32), now.astype(np.float32), window)[0]
            for was, now in zip(clean, planes, strict=True)
        ]
    )
    return float(np.sqrt(np.square(np.diff(places, axis=0)).sum(axis=1).mean()))


def compare_masks(title: str, wanted: FilmRepair, clips: dict[str, tuple[list[Plane], Damaged]]) -> None:
    print(f"\n{title}: the mask of what was changed against the damage, and PSNR in dB; then the undamaged clip\n")
    print("| clip | precision | recall | F1 | PSNR damaged | PSNR repaired | changed undamaged | PSNR undamaged |")
    print("|---|---|---|---|---|---|---|---|")
    for name, (clean, damaged) in clips.items():
        fixed, untouched = repair(damaged.planes, wanted), repair(clean, wanted)
        scores = score(changed(damaged.planes, fixed), damaged.masks)
        alarms = np.mean([mask.mean() for mask in changed(clean, untouched)])
        print(
            f"| {name} | {scores.precision:.3f} | {scores.recall:.3f} | {scores.f1:.3f} "
            f"| {psnr(damaged.planes, clean):.2f} | {psnr(fixed, clean):.2f} "
            f"| {100 * alarms:.4f} % | {psnr(untouched, clean):.1f} |"
        )


def compare_brightness(clips: dict[str, list[Plane]]) -> None:
    print("\nDeflicker: flicker of the mean brightness in levels (0 is steady), and PSNR against the clip before\n")
    print("| clip | clean | flickering | evened out | PSNR flickering | PSNR evened out |")
    print("|---|---|---|---|---|---|")
    for name, clean in clips.items():
        worn = add_flicker(clean, seed=SEED)
        fixed = repair(worn, DEFLICKER)
        figures = " | ".join(f"{brightness_flicker(planes):.2f}" for planes in (clean, worn, fixed))
        print(f"| {name} | {figures} | {psnr(worn, clean):.2f} | {psnr(fixed, clean):.2f} |")


def compare_shake(clips: dict[str, list[Plane]]) -> None:
    print("\nSteady: movement from frame to frame against the clean clip, in pixels; PSNR without 5 % at the edges\n")
    print("| clip | shaken | steadied | clean, steadied | PSNR shaken | PSNR steadied |")
    print("|---|---|---|---|---|---|")
    for name, clean in clips.items():
        shaken = add_shake(clean, seed=SEED)
        fixed, untouched = repair(shaken, STEADY), repair(clean, STEADY)
        figures = " | ".join(f"{shake(planes, clean):.2f}" for planes in (shaken, fixed, untouched))
        print(f"| {name} | {figures} | {psnr(shaken, clean, 0.05):.2f} | {psnr(fixed, clean, 0.05):.2f} |")


def measure_time(frames: int) -> None:
    print("\nTime of a frame, in ms, of a clip with that damage\n")
    print("| size | dust | scratches | deflicker | steady |\n|---|---|---|---|---|")
    for size in SIZES:
        clean = make_clip(CLIPS[0], frames, size)
        worn = (
            (DUST, add_dust(clean, seed=SEED).planes),
            (SCRATCHES, add_scratches(clean, seed=SEED).planes),
            (DEFLICKER, add_flicker(clean, seed=SEED)),
            (STEADY, add_shake(clean, seed=SEED)),
        )
        figures = []
        for wanted, planes in worn:
            began = time.perf_counter()
            repair(planes, wanted)
            figures.append(f"{1e3 * (time.perf_counter() - began) / len(planes):.1f}")
        print(f"| {size[0]} x {size[1]} | {' | '.join(figures)} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--frames", type=int, default=FRAMES, help="of each clip")
    parser.add_argument("--clips", nargs="+", default=CLIPS, help="names of samples")
    arguments = parser.parse_args()
    clips = {name: make_clip(name, arguments.frames) for name in arguments.clips}
    print(f"Clips of {arguments.frames} frames, 640 x 480, with pan, zoom and grain")
    compare_masks("Dust", DUST, {name: (clean, add_dust(clean, seed=SEED)) for name, clean in clips.items()})
    lined = {name: (clean, add_scratches(clean, seed=SEED)) for name, clean in clips.items()}
    compare_masks("Scratches", SCRATCHES, lined)
    compare_brightness(clips)
    compare_shake(clips)
    measure_time(arguments.frames)


if __name__ == "__main__":
    main()
