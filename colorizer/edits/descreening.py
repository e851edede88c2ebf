"""Descreening: the dots of a picture that was printed in a newspaper or a book are taken out.

A halftone screen is a square lattice of dots, so the Fourier spectrum has peaks at two frequencies of equal length at a
right angle. They are found in most parts of the picture, or nothing is changed. Then a low-pass filter lets through
what the dots show and stops the dots.
"""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from colorizer.arrays import Floats, Mask, Pixels

TILE = 256  # pixels: the side of the parts whose spectra are looked at
MOST_TILES = 8  # along each side of the picture
LOWEST, HIGHEST = 1 / 18, 0.45  # cycles a pixel of a screen that is looked for
PEAK = 3.5  # of the logarithm of power: how far a screen's peaks stand out from the spectrum around them
AROUND = 21  # steps of frequency: the width of the spectrum around a peak
WEAKER = 2.5  # of the logarithm of power: how much weaker than the strongest peak the lowest one may be
SHARE = 0.4  # of the parts that show the screen; others may be text or blank paper
LEAST_ANGLE = 8.0  # degrees from the axes. Black is printed at about 45; bricks, windows and JPEG's blocks are upright
GRAIN = 0.5  # levels: the standard deviation of what counts as nothing
PASS, STOP = 0.5, 0.95  # of the screen's frequency: what is let through whole, and from where on nothing is

Spectrum = NDArray[np.float64]


def descreen(pixels: Pixels) -> Pixels:
    """Take out the dots of a halftone screen; without a screen, the same array comes back.

    `pixels`: grey (H, W) or RGB (H, W, 3), uint8 or uint16; the result has the same shape and dtype.
    """
    frequency = find_screen(pixels)
    if frequency is None:
        return pixels
    return np.asarray(
        cv2.filter2D(pixels, -1, make_low_pass(frequency), borderType=cv2.BORDER_REFLECT_101), pixels.dtype
    )


def find_screen(pixels: Pixels) -> float | None:
    """The frequency of a halftone screen in cycles a pixel, or None if there is none. `pixels`: as in `descreen`."""
    side = TILE if min(pixels.shape[:2]) >= TILE else TILE // 2
    if min(pixels.shape[:2]) < side:
        return None
    powers = [_log_power(tile) for tile in _tiles(pixels, side)]
    power = np.quantile(powers, 1 - SHARE, axis=0)
    peaks = power - cv2.blur(power, (AROUND, AROUND))
    # A scan may be a little wider than high, so the peak at a right angle may be one step of frequency off.
    turned = cv2.dilate(np.ascontiguousarray(np.rot90(peaks)), np.ones((3, 3), np.uint8))
    both = np.where(_allowed(side), np.minimum(peaks, turned), -np.inf)
    strongest = float(both.max())
    if strongest < PEAK:
        return None
    distance = _distance(side - 1, side)
    return float(distance[both >= max(PEAK, strongest - WEAKER)].min())


def make_low_pass(frequency: float) -> Floats:
    """The kernel of a filter that stops a screen of this frequency, in cycles a pixel: (n, n) float32, n odd, sum 1."""
    reach = math.ceil(2.5 / frequency)
    side = 4 * reach + 1
    share = _distance(side, side) / frequency
    passed = np.clip((STOP - share) / (STOP - PASS), 0, 1)
    response = np.fft.ifftshift(0.5 - 0.5 * np.cos(math.pi * passed))
    kernel = np.fft.fftshift(np.fft.ifft2(response).real)
    window = np.hanning(2 * reach + 3)[1:-1]
    kernel = kernel[reach : side - reach, reach : side - reach] * np.outer(window, window)
    return np.asarray(kernel / kernel.sum(), np.float32)


def _tiles(pixels: Pixels, side: int) -> list[Floats]:
    """Square parts all over a picture: (side, side) float32, levels of 8 bits."""
    scale = 255 / np.iinfo(pixels.dtype).max
    starts = []
    for length in pixels.shape[:2]:
        count = min(MOST_TILES, max(1, round(2 * length / side) - 1))  # neighbours overlap by half, or are apart
        starts.append(np.rint(np.linspace(0, length - side, count)).astype(int))
    parts = [pixels[top : top + side, left : left + side] for top in starts[0] for left in starts[1]]
    return [np.asarray((part if part.ndim == 2 else part.mean(axis=2)) * scale, np.float32) for part in parts]


def _log_power(tile: Floats) -> Spectrum:
    """The logarithm of the power spectrum of (n, n), n even: (n - 1, n - 1), frequency 0 in the middle."""
    window = np.outer(*2 * [np.hanning(len(tile))])
    spectrum = np.fft.fftshift(np.fft.fft2((tile - tile.mean()) * window))[1:, 1:]
    return np.asarray(np.log(np.abs(spectrum) ** 2 + GRAIN**2 * (window**2).sum()))


def _distance(side: int, period: int) -> Spectrum:
    """Of each step of a spectrum (side, side), side odd, to frequency 0, in cycles a pixel; `period`: steps of one."""
    steps = np.arange(side) - side // 2
    return np.asarray(np.hypot(*np.meshgrid(steps, steps)) / period)


def _allowed(side: int) -> Mask:
    """Where the peaks of a screen may be in the spectra of `_log_power` for tiles of this side."""
    steps = np.arange(side - 1) - (side - 1) // 2
    x, y = np.meshgrid(steps, steps)
    distance = _distance(side - 1, side)
    angle = np.degrees(np.arctan2(np.minimum(np.abs(x), np.abs(y)), np.maximum(np.abs(x), np.abs(y))))
    return np.asarray((distance >= LOWEST) & (distance <= HIGHEST) & (angle >= LEAST_ANGLE))
