"""The array types at the borders of modules. NumPy does not check shapes; each function says which it takes."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.unsignedinteger[Any]]  # uint8 or uint16; every function says which shapes

Floats = NDArray[np.float32]

Depth = type[np.uint8 | np.uint16]


Plane = NDArray[np.uint8]
