"""Space on the disk of the temporary files: some stays free, so that what has begun can be finished."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from colorizer import ColorizerError
from dashboard.server.settings import min_free_bytes

_UPLOADS = "/_stcore/upload_file/"  # Streamlit's address of uploads


class DiskFull(ColorizerError):
    """The disk has too little free space for another file."""


def require_free_space(folder: Path, size: int = 0) -> None:
    """Raise DiskFull unless the disk of `folder` can take a file of `size` bytes and keep its floor of free space."""
    free, floor = shutil.disk_usage(folder).free, min_free_bytes()
    if free - size < floor:
        raise DiskFull(
            f"expected {(floor + size) / 1e6:.0f} MB of free space on the disk of the computer that runs this page, "
            f"got {free / 1e6:.0f} MB\nTry again later."
        )


class RefuseUploads:
    """ASGI middleware: answers an upload with status 413 and a sentence while the disk has too little free space.

    Streamlit would write it to the temporary folder first, and answer with status 500.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app = self._app
        if scope["type"] == "http" and scope["method"] == "PUT" and _UPLOADS in scope["path"]:
            length = Headers(scope=scope).get("content-length", "")
            try:
                require_free_space(Path(tempfile.gettempdir()), int(length) if length.isdecimal() else 0)
            except DiskFull as error:
                app = PlainTextResponse(str(error), 413)
        await app(scope, receive, send)


UPLOAD_GUARD = Middleware(RefuseUploads)
