"""Colours a live stream of frames, also with a network that is slower than the stream."""

from __future__ import annotations

import atexit
import threading
import time
import weakref
from collections.abc import Callable
from dataclasses import dataclass, field

from colorizer.arrays import Floats
from colorizer.edits.look import Look
from colorizer.frames.smoothing import DEFAULT_AMOUNT, Smoother, check_amount
from colorizer.frames.yuv import YuvColorizer, YuvFrame, copy_gray, shrink_luminance

# L (side, side) float32 and vividness 0..1 -> ab (h, w, 2) float32: Colorizer.predict_ab is one.
PredictAb = Callable[..., Floats]

PATIENCE = (
    0.05  # seconds that a frame waits for its own colours if the network is fast enough; allows 15 frames a second
)
IDLE_SECONDS = 5.0  # the worker's thread ends after this time without a frame
EXIT_SECONDS = 10.0  # that the end of the program waits for a running prediction


@dataclass(frozen=True)
class LiveOptions:
    """`look`: as for photographs. `smoothing`: of the colours over time, 0 (none) .. 1; ValueError for other values."""

    look: Look = field(default_factory=Look)
    smoothing: float = DEFAULT_AMOUNT

    def __post_init__(self) -> None:
        check_amount(self.smoothing)


@dataclass(frozen=True)
class LiveColors:
    """`ab`: (h, w, 2) float32, smoothed. `taken_at`: arrival of the frame they were predicted for (time.monotonic)."""

    ab: Floats
    taken_at: float


@dataclass(frozen=True)
class _Job:
    luminance: Floats
    options: LiveOptions
    taken_at: float


class LiveColorizer:
    """Colours one stream of frames.

    Each frame keeps its own luminance. A network that needs at most `patience` seconds (None: PATIENCE) colours every
    frame. A slower one works beside the stream, always on the newest frame, and each frame gets the latest colours.
    `colorize` is for one thread at a time.
    """

    def __init__(self, predict_ab: PredictAb, *, side: int, patience: float | None = None) -> None:
        self.worker = ColorWorker(predict_ab, patience=patience)
        self._side = side
        self._yuv_colorizer = YuvColorizer()

    def colorize(self, source: YuvFrame, out: YuvFrame, options: LiveOptions) -> LiveColors | None:
        """Colour `source` into `out`, of the same size and other memory.

        Returns the colours used, or None where there are none yet: `out` is grey then.
        Raises what the network raised since the last call.
        """
        colors = self.worker.latest_colors(shrink_luminance(source, self._side), options)
        if colors is None:
            copy_gray(source, out)
        else:
            self._yuv_colorizer.colorize(source, colors.ab, out, options.look)
        return colors

    def close(self) -> None:
        """End the thread. Another frame starts a new one."""
        self.worker.close()


class ColorWorker:
    """Predicts on a thread of its own, which starts with the first frame and ends when no more frames arrive."""

    def __init__(self, predict_ab: PredictAb, *, patience: float | None = None) -> None:
        self._predict_ab = predict_ab
        self._patience = PATIENCE if patience is None else patience
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._job: _Job | None = None
        self._latest: LiveColors | None = None
        self._error: Exception | None = None
        self._last_seconds = 0.0

    def latest_colors(self, luminance: Floats, options: LiveOptions) -> LiveColors | None:
        """Hand in the newest frame's luminance, and return the best colours that exist.

        These are the frame's own if the network is fast enough, else the latest ones; None before the first. A waiting
        older frame is dropped. Raises what the network raised.
        """
        with self._changed:
            job = self._job = _Job(luminance, options, time.monotonic())
            if self._thread is None and not _exiting.is_set():
                self._thread = threading.Thread(target=self._work, name="colour-worker", daemon=True)
                _remember(self, self._thread)
                self._thread.start()
            self._changed.notify_all()
            if self._last_seconds <= self._patience:
                self._changed.wait_for(
                    lambda: self._error is not None or self._is_done(job) or self._thread is None,
                    timeout=self._patience,
                )
            error, self._error = self._error, None
            if error is not None:
                raise error
            return self._latest

    def close(self) -> None:
        """Let the thread end after its current prediction, and drop the colours."""
        with self._changed:
            self._thread = self._job = self._latest = self._error = None
            self._last_seconds = 0.0
            self._changed.notify_all()

    def _is_done(self, job: _Job) -> bool:
        return self._latest is not None and self._latest.taken_at >= job.taken_at

    def _work(self) -> None:
        me = threading.current_thread()
        smoother, last_taken_at = Smoother(), 0.0
        while (job := self._next_job(me)) is not None:
            started = time.monotonic()
            colors, error = None, None
            try:
                ab = self._predict_ab(job.luminance, vividness=job.options.look.vividness)
                pause = max(job.taken_at - last_taken_at, 1e-3)
                ab = smoother.smooth(ab, job.luminance, seconds=pause, amount=job.options.smoothing)
                colors, last_taken_at = LiveColors(ab, job.taken_at), job.taken_at
            except Exception as raised:  # noqa: BLE001 - handed to the thread that asked, whatever it is
                error = raised
            self._publish(me, colors, error, time.monotonic() - started)

    def _next_job(self, me: threading.Thread) -> _Job | None:
        """The newest frame; None if this thread should end."""
        with self._changed:
            self._changed.wait_for(lambda: self._job is not None or self._thread is not me, timeout=IDLE_SECONDS)
            if self._thread is not me:  # closed; perhaps another thread has started
                return None
            job, self._job = self._job, None
            if job is None:
                self._thread = self._latest = None
            return job

    def _publish(
        self, me: threading.Thread, colors: LiveColors | None, error: Exception | None, seconds: float
    ) -> None:
        with self._changed:
            if self._thread is me:
                self._latest = colors or self._latest
                self._error = error
                self._last_seconds = seconds
                self._changed.notify_all()


_exiting = threading.Event()
_workers: weakref.WeakSet[ColorWorker] = weakref.WeakSet()
_threads: weakref.WeakSet[threading.Thread] = weakref.WeakSet()


def _remember(worker: ColorWorker, thread: threading.Thread) -> None:
    """Make the end of the program wait for a running prediction: OpenCV's threads would crash otherwise."""
    if not _workers:
        atexit.unregister(_finish)
        atexit.register(_finish)
    _workers.add(worker)
    _threads.add(thread)


def _finish() -> None:
    _exiting.set()
    for worker in list(_workers):
        worker.close()
    for thread in list(_threads):
        thread.join(EXIT_SECONDS)
