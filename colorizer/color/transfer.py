"""The transfer characteristics of ITU-T H.273: the linear light of values 0..1, as browsers show them.

Sources: ITU-T H.273 (2024), table 3; ITU-R BT.2100-3 for PQ and HLG. Where a browser shows something else than the
camera's curve inverted, the browser is right, because that is what people see: Chromium 156 shows the BT.709 family
with a display's gamma of 2.4 (ITU-R BT.1886).
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from colorizer.arrays import Floats

Doubles = NDArray[np.float64]

SRGB, PQ, HLG = 13, 16, 18
REFERENCE_WHITE = 203.0  # cd/m2 of diffuse white in HDR pictures: ITU-R BT.2408, table 1
HLG_PEAK = 1000.0  # cd/m2 of the display for which HLG is defined
_HLG_SYSTEM_GAMMA = 1.2  # of that display


def _power(gamma: float) -> Callable[[Doubles], Doubles]:
    return lambda values: values**gamma


def _srgb(values: Doubles) -> Doubles:
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def _smpte_240m(values: Doubles) -> Doubles:
    return np.where(values < 0.0913, values / 4, ((values + 0.1115) / 1.1115) ** (1 / 0.45))


def _logarithmic(decades: float) -> Callable[[Doubles], Doubles]:
    return lambda values: np.where(values > 0, 10 ** (decades * (values - 1)), 0)


def _smpte_428(values: Doubles) -> Doubles:
    return values**2.6 * 52.37 / 48


def _pq(values: Doubles) -> Doubles:
    m1, m2, c1, c2, c3 = 0.1593017578125, 78.84375, 0.8359375, 18.8515625, 18.6875
    root = values ** (1 / m2)
    return (np.maximum(root - c1, 0) / (c2 - c3 * root)) ** (1 / m1) * 10000 / REFERENCE_WHITE


def _hlg(values: Doubles) -> Doubles:
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    return np.where(values <= 0.5, values**2 / 3, (np.exp((values - c) / a) + b) / 12)


# Code point -> name and function. The code points that are not here (unspecified, reserved) are shown as sRGB.
_TRANSFERS: dict[int, tuple[str, Callable[[Doubles], Doubles]]] = {
    1: ("BT.709", _power(2.4)),
    4: ("gamma 2.2", _power(2.2)),
    5: ("gamma 2.8", _power(2.8)),
    6: ("BT.601", _power(2.4)),
    7: ("SMPTE 240M", _smpte_240m),
    8: ("linear", _power(1)),
    9: ("logarithmic, 100 to 1", _logarithmic(2)),
    10: ("logarithmic, 316 to 1", _logarithmic(2.5)),
    11: ("xvYCC", _power(2.4)),
    12: ("BT.1361", _power(2.4)),
    SRGB: ("sRGB", _srgb),
    14: ("BT.2020", _power(2.4)),
    15: ("BT.2020", _power(2.4)),
    PQ: ("PQ (HDR)", _pq),
    17: ("SMPTE 428-1", _smpte_428),
    HLG: ("HLG (HDR)", _hlg),
}


def known_transfer(transfer: int) -> int:
    """The code point itself, or that of sRGB for one that says nothing."""
    return transfer if transfer in _TRANSFERS else SRGB


def is_transfer(transfer: int) -> bool:
    """Whether a code point says what the transfer is."""
    return transfer in _TRANSFERS


def transfer_name(transfer: int) -> str:
    return _TRANSFERS[known_transfer(transfer)][0]


def linear_light(values: Doubles, transfer: int) -> Doubles:
    """Values 0..1 of any shape -> linear light of the same shape.

    White is 1 (in SMPTE 428-1 a little more). PQ: relative to REFERENCE_WHITE, up to 49. HLG: the scene's light 0..1,
    which `hlg_display_gain` turns into that of a display.
    """
    return _TRANSFERS[known_transfer(transfer)][1](values)


def hlg_display_gain(luminance: Floats) -> Floats:
    """The factor from the scene's light to the display's, relative to REFERENCE_WHITE (BT.2100-3, table 5, OOTF)."""
    gain = np.maximum(luminance, 0) ** (_HLG_SYSTEM_GAMMA - 1) * (HLG_PEAK / REFERENCE_WHITE)
    return np.asarray(gain, np.float32)


def tone_map(light: Floats, peak: float) -> Floats:
    """Map linear light (1 is REFERENCE_WHITE) of any shape to 0..1, for a display without more than white.

    `peak`: the brightest light of the picture, in cd/m2.
    This is the reference white tone mapping operator of SMPTE ST 2094-50 (candidate draft 2, formulas D.2 to D.5), as
    in Skia, with which Chromium draws: straight up to the reference white, which comes out at half the light for a
    peak of 1000 cd/m2 or more, then a quadratic Bezier curve up to the peak, which becomes white.
    """
    top = peak / REFERENCE_WHITE
    if top <= 1:
        return np.minimum(light, np.float32(1))
    knee = 1 - 0.5 * min(math.log(top) / math.log(1000 / REFERENCE_WHITE), 1)  # what becomes of the reference white
    kappa = 0.65
    middle_x, middle_y = 1 - kappa + kappa / knee, (1 - kappa) * knee + kappa
    above = np.clip(light, 1, top) - 1
    a, b = 1 - 2 * middle_x + top, 2 * (middle_x - 1)
    t = 2 * above / (b + np.sqrt(b * b + 4 * a * above))
    bezier = knee + t * (2 * (middle_y - knee) + t * (knee - 2 * middle_y + 1))
    return np.asarray(np.where(light <= 1, knee * light, bezier), np.float32)
