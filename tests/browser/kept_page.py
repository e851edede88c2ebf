"""A page on which the tests of a file follow one another, where it takes longer to open than what they do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from playwright.sync_api import Page

from tests.browser.context_pool import ContextPool
from tests.browser.page_record import PageRecord

Move = Callable[[Page], object]


class KeptPage:
    """Opened for the first test, and anew after one that failed, so that no fault reaches the next.

    `begin`: brings a blank page to where the tests begin. `start_over`: brings it back there from where any of them
    ends. `options`: those of Playwright's `Browser.new_context`.
    """

    def __init__(self, pool: ContextPool, begin: Move, start_over: Move, options: dict[str, Any]) -> None:
        self._pool, self._options = pool, options
        self._begin, self._start_over = begin, start_over
        self._page: Page | None = None
        self._opened = ExitStack()

    @contextmanager
    def visit(self, record: PageRecord, has_passed: Callable[[], bool]) -> Iterator[Page]:
        """The page where the tests begin. `record` watches it during the block, after which `has_passed` is asked."""
        page, self._page = self._page, None
        with ExitStack() as watching:
            if page is None:
                self.close()
                page = self._opened.enter_context(self._pool.page(PageRecord(), self._options))
                watching.callback(record.watch(page.context))
                self._begin(page)
            else:
                watching.callback(record.watch(page.context))
                self._start_over(page)
            yield page
            page.unroute_all()
        if has_passed():
            self._page = page

    def close(self) -> None:
        self._page = None
        self._opened.close()
