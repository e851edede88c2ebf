"""Why a picture was easy or hard to tell: how its real colours and ours differ, in two plain sentences."""

from __future__ import annotations

import numpy as np

from colorizer import images
from colorizer.arrays import Floats
from colorizer.color import lab
from colorizer.images import Picture
from dashboard.game.pairs import Pair
from dashboard.shared.language import mark, tr

_SIDE = 60  # pixels, longest side at which colours are compared: the details of a scan or a JPEG file are gone
_ALIKE = 6.0  # CIE units of ab: a smaller mean difference is hard to see even side by side
_PALER, _STRONGER = 0.8, 1.25  # mean chroma of ours, as a share of the real one

_NEARLY_THE_SAME = mark("Both versions have nearly the same colours, so this one is hard to tell.")
_REASONS = {
    "paler": mark("The program's colours are paler: where it is unsure, it plays safe."),
    "stronger": mark("The program's colours are stronger than the real ones."),
    "other": mark("The program chose other colours: a grey picture does not tell which ones were there."),
}
_MOST = mark("They differ most {place}.")
_PLACES = (  # of a picture's nine parts, row by row
    mark("at the top left"), mark("at the top"), mark("at the top right"),
    mark("on the left"), mark("in the middle"), mark("on the right"),
    mark("at the bottom left"), mark("at the bottom"), mark("at the bottom right"),
)  # fmt: skip


def explain_difference(pair: Pair) -> str:
    """How our version of a picture differs from the real one, for someone who has just voted."""
    real, ours = (_read_ab(file) for file in (pair.real, pair.ours))
    distance = np.linalg.norm(real - ours, axis=-1)
    if distance.mean() < _ALIKE:
        return tr(_NEARLY_THE_SAME)
    reason = _REASONS[compare_chroma(real, ours)]
    return f"{tr(reason)} {tr(_MOST, place=tr(_PLACES[find_part(distance)]))}"


def compare_chroma(real: Floats, ours: Floats) -> str:
    """Whether our colours, ab (h, w, 2), are "paler" or "stronger" than the real ones as a whole, else "other"."""
    of_real, of_ours = (float(np.linalg.norm(ab, axis=-1).mean()) for ab in (real, ours))
    if of_ours < _PALER * of_real:
        return "paler"
    return "stronger" if of_ours > _STRONGER * of_real else "other"


def find_part(distance: Floats) -> int:
    """The part with the largest mean of (h, w) values: 0 (top left) .. 8 (bottom right), row by row."""
    parts = [part for row in np.array_split(distance, 3) for part in np.array_split(row, 3, axis=1)]
    return int(np.argmax([part.mean() if part.size else -np.inf for part in parts]))


def _read_ab(file: bytes) -> Floats:
    small = images.shrink(Picture(images.decode(file).pixels), _SIDE)
    return np.asarray(lab.rgb_to_lab(small.pixels)[..., 1:], np.float32)
