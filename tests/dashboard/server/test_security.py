"""The security headers of every response."""

from __future__ import annotations

import re

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from colorizer import InvalidSetting
from dashboard.server.security import (
    MIDDLEWARE,
    OTHER_HEADERS,
    content_security_policy,
)
from dashboard.server.settings import FRAMED_BY_VARIABLE, framing_origins
from tests.support import asgi

HOST = "photos.example:8501"
KEYWORD = re.compile(r"'(self|none|unsafe-inline|wasm-unsafe-eval|sha256-[A-Za-z0-9+/]{43}=)'")


async def hello(_request: Request) -> PlainTextResponse:
    return PlainTextResponse("hello", headers={"X-Content-Type-Options": "sniff"})


APP = Starlette(routes=[Route("/hello", hello)], middleware=list(MIDDLEWARE))


def directives(policy: str) -> dict[str, list[str]]:
    parts = [part.split() for part in policy.split(";")]
    assert len({name for name, *_ in parts}) == len(parts)  # a browser uses the first of two equal headers
    return {name: sources for name, *sources in parts}


@pytest.mark.parametrize(("path", "status"), [("/hello", 200), ("/nowhere", 404)])
def test_every_answer_has_the_headers_once(path: str, status: int) -> None:
    answer = asgi.get(APP, path, {"Host": HOST})
    assert answer.status == status
    assert answer.headers["content-security-policy"] == content_security_policy(HOST)
    for name, value in OTHER_HEADERS.items():
        assert answer.headers[name.lower()] == value


def test_no_other_address_is_allowed() -> None:
    for name, sources in directives(content_security_policy(HOST)).items():
        outside = [source for source in sources if not KEYWORD.fullmatch(source) and source not in {"data:", "blob:"}]
        assert outside == ([f"ws://{HOST}", f"wss://{HOST}"] if name == "connect-src" else [])


def test_no_script_but_the_pages_own() -> None:
    rules = directives(content_security_policy(HOST))
    assert rules["default-src"] == ["'self'"]
    assert not {"'unsafe-inline'", "'unsafe-eval'", "data:"} & set(rules["script-src"])
    assert rules["object-src"] == rules["base-uri"] == rules["form-action"] == ["'none'"]


@pytest.mark.parametrize("host", ["", "a; script-src *", "a b", "evil.example/path", "a,b", "[::1"])
def test_a_host_that_is_none_does_not_get_into_the_policy(host: str) -> None:
    assert content_security_policy(host) == content_security_policy("")
    assert directives(content_security_policy(host))["connect-src"] == ["'self'", "data:"]


@pytest.mark.parametrize("host", ["localhost:8501", "127.0.0.1", "[::1]:8501", "a-b.example"])
def test_a_hosts_own_websocket_is_allowed(host: str) -> None:
    assert f"ws://{host}" in directives(content_security_policy(host))["connect-src"]


def test_who_may_show_the_page_is_named_by_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(FRAMED_BY_VARIABLE, raising=False)
    assert framing_origins() == ()
    monkeypatch.setenv(FRAMED_BY_VARIABLE, "https://huggingface.co  https://*.example.org:8443")
    rules = directives(content_security_policy(HOST, framed_by=framing_origins()))
    assert rules["frame-ancestors"] == ["'self'", "https://huggingface.co", "https://*.example.org:8443"]


@pytest.mark.parametrize("named", ["*", "huggingface.co", "https://a;script-src", "https://a/path", "javascript:1"])
def test_who_may_show_the_page_is_an_origin(named: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FRAMED_BY_VARIABLE, f"https://ok.example {named}")
    with pytest.raises(InvalidSetting, match=f"expected {FRAMED_BY_VARIABLE} .* got {re.escape(repr(named))}"):
        framing_origins()
