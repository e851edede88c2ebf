"""Several answers: the few colourings that together come nearest to all that a network thinks possible.

The network gives each place its own distribution over the colour points. Colours of places also belong together: like
things share their colour, and the whole picture its light and its saturation. Both make a Gaussian distribution over
whole colourings, around the predicted one:

- the covariance of one place is that of its distribution,
- two places correlate by how alike their distributions are: the cosine of the square roots, less their mean (the
  Bhattacharyya coefficient), plus a part that all places share,
- the saturation of the whole picture varies on its own.

Its quantizer of n colourings (S. Lloyd, Least Squares Quantization in PCM, 1982) has the least expected squared error
of the best one. It is computed in the leading principal components, which are smooth over the picture's regions.
"""

from __future__ import annotations

import numpy as np

from colorizer.arrays import Floats
from colorizer.resize import resize

VARIANTS = 4  # other colourings of a picture that are offered
GRID = 14  # cells along each side at which the covariance is computed
# Chosen on photographs of the training for a small error of the best of four, which `python -m benchmarks.variants`
# measures on others.
TRUST = 0.23  # share of a distribution's covariance that is taken over, for the network's is too wide
SATURATION = 0.42  # standard deviation of the whole picture's saturation, relative to the predicted one
SHARED = 0.35  # correlation of two places that have nothing in common
COMPONENTS = 5
DRAWN = 3000  # colourings that the quantizer is fitted to
ROUNDS = 40  # of Lloyd's algorithm


def check_variant(number: int) -> None:
    """Raises ValueError unless 0 <= number <= VARIANTS. 0 is the predicted colouring."""
    if not 0 <= number <= VARIANTS:
        raise ValueError(f"expected a variant from 0 (the default) to {VARIANTS}, got {number}")


def variant_shifts(probabilities: Floats, points: Floats, ab: Floats, count: int, *, seed: int = 0) -> Floats:
    """What to add to the predicted colours for `count` other colourings: (count, GRID, GRID, 2) float32, CIE units.

    `probabilities`: (n, h, w) float32 over the colour points, which sum to 1. `points`: (n, 2) float32, CIE units.
    `ab`: (h, w, 2) float32, the predicted colours. The likeliest colouring comes first. Equal arguments give equal
    results. Raises ValueError for a count below 1.
    """
    if count < 1:
        raise ValueError(f"expected at least 1 variant, got {count}")
    cells = np.stack([resize(plane, GRID, GRID).ravel() for plane in probabilities], axis=1).astype(np.float64)
    cells /= cells.sum(axis=1, keepdims=True)
    saturation = SATURATION * resize(ab, GRID, GRID).ravel().astype(np.float64)
    covariance = TRUST * covariance_of(cells, points) + np.outer(saturation, saturation)
    values, vectors = _leading_components(covariance)
    vectors = vectors * np.where(vectors.sum(axis=0) < 0, -1, 1)  # the sign of an eigenvector is arbitrary
    random = np.random.default_rng(seed)
    drawn = random.normal(size=(DRAWN, COMPONENTS)) * np.sqrt(np.maximum(values, 0))
    return np.asarray(quantize(drawn, count) @ vectors.T, np.float32).reshape(count, GRID, GRID, 2)


def covariance_of(cells: np.ndarray, points: Floats) -> np.ndarray:
    """The covariance of all cells' colours: (2N, 2N) float64, CIE units squared; a and b of a cell are neighbours.

    `cells`: the distributions (N, n) float64. `points`: the colours (n, 2).
    """
    colors = points.astype(np.float64)
    mean = cells @ colors
    second = np.einsum("ip,px,py->ixy", cells, colors, colors, optimize=True)
    own = second - mean[:, :, np.newaxis] * mean[:, np.newaxis]
    values, vectors = np.linalg.eigh(own)
    root = (vectors * np.sqrt(np.maximum(values, 0))[:, np.newaxis]) @ vectors.transpose(0, 2, 1)
    likeness = np.sqrt(cells) - np.sqrt(cells).mean(axis=0)
    likeness /= np.maximum(np.linalg.norm(likeness, axis=1, keepdims=True), 1e-6)
    correlation = SHARED + (1 - SHARED) * np.maximum(likeness @ likeness.T, 0)
    blocks = np.einsum("ixk,ij,jyk->ixjy", root, correlation, root, optimize=True)
    return np.asarray(blocks.reshape(2 * len(cells), 2 * len(cells)), np.float64)


def _leading_components(covariance: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The COMPONENTS largest eigenvalues (c,) and their eigenvectors (n, c), the largest first."""
    from scipy.linalg import eigh  # SciPy takes longer to import than all the rest

    last = len(covariance) - 1
    values, vectors = eigh(covariance, subset_by_index=(last + 1 - COMPONENTS, last), check_finite=False)
    return values[::-1], vectors[:, ::-1]


def quantize(drawn: np.ndarray, count: int) -> np.ndarray:
    """The `count` points (count, d) with the least mean squared distance to `drawn` (m, d), the largest cell first.

    Lloyd's algorithm. It begins with points that are far from each other, so it needs no randomness of its own.
    """
    centers = drawn[:1]
    while len(centers) < count:
        centers = np.vstack([centers, drawn[_squared_distances(centers, drawn).min(axis=0).argmax()]])
    numbers = np.arange(count)[:, np.newaxis]
    nearest = np.full(len(drawn), -1)
    for _ in range(ROUNDS):
        before, nearest = nearest, _squared_distances(centers, drawn).argmin(axis=0)
        if np.array_equal(before, nearest):
            break
        members = (nearest == numbers).astype(np.float64)
        sizes = members.sum(axis=1, keepdims=True)
        centers = np.where(sizes > 0, members @ drawn / np.maximum(sizes, 1), centers)
    return np.asarray(centers[np.argsort(-sizes[:, 0], kind="stable")], np.float64)


def _squared_distances(centers: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Of every centre (n, d) from every point (m, d): (n, m)."""
    products = centers @ points.T
    return np.asarray(np.square(centers).sum(axis=1, keepdims=True) - 2 * products + np.square(points).sum(axis=1))
