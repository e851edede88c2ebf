"""Get responses from an ASGI application without a server."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from starlette.types import ASGIApp, Message

from tests.support.coroutines import run_coroutine


@dataclass
class Answer:
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    content: bytes = b""


def get(
    app: ASGIApp,
    path: str,
    headers: Mapping[str, str] | None = None,
    *,
    method: str = "GET",
    hangs_up: bool = False,
    body: Sequence[bytes] = (),
    client: tuple[str, int] | None = None,
) -> Answer:
    """The response that a browser would get.

    `hangs_up`: it does not wait for it. `body`: the parts that it sends. `client`: its address and port.
    """
    answer, parts = Answer(), list(body)

    async def receive() -> Message:
        if parts:
            return {"type": "http.request", "body": parts.pop(0), "more_body": bool(parts)}
        if not hangs_up:
            await asyncio.Event().wait()  # the browser stays connected until the response is complete
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            answer.headers = {name.decode(): value.decode() for name, value in message["headers"]}
        else:
            answer.content += message.get("body", b"")

    sent = [(name.lower().encode(), value.encode()) for name, value in (headers or {}).items()]
    scope = {"type": "http", "method": method, "path": path, "query_string": b"", "headers": sent} | {"client": client}

    async def ask() -> None:
        await app(scope, receive, send)

    run_coroutine(ask())
    return answer
