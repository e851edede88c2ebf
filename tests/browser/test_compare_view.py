"""What one sees of the before/after picture in a real Chromium: all of it, a part, the full screen, and it changing."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.compare_driver import (
    DESKTOP,
    PHONE,
    color_at,
    drag,
    expect_position,
    frame,
    handle,
    pinch,
    spot,
)
from tests.browser.page_driver import expect_box, expect_full_window

GRAY, RED, GREEN = (128, 128, 128), (255, 0, 0), (0, 160, 0)
TABLET, LAPTOP, LYING = {"width": 768, "height": 1024}, {"width": 1366, "height": 768}, {"width": 844, "height": 390}
ON_SPOT = (0.725, 0.2)  # of the green spot
BESIDE_SPOT = (0.76, 0.2)

OpenPage = Callable[..., Page]

# After two frames in the new window, what watches the sizes has run.
_IS_DRAWN_ANEW = """([frame, width]) => innerWidth === width && new Promise(
  (done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))"""

# Records where the divider is drawn until it has swept, and where it says that it is.
_RECORD = """frame => {
  window.places = [];
  const look = () => {
    const place = parseFloat(frame.style.getPropertyValue("--position"));
    window.places.push([place, Number(frame.querySelector(".handle").getAttribute("aria-valuenow"))]);
    requestAnimationFrame(look);
  };
  look();
}"""


def open_compare(page: Page, url: str, query: str = "") -> Page:
    page.goto(f"{url}?{query}")
    expect(frame(page)).to_be_visible()
    return page


def expect_recorded_last(page: Page, place: float) -> None:
    """Wait until `_RECORD` has noted this place last: it looks once for each frame that is drawn."""
    page.wait_for_function("place => window.places.at(-1)?.[0] === place", arg=place)


def expect_zoom(page: Page, zoom: float) -> None:
    page.wait_for_function(
        "([frame, zoom]) => Math.abs(Number(frame.style.getPropertyValue('--zoom')) - zoom) < 0.02",
        arg=[frame(page).element_handle(), zoom],
    )


@pytest.mark.parametrize("shape", [(400, 1000), (1500, 1000), (2400, 500)], ids=["portrait", "landscape", "panorama"])
def test_the_picture_is_whole_in_every_window(shape: tuple[int, int], page: Page, compare_url: str) -> None:
    open_compare(page, compare_url, "width={}&height={}".format(*shape))
    for window in (DESKTOP, LAPTOP, TABLET, PHONE, LYING):
        page.set_viewport_size(ViewportSize(width=window["width"], height=window["height"]))
        page.wait_for_function(_IS_DRAWN_ANEW, arg=[frame(page).element_handle(), window["width"]])
        box = frame(page).bounding_box()
        assert box is not None
        assert box["width"] / box["height"] == pytest.approx(shape[0] / shape[1], rel=0.02)
        least = min(240, 0.8 * window["width"] * shape[1] / shape[0])
        assert box["height"] >= least - 1
        if window is not LYING:  # where the picture begins too low
            assert box["y"] + box["height"] <= window["height"]


def test_the_wheel_zooms_at_the_pointer_and_a_drag_pans(page: Page, compare_url: str) -> None:
    open_compare(page, compare_url)
    assert color_at(page, *BESIDE_SPOT) == RED
    page.mouse.move(*spot(page, *ON_SPOT))
    page.mouse.wheel(0, -1000)
    expect(frame(page)).to_have_class("frame zoomed")
    expect(frame(page)).to_be_focused()
    assert [color_at(page, *place) for place in (ON_SPOT, BESIDE_SPOT)] == [GREEN, GREEN]
    page.mouse.down()
    page.mouse.move(*spot(page, 0.6, 0.2))
    page.mouse.move(*spot(page, 0.525, 0.2))
    page.mouse.up()
    assert [color_at(page, across, 0.2) for across in (0.55, 0.76)] == [GREEN, RED]
    expect_position(page, 50)
    drag(page, 0.5, 0.7)  # at the handle's height: that moves the divider all the same
    expect_position(page, 70)
    assert color_at(page, 0.55, 0.2) == (90, 90, 90), "both pictures show the same part"
    page.get_by_role("button", name="Whole picture").click()
    expect_zoom(page, 1)
    expect(page.get_by_role("button", name="Zoom in")).to_be_focused()
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop") == 0


def test_the_wheel_scrolls_past_a_whole_picture(page: Page, compare_url: str) -> None:
    open_compare(page, compare_url)
    page.mouse.move(*spot(page, *ON_SPOT))
    page.mouse.wheel(0, 200)
    page.wait_for_function("document.querySelector('[data-testid=stMain]').scrollTop > 50")
    expect_zoom(page, 1)


def test_keys_zoom_pan_and_show_the_full_screen(page: Page, compare_url: str) -> None:
    open_compare(page, compare_url)
    handle(page).focus()
    page.keyboard.press("+")
    expect_zoom(page, 1.5)
    page.keyboard.press("ArrowRight")
    expect_position(page, 55)
    page.keyboard.press("Shift+Tab")
    picture = page.get_by_role("group", name="Zoomed picture")
    expect(picture).to_be_focused()
    before = picture.evaluate("frame => frame.style.getPropertyValue('--pan-x')")
    page.keyboard.press("ArrowRight")
    assert float(picture.evaluate("frame => frame.style.getPropertyValue('--pan-x')")) < float(before)
    expect_position(page, 55)
    page.keyboard.press("-")
    expect_zoom(page, 1)
    expect(handle(page)).to_be_focused()
    page.keyboard.press("f")
    expect(page.get_by_role("button", name="Leave full screen")).to_be_visible()
    expect_full_window(frame(page))
    page.keyboard.press("+")
    page.keyboard.press("0")
    expect_zoom(page, 1)
    page.get_by_role("button", name="Leave full screen").click()
    expect(page.get_by_role("button", name="Full screen", exact=True)).to_be_visible()
    assert page.evaluate("document.fullscreenElement") is None


def test_where_the_browser_has_no_full_screen_it_fills_the_window(page: Page, compare_url: str) -> None:
    page.add_init_script("delete Element.prototype.requestFullscreen")
    open_compare(page, compare_url)
    whole = frame(page).bounding_box()
    assert whole is not None
    page.get_by_role("button", name="Full screen").click()
    expect(page.get_by_role("button", name="Leave full screen")).to_be_visible()
    expect_full_window(frame(page))
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Full screen", exact=True)).to_be_visible()
    expect_box(frame(page), whole)


def test_two_fingers_zoom_and_one_pans(open_page: OpenPage, compare_url: str) -> None:
    page = open_compare(open_page(viewport=PHONE, has_touch=True, is_mobile=True), compare_url)
    for name in ("Zoom in", "Full screen"):
        box = page.get_by_role("button", name=name).bounding_box()
        assert box is not None
        assert (box["width"], box["height"]) == (44, 44)
    pinch(page, spot(page, 0.5), (20, 80))
    expect_zoom(page, 4)
    expect_position(page, 50)
    page.get_by_role("button", name="Whole picture").tap()
    expect_zoom(page, 1)


def test_grey_at_once_then_the_divider_sweeps_once(open_page: OpenPage, compare_url: str) -> None:
    page = open_compare(open_page(viewport=DESKTOP, reduced_motion="no-preference"), compare_url, "busy=1")
    expect(page.get_by_role("status").get_by_text("Adding colour")).to_be_visible()
    expect(frame(page)).to_have_attribute("aria-busy", "true")
    expect(handle(page)).to_have_count(0)
    assert [color_at(page, across) for across in (0.02, 0.98)] == [GRAY, GRAY]
    gray = page.locator(".layer.before img").element_handle()
    frame(page).evaluate(_RECORD)
    page.get_by_role("button", name="Finish").click()
    expect(handle(page)).to_be_visible()
    expect(page.get_by_text("Adding colour")).to_be_hidden()
    expect(frame(page)).to_have_class("frame")
    assert gray.evaluate("picture => picture.isConnected"), "the grey picture was replaced"
    expect_recorded_last(page, 50)
    places = json.loads(page.evaluate("JSON.stringify(window.places)"))
    drawn = [place for place, _ in places]
    assert (max(drawn), drawn[-1]) == (100, 50)
    assert min(drawn) < 5
    assert places[-1] == [50, 50]
    page.evaluate("window.places = []")
    page.get_by_role("button", name="Turn blue").click()
    expect(page.get_by_text("Run 3", exact=True)).to_be_visible()
    expect_recorded_last(page, 50)
    assert {place for place, _ in page.evaluate("window.places")} == {50}


def test_reduced_motion_has_no_sweep_and_a_busy_picture_keeps_its_colours(page: Page, compare_url: str) -> None:
    open_compare(page, compare_url, "busy=1")
    frame(page).evaluate(_RECORD)
    page.get_by_role("button", name="Finish").click()
    expect_position(page, 50)
    expect_recorded_last(page, 50)
    assert {place for place, _ in page.evaluate("window.places")} == {100, 50}
    assert [color_at(page, across) for across in (0.02, 0.98)] == [GRAY, RED]
