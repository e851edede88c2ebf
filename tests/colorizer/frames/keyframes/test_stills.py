"""A coloured still finds its place in the frame, whatever its size, crop, border or transparency."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from PIL import Image
from skimage import data

from colorizer.arrays import Floats, Pixels
from colorizer.color import lab
from colorizer.errors import InvalidImage, Problem
from colorizer.frames.keyframes import AlignedStill, KeyFrame, align_still
from colorizer.picture import Picture


def frame() -> Pixels:
    """A true-colour frame of 400 x 300: RGB."""
    return np.ascontiguousarray(data.astronaut()[20:320, 60:460])


def true_key(rgb: Pixels) -> KeyFrame:
    return KeyFrame.from_ab(np.ascontiguousarray(lab.rgb_to_lab(rgb)[..., 1:]))


def scaled(rgb: Pixels, width: int, height: int) -> Pixels:
    return np.asarray(Image.fromarray(rgb).resize((width, height), Image.Resampling.LANCZOS))


def bordered(rgb: Pixels) -> Pixels:
    return np.pad(rgb, ((40, 40), (30, 10), (0, 0)))


def turned(rgb: Pixels) -> Pixels:
    """Turned by two degrees and moved by a few pixels, as a scan of a print of the frame."""
    move = cv2.getRotationMatrix2D((200.0, 150.0), 2, 1.02)
    move[:, 2] += (6, -4)
    return np.asarray(cv2.warpAffine(rgb, move, (400, 300)), np.uint8)


def error(found: AlignedStill, truth: KeyFrame) -> float:
    """The mean difference of ab where the still has an opinion, in CIE units."""
    return float(np.abs(found.key.ab - truth.ab)[found.key.weight > 0.9].mean())


STILLS: dict[str, Callable[[Pixels], Pixels]] = {
    "the frame itself": lambda rgb: rgb,
    "enlarged": lambda rgb: scaled(rgb, 1200, 900),
    "other pixels": lambda rgb: scaled(rgb, 533, 300),
    "a crop": lambda rgb: np.ascontiguousarray(rgb[30:260, 80:360]),
    "with a border": bordered,
    "turned": turned,
}


@pytest.mark.parametrize("name", STILLS)
def test_a_still_lies_over_its_frame(name: str) -> None:
    rgb = frame()
    found = align_still(Picture(STILLS[name](rgb)), lab.luminance(rgb))
    assert found.fits
    assert found.agreement > 0.9
    assert error(found, true_key(rgb)) < 2.5
    covered = 0.5 if name == "a crop" else 0.85
    assert (found.key.weight > 0.9).mean() > covered


def test_a_crop_has_no_opinion_beyond_its_edges() -> None:
    rgb = frame()
    found = align_still(Picture(STILLS["a crop"](rgb)), lab.luminance(rgb))
    assert found.key.weight[:8].max() < 0.1
    assert found.key.weight[:, :18].max() < 0.1


def test_the_stills_lightness_is_discarded() -> None:
    rgb = frame()
    colors = lab.rgb_to_lab(rgb)
    colors[..., 0] = 20 + 0.6 * colors[..., 0]
    found = align_still(Picture(lab.lab_to_rgb(colors)), lab.luminance(rgb))
    assert found.fits
    assert error(found, true_key(rgb)) < 3


@pytest.mark.parametrize("depth", [np.uint8, np.uint16])
def test_what_is_transparent_has_no_opinion(depth: type[np.uint8 | np.uint16]) -> None:
    rgb = frame()
    alpha = np.zeros(rgb.shape[:2], np.uint8)
    alpha[:, 201:] = 255
    painted = rgb.copy()
    painted[:, :201] = (255, 0, 255)  # the colour below what is transparent
    picture = Picture(painted, alpha)
    if depth is np.uint16:
        picture = Picture(painted.astype(np.uint16) * 257, alpha.astype(np.uint16) * 257)
    found = align_still(picture, lab.luminance(rgb))
    assert found.fits
    assert found.key.weight[:, :54].max() < 0.02
    assert found.key.weight[:, 59:].min() > 0.98
    assert error(found, true_key(rgb)) < 2


def test_a_single_opaque_patch_is_found() -> None:
    rgb = frame()
    alpha = np.zeros(rgb.shape[:2], np.uint8)
    alpha[60:160, 150:250] = 255
    found = align_still(Picture(rgb, alpha), lab.luminance(rgb))
    assert found.fits
    assert 0.06 < found.key.weight.mean() < 0.11
    assert error(found, true_key(rgb)) < 2


def test_another_picture_does_not_fit_and_is_stretched_over_the_frame() -> None:
    other = scaled(data.coffee(), 200, 300)
    found = align_still(Picture(other), lab.luminance(frame()))
    assert not found.fits
    assert error(found, true_key(other)) < 2
    np.testing.assert_allclose(found.key.weight, 1, atol=1e-3)


@pytest.mark.parametrize("level", [0, 128])
def test_an_even_frame_or_still_raises_nothing(level: int) -> None:
    even: Floats = np.full((90, 120), level / 2.55, np.float32)
    assert not align_still(Picture(frame()), even).fits
    red = np.full((90, 120, 3), (level, 0, 0), np.uint8)
    if level:
        found = align_still(Picture(red), lab.luminance(frame()))
        assert not found.fits
        np.testing.assert_allclose(found.key.ab, np.broadcast_to(true_key(red).ab[0, 0], (112, 112, 2)), atol=0.1)


@pytest.mark.parametrize("pixels", [np.full((9, 9), 7, np.uint8), np.full((9, 9, 3), 7, np.uint8)])
def test_a_still_without_colour_is_refused(pixels: Pixels) -> None:
    with pytest.raises(InvalidImage, match="expected a still with colours, got a grey picture") as caught:
        align_still(Picture(pixels), lab.luminance(frame()))
    assert caught.value.problem is Problem.NO_COLOR
