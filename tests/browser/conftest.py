"""Fixtures that start the dashboard and drive it in a real Chromium, with no way out to the internet."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.compare_driver import DESKTOP, handle
from tests.browser.page_record import PageRecord
from tests.find_browser import find_browser

HERE = Path(__file__).parent
REPOSITORY = HERE.parents[1]
START_SECONDS = 60.0
STOP_SECONDS = 10.0
CHROMIUM_ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # The dashboard must work with the cable pulled: no name but this machine's own can be looked up.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]

Serve = Callable[..., AbstractContextManager[str]]
OpenPage = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test in this folder, and none elsewhere: the hook sees the whole session's tests."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker("browser")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests; where none is installed the tests fail, for a skipped test proves nothing."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=find_browser(), args=CHROMIUM_ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def page_record() -> PageRecord:
    """The complaints of all pages that the test opens; a test may look into it too."""
    return PageRecord()


@pytest.fixture
def open_page(browser: Browser, page_record: PageRecord) -> Iterator[OpenPage]:
    """Open a page in a fresh context of its own; takes the options of Playwright's `Browser.new_context`."""
    contexts: list[BrowserContext] = []

    def open_one(**options: Any) -> Page:
        context = browser.new_context(**options)
        contexts.append(context)
        page_record.watch(context)
        return context.new_page()

    yield open_one
    for context in contexts:
        context.close()
    page_record.check()


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """A desktop page in a fresh context."""
    return open_page(viewport=DESKTOP)


@pytest.fixture(scope="session")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Serve:
    """`with serve(script, env={...}) as url:` runs a Streamlit script, from the repository's root, until the end."""

    @contextmanager
    def run(script: Path, *, env: dict[str, str] | None = None) -> Iterator[str]:
        port = _free_port()
        output_path = tmp_path_factory.mktemp("streamlit") / "output.txt"
        with output_path.open("w", encoding="utf-8") as output:
            process = subprocess.Popen(
                _streamlit_command(script, port),
                cwd=REPOSITORY,
                env={**os.environ, "PYTHONPATH": str(REPOSITORY), **(env or {})},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
            try:
                url = f"http://127.0.0.1:{port}"
                _wait_until_healthy(process, url, output_path)
                yield url
            finally:
                _stop(process)

    return run


@pytest.fixture(scope="session")
def dashboard_url(serve: Serve) -> Iterator[str]:
    """The address of the whole dashboard, started once."""
    with serve(REPOSITORY / "streamlit_app.py") as url:
        yield url


@pytest.fixture(scope="session")
def compare_url(serve: Serve) -> Iterator[str]:
    """The address of the little app that shows one before/after slider."""
    with serve(HERE / "compare_app.py") as url:
        yield url


@pytest.fixture
def open_slider(open_page: OpenPage, compare_url: str) -> OpenPage:
    """Open that app, in a desktop's window unless told otherwise, and wait until its slider shows both pictures."""

    def open_one(**options: Any) -> Page:
        page = open_page(**{"viewport": DESKTOP, **options})
        page.goto(compare_url)
        expect(handle(page)).to_be_visible()
        return page

    return open_one


def _streamlit_command(script: Path, port: int) -> list[str]:
    options = {"port": port, "headless": "true", "address": "127.0.0.1", "fileWatcherType": "none"}
    arguments = [argument for name, value in options.items() for argument in (f"--server.{name}", str(value))]
    return [sys.executable, "-m", "streamlit", "run", str(script), *arguments]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_healthy(process: subprocess.Popen[bytes], url: str, output_path: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not _is_healthy(url):
        try:
            # Waiting on the process paces the loop, and ends it at once when the server dies.
            process.wait(timeout=0.1)
        except subprocess.TimeoutExpired:
            if time.monotonic() < deadline:
                continue
        ending = f"exit status {process.returncode}" if process.poll() is not None else f"{START_SECONDS:.0f} s"
        pytest.fail(f"Streamlit was not healthy after {ending}; its output:\n{output_path.read_text('utf-8')}")


def _is_healthy(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/_stcore/health", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
