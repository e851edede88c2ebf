"""The page inside the streamer's frame, with a style sheet of ours: streamlit-webrtc has no setting for its look.

A frame does not see the fonts and styles of the page around it, so they are written into its own document.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from starlette.middleware import Middleware
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.server.streamlit_internals import PAGE_HTML

_PATH = "/component/streamlit_webrtc.component.webrtc_streamer/index.html"
_FONT = re.compile(r'href="\./(static/media/[^"]+\.woff2)"')  # which Streamlit's page loads first
_FONT_FACE = '@font-face { font-family: "Source Sans"; font-weight: 100 900; src: url("../../%s") format("woff2"); }'


class StreamerStyle:
    """ASGI middleware that answers for the document of the streamer's frame, and for nothing else."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] in ("GET", "HEAD") and scope["path"].endswith(_PATH):
            answer: ASGIApp = HTMLResponse(styled_document(), headers={"Cache-Control": "no-cache"})
        else:
            answer = self._app
        await answer(scope, receive, send)


STREAMER_STYLE = Middleware(StreamerStyle)


@cache
def styled_document() -> str:
    """The library's document with our styles in its head. Raises ValueError if either package has other files."""
    found = find_spec("streamlit_webrtc")  # not imported: that takes a second, which the program's start can spare
    font = _FONT.search(PAGE_HTML.read_text(encoding="utf-8"))
    if found is None or found.origin is None or font is None:
        raise ValueError("expected the document of streamlit-webrtc and the font of Streamlit, found none")
    document = (Path(found.origin).parent / "frontend" / "dist" / "index.html").read_text(encoding="utf-8")
    rules = Path(__file__).with_name("streamer.css").read_text(encoding="utf-8")
    return document.replace("</head>", f"<style>{_FONT_FACE % font[1]}\n{rules}</style></head>", 1)
