"""Run functions in workers, for the dashboard's process."""

from __future__ import annotations

import itertools
import math
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import wait
from typing import Any, TypeVar

from colorizer import Colorizer
from colorizer.network.predictor import Prediction
from colorizer.parallel import KEEP_MEMORY
from dashboard.server.jobs import current_job
from dashboard.server.plain_words import PlainError
from dashboard.server.workers.host import FORK, ORDER
from dashboard.server.workers.limits import Limits, picture_limits
from dashboard.server.workers.messages import Predict, Raised, Report, Returned, receive, send
from dashboard.server.workers.task import COLORIZER, JOB

R = TypeVar("R")

# macOS has neither memory files nor such limits. There, files are read in this process: enough for oneself.
ISOLATES = sys.platform == "linux"
_CHECK_SECONDS = 0.05  # between two looks whether the job was cancelled
GRACE_SECONDS = 60.0  # for a task that was asked to stop, until it is ended
_HOST_ENDED = "expected the program that reads files to run, got one that was ended\nTry again."

# One thread for each BLAS, because the host forks; few arenas, because each takes address space (see `memory`); large
# pages where there are such, because each worker gets all its memory anew, and each page costs a fault.
_MALLOC = {"MALLOC_ARENA_MAX": "2", "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1", **KEEP_MEMORY}
_ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "1", **_MALLOC}


@dataclass(frozen=True)
class LentJob:
    """As an argument of a task: these two methods of a job, which the task may call.

    `grace`: seconds to end by itself once it is asked to stop, then its worker is ended; None: GRACE_SECONDS.
    """

    report: Callable[[Any], None]
    should_stop: Callable[[], bool]
    grace: float | None = None


class WorkerStopped(PlainError):
    """The job was cancelled, so its worker was ended."""


def run_isolated(function: Callable[..., R], *arguments: Any, limits: Limits | None = None) -> R:
    """Call `function(*arguments)` in a worker and return its result. `limits`: by default those for a picture.

    The function, its arguments and its result are pickled, apart from two kinds of arguments: the network of a
    Colorizer runs in this process, and the functions of a LentJob are called here.
    When the job that this thread works on (`current_job`) is cancelled, the worker is ended at once; with a LentJob
    that should stop, it gets that one's grace to end by itself.
    Raises what the function raises, `limits.exceeded()` if the worker took more or crashed, and WorkerStopped if the
    job was cancelled.
    """
    if not ISOLATES:
        return function(*arguments)
    limits = limits or picture_limits()
    loans = _Loans()
    task = function.func if isinstance(function, partial) else function
    with _fork(task.__module__) as worker:
        try:
            send(worker.connection, (function, arguments, limits), loans.lend)
            result: R = _attend(worker, loans)
        except (EOFError, BrokenPipeError):
            if worker.host.has_ended():
                raise WorkerStopped(_HOST_ENDED) from None
            raise limits.exceeded() from None
        return result


def start_host() -> None:
    """Start the host if it does not run, without waiting for it: it takes a second or two to import the library."""
    if not ISOLATES:
        return
    with _HOST_LOCK:
        if not _HOSTS or _HOSTS[-1].has_ended():
            _HOSTS[:] = [_Host()]


class _Loans:
    """The objects that are lent to a worker. `prediction`: the last one that it asked for."""

    def __init__(self) -> None:
        self.colorizers: list[Colorizer] = []
        self.job: LentJob | None = None
        self.prediction: Prediction | None = None

    def lend(self, value: Any) -> tuple[Any, ...] | None:
        """What stands for a lent object in a message; None for any other object."""
        if isinstance(value, Colorizer):
            self.colorizers.append(value)
            return COLORIZER, len(self.colorizers) - 1, value.spec
        if isinstance(value, LentJob):
            self.job = value
            return (JOB,)
        return None

    def predict(self, question: Predict) -> Returned | Raised:
        try:
            predictor = self.colorizers[question.number].predictor
            self.prediction = predictor.predict(question.luminance, **question.options)
            return Returned(self.prediction)
        except Exception as error:  # noqa: BLE001 - raised in the worker, which asked
            return Raised(error)


class _Host:
    """The host's process, see `host`."""

    def __init__(self) -> None:
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        command = [sys.executable, "-m", "dashboard.server.workers.host", str(theirs.fileno())]
        environment = {**_ENVIRONMENT, **os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        with theirs:
            self._process = subprocess.Popen(
                command, env=environment, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL
            )

    def has_ended(self) -> bool:
        return self._process.poll() is not None

    def order(self, number: int, sent: int, *descriptors: int, module: str = "") -> None:
        """Raises OSError if the host has ended."""
        socket.send_fds(self._control, [ORDER.pack(number, sent), module.encode()], descriptors)


_HOSTS: list[_Host] = []  # the one that runs, once there is one
_HOST_LOCK = threading.Lock()
_NUMBERS = itertools.count()


class _Worker:
    """One worker, until the end of a `with` block."""

    def __init__(self, host: _Host, number: int, connection: socket.socket) -> None:
        self.host, self._number = host, number
        self.connection = connection

    def send_signal(self, sent: int) -> None:
        with suppress(OSError):  # the host has ended, and its workers with it
            self.host.order(self._number, sent)

    def __enter__(self) -> _Worker:
        return self

    def __exit__(self, *_: object) -> None:
        self.send_signal(signal.SIGKILL)  # it has ended, or is of no use any more; the host takes note of its end
        self.connection.close()


def _fork(module: str) -> _Worker:
    start_host()
    host, number = _HOSTS[-1], next(_NUMBERS)
    ours, theirs = socket.socketpair()
    with theirs:
        try:
            host.order(number, FORK, theirs.fileno(), module=module)
        except OSError as error:
            raise WorkerStopped(_HOST_ENDED) from error
    return _Worker(host, number, ours)


def _attend(worker: _Worker, loans: _Loans) -> Any:
    """Answer a worker until its task has ended, and return the result."""
    job, deadline = loans.job or current_job(), math.inf
    while True:
        if job is not None and job.should_stop():
            if loans.job is not None and deadline == math.inf:
                worker.send_signal(signal.SIGTERM)
                grace = loans.job.grace
                deadline = time.monotonic() + (GRACE_SECONDS if grace is None else grace)
            elif loans.job is None or time.monotonic() > deadline:
                raise WorkerStopped("expected to read the file to its end, got stopped")
        if not wait([worker.connection], _CHECK_SECONDS):
            continue
        match receive(worker.connection, lambda _: loans.prediction):  # nothing else is given back
            case Report(progress) if loans.job is not None:
                loans.job.report(progress)
            case Predict() as question:
                send(worker.connection, loans.predict(question))
            case Returned(value):
                return value
            case Raised(error):
                raise error
