"""Every tab of the page, idle and with a result, at three widths and in both colour schemes: axe-core finds no fault.

`make screenshot` takes its pictures on the same way.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Frame, Page, expect

from benchmarks.support.photo_tab import open_photo_tab
from tests.browser.accessibility import accessibility_failures, contrast_failures, failures_at_all_widths
from tests.browser.compare_driver import DESKTOP
from tests.browser.conftest import OpenPage
from tests.browser.photo_driver import expect_settled
from tests.browser.tour import tour


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_of_the_page_is_accessible_at_every_width(
    open_page: OpenPage, dashboard_url: str, tmp_path: Path, scheme: Literal["light", "dark"]
) -> None:
    page = open_page(viewport=DESKTOP, color_scheme=scheme)
    failures: set[str] = set()
    for place in tour(page, dashboard_url, tmp_path):
        failures |= failures_at_all_widths(page, f"{scheme}-{place}")
        if place == "webcam":
            failures |= {f"{place}: {failure}" for failure in accessibility_failures(streamer_frame(page), "body")}
    assert failures == set()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_dialogs_are_accessible_at_every_width(
    open_page: OpenPage, dashboard_url: str, scheme: Literal["light", "dark"]
) -> None:
    page = open_page(viewport=DESKTOP, color_scheme=scheme)
    open_photo_tab(page, dashboard_url)
    failures: set[str] = set()
    for name in ("Help", "About"):
        page.get_by_role("button", name=name, exact=True).click()
        expect(page.get_by_role("dialog", name=name)).to_be_visible()
        expect_settled(page)
        failures |= failures_at_all_widths(page, f"{scheme}-{name.lower()}", '[role="dialog"]')
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
