"""Tasks in worker processes: what comes back, and what stops a task that takes too much."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from colorizer import InvalidImage, InvalidVideo, images, load_colorizer
from colorizer.arrays import Floats
from colorizer.images import Picture
from colorizer.network.predictor import Prediction, Predictor
from dashboard.server.job_queue import JobQueue
from dashboard.server.jobs import Job, JobState
from dashboard.server.workers import run as run_module
from dashboard.server.workers.limits import decode_picture, film_limits, picture_limits
from dashboard.server.workers.run import LentJob, WorkerStopped, run_isolated
from tests.support import worker_tasks as tasks

SOON = 60.0
MEGABYTE = 1_000_000


# --- What comes back


def test_a_result_comes_back_equal_and_can_be_written_to() -> None:
    one, other = (np.random.default_rng(seed).integers(0, 100, (4000, 6000, 3), np.uint8) for seed in (1, 2))
    result = run_isolated(tasks.add, one, other, limits=replace(picture_limits(), memory=500 * MEGABYTE))
    assert result.nbytes == 72_000_000
    assert np.array_equal(result, one + other)
    assert result.flags.writeable
    assert result.flags.aligned


def test_each_task_has_a_process_of_its_own() -> None:
    assert len({run_isolated(tasks.process_id), run_isolated(tasks.process_id), os.getpid()}) == 3


def test_without_the_means_of_linux_a_task_runs_in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_module, "ISOLATES", False)
    monkeypatch.setattr(run_module, "_HOSTS", [])
    run_module.start_host()
    assert run_isolated(tasks.process_id) == os.getpid()
    assert run_module._HOSTS == []


def test_a_worker_knows_neither_the_page_nor_its_framework() -> None:
    assert run_isolated(tasks.modules) & {"streamlit", "starlette", "pytest"} == set()


@pytest.mark.parametrize("vividness", [0.0, 1.0])
def test_the_network_of_this_process_colours_in_a_worker(vividness: float) -> None:
    colorizer = load_colorizer("compact")
    pixels = np.random.default_rng(3).integers(0, 255, (60, 80, 3), np.uint8)
    expected = colorizer.colorize(pixels, vividness=vividness)
    assert np.array_equal(run_isolated(tasks.colorize, colorizer, pixels, vividness), expected)


def test_the_last_prediction_comes_back_as_the_object_that_was_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    colorizer, sent = load_colorizer("compact"), list[Prediction]()

    def predict(luminance: Floats, **options: bool) -> Prediction:
        sent.append(Predictor.predict(colorizer.predictor, luminance, **options))
        return sent[-1]

    monkeypatch.setattr(colorizer.predictor, "predict", predict)
    pixels = np.random.default_rng(4).integers(0, 255, (60, 80, 3), np.uint8)
    analysis = run_isolated(tasks.analyze, colorizer, pixels)
    assert analysis.prediction is sent[0]
    assert np.array_equal(analysis.colorize(), load_colorizer("compact").colorize(pixels))


@pytest.mark.parametrize(("shape", "suffix"), [((40, 60), ".jpg"), ((40, 60, 3), ".png"), ((40, 60, 3), ".jpg")])
def test_a_worker_finds_all_tables_filled_and_all_modules_imported(shape: tuple[int, ...], suffix: str) -> None:
    data = images.encode(Picture(np.random.default_rng(5).integers(0, 255, shape, np.uint8)), suffix)
    filled, imported = run_isolated(tasks.make_file, data, suffix)
    assert all(filled)
    assert imported == set()


def test_a_refusal_comes_back_as_it_was_raised() -> None:
    with pytest.raises(InvalidImage, match="got a text file"):
        run_isolated(partial(decode_picture, b"Dear grandma", max_pixels=1000))


# --- What stops a task

TOO_MUCH = "expected a picture that can be read with 100 MB of memory and 1 seconds, got one that takes more or that"


@pytest.mark.parametrize(
    ("task", "arguments"),
    [
        (tasks.take_memory, (400,)),
        (tasks.take_memory_in_opencv, (400,)),
        (tasks.take_memory_in_c, (400,)),
        (tasks.loop_forever, ()),
        (os._exit, (3,)),
        (os.abort, ()),
        (tasks.end_by_signal, (signal.SIGKILL,)),
        (tasks.end_by_signal, (signal.SIGSEGV,)),
    ],
)
def test_a_task_that_takes_too_much_or_crashes_is_one_sentence(
    task: Callable[..., object], arguments: tuple[int, ...]
) -> None:
    limits = replace(picture_limits(), memory=100 * MEGABYTE, seconds=1.0)
    with pytest.raises(InvalidImage, match=TOO_MUCH):
        run_isolated(task, *arguments, limits=limits)
    assert run_isolated(abs, -3) == 3  # the next one is served


def test_a_task_that_waits_forever_is_stopped_by_the_clock() -> None:
    with pytest.raises(InvalidVideo, match="expected a film that can be read"):
        run_isolated(time.sleep, SOON, limits=replace(film_limits(0), clock=0.2))


def test_a_picture_may_take_what_the_pixels_that_it_declares_need() -> None:
    limits = replace(picture_limits(), memory=10 * MEGABYTE)
    picture = run_isolated(partial(decode_picture, black_png(4000, 3000), max_pixels=10**8), limits=limits)
    assert (picture.width, picture.height) == (4000, 3000)
    with pytest.raises(InvalidImage, match="expected a picture that can be read with 10 MB"):
        run_isolated(tasks.take_memory, 100, limits=limits)


def black_png(width: int, height: int) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (width, height)).save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


# --- A job that is cancelled


def submit(work: Callable[[Job[int, str]], str]) -> Job[int, str]:
    return JobQueue().submit(work, owner="ann")


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SOON
    while not condition():
        assert time.monotonic() < deadline
        threading.Event().wait(0.01)


def test_a_cancelled_job_ends_its_worker_at_once(tmp_path: Path) -> None:
    path = tmp_path / "begun"
    job = submit(lambda _: run_isolated(tasks.wait_at, path) or "")
    until(lambda: path.exists() and path.read_text("ascii") != "")
    job.cancel()
    assert job.wait(SOON / 2)
    assert isinstance(job.exception(), WorkerStopped)
    until(lambda: not Path(f"/proc/{path.read_text('ascii')}").exists())


def test_a_job_that_was_lent_reports_and_stops_by_itself(tmp_path: Path) -> None:
    path = tmp_path / "result"
    job = submit(lambda job: run_isolated(tasks.report_until_told, path, LentJob(job.report, job.should_stop)))
    until(lambda: (job.progress or 0) > 5)
    job.cancel()
    assert job.wait(SOON)
    assert (job.state, job.result(), path.read_text("ascii")) == (JobState.DONE, "stopped", "kept")


def test_a_lent_job_that_does_not_stop_is_ended_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_module, "GRACE_SECONDS", 0.0)
    begun = threading.Event()

    def should_stop() -> bool:
        return begun.is_set()

    timer = threading.Timer(0.2, begun.set)
    timer.start()
    with pytest.raises(WorkerStopped):
        run_isolated(tasks.ignore_the_wish_to_stop, LentJob(print, should_stop))
    timer.join()


# --- The end of the program

_PROGRAM = """
import sys, threading
from pathlib import Path
from dashboard.server.workers import run
from tests.support.worker_tasks import {task}
threading.Thread(target=run.run_isolated, args=({arguments}), daemon=True).start()
threading.Event().wait()
"""


@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_no_process_outlives_the_program(sent: signal.Signals, tmp_path: Path) -> None:
    path = tmp_path / "worker"
    code = _PROGRAM.format(task="wait_at", arguments=f"wait_at, Path({str(path)!r})")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    with subprocess.Popen([sys.executable, "-c", code], env=environment, stderr=subprocess.DEVNULL) as program:
        until(lambda: path.exists() and path.read_text("ascii") != "")
        worker = int(path.read_text("ascii"))
        host = parent_of(worker)
        assert parent_of(host) == program.pid
        program.send_signal(sent)
        program.wait(SOON)
    until(lambda: not any(Path(f"/proc/{each}").exists() for each in (worker, host)))


def parent_of(process: int) -> int:
    return int(Path(f"/proc/{process}/stat").read_text("ascii").rpartition(")")[2].split()[1])


def test_a_host_that_was_ended_is_started_again_and_logs_where_a_bug_is(capfd: pytest.CaptureFixture[str]) -> None:
    os.kill(run_isolated(os.getppid), signal.SIGKILL)
    until(lambda: run_module._HOSTS[-1].has_ended())
    with pytest.raises(RuntimeError, match=r"KeyError: 'grandma\.jpg'"):
        run_isolated(tasks.raise_a_bug)
    logged = capfd.readouterr().err
    assert "raise_a_bug" in logged
    assert "grandma" not in logged
