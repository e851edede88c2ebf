"""Accessibility checks with axe-core, at every width that the page is made for."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any, cast

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Frame, Page, ViewportSize

from tests.browser.page_driver import each_scheme
from tests.browser.photo_driver import expect_settled

MAIN = '[data-testid="stMain"]'
SIZES = tuple(ViewportSize(width=width, height=height) for width, height in ((1280, 900), (768, 1024), (390, 844)))
_MOST_WINDOWS = 6
_SCROLL = """number => { const main = document.querySelector("[data-testid=stMain]");
    main.scrollTo({ top: number * main.clientHeight, behavior: "instant" }); return main.scrollTop }"""
_WHOLE_HEIGHT = """() => Math.max(innerHeight, document.querySelector("[data-testid=stMain]")?.scrollHeight ?? 0)"""
SCREENSHOTS = "COLORIZER_SCREENSHOTS"  # the variable that names a folder for pictures of what is checked

# Of what passes, axe describes the first element alone: to describe all takes it longer than to judge them.
_BRIEFLY = {"resultTypes": ["violations"]}
# WCAG 2.2, A and AA, and what axe calls best practice.
_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def contrast_failures(page: Page, within: str = "main") -> list[str]:
    """Each text with too little contrast (WCAG 2, AA), with what axe says of it; of the parts matching `within`.

    `within`: a CSS selector. What is hidden is not looked at, so show it first.
    """
    return _failures(page, within, {"runOnly": ["color-contrast"]})


def accessibility_failures(page: Page | Frame, within: str = MAIN) -> list[str]:
    """The same for every rule of WCAG 2.2, A and AA, and of axe's best practice."""
    return _failures(page, within, {"runOnly": _TAGS})


def failures_at_all_widths(page: Page, name: str, within: str = MAIN) -> set[str]:
    """The failures of a page at each width, each behind the name and the width.

    Pictures of it are put into the folder that the environment names, unless `name` is empty.
    """
    found: set[str] = set()
    for size in SIZES:
        page.set_viewport_size(size)
        page.mouse.move(0, 0)  # no button may be in a transition between two colours
        if name and (folder := os.environ.get(SCREENSHOTS)):
            _take_pictures(page, Path(folder), f"{name}-{size['width']}")
        found |= {f"{name} at {size['width']}: {failure}" for failure in accessibility_failures(page, within)}
    page.set_viewport_size(SIZES[0])
    return found


def failures_in_each_scheme(page: Page, name: str, within: str = MAIN) -> set[str]:
    """The same in each colour scheme, whose name comes first."""
    schemes = each_scheme(page)
    return set().union(*(failures_at_all_widths(page, f"{scheme}-{name}", within) for scheme in schemes))


def _take_pictures(page: Page, folder: Path, name: str) -> None:
    """One picture of each window that one sees while scrolling down, but not of a page without end."""
    folder.mkdir(parents=True, exist_ok=True)
    seen = 0
    for number in range(_MOST_WINDOWS):
        page.evaluate(_SCROLL, number)
        page.screenshot(path=folder / f"{name}-{number + 1}.png")
        seen, before = page.evaluate(_SCROLL, number + 1), seen
        if seen == before:
            break
    page.evaluate(_SCROLL, 0)


def _failures(page: Page | Frame, within: str, options: dict[str, Any]) -> list[str]:
    whole = page.page if isinstance(page, Frame) else page
    with nullcontext() if isinstance(page, Frame) else _whole_page_in_window(page):
        if whole.get_by_test_id("stApp").count():  # a page that is not Streamlit's is always settled
            expect_settled(whole)  # a part that the server draws anew is empty for a moment
        # Only the type says Page: a frame is looked into in the same way.
        response = Axe().run(cast("Page", page), context=within, options={**options, **_BRIEFLY}).response
    # Neither passed nor failed: axe saw nothing to judge, and an empty list would prove nothing.
    unsure = response["incomplete"]
    assert response["passes"] or response["violations"], f"expected text within {within!r}, found {unsure or 'none'}"
    return [
        f"{violation['id']}: {node['target']}: {node['failureSummary']}"
        for violation in response["violations"]
        for node in violation["nodes"]
    ]


@contextmanager
def _whole_page_in_window(page: Page) -> Iterator[None]:
    """Make the window as high as the page: Streamlit scrolls a part of it, and axe passes over hidden text."""
    before = page.viewport_size
    assert before is not None, "expected a page with a size of its own"
    page.set_viewport_size(ViewportSize(width=before["width"], height=page.evaluate(_WHOLE_HEIGHT)))
    try:
        yield
    finally:
        page.set_viewport_size(before)
