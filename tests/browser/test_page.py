"""What belongs to the whole page in a real Chromium: header, tabs, address, dropped files, last results, Help."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import FloatRect, Locator, Page, ViewportSize, expect

from benchmarks.support.photo_tab import PATIENCE, open_photo_tab, upload
from dashboard.navigation import Tab
from tests.browser.accessibility import contrast_failures
from tests.browser.compare_driver import DESKTOP, PHONE
from tests.browser.conftest import OpenPage
from tests.browser.page_driver import (
    Drag,
    expect_address,
    expect_tab,
    overlay,
    parameters,
    paste,
    tab_button,
)
from tests.browser.photo_driver import encode_picture, expect_colorized, expect_settled, photograph
from tests.support.film_clip import write_film

WIDTHS = (DESKTOP, {"width": 768, "height": 1024}, PHONE)
every_width = pytest.mark.parametrize("window", WIDTHS, ids=lambda window: str(window["width"]))


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with photographs of different sizes, a film, and a file that is neither."""
    folder = tmp_path_factory.mktemp("files")
    for number in range(3):
        (folder / f"photo{number}.jpg").write_bytes(encode_picture(photograph(120 + number, 80)))
    (folder / "letter.txt").write_text("Dear grandma", encoding="utf-8")
    write_film(folder / "film.mp4")
    inner = folder / "shoebox"
    inner.mkdir()
    for number in range(2):
        (inner / f"inner{number}.png").write_bytes(encode_picture(photograph(90 + number, 60), "PNG"))
    (inner / "Thumbs.db").write_bytes(b"\0")
    return folder


def strip(page: Page) -> Locator:
    return page.locator(".st-key-recent")


def box(locator: Locator) -> FloatRect:
    found = locator.bounding_box()
    assert found is not None
    return found


@every_width
def test_the_work_begins_high_and_all_tabs_are_in_sight(
    open_page: OpenPage, dashboard_url: str, window: ViewportSize
) -> None:
    page = open_page(viewport=window)
    open_photo_tab(page, dashboard_url)
    expect_settled(page)
    title, help_button = (
        box(page.get_by_role("heading", level=1)),
        box(page.get_by_role("button", name="Help", exact=True)),
    )
    middles = [each["y"] + each["height"] / 2 for each in (title, help_button)]
    assert abs(middles[0] - middles[1]) < 12  # one line
    assert title["x"] + title["width"] <= help_button["x"]
    for tab in Tab:
        place = box(tab_button(page, tab))
        assert place["x"] >= 0
        assert place["x"] + place["width"] <= window["width"]
        expect(tab_button(page, tab)).to_be_in_viewport(ratio=1)
    assert box(page.get_by_role("tabpanel").first)["y"] < 150
    assert page.evaluate("document.documentElement.scrollWidth") <= window["width"]
    assert contrast_failures(page, ".st-key-header") == []


def test_the_address_has_the_tab_and_the_browser_s_history_leads_through_them(page: Page, dashboard_url: str) -> None:
    open_photo_tab(page, dashboard_url)
    for tab in (Tab.ALBUM, Tab.FILM, Tab.LESSON):
        tab_button(page, tab).click()
        expect_address(page, tab=tab.value)
        expect_settled(page)
    for tab in (Tab.FILM, Tab.ALBUM):
        page.go_back()
        expect_tab(page, tab)
        expect_address(page, tab=tab.value)
    expect_settled(page)
    page.go_back()
    expect_tab(page, Tab.PHOTO)
    expect_address(page, tab=None)
    page.go_forward()
    expect_tab(page, Tab.ALBUM)
    expect_settled(page)
    page.reload()
    expect_tab(page, Tab.ALBUM)
    tab_button(page, Tab.PHOTO).click()
    expect_address(page, tab=None)
    expect_tab(page, Tab.PHOTO)


def test_settings_are_in_the_address_and_no_places_of_the_history(page: Page, dashboard_url: str) -> None:
    page.goto(f"{dashboard_url}/?sample=cat.jpg")
    amount = page.get_by_role("slider", name="Amount")
    expect(amount).to_be_visible(timeout=PATIENCE)
    expect_settled(page)
    tab_button(page, Tab.LESSON).click()
    expect_address(page, tab="lesson")
    expect_settled(page)
    tab_button(page, Tab.PHOTO).click()
    expect_address(page, tab=None)
    expect_settled(page)
    entries = page.evaluate("history.length")
    amount.focus()
    for number in (1.05, 1.1):
        page.keyboard.press("ArrowRight")
        expect_address(page, amount=str(number))
        expect_settled(page)
    assert page.evaluate("history.length") == entries
    page.go_back()
    expect_tab(page, Tab.LESSON)
    expect_settled(page)
    expect_address(page, tab="lesson", amount="1.1", sample="cat.jpg")
    assert parameters(page) == {"tab": ["lesson"], "amount": ["1.1"], "sample": ["cat.jpg"]}
    page.go_forward()
    expect_tab(page, Tab.PHOTO)
    expect_settled(page)
    expect(amount).to_have_value("1.1")
    page.reload()
    expect(amount).to_have_value("1.1", timeout=PATIENCE)


def test_files_can_be_dropped_anywhere(page: Page, dashboard_url: str, files: Path) -> None:
    open_photo_tab(page, dashboard_url)
    expect_settled(page)
    Drag(page, [files / "photo0.jpg"]).drop(640, 700)
    expect_colorized(page, 120, 80)
    expect(overlay(page)).to_be_hidden()

    many = Drag(page, [files / f"photo{number}.jpg" for number in range(3)])
    many.drop(300, 20)
    expect_tab(page, Tab.ALBUM)
    album = page.get_by_role("tabpanel", name="Album")
    for number in range(3):
        expect(album.get_by_text(f"photo{number}.jpg").first).to_be_visible(timeout=PATIENCE)

    Drag(page, [files / "film.mp4"]).drop(640, 400)
    expect_tab(page, Tab.FILM)
    expect(page.get_by_role("tabpanel", name="Film").get_by_text("film.mp4").first).to_be_visible(timeout=PATIENCE)
    expect_settled(page)

    given_up = Drag(page, [files / "photo0.jpg"])  # last, for after its end the protocol brings no other drag
    given_up.enter(640, 20)
    given_up.cancel()
    page.mouse.move(600, 400)
    expect(overlay(page)).to_be_hidden()


def test_a_dropped_folder_goes_to_the_album_and_what_nobody_takes_is_named(
    page: Page, dashboard_url: str, files: Path
) -> None:
    page.goto(f"{dashboard_url}/?tab=webcam")
    expect_tab(page, Tab.WEBCAM)
    expect_settled(page)
    Drag(page, [files / "letter.txt"]).drop(640, 400)
    expect_tab(page, Tab.PHOTO)
    expect(page.get_by_text("files are not allowed").first).to_be_visible(timeout=PATIENCE)
    Drag(page, [files / "shoebox"]).drop(640, 400)
    expect_tab(page, Tab.ALBUM)
    album = page.get_by_role("tabpanel", name="Album")
    for number in range(2):
        expect(album.get_by_text(f"inner{number}.png").first).to_be_visible(timeout=PATIENCE)
    expect(album.get_by_text("Thumbs.db")).to_have_count(0)


def test_a_picture_can_be_pasted_anywhere_but_with_text_into_text(page: Page, dashboard_url: str) -> None:
    open_photo_tab(page, dashboard_url)
    expect_settled(page)
    paste(page, "image.png", encode_picture(photograph(100, 70), "PNG"))
    expect_colorized(page, 100, 70)
    page.get_by_role("button", name="About").focus()
    paste(page, "image.png", encode_picture(photograph(90, 70), "PNG"))
    expect_colorized(page, 90, 70)
    page.evaluate("() => { const field = document.createElement('input'); document.body.append(field); field.focus() }")
    paste(page, "image.png", encode_picture(photograph(80, 70), "PNG"), text="1932")
    expect_colorized(page, 90, 70)
    paste(page, "image.png", encode_picture(photograph(70, 80), "PNG"))
    expect_colorized(page, 70, 80)


def test_a_phone_offers_its_camera(open_page: OpenPage, dashboard_url: str) -> None:
    page = open_page(viewport=PHONE, has_touch=True, is_mobile=True)
    open_photo_tab(page, dashboard_url)
    expect_settled(page)
    with page.expect_file_chooser() as chooser:
        page.locator(".st-key-photo-drop").get_by_test_id("stFileUploaderDropzone").locator("button").tap()
    field = chooser.value.element
    assert "image/*" in str(field.get_attribute("accept")).split(",")
    chooser.value.set_files(
        {"name": "image.jpg", "mimeType": "image/jpeg", "buffer": encode_picture(photograph(60, 80))}
    )
    expect_colorized(page, 60, 80)


def test_last_results_are_opened_again_and_a_reload_says_that_they_are_gone(page: Page, dashboard_url: str) -> None:
    open_photo_tab(page, dashboard_url)
    for width in (110, 100):
        upload(page, f"wide{width}.jpg", encode_picture(photograph(width, 70)))
        expect_colorized(page, width, 70)
        expect(strip(page).get_by_role("button", name=f"wide{width}.jpg")).to_be_visible(timeout=PATIENCE)
    tab_button(page, Tab.LESSON).click()
    expect_tab(page, Tab.LESSON)
    expect_settled(page)
    strip(page).get_by_role("button", name="wide110.jpg").click()
    expect_tab(page, Tab.PHOTO)
    expect_colorized(page, 110, 70)
    assert contrast_failures(page, ".st-key-recent") == []
    page.reload()
    expect(page.get_by_text("The page was loaded anew")).to_be_visible(timeout=PATIENCE)
    expect(strip(page)).to_have_count(0)
    upload(page, "again.jpg", encode_picture(photograph(90, 70)))
    expect_colorized(page, 90, 70)
    expect(page.get_by_text("The page was loaded anew")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_help_and_about_lie_above_what_stands(open_page: OpenPage, dashboard_url: str, scheme: str) -> None:
    page = open_page(viewport=PHONE, color_scheme=scheme)
    page.goto(f"{dashboard_url}/?sample=cat.jpg")
    expect(page.get_by_role("slider", name="Amount")).to_be_visible(timeout=PATIENCE)
    expect_settled(page)
    for name, words in [("Help", "How to get a good result"), ("About", "Libraries")]:
        page.get_by_role("button", name=name, exact=True).click()
        dialog = page.get_by_role("dialog")
        expect(dialog.get_by_role("heading", name=words)).to_be_attached(timeout=PATIENCE)
        expect_settled(page)
        page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)
    expect(page.get_by_role("slider", name="Amount")).to_be_visible()
