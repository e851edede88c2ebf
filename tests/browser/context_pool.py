"""Browser contexts that later tests use again, because a new one costs a window and fetches all scripts anew."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.page_record import PageRecord


class ContextPool:
    """Contexts of one browser, by their options. What tests leave in them is the cache, and nothing else."""

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
        context.new_page()  # keeps the window open: another tab costs much less than another window
        return context
