"""The button that copies a picture, in a real Chromium: what is on the clipboard, and what it says if that fails."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.compare_driver import DESKTOP
from tests.browser.page_record import PageRecord

OpenPage = Callable[..., Page]

# The size of the picture on the clipboard, and the colour of its first pixel.
_READ = """async () => {
  const [item] = await navigator.clipboard.read();
  const bitmap = await createImageBitmap(await item.getType("image/png"));
  const context = new OffscreenCanvas(1, 1).getContext("2d");
  context.drawImage(bitmap, 0, 0);
  return [bitmap.width, bitmap.height, ...context.getImageData(0, 0, 1, 1).data.slice(0, 3)];
}"""


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_the_picture_is_on_the_clipboard(open_page: OpenPage, compare_url: str, page_record: PageRecord) -> None:
    page = open_page(fresh=True, viewport=DESKTOP, permissions=["clipboard-read", "clipboard-write"])
    page.goto(compare_url)
    press(page, "Copy picture")
    expect(page.locator(".st-key-copy").get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate(_READ) == [600, 400, 255, 0, 0]
    press(page, "Copy the JPEG")  # turned into PNG
    expect(page.locator(".st-key-copy-jpeg").get_by_role("button", name="Copied")).to_be_visible()
    width, height, red, green, blue = page.evaluate(_READ)
    assert (width, height) == (600, 400)
    assert max(red, green) <= 2
    assert blue >= 250
    assert page_record.console_errors == []
    press(page, "Copy nothing")
    expect(page.get_by_role("status").get_by_text("The picture could not be loaded")).to_be_visible()
    expect(page.get_by_role("button", name="Copy nothing")).to_be_enabled()


def test_it_says_plainly_why_it_cannot(open_page: OpenPage, compare_url: str) -> None:
    page = open_page(viewport=DESKTOP)
    page.goto(compare_url)
    page.evaluate("() => { navigator.clipboard.write = async () => { throw new DOMException('', 'NotAllowedError') } }")
    press(page, "Copy picture")
    expect(page.get_by_text("The browser did not allow it")).to_be_visible()
    page.evaluate("delete window.ClipboardItem")
    press(page, "Copy picture")
    expect(page.get_by_text(re.compile("This browser cannot copy pictures"))).to_be_visible()
    page.evaluate("Object.defineProperty(window, 'isSecureContext', { value: false })")
    press(page, "Copy picture")
    expect(page.get_by_text(re.compile("a page whose address begins with https"))).to_be_visible()
