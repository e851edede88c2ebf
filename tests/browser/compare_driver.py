"""Helpers for the tests of the before/after slider: positions, finger and mouse moves, colours on the screen."""

from __future__ import annotations

import io
import re

from PIL import Image
from playwright.sync_api import Locator, Page, ViewportSize, expect

DESKTOP = ViewportSize(width=1280, height=900)
PHONE = ViewportSize(width=390, height=844)

Color = tuple[int, int, int]


def handle(page: Page) -> Locator:
    return page.get_by_role("slider", name="Divider between Grey and Coloured")


def frame(page: Page) -> Locator:
    return page.locator(".frame")


def expect_position(page: Page, percent: int) -> None:
    expect(handle(page)).to_have_attribute("aria-valuenow", str(percent))
    expect(handle(page)).to_have_attribute("aria-valuetext", f"{percent}% Grey, {100 - percent}% Coloured")


def spot(page: Page, across: float, down: float = 0.5) -> tuple[float, float]:
    """The window coordinates of a place in the frame, given as shares of its width and height."""
    box = frame(page).bounding_box()
    assert box is not None
    return box["x"] + across * box["width"], box["y"] + down * box["height"]


def color_at(page: Page, across: float, down: float = 0.8) -> Color:
    """The colour that the screen shows at a place in the frame."""
    screenshot = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    x, y = spot(page, across, down)
    color = screenshot.getpixel((round(x), round(y)))
    assert isinstance(color, tuple)
    return (int(color[0]), int(color[1]), int(color[2]))


def drag(page: Page, start: float, end: float) -> None:
    page.mouse.move(*spot(page, start))
    page.mouse.down()
    page.mouse.move(*spot(page, (start + end) / 2))
    page.mouse.move(*spot(page, end))
    page.mouse.up()


def swipe(page: Page, start: tuple[float, float], end: tuple[float, float], steps: int = 8) -> None:
    """Draw one finger over the screen; the browser decides, as on a phone, whether that scrolls the page."""
    fingers = page.context.new_cdp_session(page)
    for step in range(steps + 1):
        share = step / steps
        point = {"x": start[0] + share * (end[0] - start[0]), "y": start[1] + share * (end[1] - start[1])}
        kind = "touchStart" if step == 0 else "touchMove"
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [point]})
    fingers.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def pinch(page: Page, middle: tuple[float, float], distances: tuple[float, float], steps: int = 8) -> None:
    """Move two fingers apart, or together: from one distance to another, in pixels, side by side around `middle`."""
    fingers = page.context.new_cdp_session(page)
    for step in range(steps + 1):
        half = (distances[0] + (distances[1] - distances[0]) * step / steps) / 2
        points = [{"x": middle[0] + side * half, "y": middle[1], "id": side + 1} for side in (-1, 1)]
        kind = "touchStart" if step == 0 else "touchMove"
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    fingers.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def css_color(element: Locator, name: str) -> Color:
    value = str(element.evaluate("(element, name) => getComputedStyle(element).getPropertyValue(name)", name))
    red, green, blue = (int(part) for part in re.findall(r"\d+", value)[:3])
    return red, green, blue


def luminance(color: Color) -> float:
    """WCAG relative luminance, 0..1."""
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in (c / 255 for c in color)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: Color, other: Color) -> float:
    """WCAG contrast ratio, 1..21."""
    darker, lighter = sorted([luminance(one), luminance(other)])
    return (lighter + 0.05) / (darker + 0.05)
