"""Record the errors of browser pages and their requests to other machines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage

LOCAL_HOSTS = {"127.0.0.1", "localhost"}


@dataclass
class PageRecord:
    """The errors and requests of all pages during a test."""

    console_errors: list[str] = field(default_factory=list)
    failed_requests: list[str] = field(default_factory=list)
    outside_requests: list[str] = field(default_factory=list)
    page_errors: list[str] = field(default_factory=list)

    def watch(self, context: BrowserContext) -> Callable[[], None]:
        """Record from every page that `context` has or will have, until the function that this returns is called."""
        listeners: dict[str, Callable[[Any], object]] = {
            "request": lambda request: self._note_address(request.url),
            "requestfailed": lambda request: self.failed_requests.append(f"{request.url}: {request.failure}"),
            "console": self._note_console,
            "weberror": lambda error: self.page_errors.append(str(error.error)),
            "page": lambda page: page.on("websocket", lambda socket: self._note_address(socket.url)),
        }
        # The events' names are literals in Playwright's types.
        add, remove = cast("Any", context).on, cast("Any", context).remove_listener
        for event, listener in listeners.items():
            add(event, listener)

        def stop() -> None:
            for event, listener in listeners.items():
                remove(event, listener)

        return stop

    def check(self) -> None:
        """Fail if a page sent a request to another machine or left an exception uncaught."""
        if self.outside_requests or self.page_errors:
            pytest.fail(f"expected a page that stays on this machine and raises nothing, got {self}")

    def _note_address(self, address: str) -> None:
        parts = urlsplit(address)
        if parts.scheme in {"http", "https", "ws", "wss"} and parts.hostname not in LOCAL_HOSTS:
            self.outside_requests.append(address)

    def _note_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.console_errors.append(message.text)
