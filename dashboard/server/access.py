"""Which requests are answered at all: by the name in the address, and which of Streamlit's own endpoints.

A page of another site can let its name point to this computer (DNS rebinding) and then asks as if it were this page.
It cannot do so with a number as its name, nor with `localhost`.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Callable
from functools import cache
from http import HTTPStatus

import streamlit as st
from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.server.streamlit_internals import is_allowed_host

_HOST = re.compile(r"(?P<name>[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:\d{1,5})?")
_CORE = "/_stcore/"
_OPEN_ENDPOINTS = ("health", "host-config", "stream", "upload_file/", "bidi-components/")  # all that the page needs


class Gate:
    """ASGI middleware that refuses requests with a status and a sentence.

    `is_open`: whether a request, HTTP or WebSocket, is let through.
    """

    def __init__(self, app: ASGIApp, *, is_open: Callable[[Scope], bool], status: HTTPStatus, sentence: str) -> None:
        self._app, self._is_open, self._status, self._sentence = app, is_open, status, sentence

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan" or self._is_open(scope):
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await PlainTextResponse(self._sentence, self._status)(scope, receive, send)
        else:
            await send({"type": "websocket.close"})  # before it is accepted, which the browser sees as status 403


def is_own_host(host: str) -> bool:
    """Whether `host`, the name and perhaps port in the address, is one of this program's.

    With Streamlit's setting server.allowedHosts: the names in it, and localhost. Without it, on an address that only
    this computer reaches: localhost, the computer's own name, and numbers (IP addresses). Otherwise every name.
    """
    match = _HOST.fullmatch(host)
    name = match["name"].lower().rstrip(".") if match else ""
    if is_loopback(name):
        return True
    if st.get_option("server.allowedHosts"):
        return is_allowed_host(host)
    if not is_loopback(str(st.get_option("server.address") or "")):
        return True
    return _is_number(name) or name in _own_names()


def is_loopback(name: str) -> bool:
    """Whether a name or number of a computer, without a port, is always this one's."""
    if _is_number(name):
        return ipaddress.ip_address(name.strip("[]")).is_loopback
    return name == "localhost" or name.endswith(".localhost")  # RFC 6761: never of another computer


def _is_number(name: str) -> bool:
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True


@cache
def _own_names() -> frozenset[str]:
    name = socket.gethostname().lower()
    return frozenset((name, f"{name}.local"))  # .local: multicast DNS, RFC 6762


def is_needed_endpoint(path: str) -> bool:
    """Whether the page needs a path of this server; of Streamlit's own endpoints it needs some only.

    Closed are among others the metrics, which tell how many visitors there are, and the interface for agents.
    """
    _, core, endpoint = path.partition(_CORE)
    return not core or any(
        endpoint.startswith(each) if each.endswith("/") else endpoint == each for each in _OPEN_ENDPOINTS
    )


ACCESS_MIDDLEWARE = (
    Middleware(
        Gate,
        is_open=lambda scope: is_own_host(Headers(scope=scope).get("host", "")),
        status=HTTPStatus.MISDIRECTED_REQUEST,
        sentence="expected an address with a name of this program, got another one (see server.allowedHosts)",
    ),
    Middleware(
        Gate,
        is_open=lambda scope: is_needed_endpoint(scope["path"]),
        status=HTTPStatus.NOT_FOUND,
        sentence="expected an address of the page, got one that is closed",
    ),
)
