"""The network address of a visitor: the peer's, or behind trusted proxies the one that they report.

Anyone can send the header X-Forwarded-For. Each proxy appends the address that it was asked from, so only as many
entries from its end can be believed as there are proxies of the host's own.
"""

from __future__ import annotations

import os
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.server.settings import trusted_proxies

_FORWARDED_FOR = "x-forwarded-for"
_IPV6_PREFIX = 64  # bits; a subscriber gets a network of this size, and may use each of its addresses
# uvicorn believes X-Forwarded-For of a proxy on this computer, unless its own variable names others. It keeps no port
# then, and the peer was this computer.
_UVICORN_VARIABLE, _LOOPBACK, _REPLACED_PORT = "FORWARDED_ALLOW_IPS", "127.0.0.1", 0


class ClientAddress:
    """ASGI middleware: sets the scope's client to the visitor's address, for all that comes behind it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in {"http", "websocket"} and scope.get("client"):
            host, port = scope["client"]
            if port == _REPLACED_PORT and _UVICORN_VARIABLE not in os.environ:
                host = _LOOPBACK
            headers = Headers(scope=scope).getlist(_FORWARDED_FOR)
            scope["client"] = (find_address(host, ",".join(headers), proxies=trusted_proxies()), port)
        await self._app(scope, receive, send)


ADDRESS_MIDDLEWARE = Middleware(ClientAddress)


def address_of(scope: Scope) -> str:
    """The visitor's address, behind the middleware; empty if the server does not know it."""
    client = scope.get("client")
    return client[0] if client else ""


def find_address(peer: str, forwarded_for: str, *, proxies: int) -> str:
    """The address that counts as one visitor's: an IPv4 address, or the /64 network of an IPv6 address.

    `peer`: who opened the connection. `forwarded_for`: the header X-Forwarded-For. `proxies`: how many are trusted. A
    header with fewer entries, or with none that is an address, did not come through them, so the peer counts.
    """
    entries = forwarded_for.split(",")
    reported = _read_address(entries[-proxies]) if 0 < proxies <= len(entries) else None
    address = reported or _read_address(peer)
    if address is None:
        return peer
    if isinstance(address, IPv6Address):
        return str(ip_network((address, _IPV6_PREFIX), strict=False))
    return str(address)


def _read_address(text: str) -> IPv4Address | IPv6Address | None:
    """The address in an entry, which may have a port; None if there is none."""
    text = text.strip()
    if text.startswith("["):  # [2001:db8::1]:443
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:  # 192.0.2.1:443
        text = text.partition(":")[0]
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
