"""Helpers for the tests of colour hints: choose a point and a colour, and measure the region."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from PIL import Image
from playwright.sync_api import Locator, Page, expect
from skimage.color import rgb2lab

from benchmarks.support.photo_tab import PATIENCE
from tests.browser.photo_driver import expect_settled, fetch_picture


class Place(NamedTuple):
    """A point of the picture, as shares of its width and height."""

    x: float
    y: float


def hints_view(page: Page) -> None:
    """Open the view to fix colours."""
    page.get_by_role("radio", name="Fix colours").click()
    expect(picture(page)).to_be_visible(timeout=PATIENCE)
    expect_settled(page)


def picture(page: Page) -> Locator:
    return page.get_by_role("application", name="coloured")


def marks(page: Page) -> Locator:
    return page.locator(".mark")


def alike(page: Page) -> Locator:
    """The checkbox for colours that go to what looks alike."""
    return page.get_by_role("checkbox", name="Also what looks alike")


def set_alike(page: Page, wanted: bool) -> None:
    """Switch that checkbox, and wait until the server has drawn what follows. It may be as wanted already."""
    if alike(page).is_checked() != wanted:
        page.get_by_text("Also what looks alike", exact=True).click()
        expect(alike(page)).to_be_checked(checked=wanted)
        expect_settled(page)


def shown_picture(page: Page) -> Locator:
    return page.locator(".layer.shown img")


def point_at(page: Page, place: Place) -> None:
    box = picture(page).bounding_box()
    assert box is not None
    picture(page).click(position={"x": place.x * box["width"], "y": place.y * box["height"]})
    expect(page.get_by_text("Choose a colour for the point")).to_be_visible(timeout=PATIENCE)
    expect_settled(page)


def choose(page: Page, name: str) -> None:
    """Press a swatch, and wait for the new picture."""
    expect_another_picture(page, lambda: page.get_by_role("button", name=name, exact=True).click())


def expect_another_picture(page: Page, move: Callable[[], object]) -> None:
    before = shown_picture(page).get_attribute("src") or ""
    move()
    expect(shown_picture(page)).not_to_have_attribute("src", before, timeout=PATIENCE)
    expect_settled(page)


def ab_at(image: Image.Image, place: Place, *, side: int = 12) -> np.ndarray:
    """The mean a and b of a small square, computed by scikit-image."""
    left, top = round(place.x * image.width) - side // 2, round(place.y * image.height) - side // 2
    patch = np.asarray(image.convert("RGB").crop((left, top, left + side, top + side)))
    return np.asarray(rgb2lab(patch)[..., 1:].mean((0, 1)))


def shown_ab(page: Page, place: Place) -> np.ndarray:
    """The same of the picture on the page."""
    return ab_at(fetch_picture(page, shown_picture(page)), place)
