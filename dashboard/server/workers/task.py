"""What a worker does: one task, with the network and the job of the dashboard's process."""

from __future__ import annotations

import logging
import signal
import socket
import threading
from typing import Any

import cv2

from colorizer import Colorizer, ColorizerError
from colorizer.arrays import Floats
from colorizer.network.predictor import Prediction, Predictor
from colorizer.network.registry import ModelSpec
from dashboard.server.logs import hide_exception_messages
from dashboard.server.workers.limits import Limits, enforce, lift_memory_limit
from dashboard.server.workers.messages import Predict, Raised, Replace, Report, Returned, receive, send

LOGGER = logging.getLogger(__name__)

# What is lent to a worker, and what it gives back; see `run._Loans`.
COLORIZER, JOB, PREDICTION = "colorizer", "job", "prediction"


def do_task(connection: socket.socket) -> None:
    """Receive a task, do it and send its end."""
    hide_exception_messages()
    cv2.setNumThreads(-1)  # as many as there are cores; the host has one, see `host.warm_up`
    dashboard = _Dashboard(connection)
    function, arguments, limits = receive(connection, dashboard.borrow)
    enforce(limits)
    end = _call(function, arguments, limits)
    lift_memory_limit()
    dashboard.send(end, dashboard.give_back)


def _call(function: Any, arguments: tuple[Any, ...], limits: Limits) -> Returned | Raised:
    try:
        return Returned(function(*arguments))
    except MemoryError:
        return Raised(limits.exceeded())
    except ColorizerError as error:
        return Raised(error)
    except cv2.error as error:
        return Raised(limits.exceeded() if error.code == cv2.Error.StsNoMem else _log(error))
    except Exception as error:  # noqa: BLE001 - raised again in the dashboard's process
        return Raised(_log(error))


def _log(error: Exception) -> Exception:
    """Log where it was raised, which gets lost on the way to the other process."""
    LOGGER.error("A task failed", exc_info=error)
    return RuntimeError(f"{type(error).__name__}: {error}")


class _Dashboard:
    """The dashboard's process as a worker sees it. Safe between threads."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._sending, self._asking = threading.Lock(), threading.Lock()
        self._prediction: Prediction | None = None  # the last one

    def send(self, message: Report | Predict | Returned | Raised, replace: Replace | None = None) -> None:
        with self._sending:
            send(self._connection, message, replace)

    def ask(self, question: Predict) -> Prediction:
        with self._asking:
            self.send(question)
            answer = receive(self._connection)
        if isinstance(answer, Raised):
            raise answer.error
        prediction: Prediction = answer.value
        self._prediction = prediction
        return prediction

    def give_back(self, value: Any) -> tuple[Any, ...] | None:
        """What stands in the result for the last prediction, which the dashboard has: it is several megabytes."""
        return (PREDICTION,) if value is self._prediction and value is not None else None

    def borrow(self, loan: tuple[Any, ...]) -> Any:
        """What stands in a worker for an object that was lent to it."""
        match loan:
            case (kind, number, spec) if kind == COLORIZER:
                return Colorizer(_LentPredictor(self, number, spec))
            case _:
                return _LentJob(self)


class _LentPredictor(Predictor):
    """A network that runs in the dashboard's process, which has loaded it once for all workers."""

    def __init__(self, dashboard: _Dashboard, number: int, spec: ModelSpec) -> None:
        self.spec = spec
        self._dashboard, self._number = dashboard, number

    def predict(self, luminance: Floats, **options: bool) -> Prediction:
        return self._dashboard.ask(Predict(self._number, luminance, options))


class _LentJob:
    """The job that a worker works for, with those methods of `Job` that are for the work. SIGTERM asks it to stop."""

    def __init__(self, dashboard: _Dashboard) -> None:
        self._dashboard = dashboard
        self._stop_requested = threading.Event()
        signal.signal(signal.SIGTERM, lambda *_: self._stop_requested.set())

    def report(self, progress: Any) -> None:
        self._dashboard.send(Report(progress))

    def should_stop(self) -> bool:
        return self._stop_requested.is_set()
