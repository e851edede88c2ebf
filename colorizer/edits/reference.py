"""Colours from a reference: a colour picture of the same scene, or of the same kind of things.

Places of both pictures are matched by what the network saw in them, and the reference's colours become soft hints:

- T. Welsh, M. Ashikhmin and K. Mueller, Transferring Color to Greyscale Images (2002); R. Irony, D. Cohen-Or and
  D. Lischinski, Colorization by Example (2005): match, vote by region, and keep confident matches as scribbles.
- M. He et al., Deep Exemplar-based Colorization (2018): match features of a network. Here they are those of the colour
  network itself, of both pictures' luminance, so nothing more is to be loaded.
- J. Sun et al., LoFTR (2021): the dual softmax, which is large only for places that choose each other.

A match counts as far as it is similar and as matches agree with their neighbours: a scene that is seen again moves as a
whole, while matches with an unrelated picture are scattered. Then the automatic colours stay.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from colorizer.arrays import Floats, Mask, Pixels
from colorizer.color.tint import Coloring, find_coloring
from colorizer.errors import InvalidImage, Problem
from colorizer.picture import Picture, convert_to_8_bits, flatten_alpha, is_opaque
from colorizer.resize import resize, shrink_to_working_size

GRID = 28  # cells along each side of both pictures, whatever their aspect ratio: the network's input is a square
SOFTNESS = 0.05  # temperature of the softmax over cosine similarities
NEIGHBORHOOD = 2  # cells to each side whose matches are compared
AGREEMENT = 2.5  # cells by which two neighbours' displacements may differ
# A logistic regression gives a cell's weight: on the picture's mean coherence, 0..1, and the cell's similarity, -1..1.
# It is fitted to the squared error of ab on pairs of one scene, of one class and of nothing in common.
BIAS, COHERENCE, SIMILARITY = -7.8, 7.5, 7.2
_ALL_CELLS: Mask = np.ones(GRID**2, np.bool_)
_HIDDEN = np.array([255, 255, 255, 0], np.uint8)  # a transparent place of a reference


@dataclass(frozen=True)
class Reference:
    """A colour picture to take colours from, seen as it is and mirrored.

    `features`: for both views, what the network saw in each cell: for each of its layers, `cells` (GRID * GRID, c).
    `ab`: for both, the colours (GRID, GRID, 2) float32, CIE units.
    `shown`: for both, the cells that are not transparent, (GRID * GRID,) bool; the others match nothing.
    """

    features: tuple[Sequence[Floats], Sequence[Floats]]
    ab: tuple[Floats, Floats]
    shown: tuple[Mask, Mask] = (_ALL_CELLS, _ALL_CELLS)


@dataclass(frozen=True)
class SoftHints:
    """Wanted colours all over a picture: `ab` (h, w, 2) float32, CIE units, and their `weight` (h, w) float32, 0..1."""

    ab: Floats
    weight: Floats

    def pull(self, ab: Floats) -> Floats:
        """The change (h, w, 2) of colours `ab`, of any size, that takes each place as far as its weight says."""
        height, width = self.weight.shape
        return (self.ab - resize(ab, width, height)) * self.weight[..., np.newaxis]


def shrink_reference(image: Pixels) -> Pixels:
    """All of a colour picture that a reference is made from, at most `WORKING_SIDE` long: RGB (h, w, 3) of its dtype.

    Of a picture with transparent places it is RGBA (h, w, 4), uint8, white and transparent there, opaque elsewhere.
    `image`: (H, W, 3) or (H, W, 4), uint8 or uint16. What this returns stays as it is when it is shrunk again.
    Raises InvalidImage for another shape or dtype, or without colour.
    """
    picture = Picture.from_array(image)
    opaque = None if picture.alpha is None else is_opaque(shrink_to_working_size(picture.alpha))
    if opaque is not None and not opaque.all():
        picture = flatten_alpha(convert_to_8_bits(picture))  # or the colours that are hidden would run into the others
    pixels = shrink_to_working_size(picture.pixels)
    if find_coloring(pixels) is Coloring.GRAY:
        raise InvalidImage("expected a reference with colours, got a grey picture", problem=Problem.NO_COLOR)
    if opaque is None or opaque.all():
        return pixels
    return np.where(opaque[..., np.newaxis], np.dstack([pixels, np.full_like(pixels[..., 0], 255)]), _HIDDEN)


def match(features: Sequence[Floats], reference: Reference) -> SoftHints:
    """The colours that the reference has for a picture, and how far each can be relied on: at (GRID, GRID).

    `features`: of the picture, maps (c, h, w) float32 of any sizes, from the same layers as those of the reference.
    """
    seen = [cells(each) for each in features]
    both = zip(reference.features, reference.ab, reference.shown, strict=True)
    views = [_match_view(seen, *view) for view in both]
    ab, agreement, similarity = max(views, key=lambda view: view[1])
    evidence = BIAS + COHERENCE * agreement + SIMILARITY * similarity
    return SoftHints(ab, np.asarray(1 / (1 + np.exp(-evidence)), np.float32))


def _match_view(
    features: Sequence[Floats], others: Sequence[Floats], colors: Floats, shown: Mask
) -> tuple[Floats, float, Floats]:
    """Colours (GRID, GRID, 2), the mean coherence of the matches, and each cell's similarity (GRID, GRID)."""
    similarity = _similarities(features, others)
    similarity[:, ~shown] = -1  # the least
    shape = (GRID, GRID)
    mutual = softmax(similarity, axis=1) * softmax(similarity, axis=0)
    # The mutual choice decides among similar cells, and a cell that nobody chooses back keeps its own choice.
    votes = softmax(similarity, axis=1) + mutual / (mutual.sum(1, keepdims=True) + np.float32(1e-6))
    ab = votes @ colors.reshape(-1, 2) / votes.sum(1, keepdims=True)
    best = similarity.argmax(axis=1).reshape(shape)
    return ab.reshape(*shape, 2), float(coherence(best).mean()), similarity.max(axis=1).reshape(shape)


def _similarities(features: Sequence[Floats], others: Sequence[Floats]) -> Floats:
    """The cosine similarity of every cell of one picture and every cell of the other: (GRID**2, GRID**2), -1..1.

    `features`, `others`: `cells` of each layer; it is the mean over the layers. What all cells share is subtracted
    first, because it says nothing of a place.
    """
    total = np.zeros((GRID**2, GRID**2), np.float32)
    for one, other in zip(features, others, strict=True):
        center = (one.mean(0) + other.mean(0)) / 2
        spread = np.sqrt((one.var(0) + other.var(0)) / 2) + np.float32(1e-3)
        unit = [(each - center) / spread for each in (one, other)]
        unit = [each / np.maximum(np.linalg.norm(each, axis=1, keepdims=True), 1e-6) for each in unit]
        total += unit[0] @ unit[1].T
    return total / np.float32(len(features))


def cells(feature: Floats) -> Floats:
    """A map (c, h, w) float32 as cells (GRID * GRID, c), row by row."""
    # Plane by plane, because OpenCV resizes arrays of up to 512 channels.
    return np.stack([resize(plane, GRID, GRID).ravel() for plane in feature], axis=1)


def softmax(similarity: Floats, *, axis: int) -> Floats:
    """The shares 0..1 that similarities (n, m) have along an axis, at the temperature SOFTNESS: (n, m) float32."""
    weight = np.exp((similarity - similarity.max(axis, keepdims=True)) / np.float32(SOFTNESS))
    return np.asarray(weight / weight.sum(axis, keepdims=True), np.float32)


def coherence(best: np.ndarray) -> Floats:
    """For each cell, the share 0..1 of its neighbours whose matches are displaced as its own.

    `best`: (h, w) whole numbers, the index of each cell's match in a grid of the same shape. Returns (h, w) float32.
    """
    height, width = best.shape
    displacement = np.stack(np.divmod(best, width), axis=-1) - np.moveaxis(np.indices(best.shape), 0, -1)
    reach = range(-NEIGHBORHOOD, NEIGHBORHOOD + 1)
    agreeing, present = np.zeros(best.shape, np.float32), np.zeros(best.shape, np.float32)
    for down, right in product(reach, reach):
        if down == right == 0:
            continue
        here = _inside(height, down), _inside(width, right)
        there = _inside(height, -down), _inside(width, -right)
        difference = np.linalg.norm(displacement[here] - displacement[there], axis=-1)
        agreeing[here] += difference <= AGREEMENT
        present[here] += 1
    return np.asarray(agreeing / np.maximum(present, 1), np.float32)


def _inside(length: int, step: int) -> slice:
    """The places of a line that have a neighbour `step` further on."""
    return slice(max(0, -step), length - max(0, step))
