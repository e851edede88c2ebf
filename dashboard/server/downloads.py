"""Files that a visitor may download, by a route of our own.

Streamlit's download button holds a file in memory, and what it makes on demand it may drop before a slow browser has
fetched it, when other visitors' pages run in the meantime.
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
_HEADERS = {"Cache-Control": "no-store"}


@dataclass(frozen=True)
class Download:
    """A file on disk, and the name that it is to have with the visitor."""

    path: Path
    name: str


@dataclass(frozen=True)
class GeneratedDownload:
    """A file that is made when it is asked for. `place`: where on its owner's page it is offered."""

    start: Callable[[], Job[Any, bytes]]
    name: str
    owner: str
    place: str


class Downloads:
    """Addresses of files, each known to nobody but the page that asked for it. Safe between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._by_token: dict[str, Download | GeneratedDownload] = {}

    def url(self, path: Path, name: str) -> str:
        """Where the file is to be had, relative to the page: the same for the same file, as long as it is there."""
        wanted = Download(path, name)
        return self._register(wanted, lambda other: other == wanted)

    def job_url(self, start: Callable[[], Job[Any, bytes]], name: str, *, owner: str, place: str) -> str:
        """Where the result of a job is to be had, as a file of this name, until the owner is forgotten.

        `start`: called each time it is asked for. The address is the same for the same `place` of an owner's, where the
        file takes the place of the last.
        """
        return self._register(
            GeneratedDownload(start, name, owner, place),
            lambda other: isinstance(other, GeneratedDownload) and (other.owner, other.place) == (owner, place),
        )

    def forget(self, owner: str) -> None:
        """Take away all that is made for an owner."""
        with self._lock:
            self._by_token = {
                token: each
                for token, each in self._by_token.items()
                if not (isinstance(each, GeneratedDownload) and each.owner == owner)
            }

    def find(self, token: str) -> Download | GeneratedDownload | None:
        """The file of an address, unless it is gone."""
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
    while not job.done():  # no thread waits, for those that serve files are few
        await asyncio.sleep(_CHECK_SECONDS)
    try:
        data = job.result()
    except ColorizerError as error:
        raise HTTPException(503, str(error)) from error
    kind = mimetypes.guess_type(download.name)[0] or "application/octet-stream"
    disposition = f"attachment; filename*=utf-8''{quote(download.name, safe='')}"
    return Response(data, media_type=kind, headers={**_HEADERS, "Content-Disposition": disposition})


ROUTES = (Route(f"/{_FOLDER}/{{token}}", _serve_download),)
