"""Every tab of the page, idle and with a result, at three widths and in both colour schemes: axe-core finds no fault.

`make screenshot` takes its pictures on the same way.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Frame, Page, expect

from benchmarks.support.photo_tab import open_photo_tab
from dashboard.navigation import Tab
from tests.browser.accessibility import accessibility_failures, contrast_failures, failures_in_each_scheme
from tests.browser.page_driver import each_scheme
from tests.browser.photo_driver import expect_settled
from tests.browser.tour import TOURS


@pytest.mark.parametrize("tab", TOURS)
def test_all_of_the_page_is_accessible_at_every_width(page: Page, dashboard_url: str, tmp_path: Path, tab: Tab) -> None:
    failures: set[str] = set()
    for place in TOURS[tab](page, dashboard_url, tmp_path):
        failures |= failures_in_each_scheme(page, place)
    if tab is Tab.WEBCAM:  # last, for axe judges a frame with the page when it has been in there
        for scheme in each_scheme(page):
            found = accessibility_failures(streamer_frame(page), "body")
            failures |= {f"{scheme}-streamer: {failure}" for failure in found}
    assert failures == set()


def test_dialogs_are_accessible_at_every_width(page: Page, dashboard_url: str) -> None:
    open_photo_tab(page, dashboard_url)
    failures: set[str] = set()
    for name in ("Help", "About"):
        page.get_by_role("button", name=name, exact=True).click()
        expect(page.get_by_role("dialog", name=name)).to_be_visible()
        expect_settled(page)
        failures |= failures_in_each_scheme(page, name.lower(), '[role="dialog"]')
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
    assert failures == set()


def streamer_frame(page: Page) -> Frame:
    (frame,) = (each for each in page.frames if "webrtc_streamer" in each.url)
    return frame


def test_what_is_pale_is_found(page: Page) -> None:
    page.set_content("<main style='background:#fff'><p style='color:#ddd'>Pale</p><p>Plain</p></main>")
    (failure,) = contrast_failures(page)
    assert "p:nth-child(1)" in failure


def test_a_heading_that_is_left_out_is_found(page: Page) -> None:
    page.set_content("<main><h1>One</h1><h3>Three</h3></main>")
    (failure,) = accessibility_failures(page, "main")
    assert failure.startswith("heading-order")
