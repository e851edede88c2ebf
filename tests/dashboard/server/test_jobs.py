"""The queue of long jobs: order, places, progress, cancelling, errors and the end of the program."""

from __future__ import annotations

import gc
import subprocess
import sys
import textwrap
import threading
import weakref
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from pathlib import Path

import pytest

from colorizer import InvalidImage
from dashboard.server import jobs
from dashboard.server.job_queue import JobQueue, QueueFull
from dashboard.server.jobs import AnyJob, Job, JobState
from tests.support.paths import ROOT

SOON = 20.0  # seconds; long, because the machine may be busy


class Gate:
    """A job that runs until it is released or cancelled."""

    def __init__(self) -> None:
        self.begun, self.released = threading.Event(), threading.Event()

    def __call__(self, job: Job[str, str]) -> str:
        self.begun.set()
        while not self.released.wait(0.005):
            if job.should_stop():
                return "half"
        return "whole"


@pytest.fixture
def gates() -> Iterator[list[Gate]]:
    made = [Gate() for _ in range(4)]
    yield made
    for gate in made:
        gate.released.set()


def submit_jobs(queue: JobQueue, gates: list[Gate], owner: str = "ann") -> list[Job[str, str]]:
    return [queue.submit(gate, owner=owner) for gate in gates]


def test_a_job_reports_while_it_runs_and_hands_back_its_result() -> None:
    reported, looked = threading.Event(), threading.Event()

    def work(job: Job[int, str]) -> str:
        job.report(3)
        reported.set()
        assert looked.wait(SOON)
        return "done"

    job = JobQueue().submit(work, owner="ann")
    assert reported.wait(SOON)
    assert (job.state, job.done(), job.progress, job.exception()) == (JobState.RUNNING, False, 3, None)
    with pytest.raises(TimeoutError):
        job.result()
    looked.set()
    assert job.wait(SOON)
    assert (job.state, job.done(), job.result(), job.exception()) == (JobState.DONE, True, "done", None)


def test_who_waits_hears_of_a_report_and_of_the_end(gates: list[Gate]) -> None:
    def work(job: Job[str, str]) -> str:
        assert gates[0].begun.wait(SOON)
        job.report("half")
        return gates[1](job)

    job = JobQueue().submit(work, owner="ann")
    assert not job.wait_for(lambda: job.progress is not None, timeout=0.01)
    gates[0].begun.set()
    assert job.wait_for(lambda: job.progress is not None, timeout=SOON)
    assert not job.wait_for(lambda: False, timeout=0.01)
    gates[1].released.set()
    assert job.wait_for(lambda: False, timeout=SOON)
    assert job.done()


def test_a_job_is_freed_with_its_last_user_and_its_file_with_it() -> None:
    """A circle of references would stay until Python looks for such, which is seldom."""
    job: AnyJob = Job(lambda _: None, "ann")
    job.refuse(InvalidImage("unreadable"))
    freed = weakref.ref(job)
    gc.disable()
    try:
        del job
        assert freed() is None
    finally:
        gc.enable()


def test_the_work_runs_on_a_thread_that_ends_with_it() -> None:
    threads: list[threading.Thread] = []

    def work(_: AnyJob) -> None:
        threads.append(threading.current_thread())

    queue = JobQueue()
    for _ in range(2):
        assert queue.submit(work, owner="ann").wait(SOON)
        threads[-1].join(SOON)
        assert not threads[-1].is_alive()
    assert threading.main_thread() not in threads
    assert len(threads) == 2


def test_others_wait_and_see_their_place(gates: list[Gate]) -> None:
    queue = JobQueue()
    first, second, third = submit_jobs(queue, gates[:3])
    assert gates[0].begun.wait(SOON)
    assert [queue.jobs_ahead_of(job) for job in (first, second, third)] == [[], [first], [first, second]]
    assert [job.state for job in (first, second, third)] == ["running", "waiting", "waiting"]
    gates[0].released.set()
    assert gates[1].begun.wait(SOON)
    assert queue.jobs_ahead_of(third) == [second]
    assert not gates[2].begun.is_set()
    gates[1].released.set()
    gates[2].released.set()
    assert third.wait(SOON)
    assert queue.jobs_ahead_of(third) == []


def test_as_many_run_at_once_as_there_are_workers(gates: list[Gate]) -> None:
    queue = JobQueue(workers=2)
    jobs = submit_jobs(queue, gates)
    assert gates[0].begun.wait(SOON)
    assert gates[1].begun.wait(SOON)
    assert [job.state for job in jobs] == ["running", "running", "waiting", "waiting"]
    gates[1].released.set()
    assert gates[2].begun.wait(SOON)
    assert queue.jobs_ahead_of(jobs[3]) == [jobs[0], jobs[2]]


def test_all_of_many_jobs_are_done_in_order() -> None:
    done: list[int] = []

    def work(number: int) -> Callable[[AnyJob], None]:
        return lambda _: done.append(number)

    queue = JobQueue()
    jobs = [queue.submit(work(number), owner="ann") for number in range(200)]
    assert all(job.wait(SOON) for job in jobs)
    assert done == list(range(200))


def test_a_cancelled_job_that_runs_ends_with_what_it_has(gates: list[Gate]) -> None:
    (job,) = submit_jobs(JobQueue(), gates[:1])
    assert gates[0].begun.wait(SOON)
    job.cancel()
    assert job.wait(SOON)
    assert (job.state, job.result()) == (JobState.DONE, "half")


def test_a_cancelled_job_that_waits_never_begins(gates: list[Gate]) -> None:
    queue = JobQueue()
    first, second, third = submit_jobs(queue, gates[:3])
    second.cancel()
    assert (second.state, second.wait(0)) == (JobState.CANCELLED, True)
    assert queue.jobs_ahead_of(third) == [first]
    for gate in gates:
        gate.released.set()
    assert third.wait(SOON)
    assert second.state is JobState.CANCELLED
    assert not gates[1].begun.is_set()


def test_to_cancel_what_is_over_changes_nothing(gates: list[Gate]) -> None:
    (job,) = submit_jobs(JobQueue(), gates[:1])
    gates[0].released.set()
    assert job.wait(SOON)
    job.cancel()
    assert (job.state, job.result()) == (JobState.DONE, "whole")


def test_an_owners_jobs_are_cancelled_and_nobody_elses(gates: list[Gate]) -> None:
    queue = JobQueue()
    ours = submit_jobs(queue, gates[:2])
    theirs = submit_jobs(queue, gates[2:3], owner="bob")
    assert gates[0].begun.wait(SOON)
    assert queue.cancel_owner("ann") == ours[:1]
    assert ours[0].wait(SOON)
    assert [job.state for job in ours] == ["done", "cancelled"]
    gates[2].released.set()
    assert theirs[0].wait(SOON)
    assert theirs[0].result() == "whole"
    assert queue.cancel_owner("ann") == []


def test_a_failure_is_kept_and_logged_and_the_next_job_runs(caplog: pytest.LogCaptureFixture) -> None:
    def fail(_: AnyJob) -> None:
        raise RuntimeError("a wire came loose")

    queue = JobQueue()
    failing: AnyJob = queue.submit(fail, owner="ann")
    next_one: AnyJob = queue.submit(lambda _: "done", owner="ann")
    assert next_one.wait(SOON)
    assert (failing.state, str(failing.exception())) == (JobState.FAILED, "a wire came loose")
    assert next_one.result() == "done"
    assert "a wire came loose" in caplog.text


@pytest.mark.parametrize("workers", [0, -1])
def test_no_worker_is_refused(workers: int) -> None:
    with pytest.raises(ValueError, match=f"expected at least 1 worker, got {workers}"):
        JobQueue(workers=workers)


def test_where_too_many_wait_the_next_one_is_refused(gates: list[Gate]) -> None:
    queue = JobQueue(most_waiting=1)
    running, waiting, refused = submit_jobs(queue, gates[:3])
    assert gates[0].begun.wait(SOON)
    assert (waiting.state, refused.state) == (JobState.WAITING, JobState.FAILED)
    assert isinstance(refused.exception(), QueueFull)
    assert "got 1 who wait already" in str(refused.exception())
    waiting.cancel()  # its place is free
    (late,) = submit_jobs(queue, gates[3:])
    assert late.state is JobState.WAITING
    for gate in gates:
        gate.released.set()
    assert running.wait(SOON)
    assert late.wait(SOON)
    assert (running.result(), late.result()) == ("whole", "whole")
    assert not gates[2].begun.is_set()


def test_a_queue_without_a_limit_takes_any_number(gates: list[Gate]) -> None:
    jobs = submit_jobs(JobQueue(), gates)
    assert JobState.FAILED not in {job.state for job in jobs}


def test_no_place_below_none_is_refused() -> None:
    with pytest.raises(ValueError, match="expected 0 or more to wait, got -1"):
        JobQueue(most_waiting=-1)


def test_the_result_is_what_was_returned_or_raised() -> None:
    def fail(_: AnyJob) -> str:
        raise InvalidImage("expected a photograph, got a letter")

    queue = JobQueue()
    done: Job[None, str] = queue.submit(lambda _: "done", owner="ann")
    failed = queue.submit(fail, owner="ann")
    assert done.wait(SOON)
    assert failed.wait(SOON)
    assert done.result() == "done"
    with pytest.raises(InvalidImage, match="got a letter"):
        failed.result()


def test_what_was_cancelled_has_no_result(gates: list[Gate]) -> None:
    _, waiting = submit_jobs(JobQueue(), gates[:2])
    waiting.cancel()
    with pytest.raises(CancelledError):
        waiting.result()
    assert waiting.exception() is None


def test_a_foreseen_failure_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    def fail(_: AnyJob) -> str:
        raise InvalidImage("expected aunt mathilda.jpg to be a photograph")

    assert JobQueue().submit(fail, owner="ann").wait(SOON)
    assert caplog.text == ""


def test_one_who_wants_much_does_not_delay_the_first_job_of_another(gates: list[Gate]) -> None:
    queue = JobQueue()
    ours = submit_jobs(queue, gates[:3])
    assert gates[0].begun.wait(SOON)
    theirs = submit_jobs(queue, gates[3:], owner="bob")
    assert queue.jobs_ahead_of(theirs[0]) == ours[:1]
    assert queue.jobs_ahead_of(ours[2]) == [ours[0], theirs[0], ours[1]]
    gates[0].released.set()
    assert gates[3].begun.wait(SOON)
    assert not gates[1].begun.is_set()


def test_groups_are_served_in_turn_and_their_owners_within(gates: list[Gate]) -> None:
    done: list[str] = []

    def work(name: str) -> Callable[[AnyJob], None]:
        return lambda _: done.append(name)

    queue = JobQueue(group_of=lambda owner: owner[0])
    queue.submit(gates[0], owner="x")
    assert gates[0].begun.wait(SOON)
    names = ["a1", "a1", "a2", "a3", "b1", "b1"]
    jobs = [queue.submit(work(name), owner=name) for name in names]
    gates[0].released.set()
    assert all(job.wait(SOON) for job in jobs)
    assert done == ["a1", "b1", "a2", "b1", "a3", "a1"]


def test_a_job_that_runs_for_too_long_is_asked_to_stop(gates: list[Gate]) -> None:
    job = JobQueue(most_seconds=0.01).submit(gates[0], owner="ann")
    assert job.wait(SOON)
    assert (job.state, job.result(), job.is_overdue) == (JobState.DONE, "half", True)
    in_time: Job[None, str] = JobQueue().submit(lambda _: "done", owner="ann")
    assert in_time.wait(SOON)
    assert not in_time.is_overdue


def test_a_job_that_is_not_admitted_has_failed_and_the_end_of_others_is_told(gates: list[Gate]) -> None:
    held: list[str] = []

    def admit(owner: str) -> Callable[[], None]:
        if len(held) == 2:
            raise InvalidImage("expected at most 2 jobs, got 3")
        held.append(owner)
        return lambda: held.remove(owner)

    queue = JobQueue(admit=admit, most_waiting=1)
    running, waiting, refused = submit_jobs(queue, gates[:3])
    assert str(refused.exception()) == "expected at most 2 jobs, got 3"
    waiting.cancel()
    assert held == ["ann"]
    gates[0].released.set()
    assert running.wait(SOON)
    assert held == []


def test_what_was_cancelled_is_not_kept(gates: list[Gate]) -> None:
    """A visitor who starts and cancels again and again, while a long job runs, fills no memory."""
    queue = JobQueue(most_waiting=5)
    queue.submit(gates[0], owner="bob")
    for _ in range(20):
        queue.submit(lambda _: None, owner="ann").cancel()
    assert len(queue._waiting) <= 1


def test_to_stop_a_job_waits_only_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "STOP_SECONDS", 0.01)
    begun, go_on = threading.Event(), threading.Event()

    def work(_: AnyJob) -> bool:
        begun.set()
        return go_on.wait(SOON)

    deaf: AnyJob = JobQueue().submit(work, owner="ann")
    assert begun.wait(SOON)
    assert not deaf.stop()
    go_on.set()
    assert deaf.wait(SOON)
    assert deaf.stop()


def test_the_end_of_the_program_ends_the_job_that_runs_and_begins_no_other(tmp_path: Path) -> None:
    script = """
        import sys, threading
        from pathlib import Path
        from dashboard.server.job_queue import JobQueue

        folder, begun = Path(sys.argv[1]), threading.Event()

        def work(job):
            begun.set()
            while not job.should_stop():
                threading.Event().wait(0.01)
            (folder / "finished").touch()

        queue = JobQueue()
        queue.submit(work, owner="ann")
        queue.submit(lambda _: (folder / "next").touch(), owner="ann")
        assert begun.wait(20)
    """
    command = [sys.executable, "-c", textwrap.dedent(script), str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, timeout=60)
    assert [path.name for path in tmp_path.iterdir()] == ["finished"]
