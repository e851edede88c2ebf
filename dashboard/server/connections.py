"""Open pages within the budget of their network address: each page is a WebSocket, and each makes a session."""

from __future__ import annotations

from starlette.middleware import Middleware
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.server.budgets import SESSIONS, OverBudget, Visitor
from dashboard.server.client_address import address_of
from dashboard.server.ledger import LEDGER
from dashboard.server.plain_words import describe
from dashboard.server.refusals import refusal

_STREAM = "/_stcore/stream"  # Streamlit's address of the WebSocket
_DENIAL = "websocket.http.response"  # ASGI's extension: an HTTP answer in place of a WebSocket
_POLICY_VIOLATION = 1008  # status of a closed WebSocket


class LimitPages:
    """ASGI middleware: refuses further pages to an address that has as many open as it may, in words."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        visitor = Visitor("", address_of(scope))
        try:
            if scope["type"] == "websocket" and scope["path"].endswith(_STREAM):
                with LEDGER.hold(SESSIONS, visitor):
                    await self._app(scope, receive, send)
                return
            if scope["type"] == "http" and scope["method"] == "GET" and scope["path"].endswith("/"):
                LEDGER.require(SESSIONS, visitor)
        except OverBudget as error:
            if scope["type"] == "websocket" and _DENIAL not in scope.get("extensions", {}):
                await send({"type": "websocket.close", "code": _POLICY_VIOLATION, "reason": describe(error)[:100]})
            else:
                await refusal(error, scope)(scope, receive, send)
            return
        await self._app(scope, receive, send)


PAGE_LIMIT = Middleware(LimitPages)
