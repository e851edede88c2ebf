"""Downloads by a route of our own.

Streamlit's download button holds the whole file in memory. A file that it makes on demand may be dropped before a slow
browser has fetched it, if pages of other visitors run in the meantime.
"""

from __future__ import annotations

import asyncio
import secrets
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import Message, Receive, Scope, Send

from colorizer import ColorizerError
from dashboard.server import budgets
from dashboard.server.budgets import OverBudget, Visitor
from dashboard.server.client_address import address_of
from dashboard.server.jobs import Job
from dashboard.server.ledger import LEDGER
from dashboard.server.refusals import refusal
from dashboard.server.streams import Stream, respond, split

_FOLDER = "downloads"
_CHECK_SECONDS = 0.05
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


OpenStream = Callable[[], AbstractContextManager[Stream]]


@dataclass(frozen=True)
class StreamedDownload:
    """A file that is written while it is sent."""

    open: OpenStream
    name: str
    owner: str
    place: str


AnyDownload = Download | GeneratedDownload | StreamedDownload


class Downloads:
    """Secret URLs of files: only the page that requested one knows it. Safe between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._by_token: dict[str, AnyDownload] = {}

    def url(self, path: Path, name: str, *, owner: str) -> str:
        """The URL of a file, relative to the page. It is the same for the same file, as long as the file exists."""
        wanted = Download(path, name, owner)
        return self._register(wanted, lambda other: other == wanted)

    def job_url(self, start: Callable[[], Job[Any, bytes]], name: str, *, owner: str, place: str) -> str:
        """The URL of a job's result, as a file of this name, until `forget` is called for the owner.

        `start` is called for each request. The URL is the same for the same `place` of an owner: the newest file there
        replaces the one before.
        """
        return self._register_at(GeneratedDownload(start, name, owner, place))

    def stream_url(self, open_stream: OpenStream, name: str, *, owner: str, place: str) -> str:
        """The same for a file that is written while it is sent."""
        return self._register_at(StreamedDownload(open_stream, name, owner, place))

    def forget(self, owner: str) -> None:
        """Remove all downloads of an owner."""
        with self._lock:
            self._by_token = {token: each for token, each in self._by_token.items() if each.owner != owner}

    def find(self, token: str) -> AnyDownload | None:
        """The file of a token, or None if it does not exist any more."""
        with self._lock:
            download = self._by_token.get(token)
        return download if download is not None and _is_available(download) else None

    def _register_at(self, wanted: GeneratedDownload | StreamedDownload) -> str:
        key = wanted.owner, wanted.place
        return self._register(wanted, lambda each: not isinstance(each, Download) and (each.owner, each.place) == key)

    def _register(self, wanted: AnyDownload, is_same: Callable[[AnyDownload], bool]) -> str:
        with self._lock:
            self._by_token = {token: each for token, each in self._by_token.items() if _is_available(each)}
            tokens = [token for token, each in self._by_token.items() if is_same(each)]
            token = tokens[0] if tokens else secrets.token_urlsafe(24)
            self._by_token[token] = wanted
        return f"{_FOLDER}/{token}"


DOWNLOADS = Downloads()


def _is_available(download: AnyDownload) -> bool:
    return not isinstance(download, Download) or download.path.exists()


class ServeDownload:
    """ASGI application: the download in the path, within the budgets of its owner and of the address that asks."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        download = _find(scope["path_params"]["token"])
        try:
            with LEDGER.hold(budgets.DOWNLOADS, Visitor(download.owner, address_of(scope))), ExitStack() as open_files:
                response = await _respond(download, Request(scope, receive), open_files)
                await response(scope, receive, _limit_stalls(send))
        except OverBudget as error:
            await refusal(error, scope)(scope, receive, send)
        except TimeoutError:
            return  # the server closes the connection


def _find(token: str) -> AnyDownload:
    download = DOWNLOADS.find(token)
    if download is None:
        raise HTTPException(404, "expected the address of a file that is still there")
    return download


async def _respond(download: AnyDownload, request: Request, open_files: ExitStack) -> Response:
    if isinstance(download, Download):
        return FileResponse(download.path, filename=download.name, headers=_HEADERS)
    if isinstance(download, StreamedDownload):
        return respond(open_files.enter_context(download.open()), download.name, request.headers, _HEADERS)
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
        return refusal(error, request.scope)
    return respond(split(data), download.name, request.headers, _HEADERS)


def _limit_stalls(send: Send) -> Send:
    """`send` that raises TimeoutError where the browser takes nothing for a while."""

    async def send_within(message: Message) -> None:
        await asyncio.wait_for(send(message), STALL_SECONDS)

    return send_within


ROUTES = (Route(f"/{_FOLDER}/{{token}}", ServeDownload(), methods=["GET"]),)
