"""The README's screenshot, from the running page: `make screenshot` keeps it, any other run only takes it."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import Page, expect

from benchmarks.support.photo_tab import open_photo_tab
from tests.browser.compare_driver import DESKTOP, handle
from tests.browser.photo_driver import expect_colorized


def test_the_page_as_the_readme_shows_it(page: Page, dashboard_url: str, tmp_path: Path) -> None:
    path = Path(os.environ.get("COLORIZER_SCREENSHOT", tmp_path / "screenshot.png"))
    open_photo_tab(page, dashboard_url)
    page.get_by_role("button", name="Pagoda", exact=True).click()
    expect_colorized(page, 640, 427)
    expect(handle(page)).to_be_visible()  # it shows when both pictures are there
    page.screenshot(path=path)
    with Image.open(path) as image:
        assert image.size == (DESKTOP["width"], DESKTOP["height"])
        pixels = np.asarray(image.convert("RGB")).astype(int)
    left, right = pixels[:, : image.width // 4], pixels[:, image.width // 2 : image.width * 5 // 8]
    assert np.ptp(left, axis=2).mean() < 1 < np.ptp(right, axis=2).mean()  # grey, then colour
