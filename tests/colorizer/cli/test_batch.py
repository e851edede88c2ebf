"""Many files: finding them, naming their results, and processing them in threads."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import partial
from pathlib import Path, PurePath
from threading import Barrier, Event, get_ident

import pytest

from colorizer.cli.batch import BatchReport, Source, Task, find_sources, is_pattern, run_tasks
from colorizer.errors import InvalidImage
from colorizer.images.atomic import write_whole
from colorizer.images.naming import result_names

SUFFIXES = (".jpg", ".tif")
find = partial(find_sources, suffixes=SUFFIXES)


@pytest.fixture
def shoebox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder `box` with photos, other files and folders, in the working folder."""
    monkeypatch.chdir(tmp_path)
    for name in ("b.JPG", "a.jpg", "notes.txt", "._a.jpg", "a_colorized.jpg", "x/c.tif", "x/y/a.jpg", ".thumbs/t.jpg"):
        path = tmp_path / "box" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return tmp_path / "box"


def paths(sources: Sequence[Source]) -> list[str]:
    return [source.path.as_posix() for source in sources]


def test_a_folder_is_its_photos_in_order(shoebox: Path) -> None:
    sources, wrong = find([str(shoebox)])
    assert [source.path for source in sources] == [shoebox / "a.jpg", shoebox / "b.JPG"]
    assert not wrong


def test_recursive_keeps_the_folders(shoebox: Path) -> None:
    sources, wrong = find([str(shoebox)], recursive=True)
    assert [source.name.as_posix() for source in sources] == ["a.jpg", "b.JPG", "x/c.tif", "x/y/a.jpg"]
    assert [shoebox / source.name for source in sources] == [source.path for source in sources]
    assert not wrong


@pytest.mark.parametrize(
    ("pattern", "matches"),
    [
        ("box/*.jpg", ["box/a.jpg", "box/a_colorized.jpg"]),
        ("box/?.[Jj]*", ["box/a.jpg", "box/b.JPG"]),
        ("box/**/*.tif", ["box/x/c.tif"]),
        ("b*", ["box/a.jpg", "box/b.JPG"]),
        ("box/n*", ["box/notes.txt"]),
    ],
)
@pytest.mark.usefixtures("shoebox")
def test_a_pattern_is_what_a_shell_would_make_of_it(pattern: str, matches: list[str]) -> None:
    sources, wrong = find([pattern])
    assert paths(sources) == matches
    assert not wrong


def test_a_file_whose_name_looks_like_a_pattern(shoebox: Path) -> None:
    photo = shoebox / "print[1].jpg"
    photo.touch()
    assert not is_pattern(str(photo))
    assert paths(find([str(photo)])[0]) == [photo.as_posix()]


@pytest.mark.usefixtures("shoebox")
def test_a_file_that_is_found_twice_is_done_once() -> None:
    assert paths(find(["box/b.JPG", "box", "box/../box/*.JPG"])[0]) == ["box/b.JPG", "box/a.jpg"]


@pytest.mark.usefixtures("shoebox")
def test_a_file_that_is_not_there_is_left_to_fail() -> None:
    assert find(["nowhere.jpg"]) == ([Source(Path("nowhere.jpg"), PurePath("nowhere.jpg"))], {})


@pytest.mark.parametrize("name", ["*.bmp", "box/x/y/z"])
def test_a_name_behind_which_there_is_nothing_is_reported(name: str, shoebox: Path) -> None:
    (shoebox / "x" / "y" / "z").mkdir()
    sources, wrong = find([name, "box/a.jpg"])
    assert paths(sources) == ["box/a.jpg"]
    assert wrong == {name: "expected files ending in one of .jpg, .tif, found none"}


def test_a_folder_that_cannot_be_read_is_reported(shoebox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.scandir

    def locked(folder: str) -> object:
        if Path(folder) == shoebox / "x":
            raise PermissionError(13, "Permission denied", folder)
        return real(folder)

    monkeypatch.setattr(os, "scandir", locked)
    sources, wrong = find([str(shoebox)], recursive=True)
    assert [source.name.as_posix() for source in sources] == ["a.jpg", "b.JPG"]
    (message,) = wrong.values()
    assert list(wrong) == [str(shoebox / "x")]
    assert "Permission denied" in message


@pytest.mark.parametrize(
    ("names", "results"),
    [
        (["a.jpg", "b.jpg"], ["a!.jpg", "b!.jpg"]),
        (["a.jpg", "a.jpg", "a.jpg"], ["a!.jpg", "a_2!.jpg", "a_3!.jpg"]),
        (["a.jpg", "A.JPG"], ["a!.jpg", "A_2!.JPG"]),
        (["a_2.jpg", "a.jpg", "a.jpg"], ["a_2!.jpg", "a!.jpg", "a_3!.jpg"]),
        (["x/a.jpg", "y/a.jpg"], ["x/a!.jpg", "y/a!.jpg"]),
        (["caf\u00e9.jpg", "cafe\u0301.jpg"], ["caf\u00e9!.jpg", "cafe\u0301_2!.jpg"]),
    ],
)
def test_results_have_names_of_their_own(names: list[str], results: list[str]) -> None:
    named = result_names(map(PurePath, names), lambda name: f"{PurePath(name).stem}!{PurePath(name).suffix}")
    assert [name.as_posix() for name in named] == results


def test_thousands_of_one_name_take_no_time() -> None:
    named = result_names([PurePath("a.jpg")] * 10_000, str)
    assert len(set(named)) == 10_000
    assert named[-1] == PurePath("a_10000.jpg")


def tasks(count: int) -> list[Task]:
    return [Task(Path(f"{number}.jpg"), Path(f"out/{number}.jpg")) for number in range(count)]


def test_tasks_run_at_once_in_as_many_threads_as_asked_for() -> None:
    barrier = Barrier(3, timeout=30)  # broken, and the task failed, unless three wait at it together
    report, callers = BatchReport(), set()

    def work(_: Task) -> None:
        barrier.wait()

    run_tasks(tasks(6), work, report, jobs=3, done=lambda _: callers.add(get_ident()))
    assert sorted(report.written) == [task.target for task in tasks(6)]
    assert callers == {get_ident()}


@pytest.mark.parametrize("error", [InvalidImage("expected a picture"), OSError("disk full"), MemoryError()])
def test_one_failure_does_not_stop_the_rest(error: Exception) -> None:
    def work(task: Task) -> None:
        if task.source.stem == "1":
            raise error

    report = BatchReport(skipped=[Path("there.jpg")])
    done: list[Task] = []
    run_tasks(tasks(4), work, report, jobs=1, done=done.append)
    assert report.failed == {"1.jpg": str(error) or "MemoryError"}
    assert report.written == [Path(f"out/{number}.jpg") for number in (0, 2, 3)]
    assert len(done) == 4
    assert str(report) == "3 written; 1 skipped (they exist; --overwrite replaces them); 1 failed: 1.jpg"


def test_a_mistake_of_ours_is_no_failed_photo() -> None:
    def work(task: Task) -> None:
        raise AssertionError(task)

    with pytest.raises(AssertionError):
        run_tasks(tasks(1), work, BatchReport(), jobs=1, done=lambda _: None)


def test_after_an_interruption_no_task_begins() -> None:
    never = Event()

    def work(_: Task) -> None:
        never.wait(0.02)  # the thousand tasks would take 20 s

    def interrupt(_: Task) -> None:
        raise KeyboardInterrupt

    report = BatchReport()
    with pytest.raises(KeyboardInterrupt):
        run_tasks(tasks(1000), work, report, jobs=1, done=interrupt)
    assert 1 <= len(report.written) < 1000


def test_a_file_is_written_whole_and_with_its_folders(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "a.jpg"
    for data in (b"first", b"second"):
        write_whole(path, data)
        assert [(each.name, each.read_bytes()) for each in path.parent.iterdir()] == [("a.jpg", data)]
