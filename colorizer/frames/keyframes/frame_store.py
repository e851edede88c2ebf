"""Arrays of one shape in a temporary file, by their number: memory does not grow with their count."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray


class FrameStore:
    """Holds an array of `shape` and `dtype` for each number from 0 on. A context manager; for one thread.

    `folder`: where the file lies, else the system's temporary folder. It has no name there, and is gone when the store
    is closed or the program ends.
    """

    def __init__(self, shape: tuple[int, ...], dtype: DTypeLike, folder: Path | None = None) -> None:
        self._shape, self._dtype = shape, np.dtype(dtype)
        self._size = int(np.prod(shape)) * self._dtype.itemsize
        self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - closed by `close`

    def write(self, number: int, values: NDArray[Any]) -> None:
        """Keep `values` under `number`. Raises ValueError for another shape, OSError if the disk is full."""
        if values.shape != self._shape:
            raise ValueError(f"expected an array of shape {self._shape}, got {values.shape}")
        self._file.seek(number * self._size)
        self._file.write(np.ascontiguousarray(values, self._dtype).data)

    def read(self, number: int) -> NDArray[Any]:
        """What was written under `number`, as a new array. Raises IndexError if nothing was."""
        self._file.seek(number * self._size)
        data = self._file.read(self._size)
        if len(data) < self._size:
            raise IndexError(f"expected a frame that was written, got number {number}")
        return np.frombuffer(data, self._dtype).reshape(self._shape)

    def __len__(self) -> int:
        """One more than the highest number that was written."""
        return self._file.seek(0, os.SEEK_END) // self._size

    def close(self) -> None:
        """Delete the file. A second call does nothing."""
        self._file.close()

    def __enter__(self) -> FrameStore:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
