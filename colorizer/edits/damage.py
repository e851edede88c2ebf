"""Damage of prints: where scratches, dust and folds are, found by morphology and shape.

Spots and lines that stand out (`standouts`) are looked for at several sizes of the picture, so that wide damage is as
narrow as fine damage, and are judged by a logistic model of their features. Folds are lines across the picture.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Literal, get_args

import cv2
import numpy as np

from colorizer.arrays import Mask, Pixels
from colorizer.edits.folds import find_folds
from colorizer.edits.standout_features import FEATURES, Standouts, describe
from colorizer.edits.standout_models import LINE_MODEL, SPOT_MODEL, Model
from colorizer.edits.standouts import Bits, Scene, grow, split, study
from colorizer.resize import fit_within, resize

Damage = Literal["scratches", "dust", "folds"]
KINDS: tuple[Damage, ...] = get_args(Damage)

LONGEST = 2048  # pixels of the picture in which damage is looked for
SIZES, SMALLEST = 2, 400  # of the picture, each half of the one before; pixels of the longest side
CAUTION = 0.5  # log-odds that damage must have: a false alarm harms more than damage that stays
LEAST_CONTRAST = 8.0, 120.0  # levels: of damage where nothing else stands out, and how much more among others alone
WIDEST = 7.0  # pixels of a line: a wider one is a net of lines, such as those of letters
MOST_DAMAGE = 0.06  # of a picture, for light or dark damage of a kind: more is a pattern, such as a brick wall
COVERED = 0.3  # share of a spot or line that finer damage may take before it is the same one


def find_damage(gray: Pixels, kinds: Collection[Damage]) -> Mask:
    """Where a picture is damaged: (H, W) bool. `gray`: (H, W) uint8."""
    height, width = gray.shape
    if not kinds or min(height, width) < 2:
        return np.zeros((height, width), np.bool_)
    small = resize(gray, *fit_within(width, height, LONGEST))
    found, light_ones = np.zeros(small.shape, np.uint8), np.zeros(small.shape, np.uint8)
    for scene in scenes(small):
        known = _fit(found, scene.gray.shape)
        for light in (True, False):
            here = scene.candidates(light=light)
            if light:
                light_ones |= _fit(here, small.shape)
            found |= _fit(_find_spots_and_lines(scene, here, known, kinds, light=light), small.shape)
    if "folds" in kinds:
        found |= find_folds(light_ones)  # where the picture has come off, paper shows
    if small.shape != gray.shape:
        found = grow(found)  # the rim may lie in between
    return np.asarray(_fit(found, (height, width)), np.bool_)


def scenes(gray: Pixels) -> Iterator[Scene]:
    """A picture, (h, w) uint8, at the sizes in which damage is looked for, the largest first."""
    height, width = gray.shape
    for number in range(SIZES):
        if number and max(height, width) >> number < SMALLEST:
            return
        yield study(resize(gray, width >> number, height >> number) if number else gray)


def judge(standouts: Standouts, model: Model) -> Mask:
    """Whether each spot or line is damage: (n,) bool."""
    contrast, crowd, width = (standouts.features[:, FEATURES.index(name)] for name in ("contrast", "crowd", "width"))
    likely = model.decide(standouts.features) > CAUTION
    alone, among = LEAST_CONTRAST
    return np.asarray(likely & (np.exp(contrast) > alone + among * crowd) & (np.exp(width) < WIDEST), np.bool_)


def _find_spots_and_lines(
    scene: Scene, candidates: Bits, known: Bits, kinds: Collection[Damage], *, light: bool
) -> Bits:
    found = np.zeros_like(candidates)
    if set(kinds) <= {"folds"}:
        return found
    lines, spots = split(candidates)
    for kind, parts, model in (("scratches", lines, LINE_MODEL), ("dust", spots, SPOT_MODEL)):
        of_kind = np.zeros_like(candidates)
        for labels in parts if kind in kinds else ():
            standouts = describe(scene, labels, light=light)
            chosen = judge(standouts, model) & ~_is_known(standouts, known)
            of_kind |= np.append(False, chosen).astype(np.uint8)[standouts.labels]
        if of_kind.mean() < MOST_DAMAGE:
            found |= of_kind
    return found | grow(found) & scene.rims(light=light)


def _is_known(standouts: Standouts, known: Bits) -> Mask:
    """Whether damage that was found at a finer size covers each spot or line: (n,) bool."""
    labels, count = standouts.labels.ravel(), len(standouts.features) + 1
    covered = np.bincount(labels, known.ravel(), count)
    return np.asarray(covered[1:] > COVERED * np.bincount(labels, minlength=count)[1:], np.bool_)


def _fit(mask: Bits, shape: tuple[int, ...]) -> Bits:
    """A mask (h, w) of 0 and 1 at another size."""
    if mask.shape == shape:
        return mask
    return np.asarray(cv2.resize(mask, (shape[1], shape[0]), interpolation=cv2.INTER_NEAREST), np.uint8)
