"""The work of a Dask worker: colour a batch of files, and write results and rows of the manifest."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import cv2
from distributed import WorkerPlugin

from colorizer.archive.listing import readable, result_name
from colorizer.archive.manifest import Entry, Status, read_part, write_part
from colorizer.archive.planning import Job
from colorizer.archive.settings import RESULTS, ArchiveSettings, Run, Signing
from colorizer.archive.storage import StorageFault
from colorizer.errors import FAILURES, ColorizerError, InvalidImage, InvalidSetting, error_text
from colorizer.images.kinds import HEAD_BYTES, READABLE_SUFFIXES, Kind, Medium, is_photo, kind_of
from colorizer.photo import colorize_bytes
from colorizer.pipeline import Colorizer, load_colorizer
from colorizer.recipe.signing import Credentials, read_credentials
from colorizer.recipe.signing.credentials import PASSPHRASE_VARIABLE

_READ_AT_ONCE = 32_000_000  # bytes; of a larger file, which may be a film, the beginning is read first


@dataclass(frozen=True)
class Batch:
    """Files that a worker does one after the other. `part`: the name of their part of the manifest."""

    part: str
    jobs: tuple[Job, ...]


class UnreachableFiles(StorageFault):
    """Files of a batch that the storage did not deliver or keep; `reasons`: by name. `entries`: rows of the others."""

    def __init__(self, reasons: dict[str, str], entries: list[Entry]) -> None:
        super().__init__("; ".join(f"{name}: {reason}" for name, reason in reasons.items()))
        self.reasons, self.entries = reasons, entries

    def __reduce__(self) -> tuple[Any, ...]:
        return UnreachableFiles, (self.reasons, self.entries)


class OneThread(WorkerPlugin):
    """A worker's OpenCV uses one thread, because there is a process for each core."""

    name = "colorizer-one-thread"

    def setup(self, worker: object) -> None:  # noqa: ARG002
        cv2.setNumThreads(1)


def colorize_batch(batch: Batch, run: Run, settings: ArchiveSettings) -> list[Entry]:
    """Do the files of a batch that have no row yet, and write the rows of all.

    Dask may call it again for the same batch, at the same time too: it does what is missing, and writes the same, apart
    from signatures. Raises UnreachableFiles after all other files are done, so that Dask's retries are for those only;
    what `load_colorizer` raises; and InvalidSetting on a worker that cannot sign.
    """
    colorizer = _load(settings.model, settings.weights)
    credentials = _load_credentials(settings.signing) if settings.signing else None
    entries = {entry.source: entry for entry in read_part(run.manifest, batch.part)}
    faults: dict[str, str] = {}
    for job in batch.jobs:
        name = readable(job.file.name)
        if name in entries:
            continue
        try:
            entries[name] = colorize_file(job, run, settings, colorizer, credentials)
        except StorageFault as error:
            faults[job.file.name] = str(error)
    rows = list(entries.values())
    write_part(run.manifest, batch.part, rows)
    if faults:
        raise UnreachableFiles(faults, rows)
    return rows


def colorize_file(
    job: Job, run: Run, settings: ArchiveSettings, colorizer: Colorizer, credentials: Credentials | None = None
) -> Entry:
    """Colour and sign one file. What is wrong with it becomes part of its row. Raises StorageFault."""
    started = time.perf_counter()
    file, data = job.file, b""
    found: dict[str, Any] = {}
    try:
        data = _read_photo(run, job)
        target = result_name(file.name, kind_of(data))
        made = colorize_bytes(
            *(data, Path(target).suffix, colorizer, settings.photo),
            label=settings.label,
            credentials=credentials,
        )
        run.folder.write(f"{RESULTS}/{target}", made.data)
        found = {"target": readable(target), "target_size": len(made.data), "notes": made.notes}
        status: Status = "done"
    except StorageFault:
        raise
    except _NotAPhoto as error:
        status, found["error"] = "left_out", str(error)
    except Exception as error:  # noqa: BLE001  # a mistake of ours costs this file alone, and is told as such
        is_guess = Path(file.name).suffix.lower() not in READABLE_SUFFIXES and isinstance(error, InvalidImage)
        status, found["error"] = "left_out" if is_guess else "failed", _describe(error)
    found["checksum"] = sha256(data).hexdigest() if data else ""
    return make_entry(job, settings, status, seconds=time.perf_counter() - started, **found)


def make_entry(job: Job, settings: ArchiveSettings, status: Status, **found: Any) -> Entry:
    """The row of a file. `found`: the columns that depend on what came of it."""
    return Entry(
        source=readable(job.file.name),
        size=job.file.size,
        version=job.file.version,
        status=status,
        reason=job.reason,
        finished=time.time(),
        model=settings.model,
        model_sha256=_model_sha256(settings),
        settings=settings.to_json(),
        **found,
    )


class _NotAPhoto(Exception):
    """A file that is left out; the message says what it is."""


def _read_photo(run: Run, job: Job) -> bytes:
    file = job.file
    if file.size is not None and file.size > _READ_AT_ONCE:
        _check_photo(kind_of(run.source.read_head(file.name, HEAD_BYTES)), file.name)
    data = run.source.read(file.name, file.size)
    _check_photo(kind_of(data), file.name)
    return data


def _check_photo(kind: Kind, name: str) -> None:
    if not is_photo(kind, name):
        is_film = kind.medium is Medium.FILM
        raise _NotAPhoto(f"{kind}, which {'the command without `archive` colours' if is_film else 'cannot be read'}")


def _describe(error: Exception) -> str:
    if isinstance(error, FAILURES):
        return error_text(error)
    return f"unexpected error, please report it: {type(error).__name__}: {error}"


@cache
def _load(model: str, weights: Path | None) -> Colorizer:
    return load_colorizer(model, weights=weights)


@cache
def _load_credentials(signing: Signing) -> Credentials:
    passphrase = os.environ.get(PASSPHRASE_VARIABLE, "")
    try:
        credentials = read_credentials(
            signing.key, signing.certificates, passphrase=passphrase, timestamp=signing.timestamp
        )
    except (ColorizerError, OSError) as error:
        raise InvalidSetting(f"a worker cannot sign: {error}") from None
    digest = Signing.of(credentials, signing.key, signing.certificates).certificates_sha256
    if digest != signing.certificates_sha256:
        raise InvalidSetting(
            f"expected the same certificates on all workers, with the SHA-256 {signing.certificates_sha256}, got some "
            f"with {digest} in {signing.certificates} on one"
        )
    return credentials


@cache
def _model_sha256(settings: ArchiveSettings) -> str:
    return settings.model_sha256
