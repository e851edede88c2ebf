"""Benchmark of edge-aware upsampling of ab: `python -m benchmarks.edges FOLDER`.

Low-resolution ab is upsampled linearly and with the guided filter on L. This is done with the predicted colours, and
with the true colours at the network's resolution, where only the upsampling causes errors. The figures are means over
the photographs that have edges: the ab error near edges and everywhere, in CIE units, and PSNR (RGB). At an edge, L
blurred by one pixel changes by more than 5 a pixel; near means within 2 pixels.
Prints Markdown. `--sweep` also tries other radii and epsilons.
"""

from __future__ import annotations

import argparse
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from itertools import product

import cv2
import numpy as np
from numpy.typing import NDArray
from skimage.metrics import peak_signal_noise_ratio

from benchmarks.quality.photographs import add_folder_arguments, load_squares
from colorizer import load_colorizer
from colorizer.arrays import Floats, Pixels
from colorizer.color import lab
from colorizer.color.guided_filter import refine
from colorizer.resize import WORKING_SIDE

EDGE = 5.0  # L a pixel
NEAR = 2  # pixels
RADII = (1, 2)
EPSILONS = (64.0, 128.0, 256.0, 512.0)

Way = Callable[[Floats, Floats], Floats]  # low-resolution ab and L -> ab of L's size


def stretch(ab: Floats, luminance: Floats) -> Floats:
    """Upsample ab (h, w, 2) linearly to the size of L (H, W)."""
    size = (luminance.shape[1], luminance.shape[0])
    return np.asarray(cv2.resize(ab, size, interpolation=cv2.INTER_LINEAR), np.float32)


def find_edge_pixels(luminance: Floats) -> NDArray[np.bool_]:
    """Mask (H, W) of the pixels of L (H, W) that are near an edge."""
    blurred = cv2.GaussianBlur(luminance, (0, 0), 1)
    slope = np.hypot(*(cv2.Sobel(blurred, cv2.CV_32F, *axis, scale=1 / 8) for axis in ((1, 0), (0, 1))))
    side = 2 * NEAR + 1
    return cv2.dilate((slope > EDGE).astype(np.uint8), np.ones((side, side), np.uint8)) > 0


def errors(truth: Floats, found: Floats) -> tuple[float, float, float]:
    """Compare ab (H, W, 2) with a true Lab picture: mean error near edges, mean error everywhere, PSNR in dB."""
    error = np.hypot(*np.moveaxis(found - truth[..., 1:], -1, 0))
    result = lab.lab_to_rgb(np.dstack([truth[..., :1], found]))
    psnr = peak_signal_noise_ratio(lab.lab_to_rgb(truth), result)
    return float(error[find_edge_pixels(truth[..., 0])].mean()), float(error.mean()), float(psnr)


def measure(photographs: Iterable[Pixels], predict: Callable[[Pixels], Floats], ways: Mapping[str, Way]) -> list[str]:
    """The rows of the table, in Markdown."""
    table: defaultdict[tuple[str, str], list[tuple[float, float, float]]] = defaultdict(list)
    for pixels in photographs:
        truth = lab.rgb_to_lab(pixels)
        if not find_edge_pixels(truth[..., 0]).any():
            continue
        predicted = predict(pixels)
        size = (predicted.shape[1], predicted.shape[0])
        true = np.asarray(cv2.resize(truth[..., 1:], size, interpolation=cv2.INTER_AREA), np.float32)
        for name, way in ways.items():
            for colors, ab in (("predicted", predicted), ("true", true)):
                table[colors, name].append(errors(truth, way(ab, np.ascontiguousarray(truth[..., 0]))))
    return [
        f"| {colors} | {name} | " + " | ".join(f"{mean:.3f}" for mean in np.mean(rows, axis=0)) + " |"
        for (colors, name), rows in sorted(table.items(), key=lambda item: item[0][0])
    ]


def milliseconds(way: Way, runs: int = 20) -> float:
    """The median time for one picture at the working size."""
    random = np.random.default_rng(0)
    luminance = random.uniform(0, 100, (WORKING_SIDE * 3 // 4, WORKING_SIDE)).astype(np.float32)
    ab = random.normal(0, 10, (56, 56, 2)).astype(np.float32)
    times = []
    for _ in range(runs):
        started = time.perf_counter()
        way(ab, luminance)
        times.append(time.perf_counter() - started)
    return 1000 * float(np.median(times))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_folder_arguments(parser)
    parser.add_argument("--vividness", type=float, default=0.0)
    parser.add_argument("--sweep", action="store_true", help="also try other radii and epsilons")
    arguments = parser.parse_args()
    colorizer = load_colorizer(arguments.model)
    ways: dict[str, Way] = {"stretched": stretch, "refined": refine}
    if arguments.sweep:
        for radius, epsilon in product(RADII, EPSILONS):
            ways[f"radius {radius}, epsilon {epsilon:g}"] = partial(refine, radius=radius, epsilon=epsilon)

    def predict(pixels: Pixels) -> Floats:
        return colorizer.predict(pixels, distribution=arguments.vividness > 0).ab_at(arguments.vividness)

    photographs = load_squares(arguments)
    print(f"{len(photographs)} photographs\n")
    print("| colours | upsampling | ab error near edges | everywhere | PSNR dB |\n|---|---|---|---|---|")
    print("\n".join(measure(photographs, predict, ways)))
    size = f"{WORKING_SIDE} x {WORKING_SIDE * 3 // 4}"
    print(f"\n{size}: stretched in {milliseconds(stretch):.2f} ms, refined in {milliseconds(refine):.2f} ms")


if __name__ == "__main__":
    main()
