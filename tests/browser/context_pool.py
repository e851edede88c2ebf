"""Browser contexts that later tests use again, because a new one costs a window and fetches all scripts anew."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.page_record import PageRecord

PROCESS_PER_SITE = "--process-per-site"  # all pages of one site in a context are drawn by one process
HOME = "http://127.0.0.1/"  # of the same site as all servers of the tests, for a site has any port


class ContextPool:
    """Contexts of one browser, by their options. What tests leave in them is the cache, and nothing else.

    The browser is to be started with PROCESS_PER_SITE, see `_open`.
    """

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._idle: defaultdict[str, list[BrowserContext]] = defaultdict(list)

    @contextmanager
    def page(self, record: PageRecord, options: dict[str, Any], *, fresh: bool = False) -> Iterator[Page]:
        """A page in a context that no other open page uses; `record` watches it.

        `options`: those of Playwright's `Browser.new_context`. `fresh`: a context for this page alone, which may be
        changed as a whole, for instance its clock or its permissions.
        """
        idle = self._idle[repr(sorted(options.items()))]
        context = idle.pop() if idle and not fresh else self._open(options)
        stop_watching = record.watch(context)
        yield context.new_page()
        if fresh:
            context.close()
        elif context.pages:  # else the test has closed it
            for page in context.pages[1:]:
                page.close()
            context.clear_cookies()
            idle.append(context)
        stop_watching()

    def _open(self, options: dict[str, Any]) -> BrowserContext:
        context = self._browser.new_context(**options)
        window = context.new_page()  # stays open: another tab costs much less than another window
        # On this machine's own address, with an answer that needs no server: so the process that draws the pages of
        # this address stays too, and does not compile Streamlit's scripts for each test.
        window.route("**", lambda route: route.fulfill(body=""))
        window.goto(HOME)
        return context
