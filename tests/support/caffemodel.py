"""Writes a .caffemodel by hand, so that the real reader can be tested without the real 129 MB file.

Field numbers from caffe.proto: NetParameter.layer = 100; LayerParameter.name = 1, .type = 2, .blobs = 7;
BlobProto.data = 5 (packed floats), .shape = 7; BlobShape.dim = 1 (packed varints).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray


def caffemodel_bytes(blobs: Mapping[str, Sequence[NDArray[np.float32]]]) -> bytes:
    """The wire format of a network whose layers carry these blobs; `blobs` by layer name, in Caffe's order."""
    return b"".join(_field(100, _layer(name, arrays)) for name, arrays in blobs.items())


def _layer(name: str, arrays: Iterable[NDArray[np.float32]]) -> bytes:
    # The type is left out on purpose: a reader takes it from the definition, and matches blobs by name alone.
    return _field(1, name.encode()) + b"".join(_field(7, _blob(array)) for array in arrays)


def _blob(array: NDArray[np.float32]) -> bytes:
    shape = _field(1, b"".join(_varint(side) for side in array.shape))
    return _field(5, array.astype("<f4").tobytes()) + _field(7, shape)


def _field(number: int, payload: bytes) -> bytes:
    """A length-delimited field."""
    return _varint(number << 3 | 2) + _varint(len(payload)) + payload


def _varint(value: int) -> bytes:
    encoded = bytearray()
    while value > 0x7F:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)
