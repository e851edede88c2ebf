"""What a browser's pages complain about, and whether they stay on this machine."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage

LOCAL_HOSTS = {"127.0.0.1", "localhost"}


@dataclass
class PageRecord:
    """What the browser complained about while a test ran."""

    console_errors: list[str] = field(default_factory=list)
    failed_requests: list[str] = field(default_factory=list)
    outside_requests: list[str] = field(default_factory=list)
    page_errors: list[str] = field(default_factory=list)

    def watch(self, context: BrowserContext) -> None:
        """Record from every page that `context` has or will have."""
        context.on("request", lambda request: self._note_address(request.url))
        context.on("requestfailed", lambda request: self.failed_requests.append(f"{request.url}: {request.failure}"))
        context.on("console", self._note_console)
        context.on("weberror", lambda error: self.page_errors.append(str(error.error)))
        context.on("page", lambda page: page.on("websocket", lambda socket: self._note_address(socket.url)))

    def check(self) -> None:
        """Fail where a page looked outside this machine or left an exception uncaught."""
        if self.outside_requests or self.page_errors:
            pytest.fail(f"expected a page that stays on this machine and raises nothing, got {self}")

    def _note_address(self, address: str) -> None:
        parts = urlsplit(address)
        if parts.scheme in {"http", "https", "ws", "wss"} and parts.hostname not in LOCAL_HOSTS:
            self.outside_requests.append(address)

    def _note_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.console_errors.append(message.text)
