"""The manifest: a row for each file of an archive, in Parquet parts that workers write beside their results."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields
from typing import Literal, get_args
from uuid import uuid4

import pyarrow as pa
import pyarrow.parquet as pq

from colorizer.archive.storage import Storage

# "unreachable" is a failure of the storage, which the next run tries again; "failed" is one of the file.
Status = Literal["done", "left_out", "failed", "unreachable"]
STATUSES: tuple[Status, ...] = get_args(Status)

_SUFFIX = ".parquet"
_COMPACT_ROWS = 100_000  # of a part that is made of many: about 20 MB in memory


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What became of one file.

    `source`, `target`: names relative to the source and to the run's results; `target` is empty without a result.
    `size`, `version`: as listed when it was planned. `checksum`: SHA-256 of the bytes that were read, empty if none.
    `reason`: why it was done in this run. `model`, `model_sha256`, `settings` (JSON): what made the result.
    `target_size`: in bytes. `seconds`: from reading to writing. `notes`: what the result does not keep of its source.
    `error`: why there is no result; empty if there is one. `finished`: seconds since 1970, UTC.
    """

    source: str
    size: int | None
    version: str
    status: Status
    reason: str
    finished: float
    model: str
    model_sha256: str
    settings: str
    checksum: str = ""
    target: str = ""
    target_size: int = 0
    seconds: float = 0.0
    notes: tuple[str, ...] = ()
    error: str = ""


_TYPES = {
    **{each.name: pa.string() for each in fields(Entry)},
    "size": pa.int64(),
    "target_size": pa.int64(),
    "seconds": pa.float64(),
    "finished": pa.float64(),
    "notes": pa.list_(pa.string()),
}
SCHEMA = pa.schema(list(_TYPES.items()))


def write_part(manifest: Storage, part: str, entries: Iterable[Entry]) -> None:
    """Write rows as the part with this name, whole; one that is there is replaced. Raises OSError, StorageFault."""
    _write_table(manifest, part, pa.Table.from_pylist([asdict(entry) for entry in entries], SCHEMA))


def read_part(manifest: Storage, part: str) -> list[Entry]:
    """The rows of a part, none if there is no such part. Raises OSError, StorageFault."""
    try:
        table = _read_table(manifest, part)
    except FileNotFoundError:
        return []
    return [Entry(**{**row, "notes": tuple(row["notes"])}) for row in table.to_pylist()]


def list_parts(manifest: Storage) -> list[str]:
    """The names of the parts, sorted; none before the first. Raises OSError, StorageFault."""
    if not manifest.files.exists(manifest.root):
        return []
    names = (name for name, _ in manifest.entries())
    return [name.removesuffix(_SUFFIX) for name in names if name.endswith(_SUFFIX)]


def read_tables(manifest: Storage, columns: list[str] | None = None) -> Iterator[pa.Table]:
    """The parts one by one as tables, of these columns or all. Raises OSError, StorageFault."""
    for part in list_parts(manifest):
        yield _read_table(manifest, part, columns)


def compact(manifest: Storage) -> None:
    """Put small parts together, whole rows as they are, so that a later run reads few files.

    If it is interrupted, some rows are there twice, which readers expect (see `index`). Raises OSError, StorageFault.
    """
    tables: list[pa.Table] = []
    merged: list[str] = []
    for part in list_parts(manifest):
        table = _read_table(manifest, part)
        if table.num_rows >= _COMPACT_ROWS // 2:
            continue
        tables.append(table)
        merged.append(part)
        if sum(each.num_rows for each in tables) >= _COMPACT_ROWS:
            _replace(manifest, tables, merged)
            tables, merged = [], []
    _replace(manifest, tables, merged)


def _replace(manifest: Storage, tables: list[pa.Table], parts: list[str]) -> None:
    if len(parts) < 2:
        return
    _write_table(manifest, f"rows-{uuid4().hex}", pa.concat_tables(tables))
    for part in parts:
        manifest.remove(_file(part))


def _read_table(manifest: Storage, part: str, columns: list[str] | None = None) -> pa.Table:
    return pq.read_table(io.BytesIO(manifest.read(_file(part))), columns=columns, schema=SCHEMA)


def _write_table(manifest: Storage, part: str, table: pa.Table) -> None:
    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="zstd")
    manifest.write(_file(part), buffer.getvalue())


def _file(part: str) -> str:
    return part + _SUFFIX
