"""The whole page's contrast, in both of its colour schemes."""

from __future__ import annotations

from typing import Literal

import pytest
from playwright.sync_api import Page

from benchmarks.support.photo_tab import open_photo_tab
from tests.browser.accessibility import contrast_failures
from tests.browser.compare_driver import DESKTOP
from tests.browser.conftest import OpenPage


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_first_page_is_readable(open_page: OpenPage, dashboard_url: str, scheme: Literal["light", "dark"]) -> None:
    page = open_page(viewport=DESKTOP, color_scheme=scheme)
    open_photo_tab(page, dashboard_url)
    assert contrast_failures(page, '[data-testid="stMain"]') == []


def test_what_is_pale_is_found(page: Page) -> None:
    page.set_content("<main style='background:#fff'><p style='color:#ddd'>Pale</p><p>Plain</p></main>")
    (failure,) = contrast_failures(page)
    assert "p:nth-child(1)" in failure
