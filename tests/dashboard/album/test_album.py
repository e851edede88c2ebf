"""Albums coloured into a ZIP file, without the page."""

from __future__ import annotations

import errno
import io
import itertools
import re
import resource
import shutil
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PIL import Image, JpegImagePlugin

from colorizer import InvalidArchive, Look, Restoration, load_colorizer
from colorizer.images import EncodeOptions
from colorizer.recipe import PhotoSettings
from dashboard.album.album import Album, Limits, Upload, make_album
from dashboard.album.entry import THUMBNAIL, Outcome, Settings
from dashboard.album.run import AlbumJob, WriteError, colorize_album
from dashboard.server.job_queue import JobQueue
from dashboard.server.jobs import JobState

LIMITS = Limits(photos=5, bytes=100_000, pixels=70_000)
SETTINGS = Settings(PhotoSettings())


def photo(size: tuple[int, int] = (40, 30), kind: str = "PNG") -> bytes:
    buffer = io.BytesIO()
    Image.linear_gradient("L").resize(size).save(buffer, kind)
    return buffer.getvalue()


def uploads(folder: Path, *files: tuple[str, bytes]) -> dict[str, Upload]:
    """Uploads as the page stores them; several may have the same name."""
    held = {}
    for number, (name, data) in enumerate(files):
        path = folder / str(number)
        path.write_bytes(data)
        held[str(number)] = Upload(name, path)
    return held


def make_zip(**files: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            archive.writestr(f"{name}.png", data)
    return buffer.getvalue()


def contents(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def run(album: Album, folder: Path, settings: Settings | None = None) -> AlbumJob:
    """Start a run of the album, wait for its end and return its job."""
    colorizer = load_colorizer("compact")
    album.start(colorizer, settings or SETTINGS, folder=folder, limits=LIMITS, queue=JobQueue(), owner="me")
    assert album.run is not None
    assert album.run.job.wait(60)
    assert not album.is_busy
    return album.run.job


def test_files_and_zip_files_make_one_album(tmp_path: Path) -> None:
    inside = make_zip(b=photo((20, 10)), c=b"no photo")
    album = make_album(uploads(tmp_path, ("../a.png", photo()), ("more.ZIP", inside)), LIMITS)
    assert [str(entry.name) for entry in album.entries] == ["a.png", "b.png", "c.png"]
    assert [entry.read() for entry in album.entries] == [photo(), photo((20, 10)), b"no photo"]
    assert not album.left_out


def test_what_is_no_photograph_is_left_out_by_name(tmp_path: Path) -> None:
    buffer = io.BytesIO(make_zip(a=photo()))
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr("letter.txt", "Dear grandma")
    album = make_album(uploads(tmp_path, ("box.zip", buffer.getvalue()), ("torn.zip", b"PK\x03\x04")), LIMITS)
    assert [str(entry.name) for entry in album.entries] == ["a.png"]
    (letter, why), (torn, damage) = album.left_out
    assert (letter, torn) == ("letter.txt", "torn.zip")
    assert "got a text file" in why
    assert "expected a complete ZIP file" in damage


@pytest.mark.parametrize(
    ("limits", "message"),
    [
        (Limits(2, 10**6, 10**4), "at most 2 photographs, got 3"),
        (Limits(5, 1000, 10**4), r"at most 0.001 MB, got 0.00\d+ MB"),
    ],
)
def test_an_album_beyond_the_limits(limits: Limits, message: str, tmp_path: Path) -> None:
    files = [("a.png", photo()), ("b.png", photo() + bytes(1000)), ("box.zip", make_zip(c=photo((2, 2))))]
    with pytest.raises(InvalidArchive, match=f"expected an album of {message}"):
        make_album(uploads(tmp_path, *files), limits)


def test_the_results_keep_size_and_name_and_clashes_are_numbered(tmp_path: Path) -> None:
    files = [("a.png", photo()), ("a.png", photo((20, 10))), ("b.jpg", photo(kind="JPEG")), ("c.heic", photo())]
    album = make_album(uploads(tmp_path, *files), LIMITS)
    job = run(album, tmp_path)
    assert album.run is not None
    sizes = {name: Image.open(io.BytesIO(data)).size for name, data in contents(album.run.target).items()}
    assert sizes == {
        "a_colorized.png": (40, 30),
        "a_2_colorized.png": (20, 10),
        "b_colorized.jpg": (40, 30),
        "c_colorized.png": (40, 30),
    }
    for outcome in job.progress or ():
        assert Image.open(io.BytesIO(outcome.thumbnail)).size == THUMBNAIL


def test_one_that_fails_is_named_and_the_others_go_on(tmp_path: Path) -> None:
    files = [("a.png", photo()), ("letter.png", b"Dear grandma"), ("wall.png", photo((300, 300))), ("b.png", photo())]
    album = make_album(uploads(tmp_path, *files), LIMITS)
    first, letter, wall, last = run(album, tmp_path).progress or ()
    assert (first.error, last.error) == ("", "")
    assert "a text file" in letter.error
    assert "at most 0.07 megapixels" in wall.error
    assert album.run is not None
    assert list(contents(album.run.target)) == ["a_colorized.png", "b_colorized.png"]


def test_the_look_reaches_the_pictures(tmp_path: Path) -> None:
    album = make_album(uploads(tmp_path, ("a.png", photo())), LIMITS)
    run(album, tmp_path, Settings(PhotoSettings(look=Look(strength=0))))
    assert album.run is not None
    (data,) = contents(album.run.target).values()
    red, green, blue = Image.open(io.BytesIO(data)).split()
    assert red.tobytes() == green.tobytes() == blue.tobytes()


def test_the_care_reaches_the_pictures(tmp_path: Path) -> None:
    flat = Image.linear_gradient("L").point(lambda value: 80 + value // 4)
    buffer = io.BytesIO()
    flat.save(buffer, "PNG")
    album = make_album(uploads(tmp_path, ("a.png", buffer.getvalue())), Limits(1, 10**6, 10**6))
    run(album, tmp_path, Settings(PhotoSettings(look=Look(strength=0), restoration=Restoration(levels=True))))
    assert album.run is not None
    (data,) = contents(album.run.target).values()
    gray = np.asarray(Image.open(io.BytesIO(data)).convert("L"))
    assert gray.min() < 5
    assert gray.max() > 250


def test_the_encoding_reaches_the_files(tmp_path: Path) -> None:
    album = make_album(uploads(tmp_path, ("a.jpg", photo(kind="JPEG"))), LIMITS)
    sizes = []
    for quality, subsampling, code in ((95, "4:4:4", 0), (40, "4:2:0", 2)):
        run(album, tmp_path, Settings(PhotoSettings(encoding=EncodeOptions(quality, subsampling))))
        assert album.run is not None
        (data,) = contents(album.run.target).values()
        with Image.open(io.BytesIO(data)) as image:
            assert JpegImagePlugin.get_sampling(image) == code
        sizes.append(len(data))
    assert sizes[0] > sizes[1]


def test_another_run_takes_the_place_of_the_last(tmp_path: Path) -> None:
    album = make_album(uploads(tmp_path, ("a.png", photo())), LIMITS)
    run(album, tmp_path)
    assert album.run is not None
    before = album.run.target
    run(album, tmp_path)
    assert not before.exists()
    assert album.run.target.exists()
    album.delete()
    assert not album.run.target.exists()


def test_after_a_cancel_the_file_is_whole_and_holds_what_was_done(tmp_path: Path) -> None:
    album = make_album(uploads(tmp_path, *[(f"{number}.png", photo()) for number in range(5)]), LIMITS)
    target = tmp_path / "out.zip"

    def work(job: AlbumJob) -> WriteError | None:
        def color(*_: object) -> tuple[bytes, Outcome]:
            if job.progress:
                job.cancel()  # while the second one is being coloured
            return b"colours", Outcome()

        return colorize_album(album.entries, target, color, job)

    job = JobQueue().submit(work, owner="me")
    assert job.wait(60)
    assert job.state is JobState.DONE
    assert contents(target) == {"0_colorized.png": b"colours", "1_colorized.png": b"colours"}


def colorize_parts(folder: Path, sizes: Sequence[int]) -> tuple[AlbumJob, Path]:
    """A run whose results have these sizes, and its target."""
    album = make_album(uploads(folder, *[(f"{number}.png", photo()) for number in range(len(sizes))]), LIMITS)
    target, left = folder / "out.zip", iter(sizes)

    def work(job: AlbumJob) -> WriteError | None:
        return colorize_album(album.entries, target, lambda *_: (bytes(next(left)), Outcome()), job)

    job = JobQueue().submit(work, owner="me")
    assert job.wait(60)
    return job, target


@contextmanager
def full_disk(most: int) -> Iterator[None]:
    """No file can be longer than `most` bytes: as on a full disk, a write takes a part, and the next one fails."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("last", [1_000_000, 2_000_001, 5_000_000])
def test_on_a_full_disk_the_finished_ones_are_kept_and_the_rest_is_given_back(last: int, tmp_path: Path) -> None:
    with full_disk(3_000_000):
        job, target = colorize_parts(tmp_path, [1_000_000, 1_000_000, last, 10])
    assert job.state is JobState.DONE
    assert isinstance(job.result(), OSError)
    assert len(job.progress or ()) == 2
    assert [(name, len(data)) for name, data in contents(target).items()] == [
        ("0_colorized.png", 1_000_000),
        ("1_colorized.png", 1_000_000),
    ]
    assert target.stat().st_size < 2_001_000
    assert not target.with_suffix(".reserve").exists()


def test_a_disk_that_says_it_is_full_ends_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write, calls = zipfile.ZipFile.writestr, itertools.count()

    def writestr(archive: zipfile.ZipFile, *arguments: Any) -> None:
        write(archive, *arguments)
        if next(calls) == 2:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(zipfile.ZipFile, "writestr", writestr)
    job, target = colorize_parts(tmp_path, [10, 20, 30, 40])
    assert job.result() is not None
    assert {name: len(data) for name, data in contents(target).items()} == {
        "0_colorized.png": 10,
        "1_colorized.png": 20,
    }


def test_a_run_ends_at_the_floor_of_free_space(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    free = iter([1_000_000_000, 150_000_000, 99_000_000])
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: SimpleNamespace(free=next(free)))
    job, target = colorize_parts(tmp_path, [10, 20, 30])
    assert re.search(r"expected 100 MB of free space .*, got 99 MB", str(job.result()))
    assert len(contents(target)) == 2


def test_a_run_that_fails_leaves_no_file(tmp_path: Path) -> None:
    job, target = colorize_parts(tmp_path, [10, -1])  # a result cannot have this size
    assert job.state is JobState.FAILED
    assert not target.exists()
    assert not target.with_suffix(".reserve").exists()


def test_names_from_a_zip_file_keep_their_folders(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("../../1932/a.png", photo())
    album = make_album(uploads(tmp_path, ("box.zip", buffer.getvalue())), LIMITS)
    assert [entry.name for entry in album.entries] == [PurePosixPath("1932/a.png")]
    run(album, tmp_path)
    assert album.run is not None
    assert list(contents(album.run.target)) == ["1932/a_colorized.png"]
