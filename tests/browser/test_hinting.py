"""Colour hints in a real Chromium: a hint colours a region, undo removes it, a file restores it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import FilePayload, Page, expect

from benchmarks.support.photo_tab import PATIENCE, download, open_photo_tab, upload
from colorizer import Hint, Stroke
from colorizer.analysis import MEMORY_COLORS
from colorizer.edits.hints import from_json
from tests.browser.accessibility import failures_in_each_scheme
from tests.browser.compare_driver import PHONE
from tests.browser.conftest import Keep, OpenPage, Visit
from tests.browser.hint_driver import (
    Place,
    ab_at,
    alike,
    choose,
    expect_another_picture,
    hints_view,
    marks,
    picture,
    point_at,
    set_alike,
    shown_ab,
)
from tests.browser.kept_page import KeptPage
from tests.browser.page_driver import expect_no_sideways_scrolling
from tests.browser.page_record import PageRecord
from tests.browser.paint_driver import choose_tool, paint
from tests.browser.photo_driver import (
    after,
    decode_picture,
    encode_picture,
    expect_colorized,
    expect_settled,
    open_more,
    press_slider,
    tab_to,
)

SIZE = (900, 600)
BALL = Place(0.3, 0.5)  # the middle of the light disc
UPPER_BALL = Place(0.3, 0.35)  # on the same disc, for which the network may predict another colour
WALL = Place(0.8, 0.3)  # on the dark ground
PAIR = (Place(0.25, 0.5), Place(0.75, 0.5))  # the middles of two discs, each for itself


@pytest.fixture(scope="module")
def drawing() -> bytes:
    """A light disc on a dark ground: two clearly different regions."""
    return draw_discs(BALL, radius=150)


@pytest.fixture(scope="module")
def two_balls() -> bytes:
    """Two of them, alike."""
    return draw_discs(*PAIR, radius=130)


def draw_discs(*middles: Place, radius: int) -> bytes:
    image = Image.new("L", SIZE, 70)
    for x, y in ((place.x * SIZE[0], place.y * SIZE[1]) for place in middles):
        ImageDraw.Draw(image).ellipse((x - radius, y - radius, x + radius, y + radius), fill=170)
    return encode_picture(image, "PNG")


def open_ball(page: Page, url: str, drawing: bytes) -> None:
    """Open the page with that drawing and the view to fix colours."""
    open_photo_tab(page, url)
    upload(page, "ball.png", drawing)
    expect_colorized(page, *SIZE)
    hints_view(page)


@pytest.fixture(scope="module")
def kept_ball(keep: Keep, dashboard_url: str, drawing: bytes) -> KeptPage:
    return keep(lambda page: open_ball(page, dashboard_url, drawing), without_hints)


def without_hints(page: Page) -> None:
    """Take all hints away, and fold and choose what was unfolded and chosen."""
    page.mouse.move(0, 0)
    expect_settled(page)
    clear = page.get_by_role("button", name="Clear")
    if clear.is_enabled():
        expect_another_picture(page, clear.click)
    expect(marks(page)).to_have_count(0)
    set_alike(page, True)
    choose_tool(page, "Point")
    for unfolded in page.locator("details[open] > summary").filter(visible=True).all():
        unfolded.click()
    expect_settled(page)


@pytest.fixture
def hint_page(visit: Visit, kept_ball: KeptPage) -> Page:
    """That page without hints."""
    return visit(kept_ball)


def place_red(page: Page) -> None:
    point_at(page, BALL)
    choose(page, "Red")
    expect(marks(page)).to_have_count(1)


def test_a_hint_colours_its_region_and_no_other(hint_page: Page, page_record: PageRecord) -> None:
    set_alike(hint_page, False)
    places = BALL, UPPER_BALL, WALL
    before = [shown_ab(hint_page, place) for place in places]
    place_red(hint_page)
    ball, upper_ball, wall = (shown_ab(hint_page, place) - ab for place, ab in zip(places, before, strict=True))
    assert ball[0] > 25
    assert np.allclose(upper_ball, ball, atol=3)
    assert np.allclose(wall, 0, atol=2)
    assert page_record.console_errors == []


def test_a_hint_also_colours_what_looks_alike_unless_that_is_switched_off(
    page: Page, dashboard_url: str, two_balls: bytes
) -> None:
    open_ball(page, dashboard_url, two_balls)
    here, there = PAIR
    before = shown_ab(page, there)
    expect(alike(page)).to_be_checked()
    point_at(page, here)
    choose(page, "Red")
    both = shown_ab(page, there)
    assert both[0] > before[0] + 15
    expect_another_picture(page, lambda: set_alike(page, False))  # acts on what was just placed
    assert np.allclose(shown_ab(page, there), before, atol=2)
    assert shown_ab(page, here)[0] > before[0] + 25
    expect_another_picture(page, lambda: set_alike(page, True))
    assert np.allclose(shown_ab(page, there), both, atol=0.5)
    expect_another_picture(page, lambda: page.get_by_role("button", name="Undo").click())
    expect(marks(page)).to_have_count(0)  # it was no step of its own
    expect_another_picture(page, lambda: page.get_by_role("button", name="Redo").click())
    assert np.allclose(shown_ab(page, there), both, atol=0.5)


def test_keys_switch_off_what_looks_alike(hint_page: Page) -> None:
    place_red(hint_page)
    hint_page.get_by_role("slider", name="Reach").focus()
    tab_to(hint_page, alike(hint_page))
    expect_another_picture(hint_page, lambda: hint_page.keyboard.press("Space"))
    expect(alike(hint_page)).not_to_be_checked()


def test_the_controls_are_accessible_at_every_width(page: Page, dashboard_url: str, drawing: bytes) -> None:
    open_ball(page, dashboard_url, drawing)
    place_red(page)
    assert failures_in_each_scheme(page, "fix") == set()


def test_the_network_does_not_run_again_for_a_hint(hint_page: Page) -> None:
    line = expect_colorized(hint_page, *SIZE)
    place_red(hint_page)
    assert expect_colorized(hint_page, *SIZE) == line


def test_undo_takes_the_last_hint_and_clear_takes_all(hint_page: Page) -> None:
    before = shown_ab(hint_page, BALL)
    place_red(hint_page)
    red = shown_ab(hint_page, BALL)
    point_at(hint_page, WALL)
    choose(hint_page, "Grass")
    expect(marks(hint_page)).to_have_count(2)
    green = shown_ab(hint_page, WALL)
    expect_another_picture(hint_page, lambda: hint_page.get_by_role("button", name="Undo").click())
    expect(marks(hint_page)).to_have_count(1)
    assert shown_ab(hint_page, WALL)[0] > green[0] + 5
    assert np.allclose(shown_ab(hint_page, BALL), red, atol=1)
    expect_another_picture(hint_page, lambda: hint_page.get_by_role("button", name="Clear").click())
    expect(marks(hint_page)).to_have_count(0)
    assert np.allclose(shown_ab(hint_page, BALL), before, atol=0.5)
    expect_another_picture(hint_page, lambda: hint_page.get_by_role("button", name="Undo").click())
    expect(marks(hint_page)).to_have_count(1)


def test_a_second_colour_for_a_point_replaces_the_first(hint_page: Page) -> None:
    place_red(hint_page)
    choose(hint_page, "Sky")
    expect(marks(hint_page)).to_have_count(1)
    assert shown_ab(hint_page, BALL)[1] < -10


def test_any_colour_can_be_chosen(hint_page: Page) -> None:
    point_at(hint_page, BALL)
    field = hint_page.get_by_label("Any colour")
    expect_another_picture(hint_page, lambda: field.fill("#7860a0"))
    assert np.allclose(shown_ab(hint_page, BALL), Hint(0, 0, "#7860a0").ab, atol=6)


def test_saved_hints_come_back_from_their_file(hint_page: Page) -> None:
    before = shown_ab(hint_page, BALL)
    place_red(hint_page)
    red = shown_ab(hint_page, BALL)
    with hint_page.expect_download() as handed:
        hint_page.get_by_role("button", name="Save the fixes").click()
    assert handed.value.suggested_filename == "ball_hints.json"
    saved = Path(handed.value.path()).read_bytes()
    document = json.loads(saved)
    assert (document["version"], document["hints"][0]["alike"]) == (3, True)
    (hint,) = from_json(saved)
    assert hint.points[0] == pytest.approx(BALL, abs=0.01)
    expect_another_picture(hint_page, lambda: hint_page.get_by_role("button", name="Clear").click())
    assert np.allclose(shown_ab(hint_page, BALL), before, atol=0.5)
    hint_page.get_by_text("Load fixes").click()
    expect_another_picture(hint_page, lambda: load(hint_page, saved))
    expect(marks(hint_page)).to_have_count(1)
    assert np.allclose(shown_ab(hint_page, BALL), red, atol=0.5)


def test_a_stroke_colours_what_it_covers_in_the_picture_its_file_and_the_download(hint_page: Page) -> None:
    set_alike(hint_page, False)
    wall = shown_ab(hint_page, WALL)
    choose_tool(hint_page, "Brush")
    hint_page.get_by_role("button", name="Sky").click()
    expect_another_picture(hint_page, lambda: paint(hint_page, Place(0.2, 0.5), BALL, Place(0.4, 0.5)))
    blue = shown_ab(hint_page, BALL)
    assert np.allclose(blue, MEMORY_COLORS["Sky"], atol=3)
    assert np.allclose(shown_ab(hint_page, UPPER_BALL), blue, atol=6)  # the rest of the disc
    assert np.allclose(shown_ab(hint_page, WALL), wall, atol=2)
    with hint_page.expect_download() as handed:
        hint_page.get_by_role("button", name="Save the fixes").click()
    (stroke,) = from_json(Path(handed.value.path()).read_bytes())
    assert isinstance(stroke, Stroke)
    assert stroke.points[0] == pytest.approx((0.2, 0.5), abs=0.01)
    assert np.allclose(ab_at(decode_picture(download(hint_page, "PNG")[1]), BALL), blue, atol=2)
    hint_page.get_by_text("Fixed places: 1").click()
    expect(hint_page.get_by_text("Stroke from 20% across, 50% down")).to_be_visible()


def test_a_file_without_hints_is_refused_and_the_hints_stay(hint_page: Page) -> None:
    place_red(hint_page)
    hint_page.get_by_text("Load fixes").click()
    load(hint_page, json.dumps({"version": 9, "hints": []}).encode())
    expect(hint_page.get_by_text("These colour spots cannot be used")).to_be_visible(timeout=PATIENCE)
    hint_page.get_by_text("Details", exact=True).filter(visible=True).click()
    expect(hint_page.get_by_text("xpected hints of version 1 to 3, got version 9")).to_be_visible(timeout=PATIENCE)
    expect(marks(hint_page)).to_have_count(1)


def load(page: Page, data: bytes) -> None:
    field = page.get_by_test_id("stFileUploader").filter(has_text="A file of fixes")
    field.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(
        FilePayload(name="hints.json", mimeType="application/json", buffer=data)
    )


def test_a_hint_can_be_removed_from_the_list(hint_page: Page) -> None:
    place_red(hint_page)
    hint_page.get_by_text("Fixed places: 1").click()
    expect_another_picture(hint_page, lambda: hint_page.get_by_role("button", name="Remove", exact=True).click())
    expect(marks(hint_page)).to_have_count(0)


def test_the_keyboard_points_and_chooses(page: Page, dashboard_url: str, drawing: bytes) -> None:
    open_ball(page, dashboard_url, drawing)
    picture(page).focus()
    for _ in range(2):
        page.keyboard.press("Shift+ArrowLeft")  # from the middle
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    expect(page.get_by_text("30% from the left, 50% from the top")).to_be_attached()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Choose a colour for the point")).to_be_visible(timeout=PATIENCE)
    expect_settled(page)
    page.get_by_role("button", name="Red", exact=True).focus()
    expect_another_picture(page, lambda: page.keyboard.press("Enter"))
    assert shown_ab(page, BALL)[0] > 25


def test_the_download_has_the_hint_at_full_size(hint_page: Page) -> None:
    place_red(hint_page)
    expected = shown_ab(hint_page, BALL)
    full = decode_picture(download(hint_page, "PNG")[1])
    assert full.size == SIZE
    assert np.allclose(ab_at(full, BALL), expected, atol=2)


def test_hints_stay_when_one_looks_at_another_view(hint_page: Page) -> None:
    place_red(hint_page)
    hint_page.get_by_role("radio", name="Compare").click()
    expect(hint_page.get_by_role("slider", name="Divider")).to_be_visible(timeout=PATIENCE)
    hints_view(hint_page)
    expect(marks(hint_page)).to_have_count(1)
    expect_another_picture(hint_page, lambda: hint_page.get_by_role("button", name="Undo").click())
    expect(marks(hint_page)).to_have_count(0)


def test_a_phone_can_tap_a_hint_in(open_page: OpenPage, dashboard_url: str, drawing: bytes) -> None:
    page = open_page(viewport=PHONE, has_touch=True)
    open_ball(page, dashboard_url, drawing)
    box = picture(page).bounding_box()
    assert box is not None
    picture(page).tap(position={"x": BALL.x * box["width"], "y": BALL.y * box["height"]})
    choose(page, "Red")
    assert shown_ab(page, BALL)[0] > 25
    expect_no_sideways_scrolling(page)


def test_warmth_moves_without_the_network(page: Page, dashboard_url: str, drawing: bytes) -> None:
    open_photo_tab(page, dashboard_url)
    upload(page, "ball.png", drawing)
    line = expect_colorized(page, *SIZE)
    press_slider(page, "End", name="Cooler-Warmer")
    warm = ab_at(decode_picture(download(page, "PNG")[1]), BALL)
    press_slider(page, "Home", name="Cooler-Warmer")
    cool = ab_at(decode_picture(download(page, "PNG")[1]), BALL)
    assert warm[1] > cool[1] + 15
    assert expect_colorized(page, *SIZE) == line


def test_levels_reach_the_download(page: Page, dashboard_url: str, drawing: bytes) -> None:
    open_photo_tab(page, dashboard_url)
    upload(page, "ball.png", drawing)
    expect_colorized(page, *SIZE)
    assert np.ptp(np.asarray(decode_picture(download(page, "PNG")[1]).convert("L"))) < 130
    shown = after(page).get_attribute("src") or ""
    open_more(page).get_by_text("Automatic levels").click()
    expect(page.get_by_role("checkbox", name="Automatic levels")).to_be_checked()
    expect(after(page)).not_to_have_attribute("src", shown, timeout=PATIENCE)
    expect_colorized(page, *SIZE)
    assert np.ptp(np.asarray(decode_picture(download(page, "PNG")[1]).convert("L"))) > 240
