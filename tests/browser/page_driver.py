"""Helpers for the tests of what belongs to the whole page: colour schemes, dropped files, tabs and addresses."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Literal
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import FloatRect, Locator, Page, expect

from benchmarks.support.photo_tab import PATIENCE
from dashboard.navigation import Tab, tab_label

_PASTE = """([name, data, text]) => {
  const bytes = Uint8Array.from(atob(data), (sign) => sign.charCodeAt(0));
  const clipboardData = new DataTransfer();
  clipboardData.items.add(new File([bytes], name, { type: "image/png" }));
  if (text) clipboardData.setData("text/plain", text);
  document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, composed: true }));
}"""
_OVERLAY = ".overlay:popover-open"
_END_TRANSITIONS = """() => {
  const roots = [document];
  for (const root of roots) {
    for (const element of root.querySelectorAll("*")) if (element.shadowRoot) roots.push(element.shadowRoot);
    for (const each of root.getAnimations()) if (each instanceof CSSTransition) each.finish();
  }
}"""
_FITS = """() => [document.documentElement, document.querySelector("[data-testid=stMain]")]
  .every((element) => element.scrollWidth <= element.clientWidth)"""
_IS_ABOVE = """([upper, lower]) =>
  upper.getBoundingClientRect().bottom <= lower.getBoundingClientRect().top"""
_HAS_BOX = """([element, box]) => {
  const found = element.getBoundingClientRect();
  return Object.entries(box).every(([side, pixels]) => Math.abs(found[side] - pixels) < 0.01);
}"""
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


def each_scheme(page: Page) -> Iterator[str]:
    """The names of the colour schemes, each when the page is drawn in it: it follows the system's without a reload."""
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        expect(page.get_by_test_id("stApp")).to_have_css("color-scheme", scheme, timeout=PATIENCE)
        page.evaluate(_END_TRANSITIONS)
        yield scheme


@contextmanager
def not_drawn_anew(place: Locator) -> Iterator[None]:
    """What is done within leaves this part of the page where it is.

    A part that comes to stand at another place among its neighbours is drawn a second time, and both are seen until the
    server has drawn all: so the page flickers, and what a person was about to click on goes away.
    """
    node = place.element_handle()
    yield
    assert node.evaluate("node => node.isConnected"), "this part of the page was drawn anew"


def expect_no_sideways_scrolling(page: Page) -> None:
    """Wait until nothing is wider than the window: after a new size, parts of the page follow a moment later."""
    page.wait_for_function(_FITS, timeout=PATIENCE)


def expect_above(upper: Locator, lower: Locator) -> None:
    """Wait until one element ends where another begins, or higher. Both are looked at in the same moment."""
    upper.page.wait_for_function(_IS_ABOVE, arg=[upper.element_handle(), lower.element_handle()], timeout=PATIENCE)


def expect_box(place: Locator, box: FloatRect) -> None:
    """Wait until an element has this place and this size in the window."""
    place.page.wait_for_function(_HAS_BOX, arg=[place.element_handle(), box], timeout=PATIENCE)


def expect_full_window(place: Locator) -> None:
    """Wait until an element fills the window."""
    width, height = place.page.evaluate("[innerWidth, innerHeight]")
    expect_box(place, FloatRect(x=0, y=0, width=width, height=height))


def tab_button(page: Page, tab: Tab) -> Locator:
    """The tab itself, without what is in it."""
    words = tab_label(tab).rpartition(": ")[2]
    return page.get_by_role("tab", name=re.compile(rf"(^|\s){re.escape(words)}$"))  # behind the name of its icon


def expect_tab(page: Page, tab: Tab) -> None:
    """Wait until a tab is open. The server may draw what is in it only then."""
    expect(tab_button(page, tab)).to_have_attribute("aria-selected", "true", timeout=PATIENCE)


def expect_address(page: Page, **wanted: str | None) -> None:
    """Wait until the address has these parameters; None: it has none of this name."""
    page.wait_for_function(
        """wanted => Object.entries(wanted).every(
            ([name, value]) => new URL(location.href).searchParams.get(name) === value)""",
        arg=wanted,
        timeout=PATIENCE,
    )


def parameters(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


class Drag:
    """Files from outside of the browser that are dragged over the page, as the system tells the browser of them."""

    def __init__(self, page: Page, paths: Sequence[Path]) -> None:
        expect(page.locator(".overlay")).to_be_attached(timeout=PATIENCE)  # its script runs
        self._page = page
        self._session = page.context.new_cdp_session(page)
        self._data = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}

    def enter(self, x: float, y: float) -> None:
        """Drag them in from the window's left edge."""
        self._send("dragEnter", 2, y)
        expect(overlay(self._page)).to_be_visible()
        for place in ((2, y), (x, y)):
            self._send("dragOver", *place)

    def cancel(self) -> None:
        self._send("dragCancel", 0, 0)

    def drop(self, x: float, y: float) -> None:
        self.enter(x, y)
        self._send("drop", x, y)

    def _send(self, kind: str, x: float, y: float) -> None:
        self._session.send("Input.dispatchDragEvent", {"type": kind, "x": x, "y": y, "data": self._data})


def overlay(page: Page) -> Locator:
    """What covers the page while files are dragged over it."""
    return page.locator(_OVERLAY)


def paste(page: Page, name: str, data: bytes, *, text: str = "") -> None:
    """Paste a picture where the focus is, and with it a text, as some programs copy it."""
    page.evaluate(_PASTE, [name, base64.b64encode(data).decode("ascii"), text])
