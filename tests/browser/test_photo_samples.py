"""The samples of the Photo tab in a real Chromium: one press each, by mouse or by keys, and back again."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Locator, Page, expect

from benchmarks.support.photo_tab import download, open_photo_tab, upload
from tests.browser.compare_driver import expect_position, frame, handle
from tests.browser.conftest import Keep, Visit
from tests.browser.kept_page import KeptPage
from tests.browser.photo_driver import (
    after,
    chroma,
    encode_picture,
    expect_colorized,
    expect_settled,
    fetch_picture,
    photograph,
    tab_to,
)
from tests.support.paths import SAMPLES

CREDITS = json.loads((SAMPLES / "credits.json").read_text(encoding="utf-8"))


def sample(page: Page, title: str) -> Locator:
    """The button of a sample; the one of a last result may have the same name."""
    return page.locator(".st-key-samples").get_by_role("button", name=title, exact=True)


@pytest.fixture(scope="module")
def kept_tab(keep: Keep, dashboard_url: str) -> KeptPage:
    return keep(lambda page: open_photo_tab(page, dashboard_url), offer_samples)


def offer_samples(page: Page) -> None:
    """Go back to the choice, unless it is there."""
    expect_settled(page)
    other = page.get_by_role("button", name="Other samples", exact=True)
    if other.count():
        other.click()
    expect(sample(page, "Chelsea")).to_be_visible()
    expect(frame(page)).to_have_count(0)
    expect_settled(page)


@pytest.fixture
def tab(visit: Visit, kept_tab: KeptPage) -> Page:
    """The page with the choice of samples."""
    return visit(kept_tab)


def test_all_samples_are_there_with_their_credits(tab: Page) -> None:
    for credit in CREDITS:
        expect(sample(tab, credit["title"])).to_be_visible()
        expect(tab.get_by_role("img", name=credit["title"], exact=True)).not_to_have_js_property("naturalWidth", 0)
        expect(tab.get_by_text(f"{credit['title']}, {credit['credit']} ({credit['licence']})")).to_be_visible()
    assert len(CREDITS) == 6


def test_one_click_on_a_samples_button_colours_it(tab: Page) -> None:
    sample(tab, "Dahlia").click()
    expect_colorized(tab, 640, 427)
    assert chroma(fetch_picture(tab, after(tab))) > 1
    assert download(tab, "JPEG")[0] == "dahlia_colorized.jpg"


def test_one_click_on_a_samples_picture_colours_it(tab: Page) -> None:
    picture = tab.locator(".st-key-samples").get_by_alt_text("Chelsea")
    expect(picture).not_to_have_js_property("naturalWidth", 0)  # else it has no height yet
    box = picture.bounding_box()
    assert box is not None
    tab.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect_colorized(tab, 451, 300)


def test_other_samples_goes_back_to_the_choice(tab: Page) -> None:
    for title, size in [("Dahlia", (640, 427)), ("Astronaut", (512, 512))]:
        sample(tab, title).click()
        expect_colorized(tab, *size)
        offer_samples(tab)


def test_an_upload_takes_the_samples_place_and_its_removal_brings_the_choice_back(tab: Page) -> None:
    sample(tab, "Dahlia").click()
    expect_colorized(tab, 640, 427)
    upload(tab, "lake.jpg", encode_picture(photograph(330, 220)))
    expect_colorized(tab, 330, 220)
    expect(tab.get_by_role("button", name="Other samples", exact=True)).to_have_count(0)
    tab.get_by_role("button", name="Remove lake.jpg", exact=True).click()
    expect(sample(tab, "Dahlia")).to_be_visible()
    expect(frame(tab)).to_have_count(0)


def test_keys_alone_colour_a_sample_and_compare(page: Page, dashboard_url: str) -> None:
    open_photo_tab(page, dashboard_url)
    tab_to(page, sample(page, "Pagoda"))
    page.keyboard.press("Enter")
    expect_colorized(page, 640, 427)
    tab_to(page, handle(page))
    for key, percent in [("ArrowRight", 55), ("ArrowLeft", 50), ("Home", 0)]:
        page.keyboard.press(key)
        expect_position(page, percent)
    tab_to(page, page.get_by_role("button", name="Download PNG", exact=True))
    with page.expect_download() as handed:
        page.keyboard.press("Enter")
    assert handed.value.suggested_filename == "pagoda_colorized.png"
