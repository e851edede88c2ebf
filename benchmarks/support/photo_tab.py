"""The Photo tab in a real Chromium: open it, upload, wait for the colour, download."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import FilePayload, Locator, Page, expect

PATIENCE = 30_000.0  # milliseconds: the first picture of a server waits for the network's file
COLORIZED = re.compile(r"^\d+ . \d+ pixels · coloured in [\d.]+ s by ")


def open_photo_tab(page: Page, url: str) -> None:
    page.goto(url)
    expect(_drop_area(page).get_by_test_id("stFileUploaderDropzone")).to_be_visible(timeout=PATIENCE)


def upload(page: Page, name: str, data: bytes) -> None:
    """Give the page a file; the second one takes the place of the first."""
    kind = "image/png" if name.endswith(".png") else "image/jpeg"
    _drop_area(page).get_by_test_id("stFileUploaderDropzoneInput").set_input_files(
        FilePayload(name=name, mimeType=kind, buffer=data)
    )


def expect_colorized_within(page: Page, seconds: float) -> None:
    """Wait for any picture in colour, so long that many others may come first."""
    expect(page.get_by_text(COLORIZED)).to_be_visible(timeout=1000 * seconds)


def download(page: Page, kind: str) -> tuple[str, bytes]:
    """Save the "PNG", "JPEG" or another kind of file; returns the file's suggested name and its bytes."""
    with page.expect_download(timeout=PATIENCE) as handed:
        press_download(page, kind)
    return handed.value.suggested_filename, Path(handed.value.path()).read_bytes()


def press_download(page: Page, kind: str) -> None:
    """Press the button for a PNG, or the item of another kind in the menu beside it."""
    if kind == "PNG":
        page.get_by_role("button", name="Download PNG").click()
    else:
        page.get_by_role("button", name="Other files").click()
        page.get_by_role("menuitem", name=kind).click()


def _drop_area(page: Page) -> Locator:
    return page.locator(".st-key-photo-drop")
