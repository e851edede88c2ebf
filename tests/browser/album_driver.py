"""Helpers for the tests of the Album tab, and the files of a typical album."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import numpy as np
from PIL import ExifTags, Image
from playwright.sync_api import FilePayload, Locator, Page, expect

from tests.browser.photo_driver import encode_picture, expect_settled, get, photograph

SIZE = (330, 220)
PATIENCE = 120_000.0  # milliseconds, for a whole album
BROKEN = {"cut.jpg": "This file is damaged", "letter.jpg": "This is no picture that the program can read"}


def shoebox() -> dict[str, bytes]:
    """Twelve files by name: ten photographs of different kinds, and two files that are not photographs."""
    gray = photograph(*SIZE)
    turned = Image.Exif()
    turned[ExifTags.Base.Orientation] = 6  # to be turned by 90 degrees clockwise
    clear = gray.convert("LA")
    clear.putalpha(Image.linear_gradient("L").resize(SIZE))
    sepia = np.clip(np.asarray(gray)[..., None] * np.array([1.05, 0.9, 0.7]), 0, 255).astype(np.uint8)
    wide = Image.fromarray(np.asarray(gray).astype(np.uint16) * 257)
    return {
        "grandma 1932.jpg": encode_picture(gray, quality=92),
        "negative.png": encode_picture(wide, "PNG"),
        "cut-out.png": encode_picture(clear, "PNG"),
        "web.webp": encode_picture(gray.convert("RGB"), "WEBP"),
        "cut.jpg": encode_picture(gray)[:300],  # within its tables
        "scan.tif": encode_picture(wide, "TIFF"),
        "turned.jpg": encode_picture(gray.transpose(Image.Transpose.ROTATE_90), quality=95, exif=turned),
        "sepia.jpg": encode_picture(Image.fromarray(sepia), quality=95),
        "fax.png": encode_picture(gray.convert("1"), "PNG"),
        "letter.jpg": b"Dear grandma, here are the photographs",
        "cat with a very long name, as phones write them.bmp": encode_picture(
            photograph(*SIZE, sample="cat.jpg"), "BMP"
        ),
        "palette.png": encode_picture(gray.convert("P"), "PNG"),
    }


def panel(page: Page) -> Locator:
    """The Album tab's part of the page."""
    return page.get_by_role("tabpanel", name="Album")


def open_album_tab(page: Page, url: str) -> None:
    page.goto(url)
    page.get_by_role("tab", name="Album").click()
    expect(panel(page).get_by_text("A shoebox of photographs")).to_be_visible(timeout=PATIENCE)


def fill(page: Page, files: dict[str, bytes]) -> None:
    """Upload files to the tab, all at once."""
    payloads = [
        FilePayload(name=name, mimeType="application/octet-stream", buffer=data) for name, data in files.items()
    ]
    field(page, "album-upload").set_input_files(payloads)


def fill_folder(page: Page, folder: Path) -> None:
    """Upload a folder with all that is in it."""
    panel(page).get_by_text("Add a whole folder").click()
    field(page, "album-folder").set_input_files(folder)


def field(page: Page, key: str) -> Locator:
    return panel(page).locator(f".st-key-{key}").get_by_test_id("stFileUploaderDropzoneInput")


def expect_done(page: Page, words: str) -> None:
    """Wait until the album is done and the page shows these words."""
    expect(panel(page).get_by_text(words)).to_be_visible(timeout=PATIENCE)
    expect_settled(page)


def expect_other_picture(page: Page, number: int, address: str) -> None:
    """Wait until a card shows another picture than the one with this address."""
    expect(card(page, number).get_by_role("img")).not_to_have_attribute("src", address, timeout=PATIENCE)


def colorized_cards(page: Page) -> Locator:
    return panel(page).get_by_alt_text(re.compile(r", coloured$"))


def card(page: Page, number: int) -> Locator:
    return panel(page).locator(f".st-key-album-card-{number}")


def bar(page: Page) -> Locator:
    """What tells how far the album is, with its buttons."""
    return panel(page).locator(".st-key-album-bar")


def download_link(page: Page) -> Locator:
    return bar(page).get_by_role("link", name=re.compile("^Download"))


def download_all(page: Page, folder: Path) -> dict[str, bytes]:
    """Download the ZIP file with what is done. Returns its files by name."""
    answer = get(page, download_link(page).get_attribute("href") or "")
    assert answer.ok
    assert "album_colorized.zip" in answer.headers["content-disposition"]
    assert answer.headers["content-length"] == str(len(answer.body()))
    path = folder / "album.zip"
    path.write_bytes(answer.body())
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}
