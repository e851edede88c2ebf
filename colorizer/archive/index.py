"""What the manifest says of each file last, for a million files in about 50 MB."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from colorizer.archive.manifest import STATUSES, Status, read_tables
from colorizer.archive.storage import Storage

_COLUMNS = ["source", "size", "version", "status", "target", "target_size", "finished"]
# Digests instead of texts. Among a million names, two have the same 64 bits with a probability of 3e-8.
_ROW = np.dtype(
    [("key", "u8"), ("finished", "f8"), ("state", "u8"), ("target", "u8"), ("bytes", "i8"), ("status", "u1")]
)


@dataclass(frozen=True)
class Known:
    """The last row of a file: its status, digests of its state and of its result's name, and the result's size."""

    status: Status
    state: int
    target: int
    target_size: int


class Index:
    """The last row of every file in a manifest."""

    def __init__(self, rows: NDArray[np.void]) -> None:
        rows = rows[np.lexsort((rows["finished"], rows["key"]))]
        is_last = np.append(rows["key"][1:] != rows["key"][:-1], True)[: len(rows)]
        self._rows = rows[is_last]
        # A field of a structured array is not contiguous, and each search would copy it first.
        self._keys = self._rows["key"].copy()

    def __len__(self) -> int:
        return len(self._rows)

    def find(self, source: str) -> Known | None:
        """The last row of the file with this readable name; None if there is none."""
        place = self._place(digest(source))
        if place is None:
            return None
        row = self._rows[place]
        return Known(STATUSES[row["status"]], int(row["state"]), int(row["target"]), int(row["bytes"]))

    def last_rows(self, tables: Iterable[pa.Table]) -> Iterator[pa.Table]:
        """The tables with the last row of each file only, each once. They need the columns source and finished."""
        seen = np.zeros(len(self._rows), bool)
        for table in tables:
            chosen = []
            pairs = zip(table["source"].to_pylist(), table["finished"].to_pylist(), strict=True)
            for number, (source, finished) in enumerate(pairs):
                place = self._place(digest(source))
                if place is not None and not seen[place] and self._rows[place]["finished"] == finished:
                    seen[place] = True
                    chosen.append(number)
            yield table.take(pa.array(chosen, pa.int64()))

    def _place(self, key: int) -> int | None:
        place = int(np.searchsorted(self._keys, np.uint64(key)))
        return place if place < len(self._keys) and self._keys[place] == key else None


def read_index(manifest: Storage) -> Index:
    """The index of a manifest, read part by part. Raises OSError, StorageFault."""
    return Index(np.concatenate([np.empty(0, _ROW), *map(_condense, read_tables(manifest, _COLUMNS))]))


def digest(*values: object) -> int:
    """64 bits of a few values."""
    return int.from_bytes(blake2b("\0".join(map(str, values)).encode(), digest_size=8).digest(), "big")


def _condense(table: pa.Table) -> NDArray[np.void]:
    rows = np.empty(table.num_rows, _ROW)
    columns = {name: table[name].to_pylist() for name in _COLUMNS}
    digests = {
        "key": (digest(source) for source in columns["source"]),
        "state": (digest(*pair) for pair in zip(columns["size"], columns["version"], strict=True)),
        "target": (digest(target) for target in columns["target"]),
    }
    for name, values in digests.items():
        rows[name] = np.fromiter(values, np.uint64, table.num_rows)
    rows["bytes"] = columns["target_size"]
    rows["finished"] = columns["finished"]
    rows["status"] = [STATUSES.index(status) for status in columns["status"]]
    return rows
