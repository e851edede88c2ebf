"""Uploads within the budgets of their visitor, refused before they are read.

Streamlit takes a file of any ID for a session, into memory, and writes its body to the temporary folder before that.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from functools import cache
from pathlib import Path

from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.server.budgets import UPLOAD_BYTES, UPLOADS, OverBudget, Visitor
from dashboard.server.client_address import address_of
from dashboard.server.disk import DiskFull, require_free_space
from dashboard.server.ledger import LEDGER
from dashboard.server.refusals import NOTICES, refusal
from dashboard.server.session import measure_visitor
from dashboard.server.streamlit_internals import held_uploads, rerun_page

_UPLOADS = "/_stcore/upload_file/"  # Streamlit's address of uploads, before the session and the file
STALL_SECONDS = 60.0  # within which the next part of a body has to come


class RefuseUploads:
    """ASGI middleware: answers an upload with a status and a sentence if its visitor's budgets or the disk are full.

    The session's page shows the sentence too.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "PUT" or _UPLOADS not in scope["path"]:
            await self._app(scope, receive, send)
            return
        session = scope["path"].rpartition(_UPLOADS)[2].partition("/")[0]
        try:
            await self._take(scope, receive, send, Visitor(session, address_of(scope)))
        except (OverBudget, DiskFull) as error:
            if NOTICES.add(session, error):
                rerun_page(session)
            await refusal(error, scope)(scope, receive, send)
        except TimeoutError:
            late = f"expected the next part of the file within {STALL_SECONDS:.0f} s, got none"
            await PlainTextResponse(late, 408)(scope, receive, send)

    async def _take(self, scope: Scope, receive: Receive, send: Send, visitor: Visitor) -> None:
        """Pass the upload on. Raises OverBudget or DiskFull, at once or while the body of unknown length comes."""
        held = cache(held_uploads)  # one look at each session, for both
        files = measure_visitor(visitor, lambda session: held(session)[0])
        size = measure_visitor(visitor, lambda session: held(session)[1])
        length = Headers(scope=scope).get("content-length", "")
        with ExitStack() as holds:
            holds.enter_context(LEDGER.hold(UPLOADS, visitor, measured=files))
            room = holds.enter_context(LEDGER.hold(UPLOAD_BYTES, visitor, 0, measured=size))

            def grow(amount: int) -> None:
                require_free_space(Path(tempfile.gettempdir()), amount)
                room.grow(amount)

            is_known = length.isdecimal()
            grow(int(length) if is_known else 0)
            await self._app(scope, _counted(receive, _nothing if is_known else grow), send)


UPLOAD_GUARD = Middleware(RefuseUploads)


def _nothing(_amount: int) -> None:
    """For a body whose length is known: the server sees to it that no more comes."""


def _counted(receive: Receive, count: Callable[[int], None]) -> Receive:
    """`receive` that counts the bytes of the body. Raises TimeoutError where the next part of it does not come."""
    is_complete = False

    async def receive_counted() -> Message:
        nonlocal is_complete
        message: Awaitable[Message] = receive()
        if is_complete:
            return await message
        part = await asyncio.wait_for(message, STALL_SECONDS)
        count(len(part.get("body", b"")))
        is_complete = not part.get("more_body", False)
        return part

    return receive_counted
