"""Luma of films for other displays, such as HDR, as luma for ordinary ones.

Sources: ITU-T H.273, table 3, for the codes and curves; ITU-R BT.2408, 2.2, for the white of HDR, 203 cd/m2, which
becomes the white of the result; ITU-R BT.1886 for the curve of ordinary displays, a gamma of 2.4. Brighter parts stay
above white as far as luma of limited range holds them. The luma counts as that of a grey picture, as in FFmpeg's
`zscale=transfer=bt709:npl=203` for one.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from av.video.reformatter import ColorTrc

from colorizer.arrays import Pixels, depth_for
from colorizer.color import transfer as curves

_NAMES: dict[int, str] = {
    ColorTrc.LINEAR: "linear light",
    ColorTrc.LOG: "logarithmic light",
    ColorTrc.LOG_SQRT: "logarithmic light",
    ColorTrc.SMPTE2084: "HDR (PQ)",
    ColorTrc.SMPTE428: "digital cinema light",
    ColorTrc.ARIB_STD_B67: "HDR (HLG)",
}
_DISPLAY_GAMMA = 2.4
# Transfers for ordinary displays; those of BT.2020 are that of BT.709 for 10 and 12 bits.
_SHOWN = {
    ColorTrc.GAMMA22,
    ColorTrc.GAMMA28,
    ColorTrc.SMPTE170M,
    ColorTrc.SMPTE240M,
    ColorTrc.IEC61966_2_4,
    ColorTrc.BT1361_ECG,
    ColorTrc.IEC61966_2_1,
}


def special_transfer(transfer: int) -> str | None:
    """The name of a transfer (a code of H.273) that ordinary displays do not show; None for those that they do."""
    return _NAMES.get(transfer)


def shown_transfer(transfer: int) -> int:
    """The transfer of what `read_luma` returns for a film in `transfer`; that of BT.709 where the film does not say."""
    return transfer if transfer in _SHOWN else ColorTrc.BT709


@cache
def luma_table(transfer: int, bits: int, full_range: bool, result_bits: int = 8) -> Pixels:
    """Luma of `result_bits` for ordinary displays by luma of `bits` bits in a transfer that `special_transfer` names.

    Shape (2 ** bits,), uint8 for 8 bits, else uint16; both of the same range: black and white are 0 and the maximum,
    else 16 and 235 of 256.
    """
    values = np.arange(1 << bits, dtype=np.float64)
    unit = 2.0 ** (bits - 8)
    encoded = np.clip(values / values[-1] if full_range else (values - 16 * unit) / (219 * unit), 0, 1)
    light = curves.linear_light(encoded, transfer)
    if transfer == ColorTrc.ARIB_STD_B67:
        light = light * curves.hlg_display_gain(light.astype(np.float32))
    shown = light ** (1 / _DISPLAY_GAMMA)
    top, unit = 2.0**result_bits - 1, 2.0 ** (result_bits - 8)
    luma = np.clip(top * shown if full_range else unit * (16 + 219 * shown), 0, top)
    return np.rint(luma).astype(depth_for(result_bits))
