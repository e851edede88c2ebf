"""A network that stands still until a test lets it go on.

What passes by itself cannot be looked at in a test: on a fast machine it is over before the test looks, on a slow one
it has not begun. So the server's network has a gate. The test closes it, looks at all that is to be seen meanwhile, and
opens it again. A job that is to stop is let through, as if its network had ended just then.
"""

from __future__ import annotations

import itertools
import threading
from pathlib import Path

from colorizer.arrays import Floats
from colorizer.network.predictor import Prediction, Predictor
from dashboard.server.jobs import current_job

VARIABLE = "GATE"  # the environment variable with the folder of a server's gate
_OPEN = "open"
_LOOK_SECONDS = 0.01  # between two looks whether the gate is open


class Gate:
    """The test's side: files in a folder, which is empty while the gate is closed."""

    def __init__(self, folder: Path) -> None:
        """An open gate."""
        self.folder = folder
        self._numbers = itertools.count()
        self.open()

    def open(self) -> None:
        """Let everything through from now on."""
        (self.folder / _OPEN).touch()

    def close(self) -> None:
        """Let nothing through from now on. A prediction that has begun ends."""
        for path in self.folder.iterdir():
            path.unlink(missing_ok=True)

    def let_through(self, count: int) -> None:
        """Let that many more predictions through a closed gate."""
        for _ in range(count):
            (self.folder / f"ticket-{next(self._numbers)}").touch()


class GatedPredictor(Predictor):
    """The server's side: a network that waits before each prediction until the gate lets it through.

    `singles`: whether single pictures wait too, whose distribution is asked for, and not the frames of a film alone.
    """

    def __init__(self, predictor: Predictor, folder: Path, *, singles: bool) -> None:
        self.spec = predictor.spec
        self._predictor, self._folder, self._singles = predictor, folder, singles

    def predict(self, luminance: Floats, *, distribution: bool = True, features: bool = False) -> Prediction:
        if self._singles or not distribution:
            while not self._is_let_through():
                threading.Event().wait(_LOOK_SECONDS)
        return self._predictor.predict(luminance, distribution=distribution, features=features)

    def _is_let_through(self) -> bool:
        job = current_job()
        return (job is not None and job.should_stop()) or (self._folder / _OPEN).exists() or self._takes_ticket()

    def _takes_ticket(self) -> bool:
        for ticket in self._folder.glob("ticket-*"):
            try:
                ticket.unlink()
            except FileNotFoundError:  # another thread has taken it
                continue
            return True
        return False
