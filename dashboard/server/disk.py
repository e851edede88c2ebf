"""Space on the disk of the temporary files: some stays free, so that what has begun can be finished."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from pathlib import Path

from colorizer.errors import Problem
from dashboard.server.budgets import DISK, OverBudget
from dashboard.server.ledger import LEDGER
from dashboard.server.plain_words import NO_SPACE, PlainError
from dashboard.server.session import measure_visitor, visitor_of
from dashboard.server.session_folders import find_session_folders
from dashboard.server.settings import min_free_bytes

_LOOK_SECONDS = 1.0  # between two looks at the disk


class DiskFull(PlainError):
    """The disk has too little free space for another file, or its visitor has too much on it."""

    problem = Problem.NO_SPACE
    plain = NO_SPACE


def require_free_space(folder: Path, size: int = 0) -> None:
    """Raise DiskFull unless the disk of `folder` can take a file of `size` bytes and keep its floor of free space.

    In a session's folder, the file must also be within the budget of the visitor.
    """
    free, floor = shutil.disk_usage(folder).free, min_free_bytes()
    if free - size < floor:
        raise DiskFull(
            f"expected {(floor + size) / 1e6:.0f} MB of free space on the disk of the computer that runs this page, "
            f"got {free / 1e6:.0f} MB\nTry again later."
        )
    folders = find_session_folders(folder)
    if folders is None:
        return
    visitor = visitor_of(folder.name)
    try:
        LEDGER.require(DISK, visitor, size, measured=measure_visitor(visitor, folders.size))
    except OverBudget as error:
        full = DiskFull(str(error))
        full.plain, full.values = error.plain, error.values
        raise full from error


def watch_free_space(folder: Path, clock: Callable[[], float] = time.monotonic) -> Callable[[], DiskFull | None]:
    """A callable for work that writes into `folder` as it goes: why it should stop and keep what is done, else None.

    It looks at the disk once a second, however often it is called. `clock`: seconds.
    """
    last_look, found = -_LOOK_SECONDS, None

    def look() -> DiskFull | None:
        nonlocal last_look, found
        if clock() - last_look >= _LOOK_SECONDS:
            last_look = clock()
            try:
                require_free_space(folder)
            except DiskFull as error:
                found = error
        return found

    return look
