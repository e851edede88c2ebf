"""The security headers of every answer: the browser refuses whatever is not this page's own."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable
from functools import cache

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.server.settings import framing_origins
from dashboard.server.streamlit_internals import PAGE_HTML

_INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_HOST = re.compile(r"[A-Za-z0-9.-]+(:\d+)?|\[[0-9A-Fa-f:.]+\](:\d+)?")

OTHER_HEADERS = {
    "X-Content-Type-Options": "nosniff",  # an upload is never taken for what it was not said to be
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class SecurityHeaders:
    """ASGI middleware: the headers on each HTTP answer, whichever route gives it, and where none does.

    The plain text of an unforeseen error alone is Starlette's, from further out.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Raises InvalidSetting if the environment names who may show the page in a way that no browser takes."""
        self._app = app
        self._framed_by = framing_origins()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        policy = content_security_policy(Headers(scope=scope).get("host", ""), framed_by=self._framed_by)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update({"Content-Security-Policy": policy, **OTHER_HEADERS})
            await send(message)

        await self._app(scope, receive, send_with_headers)


MIDDLEWARE = (Middleware(SecurityHeaders),)


def content_security_policy(host: str, *, framed_by: Iterable[str] = ()) -> str:
    """The policy for a page of `host`, its name and perhaps port: nothing of any other address.

    `framed_by`: origins whose pages may show this one in a frame.
    """
    # Not every browser takes 'self' to mean the same host's WebSockets (MDN, CSP: connect-src).
    sockets = (f"ws://{host}", f"wss://{host}") if _HOST.fullmatch(host) else ()
    directives = {
        "default-src": ("'self'",),
        # blob: a component's script, which Streamlit hands over as text. wasm: its protobuf's 64-bit numbers.
        # Of inline scripts that of Streamlit's own page alone; no eval, for its Vega interprets a chart's expressions.
        "script-src": ("'self'", "blob:", "'wasm-unsafe-eval'", *_inline_hashes()),
        "style-src": ("'self'", "'unsafe-inline'"),  # Streamlit's styles are made by its scripts
        "img-src": ("'self'", "data:", "blob:"),
        "font-src": ("'self'", "data:"),  # KaTeX's
        "connect-src": ("'self'", *sockets, "data:"),  # data: the camera field reads its picture from there
        "worker-src": ("'self'", "blob:"),
        "object-src": ("'none'",),
        "base-uri": ("'none'",),
        "form-action": ("'none'",),
        "frame-ancestors": ("'self'", *framed_by),
    }
    return "; ".join(" ".join((name, *sources)) for name, sources in directives.items())


@cache
def _inline_hashes() -> tuple[str, ...]:
    """The source expressions of the scripts that stand in Streamlit's page itself, in the installed version."""
    scripts = _INLINE_SCRIPT.findall(PAGE_HTML.read_text(encoding="utf-8"))
    digests = (base64.b64encode(hashlib.sha256(script.encode()).digest()).decode("ascii") for script in scripts)
    return tuple(f"'sha256-{digest}'" for digest in digests)
