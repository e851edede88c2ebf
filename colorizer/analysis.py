"""A picture that the network has seen: its colours follow from here, however often the look or the hints change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from colorizer.color.guided_filter import refine
from colorizer.color.lab import Floats
from colorizer.edits.hints import Hint
from colorizer.edits.look import Look, warm
from colorizer.edits.propagation import Spreader
from colorizer.edits.restoration import WHOLE, Part
from colorizer.network.predictor import Prediction


@dataclass(frozen=True)
class Study:
    """All that is known of one picture once the network has run. Safe to share between threads.

    `prediction`: for the part of the picture that the network saw.
    `luminance`: (h, w) float32, L 0..100, of the whole picture at its working size, at most `WORKING_SIDE` long.
    `part`: the rows and columns of `luminance` that the network saw; outside them a picture is predicted grey.
    """

    prediction: Prediction
    luminance: Floats
    part: Part = WHOLE

    def ab(self, look: Look | None = None, hints: Sequence[Hint] = ()) -> Floats:
        """ab (h, w, 2) float32 at the working size: what `lab.merge` takes, with the look's strength as its own.

        Refined along the edges, then the hints, then the warmth. Raises ValueError for a vividness above 0 where the
        prediction was made without its distribution.
        """
        look = look or Look()
        seen = self.luminance[self.part]
        ab = np.zeros((*self.luminance.shape, 2), np.float32)
        ab[self.part] = refine(self.prediction.at(look.vividness), seen)
        return warm(self._spreader.spread(ab, hints), self.luminance, look.warmth)

    @cached_property
    def _spreader(self) -> Spreader:
        return Spreader(self.luminance)
