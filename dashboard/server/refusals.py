"""What a visitor gets who is refused: an HTTP answer with plain words and precise ones, and the same on the page.

An upload is refused over HTTP, and Streamlit's field shows only the status. The page then runs again and says why.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import Scope

from colorizer import ColorizerError
from dashboard.locale.catalogues import choose_language
from dashboard.server.budgets import OverBudget
from dashboard.server.disk import DiskFull
from dashboard.server.job_queue import QueueFull
from dashboard.server.plain_words import describe, explain

_SHOWN_SECONDS = 30.0  # a run of the page may be cut short, so one that shows the sentence is not enough
_BUSY_RETRY_SECONDS = 30


def refusal(error: ColorizerError, scope: Scope) -> PlainTextResponse:
    """The HTTP answer that says why: 429 for a budget, 413 for a full disk, 503 where it cannot be done now.

    Its words are in the language that the request of `scope` asks for, followed by the precise text.
    """
    language = choose_language(Headers(scope=scope).get("Accept-Language", ""))
    text = f"{explain(error, language)}\n\n{describe(error)}\n"
    headers = {"Content-Language": language}
    if isinstance(error, OverBudget):
        return PlainTextResponse(text, 429, {**headers, "Retry-After": str(max(1, math.ceil(error.retry_seconds)))})
    if isinstance(error, DiskFull):
        return PlainTextResponse(text, 413, headers)
    if isinstance(error, QueueFull):
        headers["Retry-After"] = str(_BUSY_RETRY_SECONDS)
    return PlainTextResponse(text, 503, headers)


class Notices:
    """The last refusal of each session, for its page to show. Safe between threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._lock = clock, threading.Lock()
        self._latest: dict[str, tuple[float, ColorizerError]] = {}

    def add(self, session: str, error: ColorizerError) -> bool:
        """Keep an error for the session's page. Returns whether the page has to run, because it shows none yet."""
        now = self._clock()
        with self._lock:
            self._latest = {who: said for who, said in self._latest.items() if now - said[0] < _SHOWN_SECONDS}
            is_first = session not in self._latest
            self._latest[session] = now, error
        return is_first

    def find(self, session: str) -> ColorizerError | None:
        """The error that the session's page shows now."""
        with self._lock:
            said = self._latest.get(session)
        return said[1] if said is not None and self._clock() - said[0] < _SHOWN_SECONDS else None


NOTICES = Notices()
