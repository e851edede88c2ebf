"""What the before/after slider shows in a real Chromium: both pictures, new pictures, sizes and themes."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Request, Route, expect

from tests.browser.compare_driver import (
    DESKTOP,
    PHONE,
    color_at,
    contrast,
    css_color,
    drag,
    expect_position,
    frame,
    handle,
    luminance,
)
from tests.browser.page_driver import expect_no_sideways_scrolling

GRAY, RED, BLUE = (128, 128, 128), (255, 0, 0), (0, 0, 255)

OpenSlider = Callable[..., Page]


def test_before_is_left_of_the_divider_and_after_right_of_it(open_slider: OpenSlider) -> None:
    page = open_slider()
    expect_position(page, 50)
    assert [color_at(page, across) for across in (0.02, 0.49, 0.51, 0.98)] == [GRAY, GRAY, RED, RED]


def test_a_new_picture_replaces_the_old_one_and_the_divider_stays(open_slider: OpenSlider) -> None:
    page = open_slider()
    drag(page, 0.5, 0.3)
    requests: list[Request] = []
    page.on("request", lambda request: requests.append(request))
    before = page.locator(".layer.before img").element_handle()
    after = page.locator(".layer.after img").get_attribute("src")
    page.get_by_role("button", name="Turn blue").click()
    expect(page.locator(".layer.after img")).not_to_have_attribute("src", after or "")
    expect_position(page, 30)
    assert [color_at(page, across) for across in (0.29, 0.31)] == [GRAY, BLUE]
    assert before.evaluate("picture => picture.isConnected"), "the picture that did not change was replaced"
    assert len([request for request in requests if "/media/" in request.url]) == 1, "expected only the new picture"


def test_a_rerun_that_changes_nothing_fetches_nothing(open_slider: OpenSlider) -> None:
    page = open_slider()
    requests: list[Request] = []
    page.on("request", lambda request: requests.append(request))
    page.get_by_role("button", name="Rerun").click()
    expect(page.get_by_text("Run 2", exact=True)).to_be_visible()
    expect_position(page, 50)
    assert [request.url for request in requests if "/media/" in request.url] == []


def test_the_divider_is_where_it_was_after_the_slider_was_away(open_slider: OpenSlider) -> None:
    page = open_slider()
    drag(page, 0.5, 0.3)
    page.get_by_text("Hide the picture").click()
    expect(frame(page)).to_have_count(0)
    page.get_by_text("Hide the picture").click()
    expect_position(page, 30)
    drag(page, 0.3, 0.6)
    expect_position(page, 60)


def test_the_old_picture_stays_until_the_new_one_has_arrived(open_slider: OpenSlider) -> None:
    page = open_slider()
    held: list[Route] = []
    page.route("**/media/**", lambda route: held.append(route))
    with page.expect_request("**/media/**"):
        page.get_by_role("button", name="Turn blue").click()
    assert color_at(page, 0.9) == RED
    held[0].continue_()
    expect(page.locator(f".layer.after img[src='{held[0].request.url}']")).to_be_visible()
    assert color_at(page, 0.9) == BLUE


def test_a_picture_that_cannot_be_loaded_says_so(open_page: Callable[..., Page], compare_url: str) -> None:
    page = open_page()
    page.route("**/media/**", lambda route: route.abort())
    page.goto(compare_url)
    expect(page.get_by_role("alert")).to_have_text(re.compile("could not be shown"))


def test_a_label_goes_when_the_divider_covers_it(open_slider: OpenSlider) -> None:
    page = open_slider()
    before, after = page.locator(".before-label"), page.locator(".after-label")
    for key, before_opacity, after_opacity in [("Home", "0", "1"), ("End", "1", "0"), ("PageDown", "1", "1")]:
        handle(page).press(key)
        expect(before).to_have_css("opacity", before_opacity)
        expect(after).to_have_css("opacity", after_opacity)


def test_a_phone_has_nothing_to_scroll_sideways_for(open_slider: OpenSlider) -> None:
    page = open_slider(viewport=PHONE, has_touch=True, is_mobile=True)
    for key in ("Home", "End"):
        handle(page).press(key)
        expect_no_sideways_scrolling(page)


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE, {"width": 1280, "height": 400}], ids=["desktop", "phone", "flat"])
def test_the_picture_keeps_its_shape_and_fits_the_window(open_slider: OpenSlider, viewport: dict[str, int]) -> None:
    box = frame(open_slider(viewport=viewport)).bounding_box()
    assert box is not None
    assert box["width"] / box["height"] == pytest.approx(600 / 400, rel=0.01)
    begins_too_low = viewport["height"] - box["y"] < 240
    assert box["height"] <= viewport["height"] * 0.75 + 1 if begins_too_low else viewport["height"] - box["y"]
    assert box["width"] <= viewport["width"]


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
def test_the_chevrons_stand_out_in_both_themes(open_slider: OpenSlider, color_scheme: str) -> None:
    page = open_slider(color_scheme=color_scheme)
    page_is_dark = luminance(css_color(page.get_by_test_id("stApp"), "background-color")) < 0.2
    assert page_is_dark == (color_scheme == "dark")
    # 3 is what WCAG 2.2 asks of the parts of a control (1.4.11).
    assert contrast(css_color(handle(page), "color"), css_color(handle(page), "background-color")) >= 3
