"""Repair on the Photo tab in a real Chromium: what is found is marked, and is painted over and kept by hand."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Page, expect
from skimage import data

from benchmarks.support.photo_tab import PATIENCE, download, open_photo_tab, upload
from colorizer.cli.main import main
from tests.browser.hint_driver import expect_another_picture
from tests.browser.photo_driver import (
    after,
    decode_picture,
    encode_picture,
    expect_colorized,
    expect_settled,
    lightness,
    open_more,
)

WIDTH, HEIGHT = 360, 240
SPOT = (300, 60)  # x, y of a large spot on the sky, which is no dust
SCRATCH = (70, 10), (90, 230)
BY_HAND = "Change by hand what is repaired"


def scan() -> tuple[Image.Image, NDArray[np.bool_], NDArray[np.bool_]]:
    """A damaged photo, and where its scratch and its spot are."""
    gray = np.ascontiguousarray(data.camera()[:HEIGHT, 40 : 40 + WIDTH])
    scratch, spot = np.zeros_like(gray), np.zeros_like(gray)
    cv2.line(scratch, *SCRATCH, 255, 2)
    cv2.circle(spot, SPOT, 14, 255, -1)
    gray[scratch > 0], gray[spot > 0] = 250, 60
    return Image.fromarray(gray), scratch > 0, spot > 0


def test_scratches_are_repaired_and_damage_is_painted_over(page: Page, dashboard_url: str) -> None:
    original, scratch, spot = scan()
    before = lightness(original)
    open_photo_tab(page, dashboard_url)
    upload(page, "scan.png", encode_picture(original, "PNG"))
    expect_colorized(page, WIDTH, HEIGHT)
    shown = after(page).get_attribute("src") or ""
    more = open_more(page)
    more.get_by_text("Repair scratches", exact=True).click()
    expect(after(page)).not_to_have_attribute("src", shown, timeout=PATIENCE)
    expect_colorized(page, WIDTH, HEIGHT)
    change = np.abs(lightness(decode_picture(download(page, "PNG")[1])) - before)
    assert np.median(change[scratch]) > 10
    assert change[spot].max() < 3
    assert np.percentile(change[~scratch], 95) < 2

    more.get_by_text(BY_HAND, exact=True).click()
    canvas = page.get_by_role("application", name="to paint over")
    expect(canvas).to_be_visible(timeout=PATIENCE)
    page.get_by_text("Mark what is filled", exact=True).click()
    expect(page.locator(".places img")).to_have_count(0)
    expect_another_picture(page, more.get_by_text("Repair scratches", exact=True).click)
    expect_colorized(page, WIDTH, HEIGHT)
    page.get_by_role("slider", name="Brush size").press("End")
    expect(page.get_by_text("Adding colour")).to_have_count(0)  # it has a line above the picture
    expect_settled(page)
    canvas.evaluate("frame => frame.scrollIntoView({block: 'center'})")
    box = canvas.bounding_box()
    assert box is not None
    x, y = box["x"] + SPOT[0] / WIDTH * box["width"], box["y"] + SPOT[1] / HEIGHT * box["height"]
    page.mouse.move(x, y)

    def paint() -> None:
        page.mouse.down()
        page.mouse.move(x + 2, y, steps=3)
        page.mouse.up()

    expect_another_picture(page, paint)
    expect_colorized(page, WIDTH, HEIGHT)
    change = np.abs(lightness(decode_picture(download(page, "PNG")[1])) - before)
    assert change[spot].min() > 10
    assert change[scratch].max() < 3
    expect_another_picture(page, page.get_by_role("button", name="Undo").click)
    expect_colorized(page, WIDTH, HEIGHT)
    assert np.abs(lightness(decode_picture(download(page, "PNG")[1])) - before).max() < 3


def test_what_was_found_is_marked_and_kept_by_hand(page: Page, dashboard_url: str, tmp_path: Path) -> None:
    original, scratch, _ = scan()
    before = lightness(original)
    (tmp_path / "scan.png").write_bytes(encode_picture(original, "PNG"))
    open_photo_tab(page, dashboard_url)
    upload(page, "scan.png", (tmp_path / "scan.png").read_bytes())
    expect_colorized(page, WIDTH, HEIGHT)
    more = open_more(page)
    more.get_by_text(BY_HAND, exact=True).click()
    expect(page.get_by_text("Nothing is filled yet.")).to_be_visible(timeout=PATIENCE)
    more.get_by_text("Repair scratches", exact=True).click()
    expect(page.get_by_text("Red: filled")).to_be_visible(timeout=PATIENCE)
    expect_settled(page)
    page.get_by_role("radio", name="Eraser").check()
    canvas = page.get_by_role("application", name="to paint over")
    canvas.evaluate("frame => frame.scrollIntoView({block: 'center'})")
    box = canvas.bounding_box()
    assert box is not None
    marks = page.locator(".places img")
    shown = marks.get_attribute("src") or ""
    (x, y), *others = [(box["x"] + x / WIDTH * box["width"], box["y"] + y / HEIGHT * box["height"]) for x, y in SCRATCH]
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(*others[0], steps=5)
    page.mouse.up()
    expect(marks).not_to_have_attribute("src", shown, timeout=PATIENCE)
    expect_colorized(page, WIDTH, HEIGHT)
    result = download(page, "PNG")[1]
    assert np.abs(lightness(decode_picture(result)) - before)[scratch].max() < 3

    (tmp_path / "result.png").write_bytes(result)
    words = [str(tmp_path / "scan.png"), "--recipe", str(tmp_path / "result.png"), "-o", str(tmp_path / "again.png")]
    assert main(["again", *words]) == 0
    assert (tmp_path / "again.png").read_bytes() == result
