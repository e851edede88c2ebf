"""The project of what is directed on the page: as it is now, kept as one works, and taken from one that was opened."""

from __future__ import annotations

from colorizer.images.atomic import write_whole
from colorizer.video import VideoOptions
from colorizer.video.directing.direction import Direction
from colorizer.video.directing.project import Project
from dashboard.shared.reference import digest_of
from dashboard.video.colored_still import STILLS
from dashboard.video.directing import Directing
from dashboard.video.project import DOCUMENT, ProjectFile


def make_project(directing: Directing, options: VideoOptions, model: str, film: str) -> Project:
    """The project as it is now. `film`: the SHA-256 of the film's file."""
    names = {name: f"{STILLS}/{directing.stills[name].path.name}" for name in options.direction.pictures()}
    return Project(options=options, model=model, film=film, pictures=names)


def keep_project(directing: Directing, project: Project) -> None:
    """Write the project into the film's folder if something is directed and it has changed. Raises OSError."""
    document = project.to_json()
    if document != directing.last and project.options.direction != Direction():
        directing.folder.mkdir(exist_ok=True)
        write_whole(directing.folder / DOCUMENT, document.encode())
        directing.last = document


def take_project(directing: Directing, read: ProjectFile) -> int:
    """Take the direction of a project that was opened. Returns how many pictures it names and does not bring."""
    for digest, (name, data) in read.stills.items():
        directing.keep_still(name, data, read.facts[digest])
    direction = read.project.options.direction
    missing = {name for name in direction.pictures() if name not in directing.stills}
    reference = read.reference or directing.reference.picture
    if direction.reference and digest_of(reference) != direction.reference:
        missing.add(direction.reference)
    directing.shots, directing.restoration = direction.shots, direction.restoration
    directing.reference.clear()
    directing.reference.picture = None if direction.reference in {"", *missing} else reference
    directing.keys = {key.seconds: key for key in direction.keys if key.picture not in missing}
    return len(missing)
