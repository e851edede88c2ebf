"""The Photo tab in a real Chromium, from the upload to the downloaded file."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from benchmarks.support.photo_tab import download, open_photo_tab, upload
from tests.browser.compare_driver import DESKTOP, PHONE, expect_position, frame
from tests.browser.conftest import Keep, Visit
from tests.browser.kept_page import KeptPage
from tests.browser.page_driver import expect_above, expect_no_sideways_scrolling
from tests.browser.page_record import PageRecord
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
    get,
    lightness,
    open_more,
    photograph,
    press_slider,
)

NAME = "grandma 1932.jpg"
SIZE = (1350, 900)  # larger than what travels to the page, so that a download that fits is the full size


@pytest.fixture(scope="module")
def photo() -> bytes:
    """A grey JPEG (mode L) of a real scene, as a scanner writes it."""
    return encode_picture(photograph(*SIZE), quality=92)


@pytest.fixture(scope="module")
def kept_photo(keep: Keep, dashboard_url: str, photo: bytes) -> KeptPage:
    def begin(page: Page) -> None:
        open_photo_tab(page, dashboard_url)
        upload(page, NAME, photo)
        expect_colorized(page, *SIZE)

    return keep(begin, reset)


def reset(page: Page) -> None:
    """Set the sliders and the view back."""
    open_more(page)
    page.get_by_role("button", name="Reset").click()
    for name, value in {"Amount": "1", "Bold": "0"}.items():
        expect(page.get_by_role("slider", name=name)).to_have_value(value)
    page.get_by_role("radio", name="Compare").click()
    expect(frame(page)).to_be_visible()
    expect_settled(page)


@pytest.fixture
def colorized_page(visit: Visit, kept_photo: KeptPage) -> Page:
    """The page with that photograph in colour."""
    return visit(kept_photo)


def test_an_uploaded_grey_photograph_comes_back_in_colour(colorized_page: Page, page_record: PageRecord) -> None:
    expect_position(colorized_page, 50)
    gray, color = (
        fetch_picture(colorized_page, before(colorized_page)),
        fetch_picture(colorized_page, after(colorized_page)),
    )
    assert gray.size == color.size == (1280, 853)
    assert chroma(gray) == 0
    assert chroma(color) > 1
    assert page_record.console_errors == []


def test_the_amount_moves_the_colour_without_the_network(colorized_page: Page) -> None:
    page = colorized_page
    line = expect_colorized(page, *SIZE)
    as_predicted = chroma(fetch_picture(page, after(page)))
    press_slider(page, "End")
    assert chroma(fetch_picture(page, after(page))) > 1.2 * as_predicted
    press_slider(page, "Home")
    assert chroma(fetch_picture(page, after(page))) == 0
    press_slider(page, "ArrowRight")
    assert 0 < chroma(fetch_picture(page, after(page))) < as_predicted
    assert expect_colorized(page, *SIZE) == line, "the network ran again"


def test_bold_changes_the_colour_without_the_network(colorized_page: Page) -> None:
    page = colorized_page
    line = expect_colorized(page, *SIZE)
    press_slider(page, "End", name="Bold")
    assert difference(fetch_picture(page, after(page)), fetch_picture(page, before(page))) < 3
    assert expect_colorized(page, *SIZE) == line, "the network ran again"


def test_the_png_has_full_size_and_the_original_lightness(colorized_page: Page, photo: bytes) -> None:
    name, data = download(colorized_page, "PNG")
    picture = decode_picture(data)
    assert (name, picture.format, picture.size) == ("grandma 1932_colorized.png", "PNG", SIZE)
    assert chroma(picture) > 1
    pixels = np.asarray(picture)
    in_gamut = ((pixels > 0) & (pixels < 255)).all(axis=-1)
    assert in_gamut.mean() > 0.5
    off = np.abs(lightness(picture) - lightness(decode_picture(photo)))
    assert np.quantile(off[in_gamut], 0.99) < 1


def test_the_jpeg_has_full_size_and_colour(colorized_page: Page) -> None:
    name, data = download(colorized_page, "JPEG")
    picture = decode_picture(data)
    assert (name, picture.format, picture.size) == ("grandma 1932_colorized.jpg", "JPEG", SIZE)
    assert chroma(picture) > 1


def test_a_download_follows_the_amount(colorized_page: Page) -> None:
    as_predicted = chroma(decode_picture(download(colorized_page, "PNG")[1]))
    press_slider(colorized_page, "End")
    assert chroma(decode_picture(download(colorized_page, "PNG")[1])) > 1.2 * as_predicted
    press_slider(colorized_page, "Home")
    for kind in ("PNG", "JPEG"):
        assert chroma(decode_picture(download(colorized_page, kind)[1])) == 0


def test_side_by_side_shows_grey_and_colour_of_one_size(colorized_page: Page) -> None:
    colorized_page.get_by_role("radio", name="Side by side").click()
    views = colorized_page.locator(".st-key-photo-side")  # the strip of recent results has the coloured one, too
    pictures = [views.get_by_alt_text(f"{NAME}, {what}") for what in ("grey", "coloured")]
    for picture in pictures:
        expect(picture).to_be_visible()
        expect(picture).not_to_have_js_property("naturalWidth", 0)  # else it has no height yet
    expect(frame(colorized_page)).to_have_count(0)
    gray, color = [fetch_picture(colorized_page, picture) for picture in pictures]
    assert gray.size == color.size
    assert chroma(gray) == 0
    assert chroma(color) > 1
    left, right = [picture.bounding_box() for picture in pictures]
    assert left is not None
    assert right is not None
    assert (left["width"], left["height"], left["y"]) == pytest.approx((right["width"], right["height"], right["y"]))
    assert left["x"] + left["width"] < right["x"]


def test_two_visitors_at_once_each_get_their_own_picture(open_page: Callable[..., Page], dashboard_url: str) -> None:
    visits = [
        (open_page(viewport=DESKTOP), photograph(640, 427), "lake.jpg"),
        (open_page(viewport=DESKTOP), photograph(500, 400, sample="cat.jpg"), "cat.jpg"),
    ]
    for page, _, _ in visits:
        open_photo_tab(page, dashboard_url)
    for page, picture, name in visits:
        upload(page, name, encode_picture(picture, quality=95))
    for page, picture, _ in visits:
        expect_colorized(page, *picture.size)
    press_slider(visits[0][0], "End")
    for page, picture, name in visits:
        assert difference(fetch_picture(page, before(page)), picture) < 3
        file_name, data = download(page, "PNG")
        assert file_name == name.replace(".jpg", "_colorized.png")
        assert difference(decode_picture(data), picture) < 8


def test_a_phone_shows_the_picture_first_and_scrolls_only_down(
    open_page: Callable[..., Page], dashboard_url: str, photo: bytes
) -> None:
    page = open_page(viewport=PHONE, has_touch=True, is_mobile=True)
    open_photo_tab(page, dashboard_url)
    expect(page.get_by_alt_text("Dahlia")).not_to_have_js_property("naturalWidth", 0)
    expect_no_sideways_scrolling(page)
    upload(page, NAME, photo)
    expect_colorized(page, *SIZE)
    expect_no_sideways_scrolling(page)
    expect_above(frame(page), page.get_by_role("slider", name="Amount"))
    page.wait_for_function("frame => frame.offsetWidth > 0.85 * innerWidth", arg=frame(page).element_handle())


def test_the_pages_icon_comes_from_this_machine(colorized_page: Page, dashboard_url: str) -> None:
    address = str(colorized_page.locator("link[rel~=icon]").evaluate("link => link.href"))
    assert address.startswith(f"{dashboard_url}/")
    assert get(colorized_page, address).ok
