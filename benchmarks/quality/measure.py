"""What is measured of a coloured photograph: statistics whose sums give the figures of the tables."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from skimage.color import deltaE_ciede2000
from skimage.metrics import structural_similarity

from benchmarks.metrics import Doubles, area_under_curve, class_weights, colorfulness
from benchmarks.quality.bootstrap import Figure, Statistics
from benchmarks.quality.color_groups import COLOR_GROUPS, NEUTRAL_CHROMA, group_index
from benchmarks.quality.networks import GRAY, Network, colorize
from benchmarks.quality.photographs import Photograph
from colorizer.arrays import Floats, Pixels
from colorizer.color import lab
from colorizer.network.color_classes import class_counts, nearest_class

GRID = (slice(2, None, 4), slice(2, None, 4))  # the pixels for CIEDE2000 and for the colours of the truth: one of 16

WHOLE_FIGURES = (
    Figure("PSNR dB", "psnr"),
    Figure("above grey", "gain"),
    Figure("SSIM", "ssim", digits=3),
    Figure("CF", "colorfulness"),
    Figure("CF of truth", "colorfulness", "true_colorfulness"),
    Figure("CF' of truth", "absolute_colorfulness", "true_absolute_colorfulness"),
    Figure("chroma of truth", "chroma", "true_chroma"),
    Figure("AuC %", "area", "pixels", scale=100),
    Figure("AuC' %", "weighted_area", "weighted_pixels", scale=100),
    Figure("CIEDE2000", "difference", "samples"),
)
KIND_FIGURES = tuple(
    figure for figure in WHOLE_FIGURES if figure.title not in {"PSNR dB", "SSIM", "CF", "CF' of truth"}
)
TRUE_COLOR_FIGURES = (
    Figure("% of pixels", "samples", "all_samples", scale=100, digits=1),
    Figure("true a", "true_a", "samples", digits=1),
    Figure("true b", "true_b", "samples", digits=1),
)
COLOR_FIGURES = (
    Figure("a", "a", "samples", digits=1),
    Figure("b", "b", "samples", digits=1),
    Figure("kept along hue", "along_hue", "true_chroma"),
    Figure("CIEDE2000", "difference", "samples"),
    Figure("AuC %", "area", "samples", scale=100),
)

Row = dict[str, float]  # the statistics of one result for one photograph


def measure(photographs: Sequence[Photograph], networks: Sequence[Network]) -> dict[str, Statistics]:
    """The statistics of every result (`networks.colorize`), for each photograph.

    The figures above are made of them. Those of a colour group are prefixed with its name: `statistics_of_color`.
    """
    weights = class_weights(np.sum([class_counts(_true_ab(each.pixels)) for each in photographs], axis=0))

    def measure_one(photograph: Photograph) -> dict[str, Row]:
        return compare(photograph.pixels, colorize(photograph.pixels, networks), weights)

    with ThreadPoolExecutor(os.cpu_count()) as threads:
        rows = list(threads.map(measure_one, photographs))
    return {name: {key: np.array([row[name][key] for row in rows]) for key in first} for name, first in rows[0].items()}


def statistics_of_color(statistics: Statistics, group: str) -> Statistics:
    prefix = f"{group}/"
    return {key.removeprefix(prefix): values for key, values in statistics.items() if key.startswith(prefix)}


def compare(truth: Pixels, results: Mapping[str, Pixels], weights: Doubles) -> dict[str, Row]:
    """The statistics of each result for one photograph. All pictures are RGB (H, W, 3) uint8, one of them `GRAY`.

    `weights`: of the colour classes (313,) in the rebalanced AuC.
    """
    true_lab = lab.rgb_to_lab(truth)
    weight = weights[nearest_class(true_lab[..., 1:])]
    gray_psnr = psnr(truth, results[GRAY])
    of_truth = {f"true_{key}": value for key, value in _describe(truth, true_lab).items()}
    rows = {}
    for name, result in results.items():
        found_lab = lab.rgb_to_lab(result)
        area = area_under_curve(found_lab[..., 1:], true_lab[..., 1:])
        result_psnr = psnr(truth, result)
        rows[name] = {
            **of_truth,
            **_describe(result, found_lab),
            "photographs": 1.0,
            "psnr": result_psnr,
            "gain": result_psnr - gray_psnr,
            "ssim": float(structural_similarity(truth, result, channel_axis=2)),
            "area": float(area.sum()),
            "pixels": float(area.size),
            "weighted_area": float((weight * area).sum()),
            "weighted_pixels": float(weight.sum()),
            **_compare_by_color(true_lab[GRID], found_lab[GRID], area[GRID]),
        }
    return rows


def _describe(rgb: Pixels, picture_lab: Floats) -> Row:
    return {
        "colorfulness": colorfulness(rgb),
        "absolute_colorfulness": colorfulness(rgb, absolute=True),
        "chroma": float(np.hypot(picture_lab[..., 1], picture_lab[..., 2]).mean()),
    }


def _compare_by_color(truth: Floats, found: Floats, area: Doubles) -> Row:
    """Sums over the pixels of Lab (h, w, 3): `difference` and `samples` of all, and those of each colour group.

    `along_hue`: the part of the found chroma that points along the true hue; neutral colours have none.
    """
    _, true_a, true_b = np.moveaxis(truth, -1, 0)
    _, a, b = np.moveaxis(found, -1, 0)
    chroma = np.hypot(true_a, true_b)
    hue_counts = chroma >= NEUTRAL_CHROMA
    pixels = {
        "samples": np.ones_like(chroma),
        "true_a": true_a,
        "true_b": true_b,
        "a": a,
        "b": b,
        "true_chroma": np.where(hue_counts, chroma, 0),
        "along_hue": np.where(hue_counts, (a * true_a + b * true_b) / np.maximum(chroma, NEUTRAL_CHROMA), 0),
        "difference": deltaE_ciede2000(truth, found),
        "area": area,
    }
    group = group_index(truth).ravel()
    row = {"samples": float(chroma.size), "difference": float(pixels["difference"].sum())}
    for key, values in pixels.items():
        sums = np.bincount(group, weights=values.ravel(), minlength=len(COLOR_GROUPS))
        row |= {f"{each.name}/{key}": float(total) for each, total in zip(COLOR_GROUPS, sums, strict=True)}
    return row | {f"{each.name}/all_samples": float(chroma.size) for each in COLOR_GROUPS}


def psnr(truth: Pixels, result: Pixels) -> float:
    """The peak signal-to-noise ratio of RGB uint8 in dB; infinite for equal pictures."""
    error = np.square(truth.astype(np.float64) - result).mean()
    return float(10 * np.log10(255**2 / error)) if error else np.inf


def _true_ab(rgb: Pixels) -> Floats:
    return np.ascontiguousarray(lab.rgb_to_lab(rgb)[..., 1:])
