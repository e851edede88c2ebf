"""The Content-Security-Policy in a real Chromium: the page works with it, and nothing from outside is loaded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from playwright.sync_api import Page, expect

from benchmarks.support.photo_tab import download, open_photo_tab, upload
from tests.browser.compare_driver import DESKTOP, handle
from tests.browser.conftest import HERE, OpenPage, Serve
from tests.browser.page_record import PageRecord
from tests.browser.photo_driver import encode_picture, expect_colorized, photograph
from tests.browser.video_driver import play_video
from tests.support.film_clip import write_film

# Ways to make a page contact another server or run foreign code. Each ends when the browser has decided.
ESCAPES = {
    "image": "new Promise(done => { const image = new Image(); image.onload = image.onerror = done; image.src = url })",
    "script": """new Promise(done => { const script = document.createElement("script");
        script.onload = script.onerror = done; script.src = url; document.head.append(script) })""",
    "request": "fetch(url, { mode: 'no-cors' }).catch(() => null)",
    "inline script": """{ const script = document.createElement("script"); script.textContent = "window.ran = true";
        document.head.append(script) }""",
    "frame": """new Promise(done => { const frame = document.createElement("iframe"); frame.onload = done;
        frame.src = url; document.body.append(frame) })""",
}
KINDS = {"/page": "text/html", "/image": "image/svg+xml"}


class _Answer(BaseHTTPRequestHandler):
    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.send_response(200)
        self.send_header("Content-Type", KINDS.get(self.path, "text/javascript"))
        self.end_headers()
        self.wfile.write(b"<svg xmlns='http://www.w3.org/2000/svg'/>" if self.path == "/image" else b"1")

    def log_message(self, format: str, *args: object) -> None:
        """Log nothing, because pytest's output is about the tests."""


@contextmanager
def outside() -> Iterator[tuple[str, list[str]]]:
    """A foreign server: its URL, and the requests that it received."""
    asked = list[str]()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Answer", (_Answer,), {"asked": asked}))
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def chart_url(serve_page: Serve, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    film = tmp_path_factory.mktemp("films") / "film.mp4"
    write_film(film)
    with serve_page(HERE / "chart_app.py", env={"FILM": str(film)}) as url:
        yield url


def violations(record: PageRecord) -> list[str]:
    return [text for text in record.console_errors if "Content Security Policy" in text]


def test_all_tabs_work_within_the_policy(page: Page, page_record: PageRecord, dashboard_url: str) -> None:
    open_photo_tab(page, dashboard_url)
    upload(page, "good.jpg", encode_picture(photograph(120, 80)))
    expect_colorized(page, 120, 80)
    expect(handle(page)).to_be_visible()  # its script ran
    assert download(page, "JPEG")[1][:2] == b"\xff\xd8"
    page.get_by_text("Fix colours", exact=True).click()
    expect(page.get_by_role("application")).to_be_visible()
    for tab, words in [
        ("Album", "A shoebox of photographs"),
        ("movie icon Film", "Drop a film"),
        ("Webcam", "Press Start"),
    ]:
        page.get_by_role("tab", name=tab).click()
        expect(page.get_by_role("tabpanel").get_by_text(words).first).to_be_visible()
    streamer = page.frame_locator("iframe[title*=streamlit_webrtc]")
    expect(streamer.get_by_role("button", name="Start")).to_be_visible()
    assert violations(page_record) == []


def test_charts_tables_formulas_and_films_work_within_the_policy(
    page: Page, page_record: PageRecord, chart_url: str
) -> None:
    page.goto(chart_url)
    point = page.get_by_test_id("stVegaLiteChart").locator("svg .mark-symbol path, canvas").first
    point.click(timeout=60_000)
    if point.evaluate("element => element.tagName") == "path":
        expect(page.get_by_text("Chosen: 1")).to_be_visible()
    expect(page.get_by_test_id("stDataFrame")).to_be_visible()
    expect(page.locator(".katex").first).to_be_visible()
    expect(page.locator("video")).to_be_visible()
    assert play_video(page.locator("video"), 1.0).frames > 3
    assert violations(page_record) == []


def open_bare(page: Page, url: str) -> None:
    """Open the document with its policy, without the application, whose scripts play no part in what gets in."""
    page.route("**/static/**", lambda route: route.abort())
    page.goto(url)


@pytest.mark.parametrize("escape", ESCAPES)
def test_nothing_from_outside_gets_in(escape: str, page: Page, page_record: PageRecord, dashboard_url: str) -> None:
    open_bare(page, dashboard_url)
    with page.expect_console_message(lambda message: "Content Security Policy" in message.text):
        assert not _escapes(page, escape)
    assert violations(page_record)


@pytest.mark.parametrize("escape", ESCAPES)
def test_without_the_policy_it_would(escape: str, open_page: OpenPage, compare_url: str) -> None:
    page = open_page(viewport=DESKTOP)
    open_bare(page, compare_url)
    assert _escapes(page, escape)


def _escapes(page: Page, escape: str) -> bool:
    """Whether a foreign server was contacted or a foreign script ran."""
    with outside() as (address, asked):
        page.evaluate(f"async url => {{ await {ESCAPES[escape]} }}".replace("await {", "{"), f"{address}/{escape}")
        return bool(asked) or bool(page.evaluate("window.ran === true"))


def test_no_other_site_shows_the_page_in_a_frame(page: Page, page_record: PageRecord, dashboard_url: str) -> None:
    with outside() as (address, _):
        page.goto(f"{address}/page")
        with page.expect_console_message(lambda message: "frame-ancestors" in message.text):
            page.set_content(f"<iframe src='{dashboard_url}'></iframe>")
        expect(page.frame_locator("iframe").get_by_text("AI Colouriser")).to_have_count(0)
    assert any("frame-ancestors" in text for text in page_record.console_errors)


def test_the_server_says_which_pages_may_show_it(page: Page, serve: Serve) -> None:
    with outside() as (address, _):
        script = HERE.parents[1] / "streamlit_app.py"
        with serve(script, env={"COLORIZER_FRAMED_BY": address}) as url:
            page.goto(f"{address}/page")
            page.set_content(f"<iframe src='{url}' style='width: 900px; height: 700px'></iframe>")
            heading = page.frame_locator("iframe").get_by_role("heading", name=re.compile("AI Colouriser"))
            expect(heading).to_be_visible(timeout=60_000)
