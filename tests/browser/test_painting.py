"""Painting on a picture in a real Chromium: by mouse, finger and keys, with every tool, and nothing is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import failures_in_each_scheme
from tests.browser.compare_driver import DESKTOP, PHONE, pinch, swipe
from tests.browser.conftest import HERE, OpenPage, Serve
from tests.browser.hint_driver import Place, marks, picture
from tests.browser.page_driver import expect_no_sideways_scrolling
from tests.browser.paint_driver import choose_tool, lead, paint, placed, screen_color, spot, tool

LEFT, RIGHT = Place(0.2, 0.6), Place(0.6, 0.6)
BESIDE = Place(0.4, 0.85)
SQUARE = Place(0.8, 0.2)  # blue
FOUND = Place(0.3, 0.1)  # in a mask from the start
WAY = (LEFT, RIGHT)

OpenWall = Callable[..., Page]


@pytest.fixture(scope="module")
def paint_url(serve: Serve) -> Iterator[str]:
    with serve(HERE / "paint_app.py") as url:
        yield url


@pytest.fixture
def open_wall(open_page: OpenPage, paint_url: str) -> OpenWall:
    """Open the app; `query` is its address's, the rest are options of the window."""

    def open_one(query: str = "", **options: Any) -> Page:
        page = open_page(**{"viewport": DESKTOP, **options})
        page.goto(f"{paint_url}/?{query}")
        expect(picture(page)).to_be_visible()
        return page

    return open_one


def is_reddish(page: Page, place: Place) -> bool:
    red, green, _ = screen_color(page, place)
    return red > green + 60


def test_a_stroke_is_seen_while_it_is_drawn_and_as_it_was_afterwards(open_wall: OpenWall) -> None:
    page = open_wall()
    choose_tool(page, "Brush")
    lead(page, *WAY)
    assert is_reddish(page, Place(0.4, 0.6))
    assert not is_reddish(page, BESIDE)
    page.mouse.up()
    (stroke,) = placed(page, 1)
    assert stroke["points"] == [pytest.approx(list(place), abs=0.01) for place in WAY]
    assert 0.005 < stroke["radius"] < 0.05
    assert (stroke["colour"], stroke["reach"]) == ("#d02020", 0)
    page.mouse.move(*spot(page, BESIDE))
    assert is_reddish(page, Place(0.4, 0.6))
    assert not is_reddish(page, BESIDE)


def test_quick_strokes_are_all_there(open_wall: OpenWall) -> None:
    page = open_wall()
    choose_tool(page, "Brush")
    downs = [0.1 + 0.1 * number for number in range(8)]
    for down in downs:
        paint(page, Place(0.1, down), Place(0.5, down))
    assert [stroke["points"][0][1] for stroke in placed(page, 8)] == pytest.approx(downs, abs=0.01)
    for _ in range(3):
        page.keyboard.press("Control+z")
    assert [stroke["points"][0][1] for stroke in placed(page, 5)] == pytest.approx(downs[:5], abs=0.01)


def test_keys_and_buttons_undo_and_redo(open_wall: OpenWall) -> None:
    page = open_wall()
    undo, redo = (page.get_by_role("button", name=name, exact=True) for name in ("Undo", "Redo"))
    expect(undo).to_be_disabled()
    choose_tool(page, "Brush")
    paint(page, *WAY)
    placed(page, 1)
    paint(page, SQUARE, BESIDE)
    placed(page, 2)
    for keys, count in [("Control+z", 1), ("Control+Shift+z", 2), ("Control+z", 1), ("Control+y", 2), ("Control+z", 1)]:
        page.keyboard.press(keys)
        placed(page, count)
    undo.click()
    placed(page, 0)
    expect(undo).to_be_disabled()
    page.keyboard.press("Control+Shift+z")  # the focus has gone to the picture
    placed(page, 1)
    redo.click()
    placed(page, 2)
    expect(redo).to_be_disabled()


def test_the_eraser_takes_away_what_it_hits(open_wall: OpenWall) -> None:
    page = open_wall()
    choose_tool(page, "Brush")
    paint(page, *WAY)
    placed(page, 1)
    choose_tool(page, "Point")
    page.mouse.click(*spot(page, BESIDE))
    page.get_by_role("button", name="Plum").click()
    placed(page, 2)
    expect(marks(page)).to_have_count(2)
    choose_tool(page, "Eraser")
    page.mouse.click(*spot(page, Place(0.9, 0.9)))
    expect(page.get_by_text("There is nothing to take away here.")).to_be_attached()
    page.mouse.click(*spot(page, Place(0.4, 0.6)))
    assert placed(page, 1)[0]["x"] == pytest.approx(BESIDE.x, abs=0.01)
    page.mouse.click(*spot(page, BESIDE))
    placed(page, 0)
    page.keyboard.press("Control+z")
    placed(page, 1)


def test_the_eyedropper_takes_the_brushs_colour_from_the_picture(open_wall: OpenWall) -> None:
    page = open_wall()
    choose_tool(page, "Brush")
    choose_tool(page, "Take a colour from the picture")
    page.mouse.click(*spot(page, SQUARE))
    expect(tool(page, "Brush")).to_be_checked()
    paint(page, *WAY)
    colour = placed(page, 1)[0]["colour"]
    red, green, blue = bytes.fromhex(colour[1:])
    assert blue > red + 40
    assert blue > green + 40
    expect(page.get_by_label("Any colour")).to_have_value(colour)


def test_the_eyedropper_takes_the_points_colour_from_another_picture(open_wall: OpenWall) -> None:
    page = open_wall("source=1")
    page.mouse.click(*spot(page, LEFT))
    expect(page.get_by_role("button", name="Plum")).to_be_visible()
    page.get_by_role("application", name="Reference").click()
    (point,) = placed(page, 1)
    assert (point["x"], point["colour"]) == (pytest.approx(LEFT.x, abs=0.01), "#c81e1e")
    choose_tool(page, "Brush")
    page.get_by_role("application", name="Reference").focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    paint(page, *WAY)
    assert placed(page, 2)[1]["colour"] == "#c81e1e"


def test_keys_paint(open_wall: OpenWall) -> None:
    page = open_wall()
    tool(page, "Point").focus()
    page.keyboard.press("ArrowRight")
    expect(tool(page, "Brush")).to_be_checked()
    picture(page).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Stroke begun")).to_be_attached()
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Escape")
    expect(page.get_by_text("Stroke given up")).to_be_attached()
    page.keyboard.press("Enter")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Stroke painted")).to_be_attached()
    (stroke,) = placed(page, 1)
    assert stroke["points"] == [pytest.approx(place, abs=1e-4) for place in ([0.6, 0.5], [0.7, 0.5], [0.7, 0.6])]
    page.keyboard.press("e")
    page.keyboard.press("Space")
    placed(page, 0)
    page.keyboard.press("b")
    before = page.get_by_role("slider", name="Brush size").input_value()
    page.keyboard.press("]")
    expect(page.get_by_role("slider", name="Brush size")).to_have_value(str(int(before) + 5))


def test_a_zoomed_picture_is_painted_where_the_brush_is(open_wall: OpenWall) -> None:
    page = open_wall()
    choose_tool(page, "Brush")
    page.get_by_role("button", name="Zoom in").click()  # twice as large, around the middle
    paint(page, Place(0.1, 0.5), Place(0.9, 0.5))
    (stroke,) = placed(page, 1)
    assert stroke["points"] == [pytest.approx(place, abs=0.01) for place in ([0.3, 0.5], [0.7, 0.5])]
    page.get_by_role("button", name="Whole picture").click()
    page.mouse.move(*spot(page, BESIDE))
    assert is_reddish(page, Place(0.5, 0.5))


def test_a_finger_paints_and_two_fingers_zoom(open_wall: OpenWall) -> None:
    page = open_wall(viewport=PHONE, has_touch=True, is_mobile=True)
    choose_tool(page, "Brush")
    swipe(page, spot(page, Place(0.5, 0.2)), spot(page, Place(0.5, 0.8)))
    (stroke,) = placed(page, 1)
    assert stroke["points"][-1] == pytest.approx([0.5, 0.8], abs=0.02)
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop") == 0
    pinch(page, spot(page, Place(0.5, 0.5)), (60, 120))
    expect(page.get_by_role("button", name="Whole picture")).to_be_visible()
    page.get_by_role("button", name="Rerun").tap()
    placed(page, 1)
    expect_no_sideways_scrolling(page)


def test_a_pen_paints_whatever_its_pressure(open_wall: OpenWall) -> None:
    page = open_wall()
    choose_tool(page, "Brush")
    pen = page.context.new_cdp_session(page)
    widths = []
    for number, force in enumerate((0.1, 0.9), start=1):
        for kind, place in [("mousePressed", LEFT), ("mouseMoved", BESIDE), ("mouseReleased", RIGHT)]:
            x, y = spot(page, place)
            pressed = {"button": "left", "buttons": 1, "clickCount": 1, "pointerType": "pen", "force": force}
            pen.send("Input.dispatchMouseEvent", {"type": kind, "x": x, "y": y, **pressed})
        widths.append(placed(page, number)[-1]["radius"])
    assert widths[0] == widths[1]


def test_a_vertical_swipe_with_the_point_tool_scrolls_the_page(open_wall: OpenWall) -> None:
    page = open_wall(viewport=PHONE, has_touch=True, is_mobile=True)
    x, y = spot(page, LEFT)
    swipe(page, (x, y), (x + 4, y - 150))
    page.wait_for_function("document.querySelector('[data-testid=stMain]').scrollTop > 50")
    expect(page.locator(".crosshair")).to_be_hidden()


def expect_marks(page: Page, fetch: Callable[[], object]) -> None:
    """Do something, and wait until the page shows other marks."""
    marks = page.locator(".places img")
    before = marks.get_attribute("src") or ""
    fetch()
    expect(marks).not_to_have_attribute("src", before)


def test_a_mask_is_painted_and_erased(open_wall: OpenWall) -> None:
    page = open_wall("mask=1")
    expect(tool(page, "Brush")).to_be_checked()
    expect(tool(page, "Point")).to_be_hidden()
    expect(page.get_by_role("group", name="Colours for the brush")).to_be_hidden()
    expect_marks(page, lambda: paint(page, *WAY))
    assert placed(page, 1)[0]["colour"] == "#e02020"
    page.mouse.move(*spot(page, BESIDE))
    assert is_reddish(page, Place(0.4, 0.6))
    choose_tool(page, "Eraser")
    expect(page.get_by_text("Paint over what is to stay as it is.")).to_be_visible()
    for gone, still in ((Place(0.5, 0.6), LEFT), (FOUND, Place(0.1, 0.1))):
        assert is_reddish(page, gone)
        expect_marks(page, lambda gone=gone: paint(page, gone, Place(gone.x, gone.y + 0.01)))  # type: ignore[misc]
        page.mouse.move(*spot(page, BESIDE))
        assert not is_reddish(page, gone)
        assert is_reddish(page, still)
    assert [stroke["colour"] for stroke in placed(page, 3)] == ["#e02020", "#000000", "#000000"]
    expect_marks(page, lambda: page.keyboard.press("Control+z"))
    assert is_reddish(page, FOUND)
    expect_marks(page, lambda: page.keyboard.press("Control+y"))
    assert not is_reddish(page, FOUND)


def test_keys_erase_a_mask(open_wall: OpenWall) -> None:
    page = open_wall("mask=1")
    picture(page).focus()
    for _ in range(4):
        page.keyboard.press("Shift+ArrowUp")
    page.keyboard.press("e")
    page.keyboard.press("Enter")
    page.keyboard.press("Shift+ArrowLeft")
    expect_marks(page, lambda: page.keyboard.press("Enter"))
    (stroke,) = placed(page, 1)
    assert stroke["points"] == [pytest.approx(place, abs=1e-4) for place in ([0.5, 0.1], [0.4, 0.1])]
    assert stroke["colour"] == "#000000"


def test_a_finger_erases_a_mask(open_wall: OpenWall) -> None:
    page = open_wall("mask=1", viewport=PHONE, has_touch=True, is_mobile=True)
    choose_tool(page, "Eraser")
    expect_marks(page, lambda: swipe(page, spot(page, FOUND), spot(page, Place(0.3, 0.6))))
    assert placed(page, 1)[0]["colour"] == "#000000"
    assert not is_reddish(page, FOUND)
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop") == 0


def test_the_tools_are_accessible_at_every_width(open_wall: OpenWall) -> None:
    page = open_wall("source=1")
    choose_tool(page, "Brush")
    paint(page, *WAY)
    placed(page, 1)
    assert failures_in_each_scheme(page, "paint") == set()
