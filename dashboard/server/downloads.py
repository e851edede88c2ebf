"""Downloads by a route of our own.

Streamlit's download button holds the whole file in memory. A file that it makes on demand may be dropped before a slow
browser has fetched it, if pages of other visitors run in the meantime.
"""

from __future__ import annotations

import asyncio
import mimetypes
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from colorizer import ColorizerError
from dashboard.server.jobs import Job

_FOLDER = "downloads"
_CHECK_SECONDS = 0.05
_CLIENT_CLOSED_REQUEST = 499  # nginx's status, which nobody gets
_HEADERS = {"Cache-Control": "no-store"}


@dataclass(frozen=True)
class Download:
    """A file on disk. `name`: under which the visitor saves it."""

    path: Path
    name: str


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

    def url(self, path: Path, name: str) -> str:
        """The URL of a file, relative to the page. It is the same for the same file, as long as the file exists."""
        wanted = Download(path, name)
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
        """Remove all downloads that are generated for an owner."""
        with self._lock:
            self._by_token = {
                token: each
                for token, each in self._by_token.items()
                if not (isinstance(each, GeneratedDownload) and each.owner == owner)
            }

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


async def _serve_download(request: Request) -> Response:
    download = DOWNLOADS.find(request.path_params["token"])
    if download is None:
        raise HTTPException(404, "expected the address of a file that is still there")
    if isinstance(download, Download):
        return FileResponse(download.path, filename=download.name, headers=_HEADERS)
    job = download.start()
    while not job.done():  # not in a thread: the server has few of them for files
        if await request.is_disconnected():
            job.cancel()  # gives its place in the queue to others
            return Response(status_code=_CLIENT_CLOSED_REQUEST)
        await asyncio.sleep(_CHECK_SECONDS)
    try:
        data = job.result()
    except ColorizerError as error:
        raise HTTPException(503, str(error)) from error
    kind = mimetypes.guess_type(download.name)[0] or "application/octet-stream"
    disposition = f"attachment; filename*=utf-8''{quote(download.name, safe='')}"
    return Response(data, media_type=kind, headers={**_HEADERS, "Content-Disposition": disposition})


ROUTES = (Route(f"/{_FOLDER}/{{token}}", _serve_download),)
