"""Colours for a stream, from fast, slow and failing networks, all of them fakes that the test controls."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable

import numpy as np
import pytest

from colorizer.arrays import Floats
from colorizer.edits.look import Look
from colorizer.frames import live
from colorizer.frames.live import ColorWorker, LiveColorizer, LiveColors, LiveOptions
from colorizer.frames.yuv import YuvFrame
from tests.support.paths import ROOT

NONE = -1.0  # no network is fast enough to wait for
PLAIN = LiveOptions(smoothing=0)
PATIENCE_OF_TEST = 10.0  # seconds until a test gives up


@pytest.fixture(autouse=True)
def set_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine may take its time to start a thread."""
    monkeypatch.setattr(live, "PATIENCE", PATIENCE_OF_TEST / 2)


def luminance(level: float = 50) -> Floats:
    return np.full((32, 32), level, np.float32)


def echo(luminance: Floats, *, vividness: float = 0.0) -> Floats:
    """ab that shows which luminance it was predicted for."""
    return np.full((8, 8, 2), luminance[0, 0] + 100 * vividness, np.float32)


class Gate:
    """A slow network: each prediction ends when the test releases it."""

    def __init__(self) -> None:
        self.begun, self.may_end = threading.Semaphore(0), threading.Semaphore(0)
        self.received: list[float] = []

    def predict_ab(self, luminance: Floats, *, vividness: float = 0.0) -> Floats:
        self.received.append(float(luminance[0, 0]))
        self.begun.release()
        assert self.may_end.acquire(timeout=PATIENCE_OF_TEST)
        return echo(luminance, vividness=vividness)


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_OF_TEST
    pause = threading.Event()
    while not condition():
        assert time.monotonic() < deadline, "expected the condition to come true in time"
        pause.wait(0.005)


def level(colors: LiveColors | None) -> float | None:
    return None if colors is None else float(colors.ab[0, 0, 0])


def threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "colour-worker"]


def test_a_quick_network_gives_each_frame_its_own_colours() -> None:
    worker = ColorWorker(echo)
    shown = [level(worker.latest_colors(luminance(number), PLAIN)) for number in range(20)]
    worker.close()
    assert shown == list(range(20))


def test_a_slow_network_works_on_the_newest_frame_and_each_frame_takes_the_latest() -> None:
    gate = Gate()
    worker = ColorWorker(gate.predict_ab, patience=NONE)
    assert worker.latest_colors(luminance(0), PLAIN) is None
    assert gate.begun.acquire(timeout=PATIENCE_OF_TEST)
    for number in range(1, 6):  # arrive during the first prediction
        assert worker.latest_colors(luminance(number), PLAIN) is None
    gate.may_end.release()
    assert gate.begun.acquire(timeout=PATIENCE_OF_TEST)
    assert level(worker.latest_colors(luminance(6), PLAIN)) == 0
    gate.may_end.release(1000)
    until(lambda: level(worker.latest_colors(luminance(6), PLAIN)) == 6)
    worker.close()
    assert gate.received[:3] == [0, 5, 6], "frames 1 to 4 are skipped"


def test_the_age_of_colours_is_known() -> None:
    gate = Gate()
    worker = ColorWorker(gate.predict_ab, patience=NONE)
    before = time.monotonic()
    worker.latest_colors(luminance(1), PLAIN)
    after = time.monotonic()
    assert gate.begun.acquire(timeout=PATIENCE_OF_TEST)
    gate.may_end.release()
    until(lambda: worker.latest_colors(luminance(2), PLAIN) is not None)
    colors = worker.latest_colors(luminance(2), PLAIN)
    gate.may_end.release(1000)
    worker.close()
    assert colors is not None
    assert level(colors) == 1
    assert before <= colors.taken_at <= after


def test_vividness_reaches_the_network_and_smoothing_the_colours() -> None:
    worker = ColorWorker(echo)
    assert level(worker.latest_colors(luminance(10), LiveOptions(Look(vividness=0.5), smoothing=0))) == 60
    smoothed = level(worker.latest_colors(luminance(10), LiveOptions(smoothing=1)))
    worker.close()
    assert smoothed is not None
    assert 50 < smoothed <= 60


def test_what_the_network_raises_comes_out_once_and_the_stream_goes_on() -> None:
    failing = True

    def predict_ab(luminance: Floats, *, vividness: float = 0.0) -> Floats:
        if failing:
            raise RuntimeError("no memory left")
        return echo(luminance, vividness=vividness)

    worker = ColorWorker(predict_ab)
    for _ in range(2):
        with pytest.raises(RuntimeError, match="no memory left"):
            worker.latest_colors(luminance(), PLAIN)
    failing = False
    assert level(worker.latest_colors(luminance(7), PLAIN)) == 7
    worker.close()


def test_closing_ends_the_thread_and_a_further_frame_begins_anew() -> None:
    until(lambda: not threads())
    worker = ColorWorker(echo)
    for _ in range(3):
        assert level(worker.latest_colors(luminance(7), PLAIN)) == 7
        assert len(threads()) == 1
        worker.close()
        until(lambda: not threads())


def test_without_frames_the_thread_ends_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "IDLE_SECONDS", 0.05)
    worker = ColorWorker(echo)
    worker.latest_colors(luminance(), PLAIN)
    until(lambda: not threads())
    assert level(worker.latest_colors(luminance(7), PLAIN)) == 7
    worker.close()


def test_a_prediction_that_ends_after_closing_is_forgotten() -> None:
    gate = Gate()
    worker = ColorWorker(gate.predict_ab, patience=NONE)
    worker.latest_colors(luminance(1), PLAIN)
    assert gate.begun.acquire(timeout=PATIENCE_OF_TEST)
    worker.close()
    assert worker.latest_colors(luminance(2), PLAIN) is None  # a second thread, while the first is still predicting
    assert gate.begun.acquire(timeout=PATIENCE_OF_TEST)
    gate.may_end.release(1000)
    until(lambda: worker.latest_colors(luminance(2), PLAIN) is not None)
    assert level(worker.latest_colors(luminance(2), PLAIN)) == 2
    worker.close()


def test_a_frame_without_colours_yet_is_grey() -> None:
    gate = Gate()
    colorizer = LiveColorizer(gate.predict_ab, side=32, patience=NONE)
    source, out = YuvFrame.empty(64, 48), YuvFrame.empty(64, 48)
    source.y[:], source.u[:], source.v[:] = 90, 10, 240
    assert colorizer.colorize(source, out, PLAIN) is None
    assert (out.y == 90).all()
    assert (out.u == 128).all()
    gate.may_end.release(1000)
    until(lambda: colorizer.colorize(source, out, PLAIN) is not None)
    colorizer.close()
    assert (out.u != 128).any()


def test_the_program_ends_cleanly_in_the_middle_of_a_prediction() -> None:
    program = """
import numpy as np, threading
from colorizer import load_colorizer
from colorizer.frames.live import ColorWorker, LiveOptions
colorizer = load_colorizer("compact")
worker = ColorWorker(colorizer.predict_ab, patience=-1.0)
for _ in range(3):
    worker.latest_colors(np.full((224, 224), 50, np.float32), LiveOptions())
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, cwd=ROOT)
    assert (done.returncode, done.stderr) == (0, "")
