"""Helpers for the tests of the Photo tab: pictures to upload, shown pictures, downloads."""

from __future__ import annotations

import io
import re
from typing import Any
from urllib.parse import urljoin

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import APIResponse, Locator, Page, expect
from skimage.color import rgb2lab

from benchmarks.support.photo_tab import COLORIZED, PATIENCE
from tests.support.paths import SAMPLES

_IS_SETTLED = """() => document.querySelector("[data-testid=stApp]")?.dataset.testScriptState === "notRunning" """
_SHOWS = """(pattern) => new RegExp(pattern, "m").test(document.body.innerText)"""

Bytes = NDArray[np.uint8]


def photograph(width: int, height: int, *, sample: str = "pagoda.jpg") -> Image.Image:
    """A real photograph, grey (mode L), at the wanted size."""
    with Image.open(SAMPLES / sample) as picture:
        return picture.convert("L").resize((width, height), Image.Resampling.BICUBIC)


def encode_picture(picture: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def decode_picture(data: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(data))
    picture.load()
    return picture


def expect_colorized(page: Page, width: int, height: int) -> str:
    """Wait until a picture of this size is shown in colour. Returns the caption below it."""
    line = page.get_by_text(COLORIZED).filter(has_text=re.compile(rf"^{width} . {height} "))
    _wait_for_words(page, rf"^{width} . {height} pixels · coloured in ")
    expect(line).to_be_visible()
    expect_settled(page)
    return line.inner_text()


def expect_settled(page: Page) -> None:
    """Wait until the server has drawn everything that follows from the last press."""
    page.wait_for_function(_IS_SETTLED, timeout=PATIENCE)


def _wait_for_words(page: Page, pattern: str) -> None:
    """Wait until the page shows text of this pattern. `expect` alone comes to look once a second at last."""
    page.wait_for_function(_SHOWS, arg=pattern, polling=100, timeout=PATIENCE)


def after(page: Page) -> Locator:
    return page.locator(".layer.after img")


def before(page: Page) -> Locator:
    return page.locator(".layer.before img")


def get(page: Page, url: str) -> APIResponse:
    """The answer to a request with the page's cookies; `url` may be relative to the page.

    Sent again if the connection is reset: the server closes one that was idle for some seconds, perhaps just when it is
    used again.
    """
    return page.request.get(urljoin(page.url, url), max_retries=2)


def fetch_picture(page: Page, image: Locator) -> Image.Image:
    """The picture of an <img>, fetched from its URL."""
    answer = get(page, image.get_attribute("src") or "")
    assert answer.ok
    return decode_picture(answer.body())


def press_slider(page: Page, key: str, *, name: str = "Amount") -> None:
    """Move a slider with a key, and wait until the coloured picture changes."""
    shown = after(page).get_attribute("src") or ""
    if name == "Bold":
        open_more(page)
    page.get_by_role("slider", name=name).focus()
    page.keyboard.press(key)
    expect(after(page)).not_to_have_attribute("src", shown)
    expect_settled(page)


def remove_upload(page: Page) -> None:
    """Take the uploaded photograph away, so that the page asks for one again."""
    page.locator(".st-key-photo-drop").get_by_role("button", name=re.compile("^Remove ")).click()
    expect(page.get_by_text("No photograph at hand?")).to_be_visible(timeout=PATIENCE)
    expect_settled(page)


def open_more(page: Page) -> Locator:
    """Open what is folded below the sliders; returns it."""
    more = page.get_by_test_id("stExpander").filter(has_text="Caption below the picture")
    if not more.get_by_role("slider", name="Bold").is_visible():
        page.get_by_text("More", exact=True).click()
    expect(more.get_by_role("slider", name="Bold")).to_be_visible()
    return more


def chroma(picture: Image.Image) -> float:
    """How colourful a picture is: the mean difference between the largest and the smallest of R, G, B; 0 for grey."""
    pixels = np.asarray(picture.convert("RGB")).astype(np.int16)
    return float(np.ptp(pixels, axis=-1).mean())


def lightness(picture: Image.Image) -> NDArray[np.float64]:
    """CIE L, 0..100, computed by scikit-image."""
    return np.asarray(rgb2lab(np.asarray(picture.convert("RGB")))[..., 0], np.float64)


def difference(one: Image.Image, other: Image.Image) -> float:
    """The mean difference of two pictures of equal size in grey, 0..255."""
    assert one.size == other.size
    return float(np.abs(np.asarray(one.convert("L")).astype(np.int16) - np.asarray(other.convert("L"))).mean())


def tab_to(page: Page, wanted: Locator, *, at_most: int = 40) -> None:
    """Press Tab until `wanted` has the focus."""
    for _ in range(at_most):
        page.keyboard.press("Tab")
        if wanted.evaluate("element => element.matches(':focus')"):
            return
    raise AssertionError(f"expected Tab to reach {wanted} within {at_most} presses")
