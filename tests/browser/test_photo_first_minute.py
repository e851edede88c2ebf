"""The first minute on the Photo tab in a real Chromium: what is in sight, what is said meanwhile, presets and files."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from benchmarks.support.photo_tab import PATIENCE, download, open_photo_tab, press_download, upload
from colorizer import MODELS
from tests.browser.compare_driver import PHONE, frame
from tests.browser.conftest import GatedServer, Keep, OpenPage, Visit
from tests.browser.kept_page import KeptPage
from tests.browser.page_driver import expect_above, expect_no_sideways_scrolling
from tests.browser.photo_driver import (
    after,
    chroma,
    decode_picture,
    encode_picture,
    expect_colorized,
    expect_settled,
    fetch_picture,
    open_more,
    photograph,
    press_slider,
)

SIZE = (300, 200)
WINDOWS = [(1280, 900), (1366, 768)]

# Notes each state of the picture once: grey or coloured, and what is said over it.
_WATCH = """() => {
  window.states = [];
  const look = () => {
    const roots = [...document.querySelectorAll("[class*=st-key-compare-] *")].map((host) => host.shadowRoot);
    const root = roots.find((each) => each?.querySelector(".before img"));
    const colour = root?.querySelector(".after img") ? "coloured" : "grey";
    const state = root ? `${colour}: ${root.querySelector(".busy").textContent}` : "nothing";
    if (state !== window.states.at(-1)) window.states.push(state);
    requestAnimationFrame(look);
  };
  look();
}"""

_FOUR_PICTURES = """() => [...document.querySelectorAll("[class*=st-key-photo-presets] *")].some((host) =>
  new Set([...(host.shadowRoot?.querySelectorAll("img") ?? [])].map((image) => image.src)).size === 4)"""


@pytest.fixture
def tab(page: Page, dashboard_url: str) -> Page:
    """The page of a new visitor."""
    open_photo_tab(page, dashboard_url)
    return page


@pytest.fixture
def colorized_page(tab: Page) -> Page:
    """The page with a small photograph in colour."""
    upload(tab, "lake.jpg", encode_picture(photograph(*SIZE)))
    expect_colorized(tab, *SIZE)
    return tab


@pytest.fixture(scope="module")
def kept_photo(keep: Keep, dashboard_url: str) -> KeptPage:
    def begin(page: Page) -> None:
        open_photo_tab(page, dashboard_url)
        upload(page, "lake.jpg", encode_picture(photograph(*SIZE)))
        expect_colorized(page, *SIZE)

    return keep(begin, expect_settled)


@pytest.fixture
def unchanged_page(visit: Visit, kept_photo: KeptPage) -> Page:
    """The same for tests that leave everything as it was when the picture came."""
    return visit(kept_photo)


def presets(page: Page) -> Locator:
    return page.locator(".st-key-photo-presets").get_by_role("radiogroup", name="Presets")


def test_picture_and_download_are_in_sight_without_scrolling(tab: Page) -> None:
    for size in [(900, 600), (600, 900), (500, 500)]:
        upload(tab, "a.jpg", encode_picture(photograph(*size)))
        expect_colorized(tab, *size)
        for width, height in WINDOWS:
            tab.set_viewport_size({"width": width, "height": height})
            for place in (frame(tab), tab.get_by_role("button", name="Download PNG"), presets(tab)):
                expect(place).to_be_in_viewport(ratio=0.99)
            expect(tab.get_by_role("radio", name="Fix colours")).to_be_in_viewport()
        for width, height in [(768, 1024), (390, 844)]:
            tab.set_viewport_size({"width": width, "height": height})
            expect(frame(tab)).to_be_in_viewport(ratio=0.99)
            expect_above(frame(tab), tab.get_by_role("slider", name="Amount"))
            expect_no_sideways_scrolling(tab)


def expect_state(page: Page, state: str) -> None:
    """Wait until `_WATCH` has noted this state last."""
    page.wait_for_function("state => window.states.at(-1) === state", arg=state, timeout=PATIENCE)


def test_grey_comes_first_and_an_old_picture_stays_during_new_work(page: Page, gated_dashboard: GatedServer) -> None:
    tab, gate = page, gated_dashboard.gate
    open_photo_tab(tab, gated_dashboard.url)
    tab.evaluate(_WATCH)
    gate.close()
    tab.get_by_role("button", name="Pagoda", exact=True).click()
    expect_state(tab, "grey: Adding colour")
    gate.open()
    expect_colorized(tab, 640, 427)
    expect_state(tab, "coloured: ")
    states = tab.evaluate("window.states")
    assert states == ["nothing", "grey: Adding colour", "coloured: "]
    shown = after(tab).get_attribute("src") or ""
    gate.close()
    open_more(tab).get_by_text("Automatic levels").click()
    expect_state(tab, "coloured: Adding colour")
    expect(after(tab)).to_have_attribute("src", shown)
    gate.open()
    expect(after(tab)).not_to_have_attribute("src", shown, timeout=PATIENCE)
    expect_state(tab, "coloured: ")
    assert tab.evaluate("window.states") == [*states, "coloured: Adding colour", "coloured: "]


def test_presets_set_the_sliders_and_reset_takes_everything_back(unchanged_page: Page) -> None:
    page = unchanged_page
    group = presets(page)
    expect(group.get_by_role("radio")).to_have_count(4)
    page.wait_for_function(_FOUR_PICTURES, timeout=PATIENCE)
    expect(group.get_by_role("radio", name="Natural")).to_be_checked()
    natural = chroma(fetch_picture(page, after(page)))
    choose(page, lambda: group.get_by_role("radio", name="Gentle").check())
    expect(page.get_by_role("slider", name="Amount")).to_have_value("0.6")
    expect(group.get_by_role("radio", name="Gentle")).to_be_checked()
    assert chroma(fetch_picture(page, after(page))) < 0.8 * natural
    group.get_by_role("radio", name="Gentle").focus()
    choose(page, lambda: page.keyboard.press("ArrowLeft"))
    expect(group.get_by_role("radio", name="Bold")).to_be_checked()
    press_slider(page, "End", name="Cooler-Warmer")
    expect(group.locator("input:checked")).to_have_count(0)
    choose(page, lambda: page.get_by_role("button", name="Reset").click())
    expect(page.get_by_role("slider", name="Cooler-Warmer")).to_have_value("0")
    expect(group.get_by_role("radio", name="Natural")).to_be_checked()
    assert chroma(fetch_picture(page, after(page))) == pytest.approx(natural)


def choose(page: Page, act: object) -> None:
    """Do something that changes the coloured picture, and wait for it."""
    shown = after(page).get_attribute("src") or ""
    act()  # type: ignore[operator]
    expect(after(page)).not_to_have_attribute("src", shown, timeout=PATIENCE)
    expect_settled(page)


def test_a_new_picture_begins_with_the_defaults(colorized_page: Page) -> None:
    press_slider(colorized_page, "End", name="Cooler-Warmer")
    press_slider(colorized_page, "Home")
    expect(colorized_page).to_have_url(re.compile("warmth=1"))
    upload(colorized_page, "cat.jpg", encode_picture(photograph(240, 200, sample="cat.jpg")))
    expect_colorized(colorized_page, 240, 200)
    expect(colorized_page.get_by_role("slider", name="Cooler-Warmer")).to_have_value("0")
    expect(colorized_page.get_by_role("slider", name="Amount")).to_have_value("1")
    assert chroma(fetch_picture(colorized_page, after(colorized_page))) > 1
    expect(colorized_page).not_to_have_url(re.compile("warmth"))


def test_a_link_brings_back_the_sample_and_its_settings(tab: Page) -> None:
    tab.get_by_role("button", name="Dahlia", exact=True).click()
    expect_colorized(tab, 640, 427)
    press_slider(tab, "Home")
    expect(tab).to_have_url(re.compile(r"sample=dahlia\.jpg"))
    expect(tab).to_have_url(re.compile(r"amount=0"))
    tab.reload()
    expect_colorized(tab, 640, 427)
    assert chroma(fetch_picture(tab, after(tab))) == 0
    expect(tab.get_by_role("slider", name="Amount")).to_have_value("0")


def test_before_and_after_can_be_saved_as_a_picture_and_as_a_film(unchanged_page: Page, tmp_path: Path) -> None:
    name, data = download(unchanged_page, "Before and after, one picture")
    assert name == "lake_before_after.jpg"
    both = decode_picture(data)
    left, right = both.crop((0, 0, SIZE[0] // 3, SIZE[1])), both.crop((2 * SIZE[0] // 3, 0, *SIZE))
    assert both.size == SIZE
    assert chroma(left) < 1 < chroma(right)
    name, data = download(unchanged_page, "Before and after, short film")
    assert name == "lake_before_after.mp4"
    (tmp_path / name).write_bytes(data)
    command = ["ffprobe", "-v", "error", "-show_streams", "-of", "json", str(tmp_path / name)]
    (stream,) = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)["streams"]
    assert (stream["codec_name"], stream["width"], stream["height"]) == ("h264", *SIZE)


def test_a_download_says_at_once_that_it_works_and_why_it_failed(unchanged_page: Page) -> None:
    page, held = unchanged_page, list[Route]()
    page.route("**/downloads/*", lambda route: held.append(route))
    with page.expect_request("**/downloads/*"):
        press_download(page, "Download JPEG")
    status = page.locator(".st-key-photo-save").get_by_role("status")
    expect(status).to_have_text("Preparing the file")
    held.pop().fulfill(status=503, body="expected a place in the queue, got none")
    alert = page.locator(".st-key-photo-save").get_by_role("alert")
    expect(alert).to_contain_text("Try again in a moment")
    expect(alert.get_by_text("expected a place in the queue")).to_be_hidden()
    alert.get_by_text("Details").click()
    expect(alert.get_by_text("expected a place in the queue")).to_be_visible()
    page.unroute("**/downloads/*")
    with page.expect_download(timeout=PATIENCE) as handed:
        press_download(page, "PNG")
        expect(status).to_have_text("Saved")  # for a few seconds
    assert handed.value.suggested_filename == "lake_colorized.png"
    expect(alert).to_be_hidden()


def test_the_menu_of_files_works_with_keys(unchanged_page: Page) -> None:
    page = unchanged_page
    more = page.get_by_role("button", name="Other files")
    more.focus()
    page.keyboard.press("ArrowDown")
    items = page.get_by_role("menuitem")
    expect(items).to_have_count(3)
    expect(items.first).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(items.last).to_be_focused()
    page.keyboard.press("Escape")
    expect(items).to_have_count(0)
    expect(more).to_be_focused()
    more.click()
    page.get_by_role("menuitem").first.focus()
    with page.expect_download() as handed:
        page.keyboard.press("Enter")
    assert handed.value.suggested_filename == "lake_colorized.jpg"


def test_a_phone_has_a_bar_with_what_is_needed_most(open_page: OpenPage, dashboard_url: str) -> None:
    page = open_page(viewport=PHONE, has_touch=True, is_mobile=True)
    open_photo_tab(page, dashboard_url)
    expect(page.get_by_role("button", name="Choose or take a photo")).to_be_visible()
    upload(page, "lake.jpg", encode_picture(photograph(*SIZE)))
    expect_colorized(page, *SIZE)
    bar = page.locator(".st-key-photo-bar")
    page.wait_for_function(
        "bar => Math.abs(bar.getBoundingClientRect().bottom - innerHeight) <= 1", arg=bar.element_handle()
    )
    page.get_by_role("slider", name="Amount").scroll_into_view_if_needed()
    expect(bar).to_be_in_viewport(ratio=0.99)
    bar.get_by_role("button", name="Presets").tap()
    group = page.get_by_test_id("stPopoverBody").get_by_role("radiogroup", name="Presets")
    choose(page, lambda: group.get_by_role("radio", name="Warm").tap())
    page.keyboard.press("Escape")
    with page.expect_download() as handed:
        bar.get_by_role("button", name="Download", exact=True).tap()
    assert handed.value.suggested_filename == "lake_colorized.png"
    bar.get_by_role("button", name="Fix").tap()
    expect(page.get_by_role("application", name="coloured")).to_be_visible(timeout=PATIENCE)


def test_other_colours_can_be_chosen_for_the_picture(colorized_page: Page) -> None:
    page = colorized_page
    shown = fetch_picture(page, after(page))
    page.get_by_text("Other colours", exact=True).click()
    group = page.get_by_role("radiogroup", name="Other colours")
    expect(group.get_by_role("radio")).to_have_count(5, timeout=PATIENCE)
    expect(group.get_by_role("radio", name="First")).to_be_checked()
    choose(page, lambda: group.get_by_role("radio", name="3").check())
    assert fetch_picture(page, after(page)).tobytes() != shown.tobytes()
    saved = decode_picture(download(page, "PNG")[1])
    assert chroma(saved) == pytest.approx(chroma(fetch_picture(page, after(page))), abs=2)


def test_the_model_of_the_picture_is_named(unchanged_page: Page) -> None:
    expect(unchanged_page.get_by_text(f"by {MODELS['compact'].title}")).to_be_visible()
