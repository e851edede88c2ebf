"""Find how one picture lies over another of the same scene: an affine map, by their lightness.

A still of a film is often the frame itself, at its own size, but also a crop of it, one with a border, or one whose
pixels have another aspect. So three maps are tried: the still stretched over the frame; that map improved by
correlation (G. Evangelidis and E. Psarakis, Parametric Image Alignment using Enhanced Correlation Coefficient, 2008);
and the map that most matches of SIFT features agree on (D. Lowe, 2004), improved alike.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from colorizer.arrays import Floats, Plane
from colorizer.frames.optical_flow import pixel_grid, warp

Matrix = NDArray[np.float32]

_RATIO = 0.75  # of the distances of the best and the second-best match, as Lowe has it
_FEWEST_MATCHES = 12  # that agree on one map, for which chance is out of the question
_REACH = 3.0  # pixels: within it a match agrees
_STEPS = (cv2.TERM_CRITERIA_COUNT | cv2.TERM_CRITERIA_EPS, 50, 1e-4)
_ECC_BLUR = 5  # pixels: side of the Gaussian filter
_HALF = 0.5  # share of the frame that a still must cover to count in full
_GAIN = 0.01  # by which another map must be better than the plain stretch
LEAST_AGREEMENT = 0.5  # below which both show different things, and no map but the plain stretch makes sense


@dataclass(frozen=True)
class Registration:
    """`matrix` (2, 3) float32: from pixels of the frame to those of the still. `agreement`: the correlation of their
    lightness by that map, -1..1, and less where the still covers less than half of the frame.
    """

    matrix: Matrix
    agreement: float

    def lay_over(self, values: Floats, width: int, height: int) -> Floats:
        """Values (h, w) or (h, w, c) of the still in the frame of that size; 0 where the still does not reach."""
        places = pixel_grid(height, width) @ self.matrix[:, :2].T + self.matrix[:, 2]
        last = np.array(values.shape[1::-1], np.float32) - np.float32(0.5)
        reached = ((places >= -0.5) & (places <= last)).all(axis=2)
        laid = warp(values, np.asarray(places, np.float32))
        return laid * reached.reshape(reached.shape + (1,) * (laid.ndim - 2))


def register(still: Floats, weight: Floats, frame: Floats) -> Registration:
    """How a still lies over a frame.

    `still`, `frame`: L (h, w) float32, 0..100, of sizes of their own. `weight`: of the still (h, w) float32, 0..1;
    what is below a half does not count.
    """
    pictures = [np.asarray(cv2.convertScaleAbs(light, alpha=2.55), np.uint8) for light in (still, frame)]
    mask = np.asarray((weight >= _HALF) * np.uint8(255), np.uint8)
    stretch = _stretch(still.shape, frame.shape)
    plain = _rate(stretch, still, mask, frame)
    others = [_improve(stretch, pictures[0], mask, pictures[1])]
    matched = _by_features(pictures[0], mask, pictures[1])
    if matched is not None:
        others += [matched, _improve(matched, pictures[0], mask, pictures[1])]
    best = max((_rate(matrix, still, mask, frame) for matrix in others), key=lambda each: each.agreement)
    return best if best.agreement > max(plain.agreement + _GAIN, LEAST_AGREEMENT) else plain


def _stretch(still: tuple[int, ...], frame: tuple[int, ...]) -> Matrix:
    """The map that lays the corners of a still of shape (h, w) onto those of the frame."""
    down, across = still[0] / frame[0], still[1] / frame[1]
    return np.array([[across, 0, (across - 1) / 2], [0, down, (down - 1) / 2]], np.float32)


def _by_features(still: Plane, mask: Plane, frame: Plane) -> Matrix | None:
    """The map that the matches of features agree on; None if too few do."""
    sift = cv2.SIFT.create()
    there, others = sift.detectAndCompute(still, mask)
    here, features = sift.detectAndCompute(frame, None)
    if min(len(there), len(here)) < _FEWEST_MATCHES:
        return None
    pairs = cv2.BFMatcher().knnMatch(features, others, k=2)
    good = [best for best, second in pairs if best.distance < _RATIO * second.distance]
    if len(good) < _FEWEST_MATCHES:
        return None
    ours = np.array([here[match.queryIdx].pt for match in good], np.float32)
    theirs = np.array([there[match.trainIdx].pt for match in good], np.float32)
    matrix, agree = cv2.estimateAffine2D(ours, theirs, ransacReprojThreshold=_REACH)
    return np.asarray(matrix, np.float32) if matrix is not None and agree.sum() >= _FEWEST_MATCHES else None


def _improve(start: Matrix, still: Plane, mask: Plane, frame: Plane) -> Matrix:
    """The map near `start` with the highest correlation; `start` itself where the search does not converge."""
    try:
        _, matrix = cv2.findTransformECC(
            frame, still, start.copy(), cv2.MOTION_AFFINE, _STEPS, inputMask=mask, gaussFiltSize=_ECC_BLUR
        )
    except cv2.error as error:
        if error.code != cv2.Error.StsNoConv:
            raise
        return start
    return np.asarray(matrix, np.float32)


def _rate(matrix: Matrix, still: Floats, mask: Plane, frame: Floats) -> Registration:
    height, width = frame.shape
    unrated = Registration(matrix, 0.0)
    shown = unrated.lay_over(mask.astype(np.float32), width, height) >= 255 * _HALF
    ours, theirs = frame[shown], unrated.lay_over(still, width, height)[shown]
    if ours.size < 2 or min(ours.std(), theirs.std()) < 1e-3:  # an even surface correlates with nothing
        return unrated
    correlation = float(np.corrcoef(ours, theirs)[0, 1])
    # Of the part that the still could show: its opaque share.
    expected = _HALF * max(float((mask > 0).mean()), 1e-3)
    return Registration(matrix, correlation * min(1.0, float(shown.mean()) / expected))
