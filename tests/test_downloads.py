"""Files that are handed out from disk."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.types import Message

from dashboard.downloads import DOWNLOADS, ROUTES
from tests.coroutines import finished

DATA = bytes(range(256)) * 1000


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "1.zip"
    path.write_bytes(DATA)
    return path


@dataclass
class Answer:
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    content: bytes = b""


def get(address: str, headers: Mapping[str, str] | None = None) -> Answer:
    """What a browser would be answered; over ASGI, without a server."""
    answer = Answer()

    async def receive() -> Message:
        await asyncio.Event().wait()  # the browser stays, until the answer is there
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            answer.headers = {name.decode(): value.decode() for name, value in message["headers"]}
        else:
            answer.content += message.get("body", b"")

    sent = [(name.lower().encode(), value.encode()) for name, value in (headers or {}).items()]
    scope = {"type": "http", "method": "GET", "path": f"/{address}", "query_string": b"", "headers": sent}
    finished(Starlette(routes=list(ROUTES))(scope, receive, send))
    return answer


def test_a_file_comes_whole_and_with_its_name(file: Path) -> None:
    answer = get(DOWNLOADS.address(file, "album \u00e4.zip"))
    assert (answer.status, answer.content) == (200, DATA)
    assert answer.headers["content-length"] == str(len(DATA))
    assert answer.headers["content-disposition"] == "attachment; filename*=utf-8''album%20%C3%A4.zip"
    assert answer.headers["cache-control"] == "no-store"


def test_a_download_that_broke_off_goes_on(file: Path) -> None:
    answer = get(DOWNLOADS.address(file, "a.zip"), {"Range": "bytes=1000-"})
    assert (answer.status, answer.content) == (206, DATA[1000:])


def test_an_address_stays_and_cannot_be_guessed(file: Path) -> None:
    address = DOWNLOADS.address(file, "a.zip")
    assert DOWNLOADS.address(file, "a.zip") == address
    assert DOWNLOADS.address(file, "b.zip") != address
    for guess in (address[:-1], f"{address}x", "downloads/1.zip", "downloads/../1.zip", "downloads/\u00e4"):
        assert get(guess).status == 404


def test_a_file_that_is_gone_is_not_found_and_forgotten(file: Path) -> None:
    address = DOWNLOADS.address(file, "a.zip")
    file.unlink()
    assert get(address).status == 404
    DOWNLOADS.address(file.with_name("other.zip"), "b.zip")
    file.write_bytes(DATA)
    assert get(address).status == 404
