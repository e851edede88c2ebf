"""The one way from a grey picture to a coloured one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from colorizer.analysis import Analysis
from colorizer.arrays import Floats, Pixels
from colorizer.color import lab
from colorizer.color.merge import merge
from colorizer.edits.hints import Hint
from colorizer.edits.look import MAX_STRENGTH, Look, check_strength, check_vividness
from colorizer.edits.restoration import WHOLE, Restoration, find_picture_part, restore
from colorizer.errors import InvalidImage
from colorizer.images import Picture
from colorizer.network.predictor import Prediction, Predictor
from colorizer.network.registry import DEFAULT_MODEL, find_model
from colorizer.network.weights import find_weights
from colorizer.resize import resize, shrink_to_working_size

__all__ = ["MAX_STRENGTH", "Colorizer", "check_strength", "check_vividness", "load_colorizer"]


class Colorizer:
    """A model ready to colour pictures. Safe to share between threads."""

    def __init__(self, predictor: Predictor) -> None:
        self.spec = predictor.spec
        self._predictor = predictor

    def predict_ab(self, luminance: Floats, *, vividness: float = 0.0) -> Floats:
        """L (H, W), float32, 0..100, of any size -> ab (h, w, 2), float32, CIE units, low resolution.

        Raises InvalidImage for another shape or dtype, ValueError for a vividness out of 0..1.
        """
        check_vividness(vividness)
        if luminance.ndim != 2 or luminance.dtype != np.float32 or luminance.size == 0:
            raise InvalidImage(f"expected a luminance of shape (H, W), float32, got {_shape(luminance)}")
        small = resize(luminance, self.spec.side, self.spec.side)
        return self._predictor.predict(small, distribution=vividness > 0).ab_at(vividness)

    def predict(self, pixels: Pixels, *, distribution: bool = True) -> Prediction:
        """Grey (H, W) or RGB (H, W, 3) pixels, uint8 or uint16 -> all that is predicted for them.

        The pixels are made small before they are made L, so that no full-size float copy is needed.
        """
        return self._predictor.predict(self.network_input(pixels), distribution=distribution)

    def network_input(self, pixels: Pixels) -> Floats:
        """What the network is shown of grey (H, W) or RGB (H, W, 3) pixels: L, square, float32, 0..100."""
        return lab.luminance(resize(pixels, self.spec.side, self.spec.side))

    def analyze(self, pixels: Pixels, *, crop_border: bool = False, distribution: bool = True) -> Analysis:
        """The network's one look at a picture, from which its colours follow with any look and any hints.

        `pixels`: grey (H, W) or RGB (H, W, 3), uint8 or uint16. `crop_border`: as in `Care`.
        """
        small = shrink_to_working_size(pixels)
        luminance = lab.luminance(small)
        part = find_picture_part(luminance) if crop_border else WHOLE
        # Of a long, thin picture the working size has fewer pixels than the network wants to see.
        network_input = (
            pixels if part == WHOLE and min(small.shape[:2]) < self.spec.side else np.ascontiguousarray(small[part])
        )
        return Analysis(self.predict(network_input, distribution=distribution), luminance, part)

    def colorize(
        self,
        image: Pixels,
        *,
        strength: float = 1.0,
        vividness: float = 0.0,
        warmth: float = 0.0,
        hints: Sequence[Hint] = (),
        restoration: Restoration | None = None,
    ) -> Pixels:
        """A picture in colour, its own luminance kept.

        `image`: (H, W), (H, W, 1), (H, W, 3) or (H, W, 4), uint8 or uint16; colour in it is discarded.
        `strength`: 0 (grey) .. 1 (as predicted) .. 2. `vividness`: 0 (most faithful) .. 1 (most vivid).
        `warmth`: -1 (cool) .. 1 (warm). `hints`: colours for regions. `care`: for old photographs; none by default.
        Returns RGB (H, W, 3), or RGBA (H, W, 4) with the alpha of the input; same dtype and size.
        Raises InvalidImage for another shape or dtype, ValueError for a number out of range.
        """
        picture = self.colorize_picture(
            _as_picture(image),
            strength=strength,
            vividness=vividness,
            warmth=warmth,
            hints=hints,
            restoration=restoration,
        )
        return picture.pixels if picture.alpha is None else np.dstack([picture.pixels, picture.alpha])

    def colorize_picture(
        self,
        picture: Picture,
        *,
        strength: float = 1.0,
        vividness: float = 0.0,
        warmth: float = 0.0,
        hints: Sequence[Hint] = (),
        restoration: Restoration | None = None,
    ) -> Picture:
        """The same for a decoded file."""
        look, restoration = Look(strength=strength, vividness=vividness, warmth=warmth), restoration or Restoration()
        pixels = restore(picture.pixels, restoration)
        analysis = self.analyze(pixels, crop_border=restoration.crop_border, distribution=look.vividness > 0)
        return replace(picture, pixels=merge(pixels, analysis.ab(look, hints), strength=look.strength))


def load_colorizer(name: str = DEFAULT_MODEL, *, weights: Path | None = None) -> Colorizer:
    """The colorizer of a model of the table.

    `weights`: a file to use instead of the published one, whose hash is then not asked for.
    Raises UnknownModel, WeightsMissing (with the addresses and the folder) or WeightsInvalid.
    """
    spec = find_model(name)
    return Colorizer(Predictor(spec, find_weights(spec) if weights is None else weights))


def _as_picture(image: Pixels) -> Picture:
    if image.dtype not in (np.uint8, np.uint16) or image.ndim not in (2, 3) or image.size == 0:
        raise InvalidImage(f"expected uint8 or uint16 pixels of shape (H, W) or (H, W, 1|3|4), got {_shape(image)}")
    if image.ndim == 2:
        return Picture(np.ascontiguousarray(image))
    channels = image.shape[2]
    if channels == 1:
        return Picture(np.ascontiguousarray(image[..., 0]))
    if channels not in (3, 4):
        raise InvalidImage(f"expected 1, 3 or 4 channels, got {channels}")
    pixels = np.ascontiguousarray(image[..., :3])
    return Picture(pixels, np.ascontiguousarray(image[..., 3]) if channels == 4 else None)


def _shape(array: NDArray[Any]) -> str:
    return f"shape {array.shape}, {array.dtype}"
