"""Fixtures that start the dashboard and drive it in a real Chromium, with no way out to the internet."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from benchmarks.support.chromium import launch
from benchmarks.support.server import start_server
from tests.browser.compare_driver import DESKTOP, handle
from tests.browser.context_pool import PROCESS_PER_SITE, ContextPool
from tests.browser.gate import VARIABLE, Gate
from tests.browser.kept_page import KeptPage, Move
from tests.browser.page_record import PageRecord
from tests.support.paths import ROOT

HERE = Path(__file__).parent

expect.set_options(timeout=30_000)  # milliseconds: a server that has just begun, on a busy machine, needs its time

Serve = Callable[..., AbstractContextManager[str]]
OpenPage = Callable[..., Page]
Keep = Callable[..., KeptPage]
Visit = Callable[[KeptPage], Page]
_PASSED = pytest.StashKey[bool]()


class GatedServer(NamedTuple):
    """The address of a server, and the gate before its network."""

    url: str
    gate: Gate


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test in this folder, and none elsewhere: the hook sees the whole session's tests.

    A browser, a server and the test share two cores with others, so a wait may be too short. What fails is run
    once more, and must fail again to count; the summary says how many were rerun, which is worth a look.
    """
    for item in items:
        if HERE in item.path.parents:
            item.add_marker("browser")
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Note whether a test has passed, which its fixtures cannot see."""
    report = yield
    item.stash[_PASSED] = report.passed
    return report


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests; where none is installed the tests fail, for a skipped test proves nothing."""
    with sync_playwright() as playwright, launch(playwright.chromium, PROCESS_PER_SITE) as chromium:
        yield chromium


@pytest.fixture
def page_record() -> PageRecord:
    """The complaints of all pages that the test opens; a test may look into it too."""
    return PageRecord()


@pytest.fixture(scope="session")
def context_pool(browser: Browser) -> ContextPool:
    return ContextPool(browser)


@pytest.fixture
def open_page(context_pool: ContextPool, page_record: PageRecord) -> Iterator[OpenPage]:
    """Open a page without cookies, in a window of its own; takes the options of Playwright's `Browser.new_context`.

    `fresh`: in a context for this page alone, see ContextPool.
    """
    with ExitStack() as pages:

        def open_one(*, fresh: bool = False, **options: Any) -> Page:
            # Nothing moves by itself, so that what is on the screen does not depend on when a test looks.
            options = {"reduced_motion": "reduce", **options}
            return pages.enter_context(context_pool.page(page_record, options, fresh=fresh))

        yield open_one
    page_record.check()


@pytest.fixture(scope="module")
def keep(context_pool: ContextPool) -> Iterator[Keep]:
    """Keep a page for the tests of a file, in a desktop's window unless told otherwise; takes what KeptPage takes."""
    with ExitStack() as kept:

        def keep_one(begin: Move, start_over: Move, **options: Any) -> KeptPage:
            options = {"viewport": DESKTOP, "reduced_motion": "reduce", **options}
            one = KeptPage(context_pool, begin, start_over, options)
            kept.callback(one.close)
            return one

        yield keep_one


@pytest.fixture
def visit(request: pytest.FixtureRequest, page_record: PageRecord) -> Iterator[Visit]:
    """Use such a page for a test."""
    with ExitStack() as visits:

        def visit_one(kept: KeptPage) -> Page:
            return visits.enter_context(kept.visit(page_record, lambda: request.node.stash.get(_PASSED, False)))

        yield visit_one
    page_record.check()


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """A desktop page."""
    return open_page(viewport=DESKTOP)


@pytest.fixture(scope="session")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Serve:
    """`with serve(script, env={...}) as url:` runs a Streamlit script, from the repository's root, until the end."""

    def run(script: Path, *, env: dict[str, str] | None = None) -> AbstractContextManager[str]:
        return start_server(script, tmp_path_factory.mktemp("streamlit") / "output.txt", env=env)

    return run


@pytest.fixture(scope="session")
def serve_page(serve: Serve) -> Serve:
    """The same for a page's script, run in the program with its routes and its headers."""

    def run(script: Path, *, env: dict[str, str] | None = None) -> AbstractContextManager[str]:
        return serve(HERE / "page_app.py", env={"PAGE": str(script), **(env or {})})

    return run


@pytest.fixture(scope="session")
def dashboard_url(serve: Serve) -> Iterator[str]:
    """The address of the whole dashboard, started once."""
    with serve(ROOT / "streamlit_app.py") as url:
        yield url


@pytest.fixture(scope="session")
def gated_dashboard_server(serve_page: Serve, tmp_path_factory: pytest.TempPathFactory) -> Iterator[GatedServer]:
    """The whole dashboard with a gate before its network, started once."""
    gate = Gate(tmp_path_factory.mktemp("gate"))
    with serve_page(HERE / "gated_page.py", env={VARIABLE: str(gate.folder)}) as url:
        yield GatedServer(url, gate)


@pytest.fixture
def gated_dashboard(gated_dashboard_server: GatedServer) -> Iterator[GatedServer]:
    """That dashboard, whose gate is open before the test and after it."""
    yield gated_dashboard_server
    gated_dashboard_server.gate.open()


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
