"""The Album tab in a real Chromium, from many files to one ZIP file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from colorizer.images.naming import colorized_name
from tests.browser.album_driver import (
    BROKEN,
    PATIENCE,
    SIZE,
    card,
    colorized_cards,
    download_all,
    expect_done,
    fill,
    make_zip,
    open_album_tab,
    panel,
    shoebox,
)
from tests.browser.compare_driver import PHONE
from tests.browser.conftest import OpenPage, Serve
from tests.browser.hint_driver import Place, choose, hints_view, marks, point_at
from tests.browser.photo_driver import (
    after,
    chroma,
    decode_picture,
    difference,
    encode_picture,
    expect_colorized,
    fetch_picture,
    photograph,
    press_slider,
)
from tests.support.paths import ROOT

ALL_BUT_TWO = "10 of 12 in colour; 2 could not be coloured."


@pytest.fixture
def album(page: Page, dashboard_url: str) -> Page:
    """The tab of a new visitor."""
    open_album_tab(page, dashboard_url)
    return page


def test_twelve_photographs_two_of_them_broken(album: Page, tmp_path: Path) -> None:
    files = shoebox()
    fill(album, files)
    expect_done(album, ALL_BUT_TWO)
    expect(colorized_cards(album)).to_have_count(10)
    for number, name in enumerate(files):
        if name in BROKEN:
            expect(card(album, number)).to_contain_text(name)
            expect(card(album, number)).to_contain_text(BROKEN[name])
        else:
            assert chroma(fetch_picture(album, card(album, number).get_by_role("img"))) > 1
    results = download_all(album, tmp_path)
    assert sorted(results) == sorted(colorized_name(name) for name in files if name not in BROKEN)
    for name, data in results.items():
        assert_colorized(name, data)


def assert_colorized(name: str, data: bytes) -> None:
    picture = decode_picture(data)
    assert picture.size == SIZE
    assert chroma(picture) > 1
    if name.startswith(("negative", "scan")):
        assert data[24] == 16 if name.endswith(".png") else picture.tag_v2[258] == (16, 16, 16)  # type: ignore[attr-defined]
    if name.startswith("cut-out"):
        alpha = np.asarray(picture.getchannel("A"))
        assert np.array_equal(alpha, np.asarray(Image.linear_gradient("L").resize(SIZE)))
    if not name.startswith(("cat", "fax", "sepia")):  # another picture, two tones, a tint that darkens
        assert difference(picture.convert("RGB"), photograph(*SIZE)) < 12


def test_one_of_an_album_opens_takes_a_hint_and_goes_back(album: Page) -> None:
    fill(
        album,
        {"a.jpg": encode_picture(photograph(*SIZE)), "b.jpg": encode_picture(photograph(*SIZE, sample="cat.jpg"))},
    )
    expect_done(album, "2 of 2 in colour")
    card(album, 1).get_by_role("button", name="b.jpg", exact=True).click()
    expect_colorized(album, *SIZE)
    assert difference(fetch_picture(album, after(album)), photograph(*SIZE, sample="cat.jpg")) < 12
    press_slider(album, "Home")
    assert chroma(fetch_picture(album, after(album))) == 0
    press_slider(album, "End")
    hints_view(album)
    point_at(album, Place(0.5, 0.5))
    choose(album, "Red")
    expect(marks(album)).to_have_count(1)
    album.get_by_role("button", name="Back to the album").click()
    expect(colorized_cards(album)).to_have_count(2)
    expect(colorized_cards(album).first).to_be_visible()


def test_a_zip_file_is_an_album(album: Page, tmp_path: Path) -> None:
    photo = encode_picture(photograph(*SIZE))
    inside = {
        "../../1932/a.jpg": photo,
        "1932/A.JPG": photo,
        "b/a.jpg": photo,
        "__MACOSX/._a.jpg": b"",
        "letter.txt": b"Dear",
        "more.zip": make_zip({"a.jpg": photo}),
    }
    fill(album, {"shoebox.zip": make_zip(inside), "a.jpg": photo, "broken.zip": make_zip(inside)[:300]})
    expect_done(album, "4 of 4 in colour.")
    assert sorted(download_all(album, tmp_path)) == [
        "1932/A_2_colorized.JPG",
        "1932/a_colorized.jpg",
        "a_colorized.jpg",
        "b/a_colorized.jpg",
    ]
    panel(album).get_by_text("3 files are left out").click()
    for words in ("letter.txt: Expected a", "more.zip: Expected pictures", "broken.zip: Expected a complete ZIP file"):
        expect(panel(album).get_by_text(words)).to_be_visible()


def test_an_album_can_be_stopped_and_begun_again(album: Page, tmp_path: Path) -> None:
    photo = encode_picture(photograph(3000, 2000))
    fill(album, {f"{number}.jpg": photo for number in range(40)})
    expect(colorized_cards(album).first).to_be_visible(timeout=PATIENCE)
    panel(album).get_by_role("button", name="Stop").click()
    expect_done(album, "stopped with")
    kept = len(download_all(album, tmp_path))
    assert 0 < kept < 40
    expect(colorized_cards(album)).to_have_count(kept)
    panel(album).get_by_role("button", name="Colour all again").click()
    panel(album).get_by_role("button", name="Stop").click(timeout=PATIENCE)
    expect_done(album, "stopped with")  # or the next test's album would wait behind it


def test_other_settings_colour_all_again(album: Page, tmp_path: Path) -> None:
    fill(album, {"a.jpg": encode_picture(photograph(*SIZE))})
    expect_done(album, "1 of 1 in colour")
    again = panel(album).get_by_role("button", name="Colour all again")
    expect(again).to_be_disabled()
    panel(album).get_by_role("slider", name="Strength").focus()
    album.keyboard.press("Home")
    expect(again).to_be_enabled()
    again.click()
    expect(again).to_be_disabled(timeout=PATIENCE)
    expect_done(album, "1 of 1 in colour")
    ((_, data),) = download_all(album, tmp_path).items()
    assert chroma(decode_picture(data)) == 0


def test_a_phone_shows_two_cards_in_a_row_and_scrolls_only_down(open_page: OpenPage, dashboard_url: str) -> None:
    page = open_page(viewport=PHONE, has_touch=True, is_mobile=True)
    open_album_tab(page, dashboard_url)
    fill(page, shoebox())
    expect_done(page, ALL_BUT_TWO)
    boxes = [card(page, number).bounding_box() for number in range(3)]
    tops = [round(box["y"]) for box in boxes if box is not None]
    assert tops[0] == tops[1] < tops[2]
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0


def test_an_album_beyond_the_limit_is_refused(page: Page, serve: Serve) -> None:
    with serve(ROOT / "streamlit_app.py", env={"COLORIZER_MAX_PHOTOS": "3"}) as url:
        open_album_tab(page, url)
        fill(page, {f"{number}.jpg": encode_picture(photograph(*SIZE)) for number in range(4)})
        alert = panel(page).get_by_test_id("stAlert")
        expect(alert).to_contain_text("at most 3 photographs, got 4", timeout=PATIENCE)
        page.close()
