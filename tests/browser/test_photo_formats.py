"""Kinds of files that a visitor's photographs come in: each is shown as it is meant, in a real Chromium."""

from __future__ import annotations

import re

import numpy as np
import pytest
from PIL import ExifTags, Image, JpegImagePlugin
from playwright.sync_api import Page, expect

from benchmarks.support.photo_tab import download, open_photo_tab, upload
from tests.browser.conftest import Keep, Visit
from tests.browser.kept_page import KeptPage
from tests.browser.photo_driver import (
    after,
    before,
    chroma,
    decode_picture,
    difference,
    encode_picture,
    expect_colorized,
    expect_settled,
    fetch_picture,
    open_more,
    photograph,
    press_slider,
    remove_upload,
)
from tests.browser.webcam_driver import wait_until

SIZE = (330, 220)


@pytest.fixture(scope="module")
def kept_tab(keep: Keep, dashboard_url: str) -> KeptPage:
    return keep(lambda page: open_photo_tab(page, dashboard_url), remove_upload)


@pytest.fixture
def tab(visit: Visit, kept_tab: KeptPage) -> Page:
    """The page without a photograph."""
    return visit(kept_tab)


def test_a_photograph_taken_with_the_camera_turned_is_upright(tab: Page) -> None:
    upright = photograph(220, 330)
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6  # to be turned by 90 degrees clockwise
    upload(tab, "turned.jpg", encode_picture(upright.transpose(Image.Transpose.ROTATE_90), quality=95, exif=exif))
    expect_colorized(tab, 220, 330)
    assert difference(fetch_picture(tab, before(tab)), upright) < 3
    picture = decode_picture(download(tab, "JPEG")[1])
    assert picture.getexif().get(ExifTags.Base.Orientation, 1) == 1
    assert difference(picture, upright) < 8


@pytest.mark.parametrize("mode", ["LA", "RGBA"])
def test_transparency_is_kept_in_the_png(tab: Page, mode: str) -> None:
    picture = photograph(*SIZE).convert(mode)
    picture.putalpha(Image.linear_gradient("L").resize(SIZE))
    upload(tab, "cut-out.png", encode_picture(picture, "PNG"))
    expect_colorized(tab, *SIZE)
    saved = decode_picture(download(tab, "PNG")[1])
    assert saved.mode == "RGBA"
    assert np.array_equal(np.asarray(saved.getchannel("A")), np.asarray(picture.getchannel("A")))
    assert chroma(saved) > 1
    assert decode_picture(download(tab, "JPEG")[1]).mode == "RGB"


def test_sixteen_bits_of_grey_stay_sixteen_bits_in_the_png(tab: Page) -> None:
    wide = np.asarray(photograph(*SIZE)).astype(np.uint16) * 257
    upload(tab, "negative.png", encode_picture(Image.fromarray(wide), "PNG"))
    expect_colorized(tab, *SIZE)
    assert difference(fetch_picture(tab, before(tab)), photograph(*SIZE)) < 3
    assert chroma(fetch_picture(tab, after(tab))) > 1
    data = download(tab, "PNG")[1]
    depth, color_type = data[24], data[25]  # of the header: bits per channel, and 2 for RGB
    assert (depth, color_type) == (16, 2)


@pytest.mark.parametrize(
    ("mode", "kind", "name"),
    [("1", "PNG", "fax.png"), ("P", "PNG", "palette.png"), ("L", "TIFF", "scan.tif"), ("RGB", "WEBP", "web.webp")],
)
def test_other_kinds_come_back_in_colour(tab: Page, mode: str, kind: str, name: str) -> None:
    picture = photograph(*SIZE).convert(mode)
    upload(tab, name, encode_picture(picture, kind))
    expect_colorized(tab, *SIZE)
    assert difference(fetch_picture(tab, before(tab)), picture) < 6
    assert decode_picture(download(tab, "PNG")[1]).size == SIZE
    press_slider(tab, "Home")
    assert chroma(fetch_picture(tab, after(tab))) == 0


def test_quality_and_subsampling_of_the_jpeg_are_chosen(page: Page, dashboard_url: str) -> None:
    open_photo_tab(page, dashboard_url)
    upload(page, "lake.jpg", encode_picture(photograph(*SIZE)))
    expect_colorized(page, *SIZE)
    fine = download(page, "JPEG")[1]
    open_more(page)
    page.get_by_role("slider", name="Quality").press("Home")
    expect(page.get_by_role("slider", name="Quality")).to_have_value("1")
    expect_settled(page)
    page.get_by_role("radio", name="4:2:0").click()
    expect(page.get_by_role("radio", name="4:2:0")).to_be_checked()

    def is_coarse() -> bool:
        coarse = download(page, "JPEG")[1]
        return len(coarse) < len(fine) / 3 and JpegImagePlugin.get_sampling(decode_picture(coarse)) == 2

    # Nothing on the page shows when each of the two settings has been read.
    wait_until(is_coarse, lambda: "a JPEG of the least quality with coarse colours")


def test_what_a_kind_cannot_hold_and_what_became_of_the_file_is_said(tab: Page) -> None:
    picture = photograph(*SIZE).convert("LA")
    upload(tab, "cut-out.tif", encode_picture(picture, "TIFF", save_all=True, append_images=[picture]))
    expect_colorized(tab, *SIZE)
    for notes in tab.get_by_text(re.compile(r"^Details: \d+ notes? on what differs")).all():
        notes.click()
    expect(tab.get_by_text("JPEG cannot hold transparency.")).to_be_visible()
    expect(tab.get_by_text("PNG cannot hold")).to_have_count(0)
    expect(tab.get_by_text("The first of 2 pages or pictures.")).to_be_visible()


def test_a_sepia_print_loses_its_tint(tab: Page) -> None:
    sepia = np.clip(np.asarray(photograph(*SIZE))[..., None] * np.array([1.05, 0.9, 0.7]), 0, 255).astype(np.uint8)
    assert chroma(Image.fromarray(sepia)) > 20
    upload(tab, "sepia.jpg", encode_picture(Image.fromarray(sepia), quality=95))
    expect_colorized(tab, *SIZE)
    assert chroma(fetch_picture(tab, before(tab))) == 0
    press_slider(tab, "Home")
    assert chroma(fetch_picture(tab, after(tab))) == 0
    assert chroma(decode_picture(download(tab, "PNG")[1])) == 0


def test_a_file_of_another_kind_is_refused_by_the_upload_field(page: Page, dashboard_url: str) -> None:
    open_photo_tab(page, dashboard_url)
    upload(page, "letter.txt", b"Dear grandma")
    expect(page.get_by_text("files are not allowed")).to_be_visible()
    upload(page, "lake.jpg", encode_picture(photograph(*SIZE)))
    expect_colorized(page, *SIZE)
