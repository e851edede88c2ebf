"""The automatic colours of a film, frame by frame, perhaps with those of a reference."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import cv2

from colorizer.arrays import Floats
from colorizer.edits.reference import Reference, SoftHints, match
from colorizer.frames.steady import SteadyColors
from colorizer.network.predictor import Prediction, Predictor
from colorizer.pipeline import Colorizer
from colorizer.resize import resize

_MATCH_USES = 8  # predictions for which a match holds
_MATCH_CHANGE = 4.0  # mean change of CIE L after which it no longer does


class VideoColors(SteadyColors):
    """The automatic colours of one film. Not for several threads at once."""

    def __init__(self, colorizer: Colorizer, *, vividness: float, smoothing: float) -> None:
        super().__init__(partial(colorizer.predict_ab, vividness=vividness), smoothing)


class ReferencePredictor:
    """A predictor for the frames of one shot, in order, whose colours are a reference's where that fits.

    Matching takes some eight times as long as the network, so a match holds for some predictions, unless the picture
    changes before. `reference`: made by the colorizer of `predictor`. `vividness`: of what is predicted elsewhere; the
    predictions have it already.
    """

    def __init__(self, predictor: Predictor, reference: Reference, vividness: float) -> None:
        self.spec, self._predictor = predictor.spec, predictor
        self._reference, self._vividness = reference, vividness
        self._matched: tuple[Floats, SoftHints] | None = None
        self._uses = 0

    def predict(self, luminance: Floats, *, distribution: bool = False, features: bool = True) -> Prediction:  # noqa: ARG002 - as of a Predictor
        """As `Predictor.predict`, always with features."""
        prediction = self._predictor.predict(luminance, distribution=self._vividness > 0, features=True)
        ab = prediction.ab_at(self._vividness)
        pull = self._match(luminance, prediction).pull(ab)
        return replace(prediction, ab=ab + resize(pull, ab.shape[1], ab.shape[0]))

    def predict_ab(self, luminance: Floats) -> Floats:
        """L (h, w) float32 of any size -> ab (h, w, 2) float32, low resolution."""
        return self.predict(resize(luminance, self.spec.side, self.spec.side)).ab

    def _match(self, luminance: Floats, prediction: Prediction) -> SoftHints:
        """The colours that the reference has for a frame."""
        held, self._uses = self._matched, self._uses + 1
        if (
            held is None
            or self._uses >= _MATCH_USES
            or float(cv2.norm(luminance, held[0], cv2.NORM_L1)) > (_MATCH_CHANGE * luminance.size)
        ):
            held = self._matched = (luminance, match(prediction.features, self._reference))
            self._uses = 0
        return held[1]
