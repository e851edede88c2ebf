"""Files that a visitor may download, streamed from disk: Streamlit's own download button holds them in memory."""

from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse
from starlette.routing import Route

_FOLDER = "downloads"


@dataclass(frozen=True)
class Download:
    """A file on disk, and the name that it is to have with the visitor."""

    path: Path
    name: str


class Downloads:
    """Addresses of files, each known to nobody but the page that asked for it. Safe between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._by_token: dict[str, Download] = {}

    def address(self, path: Path, name: str) -> str:
        """Where the file is to be had, relative to the page: the same for the same file, as long as it is there."""
        wanted = Download(path, name)
        with self._lock:
            self._by_token = {token: each for token, each in self._by_token.items() if each.path.exists()}
            tokens = [token for token, each in self._by_token.items() if each == wanted]
            token = tokens[0] if tokens else secrets.token_urlsafe(24)
            self._by_token[token] = wanted
        return f"{_FOLDER}/{token}"

    def find(self, token: str) -> Download | None:
        """The file of an address, unless it is gone."""
        with self._lock:
            download = self._by_token.get(token)
        return download if download is not None and download.path.exists() else None


DOWNLOADS = Downloads()


async def _hand_out(request: Request) -> FileResponse:
    download = DOWNLOADS.find(request.path_params["token"])
    if download is None:
        raise HTTPException(404, "expected the address of a file that is still there")
    return FileResponse(download.path, filename=download.name, headers={"Cache-Control": "no-store"})


ROUTES = (Route(f"/{_FOLDER}/{{token}}", _hand_out),)
