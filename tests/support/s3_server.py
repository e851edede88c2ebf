"""Moto's S3 on a port of this computer, with faults where a test asks for them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Thread
from typing import Any

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

_BUSY = b"<?xml version='1.0'?><Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>"


@dataclass
class FaultyS3:
    """A WSGI application. `busy`, `halved`: how many more requests get a 503 or half a file, by method and path."""

    app: Any = field(default_factory=lambda: DomainDispatcherApplication(create_backend_app))
    busy: dict[tuple[str, str], int] = field(default_factory=dict)
    halved: dict[tuple[str, str], int] = field(default_factory=dict)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        request = (environ["REQUEST_METHOD"], environ["PATH_INFO"])
        if _use(self.busy, request):
            environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            start_response("503 Slow Down", [("Content-Type", "application/xml"), ("Content-Length", str(len(_BUSY)))])
            return [_BUSY]
        if not _use(self.halved, request):
            answer: Iterable[bytes] = self.app(environ, start_response)
            return answer
        started: list[Any] = []
        body = b"".join(self.app(environ, lambda *arguments: started.extend(arguments)))
        half = body[: len(body) // 2]
        # The half is framed as if it were all: no client can tell but by the size that was listed.
        kept = [(name, value) for name, value in started[1] if not _is_about_body(name)]
        start_response(started[0], [*kept, ("Content-Length", str(len(half)))])
        return [half]


@contextmanager
def run_s3(app: FaultyS3) -> Iterator[str]:
    """The address of a server of `app` for the length of the block."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()


def _use(faults: dict[tuple[str, str], int], request: tuple[str, str]) -> bool:
    remaining = faults.get(request, 0)
    faults[request] = max(0, remaining - 1)
    return remaining > 0


def _is_about_body(header: str) -> bool:
    return header.lower() == "content-length" or header.lower().startswith("x-amz-checksum")
