"""Helpers for the tests of the How it works tab: choose a picture and a point, set the temperature, read results."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import FilePayload, Locator, Page, expect

from benchmarks.support.photo_tab import PATIENCE
from tests.browser.hint_driver import Place, picture, shown_picture
from tests.browser.photo_driver import expect_settled
from tests.browser.webcam_driver import wait_until

TAB = "school icon How it works"
STEPS = ("1. Every", "2. The network", "3. For every", "4. Small", "5. Why")
_NUMBERS = re.compile(r"\(mean chroma\): ([\d.]+)\. How much they differ \(their spread\): (\d+\.\d+)")


def open_how(page: Page, url: str) -> None:
    """Open the page and the tab, and wait until it has drawn all of its steps."""
    page.goto(url)
    page.get_by_role("tab", name=TAB).click(timeout=PATIENCE)
    expect_steps(page)


def expect_steps(page: Page) -> None:
    """Wait until every step and both kinds of chart are there."""
    for step in STEPS:
        expect(page.get_by_role("heading", name=step)).to_be_visible(timeout=PATIENCE)
    expect(charts(page)).to_have_count(3, timeout=PATIENCE)
    expect(picture(page)).to_be_visible(timeout=PATIENCE)
    expect_settled(page)


def charts(page: Page) -> Locator:
    return page.locator("[data-testid=stVegaLiteChart] svg.marks")


def dots(page: Page) -> bytes:
    """The pixels of the chart of the 313 colours."""
    return charts(page).first.screenshot()


def expect_other_dots(page: Page, before: bytes) -> None:
    """Wait until that chart looks otherwise: it is drawn a moment after the server has sent it."""
    wait_until(lambda: dots(page) != before, lambda: "another chart of the 313 colours")


def spot(page: Page) -> str:
    """The text about the chosen point: the likeliest colours in numbers, and the line below them."""
    line = page.get_by_text(re.compile(r"^Row \d+, column \d+ of the network's answer"))
    return f"{page.get_by_role('list', name='Likeliest colours').inner_text()} {line.inner_text()}"


def numbers(page: Page) -> tuple[float, float]:
    """Mean chroma and spread of the coloured picture, as shown on the page."""
    found = _NUMBERS.search(page.get_by_text("(mean chroma)").inner_text())
    assert found is not None
    return float(found[1]), float(found[2])


def give(page: Page, name: str, data: bytes) -> None:
    """Upload a file."""
    field = page.locator(".st-key-how-upload").get_by_test_id("stFileUploaderDropzoneInput")
    field.set_input_files(FilePayload(name=name, mimeType="image/png", buffer=data))


def choose_sample(page: Page, title: str) -> None:
    expect_another(page, lambda: page.get_by_role("radiogroup", name="Or take").get_by_text(title, exact=True).click())
    expect_steps(page)


def point_at(page: Page, place: Place) -> None:
    box = picture(page).bounding_box()
    assert box is not None
    before = spot(page)
    picture(page).click(position={"x": place.x * box["width"], "y": place.y * box["height"]})
    expect_spot_other_than(page, before)


def expect_spot_other_than(page: Page, before: str) -> None:
    page.wait_for_function(
        """before => ![...document.querySelectorAll('[data-testid=stCaptionContainer]')]
            .some(caption => caption.innerText.startsWith('Row') && before.endsWith(caption.innerText))""",
        arg=before,
        timeout=PATIENCE,
    )
    expect_settled(page)


def set_temperature(page: Page, key: str) -> None:
    """Press a key on the slider: Home is the lowest temperature, End is 1."""
    slider = page.get_by_role("slider", name="Temperature")
    slider.focus()
    expect_another(page, lambda: page.keyboard.press(key))


def expect_another(page: Page, move: Callable[[], object]) -> None:
    """Call `move`, and wait until the picture in step 3 changes."""
    before = shown_picture(page).get_attribute("src") or ""
    move()
    expect(shown_picture(page)).not_to_have_attribute("src", before, timeout=PATIENCE)
    expect_settled(page)
