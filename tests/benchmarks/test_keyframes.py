"""The clips of the key frames' benchmark move as they say, and its figures measure what they name."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.distance import jensenshannon
from skimage import data

from benchmarks import color_clips, keyframe_cost, keyframes
from benchmarks.metrics import color_distribution_consistency
from benchmarks.quality.bootstrap import Statistics
from colorizer import load_colorizer
from colorizer.arrays import Pixels
from colorizer.color import lab
from colorizer.frames.optical_flow import warp

PHOTOGRAPHS = [np.ascontiguousarray(data.astronaut()), np.ascontiguousarray(data.coffee()[:, 50:450])]


@pytest.mark.parametrize("kind", color_clips.CAMERAS)
def test_the_motion_leads_to_the_same_colours(kind: str) -> None:
    clip = color_clips.make_clip(kind, *PHOTOGRAPHS, frames=13)
    for number, (origins, known) in enumerate(clip.between):
        before, after = (frame.astype(np.float32) for frame in clip.frames[number : number + 2])
        assert known.mean() > 0.6
        assert np.abs(warp(before, origins) - after)[known].mean() < 0.5 * np.abs(before - after)[known].mean()


def test_something_crosses_and_leaves() -> None:
    clip = color_clips.make_clip("crossed", *PHOTOGRAPHS, frames=13)
    alone = color_clips.make_clip("crossed", PHOTOGRAPHS[0], PHOTOGRAPHS[0] * 0, frames=13)
    covered = [(one != other).any(axis=2).mean() for one, other in zip(clip.frames, alone.frames, strict=True)]
    assert covered[0] == covered[12] == 0
    assert covered[5] > 0.15


def test_cdc_is_that_of_scipy() -> None:
    random = np.random.default_rng(0)
    frames: list[Pixels] = [random.integers(0, 50 + 9 * i, (20, 30, 3), np.uint8) for i in range(7)]

    def divergence(one: Pixels, other: Pixels) -> float:
        counts = [np.histogram(each, 256, (0, 256))[0] for each in (one, other)]
        return float(jensenshannon(*counts)) ** 2

    means = [
        np.mean([divergence(a[..., c], b[..., c]) for a, b in zip(frames, frames[step:], strict=False)])
        for step in (1, 2, 4)
        for c in range(3)
    ]
    assert color_distribution_consistency(frames) == pytest.approx(np.mean(means))
    assert color_distribution_consistency([frames[0]] * 5) == 0


def test_true_colours_are_best_and_grey_is_not() -> None:
    clip = color_clips.make_clip("panned", *PHOTOGRAPHS)
    truth = [np.ascontiguousarray(lab.rgb_to_lab(frame)[..., 1:]) for frame in clip.frames]
    best, gray = (keyframes.measure(clip, [share * ab for ab in truth]) for share in (np.float32(1), np.float32(0)))
    assert best["psnr 50"] > 45 > 30 > gray["psnr 50"]
    assert best["difference 50"] < 0.5 < 5 < gray["difference 50"]
    assert best["flicker"] > gray["flicker"] == 0


def test_key_frames_are_nearer_to_the_truth_than_other_ways_and_flicker_no_more_than_automatic_colours() -> None:
    rows = keyframes.compare(iter([color_clips.make_clip("crossed", *PHOTOGRAPHS)]), load_colorizer("compact"))
    for distance in (10, 50):
        ours = rows[keyframes.OURS][f"psnr {distance}"][0]
        assert ours > rows[keyframes.AUTOMATIC][f"psnr {distance}"][0] + 1
        assert ours > rows[keyframes.FLOW][f"psnr {distance}"][0]
        assert rows[keyframes.TRUE][f"psnr {distance}"][0] == keyframes.MOST_PSNR
    own, automatic = rows[keyframes.OURS], rows[keyframes.AUTOMATIC]
    assert own["cdc"][0] < automatic["cdc"][0]
    # As a share of the chroma: these true colours have twice that of the automatic ones.
    assert own["flicker"][0] / own["chroma"][0] < automatic["flicker"][0] / automatic["chroma"][0]


def test_groups_are_joined() -> None:
    groups: list[dict[str, Statistics]] = [
        {"ours": {"clips": np.ones(count), "cdc": np.arange(count, dtype=np.float64)}} for count in (2, 3)
    ]
    joined = keyframes.join(groups)["ours"]
    assert {name: values.tolist() for name, values in joined.items()} == {"clips": [1] * 5, "cdc": [0, 1, 0, 1, 2]}


def test_the_cost_is_measured_with_and_without_a_key_frame() -> None:
    found = keyframe_cost.measure_cost(load_colorizer("compact"), 1, size=(64, 48), frames=4)
    assert found.keys() == keyframe_cost.WAYS.keys()
    assert min(found.values()) > 0
