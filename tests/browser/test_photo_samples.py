"""The samples of the Photo tab in a real Chromium: one press each, by mouse or by keys, and back again."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Page, expect

from benchmarks.support.photo_tab import download, open_photo_tab, upload
from tests.browser.compare_driver import expect_position, frame, handle
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


@pytest.fixture
def tab(page: Page, dashboard_url: str) -> Page:
    """The page of a new visitor."""
    open_photo_tab(page, dashboard_url)
    return page


def test_all_samples_are_there_with_their_credits(tab: Page) -> None:
    for credit in CREDITS:
        expect(tab.get_by_role("button", name=credit["title"], exact=True)).to_be_visible()
        expect(tab.get_by_role("img", name=credit["title"], exact=True)).not_to_have_js_property("naturalWidth", 0)
        expect(tab.get_by_text(f"{credit['title']}, {credit['credit']} ({credit['licence']})")).to_be_visible()
    assert len(CREDITS) == 6


def test_one_click_on_a_samples_button_colours_it(tab: Page) -> None:
    tab.get_by_role("button", name="Dahlia", exact=True).click()
    expect_colorized(tab, 640, 427)
    assert chroma(fetch_picture(tab, after(tab))) > 1
    assert download(tab, "JPEG")[0] == "dahlia_colorized.jpg"


def test_one_click_on_a_samples_picture_colours_it(tab: Page) -> None:
    box = tab.get_by_alt_text("Chelsea").bounding_box()
    assert box is not None
    tab.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect_colorized(tab, 451, 300)


def test_other_samples_goes_back_to_the_choice(tab: Page) -> None:
    for title, size in [("Dahlia", (640, 427)), ("Astronaut", (512, 512))]:
        tab.get_by_role("button", name=title, exact=True).click()
        expect_colorized(tab, *size)
        tab.get_by_role("button", name="Other samples", exact=True).click()
        expect(tab.get_by_role("button", name="Chelsea", exact=True)).to_be_visible()
        expect(frame(tab)).to_have_count(0)
        expect_settled(tab)


def test_an_upload_takes_the_samples_place_and_its_removal_brings_the_choice_back(tab: Page) -> None:
    tab.get_by_role("button", name="Dahlia", exact=True).click()
    expect_colorized(tab, 640, 427)
    upload(tab, "lake.jpg", encode_picture(photograph(330, 220)))
    expect_colorized(tab, 330, 220)
    expect(tab.get_by_role("button", name="Other samples", exact=True)).to_have_count(0)
    tab.get_by_role("button", name="Remove lake.jpg", exact=True).click()
    expect(tab.get_by_role("button", name="Dahlia", exact=True)).to_be_visible()
    expect(frame(tab)).to_have_count(0)


def test_keys_alone_colour_a_sample_and_compare(tab: Page) -> None:
    tab_to(tab, tab.get_by_role("button", name="Pagoda", exact=True))
    tab.keyboard.press("Enter")
    expect_colorized(tab, 640, 427)
    tab_to(tab, handle(tab))
    for key, percent in [("ArrowRight", 55), ("ArrowLeft", 50), ("Home", 0)]:
        tab.keyboard.press(key)
        expect_position(tab, percent)
    tab_to(tab, tab.get_by_role("button", name="Download PNG", exact=True))
    with tab.expect_download() as handed:
        tab.keyboard.press("Enter")
    assert handed.value.suggested_filename == "pagoda_colorized.png"
