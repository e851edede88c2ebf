"""The address of a visitor: the peer's, unless proxies are trusted, and then what they report."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from dashboard.server.client_address import ClientAddress, address_of, find_address
from dashboard.server.settings import TRUSTED_PROXIES
from tests.support import asgi


@pytest.mark.parametrize(
    ("peer", "header", "proxies", "address"),
    [
        ("192.0.2.1", "", 0, "192.0.2.1"),
        ("192.0.2.1", "198.51.100.7", 0, "192.0.2.1"),  # anyone can send the header
        ("192.0.2.1", "198.51.100.7", 1, "198.51.100.7"),
        ("192.0.2.1", "made up, 198.51.100.7", 1, "198.51.100.7"),
        ("192.0.2.1", "203.0.113.9, 198.51.100.7, 192.0.2.5", 2, "198.51.100.7"),
        ("192.0.2.1", "198.51.100.7", 2, "192.0.2.1"),  # not through both
        ("192.0.2.1", "unknown", 1, "192.0.2.1"),
        ("192.0.2.1", "", 1, "192.0.2.1"),
        ("192.0.2.1", "198.51.100.7:4711", 1, "198.51.100.7"),
        ("192.0.2.1", "[2001:db8:1:2::3]:4711", 1, "2001:db8:1:2::/64"),
        ("2001:db8:1:2:3:4:5:6", "", 0, "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.1", "", 0, "192.0.2.1"),
        ("fe80::1%eth0", "", 0, "fe80::/64"),
        ("testclient", "", 0, "testclient"),
    ],
)
def test_the_address(peer: str, header: str, proxies: int, address: str) -> None:
    assert find_address(peer, header, proxies=proxies) == address


@given(st.text(max_size=40))
def test_no_header_changes_the_address_of_one_who_comes_directly(header: str) -> None:
    assert find_address("192.0.2.1", header, proxies=0) == "192.0.2.1"


@given(st.text(max_size=40))
def test_what_a_visitor_sends_stands_before_what_the_proxy_appends(header: str) -> None:
    assert find_address("192.0.2.1", f"{header}, 198.51.100.7", proxies=1) == "198.51.100.7"


async def _say_address(scope: Scope, receive: Receive, send: Send) -> None:
    await PlainTextResponse(address_of(scope))(scope, receive, send)


@pytest.mark.parametrize(
    ("client", "proxies", "address"),
    [
        (("192.0.2.1", 4711), "0", b"192.0.2.1"),
        (("192.0.2.1", 4711), "1", b"198.51.100.7"),
        (("198.51.100.7", 0), "0", b"127.0.0.1"),  # uvicorn believed a header of this computer
        (None, "0", b""),
    ],
)
def test_all_behind_the_middleware_see_the_address(
    client: tuple[str, int] | None, proxies: str, address: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(TRUSTED_PROXIES.variable, proxies)
    monkeypatch.delenv("FORWARDED_ALLOW_IPS", raising=False)
    headers = {"X-Forwarded-For": "198.51.100.7"}
    assert asgi.get(ClientAddress(_say_address), "/", headers, client=client).content == address
