"""Array types used at module borders. Type checkers do not see shapes, so each function states its own."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.unsignedinteger[Any]]  # colour, grey or alpha values, uint8 or uint16
Floats = NDArray[np.float32]  # luminance, ab, linear light, ...
Depth = type[np.uint8 | np.uint16]  # the dtype of pixels
Plane = NDArray[np.uint8]  # one plane (luma or chroma) of an 8-bit video frame
Mask = NDArray[np.bool_]  # where something is


def depth_for(bits: int) -> Depth:
    """The dtype of pixels whose values have that many bits, 1 to 16."""
    return np.uint8 if bits <= 8 else np.uint16
