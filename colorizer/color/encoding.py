"""How RGB or grey values stand for light, where a file says it with numbers instead of an ICC profile."""

from __future__ import annotations

from dataclasses import dataclass

SRGB_TRANSFER, SRGB_PRIMARIES = 13, 1  # in ITU-T H.273


@dataclass(frozen=True)
class ColorEncoding:
    """The encoding of a picture's values.

    `transfer`, `primaries`: code points of ITU-T H.273. `gamma`: the values are light to the power of 1 / gamma;
    None: `transfer` applies.
    """

    transfer: int = SRGB_TRANSFER
    primaries: int = SRGB_PRIMARIES
    gamma: float | None = None
