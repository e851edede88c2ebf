"""The before/after slider's divider in a real Chromium: by mouse, by finger and by keys."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.compare_driver import PHONE, color_at, drag, expect_position, handle, spot, swipe

GRAY, RED = (128, 128, 128), (255, 0, 0)

OpenSlider = Callable[..., Page]


def test_a_click_anywhere_moves_the_divider(open_slider: OpenSlider) -> None:
    page = open_slider()
    page.mouse.click(*spot(page, 0.25, 0.9))
    expect_position(page, 25)
    assert [color_at(page, across) for across in (0.24, 0.26)] == [GRAY, RED]


def test_the_mouse_drags_the_divider(open_slider: OpenSlider) -> None:
    page = open_slider()
    drag(page, 0.5, 0.8)
    expect_position(page, 80)
    page.mouse.move(*spot(page, 0.3))
    expect_position(page, 80)


def test_a_drag_past_the_edge_stops_at_the_edge(open_slider: OpenSlider) -> None:
    page = open_slider()
    drag(page, 0.5, 1.05)
    expect_position(page, 100)
    assert color_at(page, 0.9, 0.9) == GRAY


def test_keys_move_the_divider(open_slider: OpenSlider) -> None:
    page = open_slider()
    handle(page).focus()
    for key, percent in [
        ("ArrowRight", 55),
        ("ArrowLeft", 50),
        ("Shift+ArrowLeft", 30),
        ("PageUp", 50),
        ("PageDown", 30),
        ("Home", 0),
        ("ArrowLeft", 0),
        ("End", 100),
        ("ArrowRight", 100),
    ]:
        page.keyboard.press(key)
        expect_position(page, percent)


def test_the_tab_key_reaches_the_divider_and_shows_a_ring(open_slider: OpenSlider) -> None:
    page = open_slider()
    page.get_by_role("checkbox").focus()
    page.keyboard.press("Tab")
    expect(handle(page)).to_be_focused()
    expect(handle(page)).to_have_css("box-shadow", re.compile(r"0px 0px 0px 4px"))


def test_keys_work_after_a_click_on_the_picture(open_slider: OpenSlider) -> None:
    page = open_slider()
    page.mouse.click(*spot(page, 0.25))
    page.keyboard.press("ArrowRight")
    expect_position(page, 30)


def test_a_finger_drags_the_divider_sideways(open_slider: OpenSlider) -> None:
    page = open_slider(viewport=PHONE, has_touch=True, is_mobile=True)
    swipe(page, spot(page, 0.5), spot(page, 0.2))
    expect_position(page, 20)


def test_a_tap_moves_the_divider(open_slider: OpenSlider) -> None:
    page = open_slider(viewport=PHONE, has_touch=True, is_mobile=True)
    page.touchscreen.tap(*spot(page, 0.75))
    expect_position(page, 75)


def test_a_vertical_swipe_on_the_picture_scrolls_the_page_and_leaves_the_divider(
    open_slider: OpenSlider,
) -> None:
    page = open_slider(viewport=PHONE, has_touch=True, is_mobile=True)
    x, y = spot(page, 0.3)
    swipe(page, (x, y), (x + 4, y - 150))
    page.wait_for_function("document.querySelector('[data-testid=stMain]').scrollTop > 50")
    expect_position(page, 50)
