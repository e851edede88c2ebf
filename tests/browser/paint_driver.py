"""Helpers for the tests of painting on a picture: tools, strokes by mouse, and what the server has got."""

from __future__ import annotations

import io
import json
from typing import Any

from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.browser.hint_driver import Place, picture

Color = tuple[int, int, int]


def tool(page: Page, name: str) -> Locator:
    return page.get_by_role("radiogroup", name="Tool").get_by_role("radio", name=name)


def choose_tool(page: Page, name: str) -> None:
    tool(page, name).check()


def spot(page: Page, place: Place) -> tuple[float, float]:
    """The window coordinates of a place of the picture, when that is shown whole."""
    box = picture(page).bounding_box()
    assert box is not None
    return box["x"] + place.x * box["width"], box["y"] + place.y * box["height"]


def lead(page: Page, *places: Place) -> None:
    """Press the mouse's button at the first place, and lead it over the others."""
    page.mouse.move(*spot(page, places[0]))
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*spot(page, place), steps=4)


def paint(page: Page, *places: Place) -> None:
    """Draw a stroke with the mouse."""
    lead(page, *places)
    page.mouse.up()


def placed(page: Page, count: int) -> list[dict[str, Any]]:
    """What the server has, when it has this many hints."""
    expect(page.get_by_text(f"Placed: {count}", exact=True)).to_be_visible()
    hints: list[dict[str, Any]] = json.loads(page.get_by_text('"version"').inner_text())["hints"]
    assert len(hints) == count
    return hints


def screen_color(page: Page, place: Place) -> Color:
    """The colour that the screen shows at a place of the picture."""
    screenshot = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    x, y = spot(page, place)
    red, green, blue = screenshot.crop((round(x), round(y), round(x) + 1, round(y) + 1)).tobytes()
    return red, green, blue
