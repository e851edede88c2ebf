"""Open pages of one address: each WebSocket counts as long as it is open."""

from __future__ import annotations

import asyncio

import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Message, Receive, Scope, Send

from dashboard.server import connections
from dashboard.server.connections import LimitPages
from dashboard.server.ledger import Ledger
from dashboard.server.settings import SESSIONS
from tests.support import asgi
from tests.support.coroutines import run_coroutine

HERE, THERE = ("192.0.2.1", 1), ("192.0.2.2", 1)


@pytest.fixture(autouse=True)
def _two_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "LEDGER", Ledger())
    monkeypatch.setenv(SESSIONS.address.variable, "2")


class Pages:
    """Pages that stay open until they are closed."""

    def __init__(self) -> None:
        self.closing = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await self.closing.wait()
        else:
            await PlainTextResponse("page")(scope, receive, send)


async def _ask(app: LimitPages, client: tuple[str, int], extensions: dict[str, dict[str, str]]) -> list[Message]:
    sent = list[Message]()

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    scope = {"type": "websocket", "path": "/_stcore/stream", "headers": [], "client": client, "extensions": extensions}
    await app(scope, receive, send)
    return sent


@pytest.mark.parametrize("extensions", [{"websocket.http.response": {}}, {}])
def test_further_pages_of_an_address_are_refused_in_words(extensions: dict[str, dict[str, str]]) -> None:
    async def visit() -> None:
        pages = Pages()
        app = LimitPages(pages)
        open_pages = [asyncio.create_task(_ask(app, HERE, extensions)) for _ in range(2)]
        await asyncio.sleep(0)
        refused = await _ask(app, HERE, extensions)
        if extensions:
            assert (refused[0]["type"], refused[0]["status"]) == ("websocket.http.response.start", 429)
            assert refused[1]["body"].startswith(b"Too many pages of this program are open: at most 2.")
            assert refused[1]["body"].endswith(b"expected at most 2 open pages from one network address, got 3\n")
        else:
            assert (refused[0]["type"], refused[0]["code"]) == ("websocket.close", 1008)
        other = asyncio.create_task(_ask(app, THERE, extensions))
        page = await asyncio.to_thread(asgi.get, app, "/", client=HERE)
        assert (page.status, b"expected at most 2 open pa" in page.content) == (429, True)
        file = await asyncio.to_thread(asgi.get, app, "/static/index.js", client=HERE)
        elsewhere = await asyncio.to_thread(asgi.get, app, "/", client=THERE)
        assert (file.status, elsewhere.status) == (200, 200)
        pages.closing.set()
        assert await asyncio.gather(*open_pages, other) == [[], [], []]
        assert await _ask(app, HERE, extensions) == []  # there is room again

    run_coroutine(visit())
