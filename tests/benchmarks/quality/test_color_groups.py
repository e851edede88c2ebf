from __future__ import annotations

import numpy as np
import pytest

from benchmarks.quality.color_groups import COLOR_GROUPS, group_index
from colorizer.color import lab

KNOWN_COLORS = {
    "neutral": ["#000000", "#808080", "#ffffff", "#8c8880", "#5a5c60"],
    "reds": ["#ff0000", "#c81e28", "#641e23", "#b22222", "#dc143c", "#8b1a1a", "#a34a3a"],
    "skin": ["#f1c27d", "#ffdbac", "#e0ac69", "#c68863", "#8d5524", "#5c3d2e"],
    "sky": ["#87ceeb", "#6496dc", "#c8dcf0", "#a0c4e8"],
    "green": ["#228b22", "#556b2f", "#7cfc00", "#2e4a30", "#6b8e23"],
    "other": ["#0000ff", "#ffd700", "#ff8c00", "#800080", "#ff69b4", "#1a2a5a"],
}


@pytest.mark.parametrize("name", KNOWN_COLORS)
def test_known_colours_are_in_their_group(name: str) -> None:
    rgb = np.array([[list(bytes.fromhex(color[1:])) for color in KNOWN_COLORS[name]]], np.uint8)
    found = [COLOR_GROUPS[index].name for index in group_index(lab.rgb_to_lab(rgb))[0]]
    assert found == [name] * rgb.shape[1], KNOWN_COLORS[name]


def test_hues_go_round_and_everything_is_in_a_group() -> None:
    hues = np.radians(np.array([354, 356, 359.99, 0, 44, 46, 95, 169, 171, 221, 289, 291]))
    colors = np.stack([np.full(12, 60), 60 * np.cos(hues), 60 * np.sin(hues)], axis=-1).astype(np.float32)
    names = [COLOR_GROUPS[index].name for index in group_index(colors)]
    assert names == ["other", *["reds"] * 4, "other", "green", "green", "other", "sky", "sky", "other"]
    tiny = np.array([[50, 90, -1e-30]], np.float32)  # its hue is 360 degrees after rounding
    assert COLOR_GROUPS[group_index(tiny)[0]].name == "reds"
