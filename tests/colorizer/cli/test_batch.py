"""Many files, processed in threads."""

from __future__ import annotations

from pathlib import Path
from threading import Barrier, Event, get_ident

import pytest

from colorizer.cli.batch import BatchReport, Task, run_tasks
from colorizer.errors import InvalidImage, InvalidVideo
from colorizer.images.atomic import write_whole


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


def test_a_mistake_of_ours_costs_one_photo_and_is_said_to_be_ours(caplog: pytest.LogCaptureFixture) -> None:
    def work(task: Task) -> None:
        if task.source.stem == "1":
            raise AssertionError("two is not three")

    report = BatchReport()
    caplog.set_level("DEBUG", "colorizer")
    run_tasks(tasks(3), work, report, jobs=1, done=lambda _: None)
    assert report.written == [Path("out/0.jpg"), Path("out/2.jpg")]
    message = "unexpected error, please report it: AssertionError: two is not three"
    assert report.failed == {"1.jpg": message}
    assert report.problem("1.jpg") == message
    assert report.problem("0.jpg") is None
    assert "in work" in caplog.text  # the traceback


@pytest.mark.parametrize(
    ("error", "is_left_out"), [(InvalidImage("raw"), True), (InvalidVideo("sound"), True), (OSError("disk"), False)]
)
def test_a_file_whose_name_promises_nothing_is_left_out_if_it_cannot_be_read(
    error: Exception, is_left_out: bool
) -> None:
    def work(_: Task) -> None:
        raise error

    report = BatchReport()
    guess = Task(Path("a.dng"), Path("out/a.tif"), is_guess=True)
    run_tasks([guess, Task(Path("b.tif"), Path("out/b.tif"))], work, report, jobs=1, done=lambda _: None)
    assert list(report.left_out) == (["a.dng"] if is_left_out else [])
    assert list(report.failed) == (["b.tif"] if is_left_out else ["a.dng", "b.tif"])
    if is_left_out:
        assert report.problem("a.dng") == f"left out: {error}"
        assert str(report) == "0 written; 1 left out: a.dng; 1 failed: b.tif"


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
