"""The one way from a grey picture to a coloured one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from colorizer.analysis import Analysis
from colorizer.arrays import Floats, Pixels
from colorizer.color import lab
from colorizer.edits.hints import AnyHint
from colorizer.edits.look import Look, check_vividness
from colorizer.edits.reference import GRID, Reference, cells, match, shrink_reference
from colorizer.edits.restoration import WHOLE, Restoration, find_and_restore, find_picture_part
from colorizer.edits.variants import check_variant
from colorizer.errors import InvalidImage
from colorizer.network.places import Places
from colorizer.network.predictor import Prediction, Predictor
from colorizer.network.registry import DEFAULT_MODEL, find_model
from colorizer.network.weights import describe_weights, find_weights
from colorizer.picture import Picture, describe_array, is_opaque
from colorizer.resize import resize, shrink_to_working_size


class Colorizer:
    """A model ready to colour pictures. Safe to share between threads. `predictor`: its network."""

    def __init__(self, predictor: Predictor) -> None:
        self.spec = predictor.spec
        self.predictor = predictor

    def predict_ab(self, luminance: Floats, *, vividness: float = 0.0) -> Floats:
        """L (H, W), float32, 0..100, of any size -> ab (h, w, 2), float32, CIE units, low resolution.

        Raises InvalidImage for another shape or dtype, ValueError for a vividness out of 0..1.
        """
        check_vividness(vividness)
        if luminance.ndim != 2 or luminance.dtype != np.float32 or luminance.size == 0:
            raise InvalidImage(f"expected a luminance of shape (H, W), float32, got {describe_array(luminance)}")
        small = resize(luminance, self.spec.side, self.spec.side)
        return self.predictor.predict(small, distribution=vividness > 0).ab_at(vividness)

    def predict(self, pixels: Pixels, *, distribution: bool = True) -> Prediction:
        """Run the network on grey (H, W) or RGB (H, W, 3) pixels, uint8 or uint16.

        The pixels are resized before they are converted to L, so that no full-size float copy is needed.
        """
        return self.predictor.predict(self.network_input(pixels), distribution=distribution)

    def network_input(self, pixels: Pixels) -> Floats:
        """The network's input for grey (H, W) or RGB (H, W, 3) pixels: L (side, side), float32, 0..100."""
        return lab.luminance(resize(pixels, self.spec.side, self.spec.side))

    def make_reference(self, image: Pixels) -> Reference:
        """Study a colour picture, so that others can take colours from it: see `analyze`. It holds for this model.

        `image`: (H, W, 3) or (H, W, 4), uint8 or uint16. Raises InvalidImage for another shape or dtype, or without
        colour.
        """
        shrunk = shrink_reference(image)
        views = [np.ascontiguousarray(view) for view in (shrunk[..., :3], shrunk[:, ::-1, :3])]
        predictions = [self.predictor.predict(self.network_input(view), features=True) for view in views]
        features = [[cells(each) for each in prediction.features] for prediction in predictions]
        colors = [resize(np.ascontiguousarray(lab.rgb_to_lab(view)[..., 1:]), GRID, GRID) for view in views]
        if shrunk.shape[2] == 3:
            return Reference((features[0], features[1]), (colors[0], colors[1]))
        shown = is_opaque(resize(np.ascontiguousarray(shrunk[..., 3]), GRID, GRID))
        return Reference((features[0], features[1]), (colors[0], colors[1]), (shown.ravel(), shown[:, ::-1].ravel()))

    def analyze(
        self,
        image: Pixels,
        *,
        restoration: Restoration | None = None,
        reference: Reference | None = None,
        distribution: bool = True,
    ) -> Analysis:
        """Run the network once on a picture. Its colours for any look and any hints follow from the result.

        `image`: as in `colorize`. `restoration`: for old photographs; none by default. `reference`: to take colours
        from, made by `make_reference` of the same model. `distribution`: whether the prediction keeps its distribution
        over the colour classes, which a vividness above 0 needs.
        Raises InvalidImage for another shape or dtype.
        """
        picture = Picture.from_array(image)
        return self.analyze_picture(picture, restoration=restoration, reference=reference, distribution=distribution)

    def analyze_picture(
        self,
        picture: Picture,
        *,
        restoration: Restoration | None = None,
        reference: Reference | None = None,
        distribution: bool = True,
    ) -> Analysis:
        """The same for a decoded file."""
        restoration = restoration or Restoration()
        pixels, damage = find_and_restore(picture.pixels, restoration)
        small = shrink_to_working_size(pixels)
        luminance = lab.luminance(small)
        part = find_picture_part(luminance) if restoration.crop_border else WHOLE
        # The working size of a long, thin picture has fewer pixels than the network's input.
        is_thin = part == WHOLE and min(small.shape[:2]) < self.spec.side
        seen = self.network_input(pixels if is_thin else np.ascontiguousarray(small[part]))
        prediction = self.predictor.predict(seen, distribution=distribution, features=reference is not None)
        soft_hints = None if reference is None else match(prediction.features, reference)
        restored = replace(picture, pixels=pixels)
        return Analysis(restored, prediction, luminance, part, soft_hints, damage=damage, places=Places(seen))

    def colorize(
        self,
        image: Pixels,
        *,
        strength: float = 1.0,
        vividness: float = 0.0,
        warmth: float = 0.0,
        hints: Sequence[AnyHint] = (),
        restoration: Restoration | None = None,
        reference: Reference | None = None,
        variant: int = 0,
    ) -> Pixels:
        """Colour a picture; its own luminance is kept.

        `image`: (H, W), (H, W, 1), (H, W, 3) or (H, W, 4), uint8 or uint16; its own colour is discarded.
        `strength`: 0 (grey) .. 1 (as predicted) .. 2. `vividness`: 0 (most faithful) .. 1 (most vivid).
        `warmth`: -1 (cool) .. 1 (warm). `hints`: colours for regions. `restoration`: for old photographs; none by
        default. `reference`: to take colours from, made by `make_reference`. `variant`: 0 (as predicted) or the number
        of one of `Analysis.variants`, 1 .. 4.
        Returns RGB (H, W, 3), or RGBA (H, W, 4) with the alpha of the input; same dtype and size.
        Raises InvalidImage for another shape or dtype, ValueError for a number out of range.
        """
        look = Look(strength=strength, vividness=vividness, warmth=warmth)
        picture = Picture.from_array(image)
        return self.colorize_picture(
            picture, look, hints=hints, restoration=restoration, reference=reference, variant=variant
        ).to_array()

    def colorize_picture(
        self,
        picture: Picture,
        look: Look | None = None,
        *,
        hints: Sequence[AnyHint] = (),
        restoration: Restoration | None = None,
        reference: Reference | None = None,
        variant: int = 0,
    ) -> Picture:
        """The same for a decoded file."""
        look = look or Look()
        check_variant(variant)
        needs_distribution = look.vividness > 0 or variant > 0
        analysis = self.analyze_picture(
            picture, restoration=restoration, reference=reference, distribution=needs_distribution
        )
        return analysis.variant(variant).colorize_picture(look, hints)


def load_colorizer(name: str = DEFAULT_MODEL, *, weights: Path | None = None) -> Colorizer:
    """The colorizer of a model of the table.

    `weights`: a file to use instead of the published one; its hash is not checked, and becomes part of `spec`.
    Raises UnknownModel, WeightsMissing (with the addresses and the folder) or WeightsInvalid.
    """
    spec = find_model(name)
    if weights is None:
        return Colorizer(Predictor(spec, find_weights(spec)))
    return Colorizer(Predictor(replace(spec, weights=describe_weights(weights)), weights))
