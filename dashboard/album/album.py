"""An album: photographs, their settings and what is done of them. Independent of Streamlit.

One comparison drives all work: an entry whose result was made with other settings than it should have is left to do.
So the first run, going on after a stop, other settings for all and the correction of one photograph are the same.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath

from colorizer import Colorizer, ColorizerError
from colorizer.recipe import PhotoSettings
from dashboard.album.contents import Contents, Limits, Upload, make_entries, read_upload
from dashboard.album.entry import Colorized, Entry, Key, Result, Settings
from dashboard.album.results import ResultFiles
from dashboard.server.disk import DiskFull
from dashboard.server.job_queue import JobQueue
from dashboard.server.jobs import Job, JobState
from dashboard.shared.reference import ReferencePicture

WriteError = DiskFull | OSError  # what ends a run early
AlbumJob = Job[None, WriteError | None]  # a run; it reports nothing, because it changes the album

_NUMBERS = itertools.count(1)


class Album:
    """The photographs of some uploads. Its job works on it while pages draw and change it. Safe between threads.

    `number`: of this album, in this process. `uploads`: their identifiers. `entries`, `left_out`: what is in them.
    `common`: the settings for all photographs; None before the first run. `corrections`: of those with settings of
    their own. `results`: what is done, also with earlier settings. `grays`: grey thumbnails, empty for what has none.
    `job`: the latest run. `gray_job`: draws grey thumbnails. `colorizers`: by name, of all models in the settings.
    """

    def __init__(self, folder: Path) -> None:
        """`folder`: of the results' files."""
        self.number = next(_NUMBERS)
        self.uploads = frozenset[str]()
        self.entries: tuple[Entry, ...] = ()
        self.left_out: tuple[tuple[str, ColorizerError], ...] = ()
        self.common: Settings | None = None
        self.corrections = dict[Key, Settings]()
        self.results = dict[Key, Result]()
        self.grays = dict[Key, bytes]()
        self.colorizers = dict[str, Colorizer]()
        self.job: AlbumJob | None = None
        self.gray_job: Job[None, None] | None = None
        self.files = ResultFiles(folder)
        self._lock = threading.Lock()
        self._contents = dict[str, Contents]()  # by upload, also of those that were refused together
        self._due = set[Key]()  # what was asked to be done, until a run has done it or is stopped

    @property
    def is_busy(self) -> bool:
        return self.job is not None and not self.job.done()

    @property
    def is_drawing_grays(self) -> bool:
        return self.gray_job is not None and not self.gray_job.done()

    def update(self, uploads: Mapping[str, Upload], limits: Limits) -> None:
        """Take the photographs of these uploads instead; what is done of those that stay is kept.

        Raises InvalidArchive if they are too many or too large; the album is unchanged then. Each is read once, also
        where they are refused and asked for again.
        """
        contents = {name: self._contents.get(name) or read_upload(upload, limits) for name, upload in uploads.items()}
        self._contents = contents
        entries = make_entries(contents.values(), limits)
        with self._lock:
            added = {entry.key for entry in entries} - {entry.key for entry in self.entries}
            self.uploads, self.entries = frozenset(uploads), entries
            self.left_out = tuple(each for content in contents.values() for each in content.left_out)
            self._due |= added
            self._forget_absent()

    def _forget_absent(self) -> None:
        present = {entry.key for entry in self.entries}
        self._due &= present
        for key in self.results.keys() - present:
            self._remove_file(self.results.pop(key))
        for by_key in (self.corrections, self.grays):
            for key in by_key.keys() - present:
                del by_key[key]

    def wanted(self, entry: Entry) -> Settings:
        """The settings that an entry should have. Only for an album with `common` settings."""
        assert self.common is not None
        return self.corrections.get(entry.key, self.common)

    def is_done(self, entry: Entry) -> bool:
        """Whether an entry has the result of the settings that it should have."""
        result = self.results.get(entry.key)
        return self.common is not None and result is not None and result.settings == self.wanted(entry)

    def left(self) -> list[Entry]:
        """The entries that are not done."""
        return [entry for entry in self.entries if not self.is_done(entry)]

    def next_due(self) -> Entry | None:
        """The entry to work on next, a corrected one first; None if all that was asked for is done."""
        due = [entry for entry in self.left() if entry.key in self._due]
        return next((entry for entry in due if entry.key in self.corrections), due[0] if due else None)

    def colorize_all(self, settings: Settings) -> None:
        """Ask for all photographs with new common settings. Corrected ones keep their own."""
        self.common = settings
        self.go_on()

    def go_on(self) -> None:
        """Ask for what is left."""
        with self._lock:
            self._due = {entry.key for entry in self.entries}

    def correct(
        self, key: Key, photo: PhotoSettings, model: str | None = None, reference: ReferencePicture | None = None
    ) -> None:
        """Ask for one photograph with settings of its own, and a model if it is another one.

        `reference`: the picture that `photo` names. The common settings set the photograph back. For one that is not
        there any more nothing happens.
        """
        with self._lock:
            entry = next((entry for entry in self.entries if entry.key == key), None)
            if entry is None or self.common is None:
                return
            before = self.wanted(entry)
            own = replace(photo, format="")
            settings = replace(before, photo=own, model=model or before.model, reference=reference)
            self.corrections.pop(key, None)
            if settings != self.common:
                self.corrections[key] = settings
            if settings != before:
                self._due.add(key)

    def set_back(self, key: Key) -> None:
        """Ask for one photograph with the common settings again."""
        with self._lock:
            if self.corrections.pop(key, None) is not None:
                self._due.add(key)

    def keep(self, entry: Entry, settings: Settings, colorized: Colorized) -> None:
        """Put a result in the place of the last. Raises DiskFull or OSError if it cannot be written."""
        file = self.files.write(colorized.data)
        made = Result(settings, file, len(colorized.data), colorized.thumbnail, colorized.notes, colorized.pages)
        self._store(entry.key, made)

    def fail(self, entry: Entry, settings: Settings, error: Exception) -> None:
        """Note that an entry cannot be coloured with these settings; an earlier result stays."""
        before = self.results.get(entry.key, Result(settings))
        self._store(entry.key, replace(before, settings=settings, error=error))

    def _store(self, key: Key, result: Result) -> None:
        with self._lock:
            before = self.results.get(key)
            self.results[key] = result
            if before is not None and before.file != result.file:
                self._remove_file(before)
            if result.file is not None:
                self.grays.pop(key, None)
            self._forget_absent()  # it may have been removed in the meantime

    def _remove_file(self, result: Result) -> None:
        if result.file is not None:
            self.files.remove(result.file)

    def members(self) -> list[tuple[PurePosixPath, Path]]:
        """The coloured files that there are, each under all names of its photograph."""
        with self._lock:
            done = [(entry, result.file) for entry in self.entries if (result := self.results.get(entry.key))]
            return [(name, file) for entry, file in done if file is not None for name in entry.results]

    def start(self, work: Callable[[AlbumJob], WriteError | None], *, queue: JobQueue, owner: str) -> None:
        """Queue a run that does what was asked for."""
        self.job = job = queue.submit(work, owner=owner)
        job.when_done(lambda: self._end(job))

    def _end(self, job: AlbumJob) -> None:
        """After a run that was stopped or has failed, what is left waits until it is asked for again."""
        if job.should_stop() or job.state is not JobState.DONE or job.result() is not None:
            with self._lock:
                self._due.clear()

    def delete(self) -> None:
        """Stop the work and remove the results."""
        for job in (self.gray_job, self.job):
            if job is not None:
                job.stop()
        with self._lock:
            self.entries = ()
            self._forget_absent()
