"""Fit the models that tell damage from the picture: `python -m benchmarks.fit_damage FOLDER`.

Parts of photographs, some of them enlarged, are damaged; some have text or parallel lines on them, and some are left
whole. All that stands out from them is described as `colorizer.edits.damage` does, and told apart by logistic
regression. Prints the models of `colorizer.edits.standout_models`.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.made_damage import make_damage
from benchmarks.made_structures import add_lines, add_text
from benchmarks.print_repair import add_photograph_arguments, load_gray
from colorizer.arrays import Floats, Mask, Pixels
from colorizer.edits.damage import KINDS, Damage, scenes
from colorizer.edits.standout_features import describe
from colorizer.edits.standout_models import Model, expand
from colorizer.edits.standouts import Scene, split

WHOLE, WRITTEN, LINED = 0.4, 0.15, 0.25  # shares of photographs: undamaged, with text, with parallel lines
FACTORS, SIDE = (1.0, 1.5, 2.5, 4.0), 400  # how much they are enlarged, in turn; pixels of the part that is used
UNITS = (0.9, 1.4)  # pixels: the size of fine damage
RIDGE, ROUNDS = 3e-3, 6  # of the regression
MOST_OTHERS = 50_000  # spots, or lines, that are no damage and from which it learns; drawn by chance

Array = NDArray[np.float64]
Sample = tuple[Array, Array, Array]  # features (n, FEATURES), whether it is damage (n,), weight (n,)


def collect(pixels: Pixels, damage: Mask) -> Iterator[tuple[list[Sample], list[Sample]]]:
    """Lines and spots of a picture, for each of its sizes and for light and dark."""
    for scene in scenes(pixels):
        size = scene.gray.shape[::-1]
        small = cv2.resize(damage.astype(np.float32), size, interpolation=cv2.INTER_AREA)
        truth = np.asarray(cv2.dilate(small, np.ones((3, 3))), np.float32)
        for light in (True, False):
            lines, spots = split(scene.candidates(light=light))
            yield (
                [_sample(scene, labels, truth, light) for labels in lines],
                [_sample(scene, labels, truth, light) for labels in spots],
            )


def _sample(scene: Scene, labels: NDArray[np.int32], truth: Floats, light: bool) -> Sample:
    standouts = describe(scene, labels, light=light)
    count = len(standouts.features) + 1
    areas = np.bincount(standouts.labels.ravel(), minlength=count)[1:]
    hits = np.bincount(standouts.labels.ravel(), (truth > 0.2).ravel(), count)[1:]
    return standouts.features, (hits > 0.5 * areas).astype(np.float64), areas.astype(np.float64)


def fit(samples: list[Sample], random: np.random.Generator) -> Model:
    """The model of these samples: logistic regression by Newton's method, with a small ridge."""
    features, truth, weight = (np.concatenate(each) for each in zip(*samples, strict=True))
    mean, scale = _round(features.mean(axis=0)), _round(features.std(axis=0) + 1e-9)
    share = min(1.0, MOST_OTHERS / (truth == 0).sum())
    drawn = (truth > 0) | (random.random(len(truth)) < share)
    weight = np.where(truth > 0, weight, weight / share)[drawn]
    truth, inputs = truth[drawn], expand(features[drawn], mean, scale)
    inputs = np.column_stack([inputs, np.ones(len(inputs))])
    weight = weight / weight.mean()
    solution = np.zeros(inputs.shape[1])
    for _ in range(ROUNDS):
        chance = 1 / (1 + np.exp(-np.clip(inputs @ solution, -30, 30)))
        slope = inputs.T @ (weight * (truth - chance)) - RIDGE * len(inputs) * solution
        bend = (inputs * (weight * chance * (1 - chance))[:, np.newaxis]).T @ inputs
        solution += np.linalg.solve(bend + RIDGE * len(inputs) * np.eye(len(solution)), slope)
    found = inputs @ solution > 0
    print(
        f"{len(inputs)}, damage {truth.mean():.3f}; by weight: precision "
        f"{(weight * truth)[found].sum() / weight[found].sum():.3f}, recall "
        f"{(weight * truth)[found].sum() / (weight * truth).sum():.3f}",
        file=sys.stderr,
    )
    return Model(mean, scale, _round(solution))


def _round(values: Array) -> tuple[float, ...]:
    """Three digits of each."""
    return tuple(float(f"{value:.3g}") for value in values)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_photograph_arguments(parser, factors=FACTORS)
    arguments = parser.parse_args()
    random = np.random.default_rng(17)
    lines: list[Sample] = []
    spots: list[Sample] = []
    for gray in load_gray(arguments):
        top, left = (max(0, side - SIDE) // 2 for side in gray.shape)
        part = np.ascontiguousarray(gray[top : top + SIDE, left : left + SIDE])
        part = add_text(part, random) if random.random() < WRITTEN else part
        part = add_lines(part, random) if random.random() < LINED else part
        is_whole = random.random() < WHOLE
        order = [] if is_whole else random.permutation(len(KINDS)).tolist()
        kinds: list[Damage] = [KINDS[each] for each in order[: random.integers(1, len(KINDS) + 1)]] if order else []
        made = make_damage(part, random, kinds, unit=float(random.uniform(*UNITS)))
        for line, spot in collect(made.pixels, made.mask):
            lines += line
            spots += spot
    for name, samples in (("LINE_MODEL", lines), ("SPOT_MODEL", spots)):
        print(f"{name} = {fit(samples, random)}")


if __name__ == "__main__":
    main()
