"""The project of a film as one file to keep: a ZIP file with `film.json` and the coloured stills that it needs."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

from colorizer import ColorizerError, InvalidArchive, InvalidRecipe
from colorizer.video.directing.project import MAX_BYTES, Project
from dashboard.server.workers.limits import picture_limits
from dashboard.server.workers.run import run_isolated
from dashboard.shared.reference import ReferencePicture, read_reference
from dashboard.video.colored_still import STILLS, StillFacts, examine_still

DOCUMENT = "film.json"  # its name in the ZIP file
_MAX_ENTRIES = 1_000  # of the ZIP file
_MAX_STILL = 100_000_000  # bytes
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)


@dataclass(frozen=True)
class ProjectFile:
    """A project that was read.

    `stills`: name and content of the files of its pictures, by their SHA-256, and `facts` of them. `reference`: the one
    for the whole film, if it is among them.
    """

    project: Project
    stills: Mapping[str, tuple[str, bytes]]
    facts: Mapping[str, StillFacts] = field(default_factory=dict)
    reference: ReferencePicture | None = None


def pack_project(document: str, stills: Iterable[Path]) -> bytes:
    """The ZIP file of a project. `stills`: the files that the document names as in the folder `STILLS`."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:  # pictures are compressed already
        archive.writestr(zipfile.ZipInfo(DOCUMENT), document)
        for path in stills:
            archive.writestr(zipfile.ZipInfo(f"{STILLS}/{path.name}"), path.read_bytes())
    return target.getvalue()


def open_project(data: bytes, max_pixels: int) -> ProjectFile:
    """The project in a ZIP file, or in a document alone; workers read all of it.

    A still is known by its content: the paths that the project names are never opened.
    Raises InvalidRecipe, InvalidArchive, and InvalidImage for a still that is damaged.
    """
    read = run_isolated(_read, data, limits=picture_limits(InvalidArchive))
    held = read.stills.get(read.project.options.direction.reference)
    reference = None if held is None else read_reference(*held, max_pixels)
    known = {} if reference is None else {reference.digest: StillFacts(reference.thumbnail, reference.file_pixels)}
    others = {digest: still for digest, (_, still) in read.stills.items() if digest not in known}
    facts = known | {digest: examine_still(still, None, max_pixels) for digest, still in others.items()}
    return replace(read, facts=facts, reference=reference)


def _read(data: bytes) -> ProjectFile:
    if not zipfile.is_zipfile(io.BytesIO(data)):
        return ProjectFile(Project.from_json(data), {})
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _read_archive(archive)
    except ColorizerError:
        raise
    except _DAMAGE as error:
        raise InvalidArchive(f"expected a complete ZIP file, got a damaged or unusual one ({error})") from error


def _read_archive(archive: zipfile.ZipFile) -> ProjectFile:
    infos = [info for info in archive.infolist() if not info.is_dir()]
    if len(infos) > _MAX_ENTRIES:
        raise InvalidArchive(f"expected a project of at most {_MAX_ENTRIES} files, got {len(infos)}")
    document = next((info for info in infos if info.filename.rpartition("/")[2] == DOCUMENT), None)
    if document is None:
        raise InvalidRecipe(f"expected a ZIP file with {DOCUMENT}, got one without")
    project = Project.from_json(_unpack(archive, document, MAX_BYTES))
    wanted = set(project.options.direction.pictures())
    stills = dict[str, tuple[str, bytes]]()
    for info in infos:
        if wanted <= stills.keys():
            break
        if info is not document:
            content = _unpack(archive, info, _MAX_STILL)
            if (digest := sha256(content).hexdigest()) in wanted:
                stills[digest] = info.filename.rpartition("/")[2], content
    return ProjectFile(project, stills)


def _unpack(archive: zipfile.ZipFile, info: zipfile.ZipInfo, most: int) -> bytes:
    """The content of a file. Raises InvalidArchive for one of more than `most` bytes, whatever size it claims."""
    with archive.open(info) as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise InvalidArchive(f"expected files of at most {most / 1e6:g} MB in a project, got a larger one")
    return content
