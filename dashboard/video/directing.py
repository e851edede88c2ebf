"""What a visitor decides about the shots and the key frames of a film, and the files for it in the session's folder."""

from __future__ import annotations

import shutil
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from colorizer import Restoration
from colorizer.video import VideoInfo, VideoOptions
from colorizer.video.directing.direction import Direction, FilmKey
from colorizer.video.directing.shots import Shots, number_at, settings_of
from dashboard.components.reference_field import ReferenceField
from dashboard.server.job_queue import JobQueue
from dashboard.server.jobs import Job
from dashboard.shared.reference import ReferencePicture, digest_of
from dashboard.video.colored_still import STILLS, ColoredStill, StillFacts, keep_still
from dashboard.video.shot_work import find_film_shots, read_shot_pictures
from dashboard.video.work import DirectedFiles

_UNKNOWN_LENGTH = 1.0  # second; taken for the length of the last shot where that of the film is not known


@dataclass
class Directing:
    """The direction of one film.

    `shots`, `restoration`: see `Direction`. `reference`: for the whole film. `keys`: by time. `stills`: the files of
    coloured stills, and of the reference, by their SHA-256.
    `pictures`: of the shots, JPEG, by the time of the frame. `finding`: the job that finds the shots; `picturing`: the
    one that reads pictures. `wanted`: the name of an upload, what gives its content, and what reads it (see
    `drop_file`). `problem`: why the last upload could not be used, with its name. `notes`: on what was opened last.
    `tries`: how many uploads were taken. `last`: the document that was written last. `is_correcting`: whether the frame
    that is shown is to be corrected by hand. `is_open`: whether the page shows all this.
    """

    source: Path
    info: VideoInfo
    max_seconds: float
    shots: Shots = ()
    restoration: Restoration = field(default_factory=Restoration)
    reference: ReferenceField = field(init=False)
    keys: dict[float, FilmKey] = field(default_factory=dict)
    stills: dict[str, ColoredStill] = field(default_factory=dict)
    pictures: dict[float, bytes] = field(default_factory=dict)
    finding: Job[float, Shots] | None = None
    picturing: Job[None, dict[float, bytes]] | None = None
    wanted: tuple[str, Callable[[], bytes], Callable[[str, bytes], Callable[[], None]]] | None = None
    problem: tuple[str, Exception] | None = None
    notes: list[str] = field(default_factory=list)
    tries: int = 0
    last: str = ""
    is_correcting: bool = False
    is_open: bool = False

    def __post_init__(self) -> None:
        self.reference = ReferenceField(keep=self.keep_reference)

    @property
    def folder(self) -> Path:
        """Of the project's files, beside the film. It is made when there is something to keep."""
        return self.source.with_name(f"{self.source.stem}-project")

    @property
    def frame(self) -> float:
        """How long a frame is shown on average, in seconds."""
        return float(1 / self.info.rate)

    @property
    def direction(self) -> Direction:
        keys = tuple(self.keys[seconds] for seconds in sorted(self.keys))
        reference = digest_of(self.reference.picture)
        return Direction(shots=self.shots, keys=keys, restoration=self.restoration, reference=reference)

    def number_at(self, seconds: float) -> int:
        """The number of the shot with the frame at that time, from 1; a film without a list of shots is one."""
        return number_at([shot.start for shot in self.shots], seconds, frame=self.frame) if self.shots else 1

    def span(self, number: int) -> tuple[float, float]:
        """When a shot begins and ends, in seconds."""
        start = self.shots[number - 1].start if self.shots else 0.0
        if number < len(self.shots):
            return start, self.shots[number].start
        return start, max(start, self.info.duration or start + _UNKNOWN_LENGTH)

    def middle(self, number: int) -> float:
        """A time in the middle of a shot."""
        start, end = self.span(number)
        return (start + end) / 2

    def keys_of(self, number: int) -> list[FilmKey]:
        """The key frames of a shot in their order."""
        return [self.keys[time] for time in sorted(self.keys) if self.number_at(time) == number]

    def key_at(self, seconds: float) -> FilmKey | None:
        """The key frame on the frame that begins at `seconds`."""
        near = [key for time, key in self.keys.items() if abs(time - seconds) < self.frame / 2]
        return min(near, key=lambda key: abs(key.seconds - seconds), default=None)

    def put_key(self, key: FilmKey) -> None:
        """Set a key frame in the place of the one that its frame has."""
        self.remove_key(key.seconds)
        self.keys[key.seconds] = key

    def remove_key(self, seconds: float) -> None:
        """Take away the key frame of the frame at that time, if it has one."""
        if (key := self.key_at(seconds)) is not None:
            del self.keys[key.seconds]

    def settings_at(self, seconds: float, options: VideoOptions) -> VideoOptions:
        """The options with the look of the shot at that time."""
        if not self.shots:
            return options
        return replace(options, look=settings_of(self.shots, self.number_at(seconds)).look or options.look)

    def find(self, *, queue: JobQueue, owner: str) -> None:
        """Queue the job that finds the shots, unless it goes on already, as after a click that came twice."""
        if self.finding is not None and not self.finding.done():
            return

        def work(job: Job[float, Shots]) -> Shots:
            return find_film_shots(
                *(self.source, self.info),
                max_seconds=self.max_seconds,
                report=job.report,
                should_stop=job.should_stop,
            )

        self.finding = queue.submit(work, owner=owner)

    def shot_pictures(self) -> list[bytes | None]:
        """The picture of a frame of each shot, in their order; None where it is still to be read."""
        starts = [shot.start for shot in self.shots]
        first: dict[int, bytes] = {}
        for time, picture in self.pictures.items():
            first.setdefault(bisect_right(starts, time), picture)
        return [first.get(number) for number in range(1, len(starts) + 1)]

    def read_pictures(self, *, queue: JobQueue, owner: str) -> Job[None, dict[float, bytes]] | None:
        """The job that reads the pictures of the shots that have none; None where all have one, or it has failed."""
        if self.picturing is not None and self.picturing.done():
            if self.picturing.exception() is not None:
                return None
            self.pictures |= self.picturing.result()
            self.picturing = None
        if self.picturing is None:
            numbered = enumerate(self.shot_pictures(), start=1)
            if times := [self.middle(number) for number, picture in numbered if picture is None]:

                def work(_: Job[None, dict[float, bytes]]) -> dict[float, bytes]:
                    read = read_shot_pictures(self.source, self.info, times, max_seconds=self.max_seconds)
                    return dict(zip(times, read, strict=False))

                self.picturing = queue.submit(work, owner=owner)
        return self.picturing

    def keep_still(self, name: str, data: bytes, facts: StillFacts) -> str:
        """Keep the file of a coloured still. Returns its SHA-256. Raises DiskFull, OSError."""
        digest, still = keep_still(self.folder / STILLS, name, data, facts)
        self.stills[digest] = still
        return digest

    def keep_reference(self, picture: ReferencePicture, data: bytes) -> None:
        """Keep the file of a reference. Raises DiskFull, OSError."""
        self.keep_still(picture.name, data, StillFacts(picture.thumbnail, picture.file_pixels))

    def files(self, direction: Direction) -> DirectedFiles:
        """The files that a run with this direction needs."""
        used = {name: self.stills[name] for name in direction.pictures()}
        shots = None
        if direction.shots:
            shots = self.folder / "shots"
            shots.mkdir(parents=True, exist_ok=True)
        pixels = max((still.facts.pixels for still in used.values()), default=0)
        return DirectedFiles({name: still.path for name, still in used.items()}, pixels, shots)

    def delete(self) -> None:
        """Stop the jobs and remove all files."""
        for job in (self.finding, self.picturing):
            if job is not None:
                job.stop()
        shutil.rmtree(self.folder, ignore_errors=True)  # it may not be there
