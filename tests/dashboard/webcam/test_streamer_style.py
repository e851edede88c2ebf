"""The document of the streamer's frame has our styles; every other answer stays as it is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import streamlit as st
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from streamlit_webrtc import component

from dashboard.webcam.streamer_style import STREAMER_STYLE

COMPONENT = f"{component.__name__}.webrtc_streamer"  # as Streamlit names it in its addresses
LIBRARY = Path(component.__file__).parent / "frontend" / "dist"


def other(request: Request) -> PlainTextResponse:
    return PlainTextResponse(f"other: {request.url.path}")


@pytest.fixture
def client() -> TestClient:
    return TestClient(Starlette(routes=[Route("/{path:path}", other)], middleware=[STREAMER_STYLE]))


@pytest.mark.parametrize("base", ["", "/photos"])
def test_the_document_is_the_librarys_with_our_styles(client: TestClient, base: str) -> None:
    answer = client.get(f"{base}/component/{COMPONENT}/index.html?streamlitUrl=http%3A%2F%2Flocalhost")
    assert answer.headers["content-type"].startswith("text/html")
    assert re.sub(r"<style>.*?</style>", "", answer.text, flags=re.DOTALL) == (LIBRARY / "index.html").read_text()
    assert "text-transform: none" in answer.text


def test_the_font_is_where_the_style_says(client: TestClient) -> None:
    answer = client.get(f"/component/{COMPONENT}/index.html")
    (address,) = re.findall(r'url\("\.\./\.\./static/([^"]+)"\)', answer.text)
    assert (Path(st.__file__).parent / "static" / "static" / address).is_file()


@pytest.mark.parametrize("path", ["/", f"/component/{COMPONENT}/assets/index.js", "/component/other/index.html"])
def test_every_other_answer_stays(client: TestClient, path: str) -> None:
    assert client.get(path).text == f"other: {path}"
