"""Downloads by a route of our own.

Streamlit's download button holds the whole file in memory. A file that it makes on demand may be dropped before a slow
browser has fetched it, if pages of other visitors run in the meantime.
"""

from __future__ import annotations

import asyncio
import mimetypes
import secrets
import threading
from collections.abc import AsyncIterator, Callable
from concurrent.futures import CancelledError
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Message, Receive, Scope, Send

from colorizer import ColorizerError
from dashboard.server import budgets
from dashboard.server.budgets import LEDGER, OverBudget, Visitor
from dashboard.server.client_address import address_of
from dashboard.server.jobs import Job
from dashboard.server.refusals import refusal

_FOLDER = "downloads"
_CHECK_SECONDS = 0.05
_PART_BYTES = 1 << 18
STALL_SECONDS = 60.0  # within which the browser has to take the next part of a file
_CLIENT_CLOSED_REQUEST = 499  # nginx's status, which nobody gets
_HEADERS = {"Cache-Control": "no-store"}


@dataclass(frozen=True)
class Download:
    """A file on disk. `name`: under which the visitor saves it. `owner`: the session whose page offers it."""

    path: Path
    name: str
    owner: str


@dataclass(frozen=True)
class GeneratedDownload:
    """A file that is made when it is requested. `place`: where on its owner's page it is offered."""

    start: Callable[[], Job[Any, bytes]]
    name: str
    owner: str
    place: str


class Downloads:
    """Secret URLs of files: only the page that requested one knows it. Safe between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._by_token: dict[str, Download | GeneratedDownload] = {}

    def url(self, path: Path, name: str, *, owner: str) -> str:
        """The URL of a file, relative to the page. It is the same for the same file, as long as the file exists."""
        wanted = Download(path, name, owner)
        return self._register(wanted, lambda other: other == wanted)

    def job_url(self, start: Callable[[], Job[Any, bytes]], name: str, *, owner: str, place: str) -> str:
        """The URL of a job's result, as a file of this name, until `forget` is called for the owner.

        `start` is called for each request. The URL is the same for the same `place` of an owner: the newest file there
        replaces the one before.
        """
        return self._register(
            GeneratedDownload(start, name, owner, place),
            lambda other: isinstance(other, GeneratedDownload) and (other.owner, other.place) == (owner, place),
        )

    def forget(self, owner: str) -> None:
        """Remove all downloads of an owner."""
        with self._lock:
            self._by_token = {token: each for token, each in self._by_token.items() if each.owner != owner}

    def find(self, token: str) -> Download | GeneratedDownload | None:
        """The file of a token, or None if it does not exist any more."""
        with self._lock:
            download = self._by_token.get(token)
        return download if download is not None and _is_available(download) else None

    def _register(
        self, wanted: Download | GeneratedDownload, is_same: Callable[[Download | GeneratedDownload], bool]
    ) -> str:
        with self._lock:
            self._by_token = {token: each for token, each in self._by_token.items() if _is_available(each)}
            tokens = [token for token, each in self._by_token.items() if is_same(each)]
            token = tokens[0] if tokens else secrets.token_urlsafe(24)
            self._by_token[token] = wanted
        return f"{_FOLDER}/{token}"


DOWNLOADS = Downloads()


def _is_available(download: Download | GeneratedDownload) -> bool:
    return isinstance(download, GeneratedDownload) or download.path.exists()


class ServeDownload:
    """ASGI application: the download in the path, within the budgets of its owner and of the address that asks."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        download = _find(scope["path_params"]["token"])
        try:
            with LEDGER.hold(budgets.DOWNLOADS, Visitor(download.owner, address_of(scope))):
                response = await _respond(download, Request(scope, receive))
                await response(scope, receive, _limit_stalls(send))
        except OverBudget as error:
            await refusal(error)(scope, receive, send)
        except TimeoutError:
            return  # the server closes the connection


def _find(token: str) -> Download | GeneratedDownload:
    download = DOWNLOADS.find(token)
    if download is None:
        raise HTTPException(404, "expected the address of a file that is still there")
    return download


async def _respond(download: Download | GeneratedDownload, request: Request) -> Response:
    if isinstance(download, Download):
        return FileResponse(download.path, filename=download.name, headers=_HEADERS)
    job = download.start()
    try:
        while not job.done():  # not in a thread: the server has few of them for files
            if await request.is_disconnected():
                return Response(status_code=_CLIENT_CLOSED_REQUEST)
            await asyncio.sleep(_CHECK_SECONDS)
    finally:
        if not job.done():
            job.cancel()  # gives its place in the queue to others
    try:
        data = job.result()
    except (CancelledError, ColorizerError) as error:
        if job.should_stop() or not isinstance(error, ColorizerError):
            return PlainTextResponse("expected a page that is still open, got one that was closed in the meantime", 410)
        return refusal(error)
    kind = mimetypes.guess_type(download.name)[0] or "application/octet-stream"
    disposition = f"attachment; filename*=utf-8''{quote(download.name, safe='')}"
    headers = {**_HEADERS, "Content-Length": str(len(data)), "Content-Disposition": disposition}
    return StreamingResponse(_parts(data), media_type=kind, headers=headers)


async def _parts(data: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(data), _PART_BYTES):
        yield data[start : start + _PART_BYTES]


def _limit_stalls(send: Send) -> Send:
    """`send` that raises TimeoutError where the browser takes nothing for a while."""

    async def send_within(message: Message) -> None:
        await asyncio.wait_for(send(message), STALL_SECONDS)

    return send_within


ROUTES = (Route(f"/{_FOLDER}/{{token}}", ServeDownload(), methods=["GET"]),)
