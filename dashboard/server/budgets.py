"""Budgets: how much one session, and all sessions of one network address, may have at once or do in a period.

The limits are settings (`dashboard.server.settings`), read whenever they are needed. `ledger` keeps the accounts.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

from dashboard.locale.catalogues import ENGLISH, mark, translate
from dashboard.server import settings
from dashboard.server.plain_words import PlainError
from dashboard.server.settings import BudgetSetting

HOUR, DAY = 3600.0, 24 * 3600.0


class Visitor(NamedTuple):
    """Who asks: a session's ID and its network address. An empty text is nobody, and has no limit."""

    session: str
    address: str


@dataclass(frozen=True)
class Budget:
    """One kind of thing that is limited.

    `what`: its plural, for the precise sentence. `plain`: that it is used up and what to do then, as a text of the
    catalogues, where {limit} is the amount. `seconds`: the period of a rate; 0 for what is held and given back.
    `scale`: amounts in one unit of the setting.
    """

    setting: BudgetSetting
    what: str
    plain: str
    seconds: float = 0.0
    scale: float = 1.0

    def limits(self) -> tuple[float, float]:
        """The limits of a session and of an address, as amounts."""
        session, address = self.setting.session, self.setting.address
        return math.inf if session is None else self.scale * session.read(), self.scale * address.read()


SESSIONS = Budget(
    settings.SESSIONS,
    "open pages",
    mark("Too many pages of this program are open: at most {limit}. Close some, or try again in some minutes."),
)
UPLOADS = Budget(
    settings.UPLOADS,
    "uploaded files at a time",
    mark("Too many files at a time: at most {limit}. Remove some of them, then add the rest."),
)
UPLOAD_BYTES = Budget(
    settings.UPLOAD_MEGABYTES,
    "MB of uploads at a time",
    mark("These files are too large together: at most {limit} MB at a time. Add the rest a little later."),
    scale=1e6,
)
DISK = Budget(
    settings.DISK_MEGABYTES,
    "MB of files on disk",
    mark("Your files take more than the {limit} MB that you have here. Save what is done, then remove some."),
    scale=1e6,
)
JOBS = Budget(
    settings.QUEUED_JOBS,
    "jobs at a time",
    mark("Too much work at a time: at most {limit} jobs. Try again when one of them is done."),
)
DOWNLOADS = Budget(
    settings.DOWNLOADS_AT_ONCE,
    "downloads at a time",
    mark("Too many downloads at a time: at most {limit}. Try again when one of them is done."),
)
STREAMS = Budget(
    settings.STREAMS,
    "camera streams at a time",
    mark("Too many cameras at a time: at most {limit}. Press Stop in another page, then Start again."),
)
CLASSES = Budget(
    settings.CLASSES,
    "new classes a day",
    mark("Too many new classes: at most {limit} a day. Try again later."),
    seconds=DAY,
)
JOINS = Budget(
    settings.JOINS,
    "joins of a class an hour",
    mark("Too many have joined a class from here: at most {limit} an hour. Try again later."),
    seconds=HOUR,
)
GUESSES = Budget(
    settings.GUESSES,
    "wrong codes an hour",
    mark("Too many wrong codes: at most {limit} an hour. Check the code, and try again later."),
    seconds=HOUR,
)


class OverBudget(PlainError):
    """A visitor has used up a budget of `limit`. `retry_seconds`: after which it is worth trying again."""

    def __init__(self, message: str, budget: Budget, limit: float, retry_seconds: float) -> None:
        """`message`: the precise one, to which the budget's plain words are added. `limit`: an amount."""
        self.plain, self.values = budget.plain, {"limit": limit / budget.scale}
        super().__init__(f"{message}\n{translate(ENGLISH, self.plain, **self.values)}")
        self.retry_seconds = retry_seconds
