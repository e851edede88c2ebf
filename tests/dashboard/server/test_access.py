"""Which names and endpoints are answered: no name that another site lets point here, no endpoint without need."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect
from streamlit import config

from dashboard.server.access import ACCESS_MIDDLEWARE, is_needed_endpoint, is_own_host

SetOption = Callable[[str, object], None]

LOOPBACK = ["localhost", "localhost:8501", "LOCALHOST", "a.localhost", "127.0.0.1:8501", "127.1.2.3", "[::1]:8501"]
NUMBERS = ["192.168.1.5:8501", "[fe80::1]", socket.gethostname(), f"{socket.gethostname()}.local:8501"]
NAMES = ["photos.example", "rebinding.example:8501", "localhost.example", "127.0.0.1.example", "xlocalhost"]
NONE = ["", "a b", "evil.example/path", "user@localhost", "localhost:", "localhost:x", "a,b", "[::1", "::1"]


@pytest.fixture
def set_option() -> Iterator[SetOption]:
    """Set an option of Streamlit's for one test."""
    before = {name: config.get_option(name) for name in ("server.address", "server.allowedHosts")}
    yield config.set_option
    for name, value in before.items():
        config.set_option(name, value)


@pytest.mark.parametrize("address", ["localhost", "127.0.0.1", "::1"])
def test_for_this_computer_alone_only_its_own_names_are_answered(set_option: SetOption, address: str) -> None:
    set_option("server.address", address)
    assert all(map(is_own_host, LOOPBACK + NUMBERS))
    assert not any(map(is_own_host, NAMES + NONE))


@pytest.mark.parametrize("address", [None, "0.0.0.0", "192.168.1.5"])
def test_for_a_network_every_name_is_answered_unless_some_are_set(set_option: SetOption, address: str | None) -> None:
    set_option("server.address", address)
    assert all(map(is_own_host, LOOPBACK + NUMBERS + NAMES))
    set_option("server.allowedHosts", ["photos.example", "*.school.example"])
    for named in (*LOOPBACK, "photos.example:443", "PHOTOS.example.", "a.school.example"):
        assert is_own_host(named)
    for other in (*NUMBERS, *NAMES[1:], *NONE, "school.example", "xphotos.example"):
        assert not is_own_host(other)


@pytest.mark.parametrize(
    ("path", "needed"),
    [
        ("/", True),
        ("/downloads/x", True),
        ("/_stcore/health", True),
        ("/_stcore/host-config", True),
        ("/_stcore/stream", True),
        ("/_stcore/upload_file/a/b", True),
        ("/_stcore/bidi-components/a/b.js", True),
        ("/_stcore/metrics", False),
        ("/_stcore/script-health-check", False),
        ("/_stcore/agent/mcp", False),
        ("/_stcore/healthy", False),
        ("/_stcore/", False),
        ("/base/_stcore/metrics", False),
        ("/base/_stcore/stream", True),
    ],
)
def test_of_streamlits_endpoints_those_of_the_page_are_open(path: str, needed: bool) -> None:
    assert is_needed_endpoint(path) == needed


async def _hello(_request: Request) -> PlainTextResponse:
    return PlainTextResponse("hello")


async def _socket(socket: WebSocket) -> None:
    await socket.accept()
    await socket.close()


def test_a_refused_request_gets_a_status_and_a_sentence(set_option: SetOption) -> None:
    set_option("server.address", "localhost")
    routes = [Route("/", _hello), Route("/_stcore/metrics", _hello), WebSocketRoute("/_stcore/stream", _socket)]
    client = TestClient(Starlette(routes=routes, middleware=list(ACCESS_MIDDLEWARE)), base_url="http://localhost")
    assert client.get("/").text == "hello"
    assert client.get("/_stcore/metrics").status_code == 404
    foreign = client.get("/", headers={"Host": "rebinding.example"})
    assert (foreign.status_code, foreign.text.startswith("expected an address")) == (421, True)
    with client.websocket_connect("ws://localhost/_stcore/stream"):
        pass
    with (
        pytest.raises(WebSocketDisconnect),
        client.websocket_connect("ws://localhost/_stcore/stream", headers={"Host": "rebinding.example"}),
    ):
        pass
