"""The Album tab in a real Chromium, from many files to one ZIP file."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, ViewportSize, expect

from colorizer.images.naming import colorized_name
from tests.browser.album_driver import (
    BROKEN,
    PATIENCE,
    SIZE,
    bar,
    card,
    colorized_cards,
    download_all,
    download_link,
    expect_done,
    expect_other_picture,
    fill,
    fill_folder,
    open_album_tab,
    panel,
    shoebox,
)
from tests.browser.compare_driver import PHONE
from tests.browser.conftest import GatedServer, OpenPage, Serve
from tests.browser.page_driver import expect_no_sideways_scrolling, not_drawn_anew
from tests.browser.photo_driver import (
    after,
    chroma,
    decode_picture,
    difference,
    encode_picture,
    expect_settled,
    fetch_picture,
    photograph,
    press_slider,
)
from tests.support.albums import make_zip
from tests.support.paths import ROOT

ALL_BUT_TWO = "10 of 12 in colour; 2 could not be coloured."
_TWO_IN_A_ROW = """() => {
  const [first, second, third] = [0, 1, 2].map(
    (number) => Math.round(document.querySelector(`.st-key-album-card-${number}`).getBoundingClientRect().top));
  return first === second && second < third;
}"""
WINDOWS = tuple(ViewportSize(width=width, height=900) for width in (1280, 768, 390))


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


def test_what_is_corrected_in_the_photo_tab_goes_into_the_album(album: Page, tmp_path: Path) -> None:
    cat = photograph(*SIZE, sample="cat.jpg")
    fill(album, {"a.jpg": encode_picture(photograph(*SIZE)), "b.jpg": encode_picture(cat)})
    expect_done(album, "2 of 2 in colour")
    shown = fetch_picture(album, card(album, 1).get_by_role("img"))
    colorful = card(album, 1).get_by_role("img").get_attribute("src") or ""
    card(album, 1).get_by_role("button", name="b.jpg", exact=True).click()
    expect(after(album)).to_be_visible(timeout=PATIENCE)
    expect_settled(album)
    opened = fetch_picture(album, after(album))
    assert difference(opened, cat) < 12
    assert abs(chroma(opened) - chroma(shown)) < 4  # the same colours as in the album
    press_slider(album, "Home", name="Amount")
    assert chroma(fetch_picture(album, after(album))) == 0
    album.get_by_role("button", name="Back to the album").click()
    expect(card(album, 1)).to_contain_text("Corrected")
    expect_other_picture(album, 1, colorful)
    expect_done(album, "2 of 2 in colour")
    results = download_all(album, tmp_path)
    assert chroma(decode_picture(results["a_colorized.jpg"])) > 1
    assert chroma(decode_picture(results["b_colorized.jpg"])) == 0
    gray = card(album, 1).get_by_role("img").get_attribute("src") or ""
    card(album, 1).get_by_role("button", name="Set back").click()
    expect(card(album, 1)).not_to_contain_text("Corrected")
    expect_other_picture(album, 1, gray)
    expect_done(album, "2 of 2 in colour")
    assert chroma(decode_picture(download_all(album, tmp_path)["b_colorized.jpg"])) > 1


def test_a_zip_file_is_an_album_and_its_copies_are_coloured_once(album: Page, tmp_path: Path) -> None:
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
    expect_done(album, "1 of 1 in colour.")
    expect(colorized_cards(album)).to_have_count(1)
    assert sorted(download_all(album, tmp_path)) == [
        "1932/A_2_colorized.JPG",
        "1932/a_colorized.jpg",
        "a_colorized.jpg",
        "b/a_colorized.jpg",
    ]
    panel(album).get_by_text("3 files are left out · 4 files are the same picture, which is coloured once").click()
    for words in (
        "letter.txt: This is no picture that the program can read.",
        "more.zip: This is an archive within the ZIP file.",
        "broken.zip: This ZIP file is damaged or unusual.",
        "1932/a.jpg, 1932/A.JPG, b/a.jpg, a.jpg are the same picture.",
    ):
        expect(panel(album).get_by_text(words)).to_be_visible()


def test_a_folder_is_an_album_and_further_pages_are_named(album: Page, tmp_path: Path) -> None:
    pages = [photograph(*SIZE), photograph(*SIZE, sample="cat.jpg")]
    box = tmp_path / "box" / "1932"
    box.mkdir(parents=True)
    (box / "scan.tif").write_bytes(encode_picture(pages[0], "TIFF", save_all=True, append_images=pages[1:]))
    (box / "letter.txt").write_text("Dear grandma")
    (box.parent / "a.jpg").write_bytes(encode_picture(pages[1]))
    fill_folder(album, box.parent)
    expect_done(album, "2 of 2 in colour.")
    assert sorted(download_all(album, tmp_path)) == ["box/1932/scan_colorized.tif", "box/a_colorized.jpg"]
    panel(album).get_by_text("1 file has further pages").click()
    expect(panel(album).get_by_text("scan.tif holds 2 pages or pictures.")).to_be_visible()


def different_photographs(count: int) -> dict[str, bytes]:
    """Only a comment differs, so that one picture is encoded for all."""
    data = encode_picture(photograph(*SIZE))
    return {f"{number}.jpg": data[:2] + b"\xff\xfe\0\3" + bytes([number]) + data[2:] for number in range(count)}


def test_a_stopped_album_goes_on_and_what_waits_is_grey(
    page: Page, gated_dashboard: GatedServer, tmp_path: Path
) -> None:
    album, gate = page, gated_dashboard.gate
    open_album_tab(album, gated_dashboard.url)
    gate.close()
    gate.let_through(1)  # then the album stands still, until Stop is pressed
    fill(album, different_photographs(12))
    expect(bar(album).get_by_text("1 of 12 photographs")).to_be_visible(timeout=PATIENCE)
    expect(colorized_cards(album)).to_have_count(1, timeout=PATIENCE)
    last = card(album, 11).get_by_role("img", name="not in colour")
    expect(last).to_have_attribute("src", re.compile(r"\.jpg$"), timeout=PATIENCE)
    gray = fetch_picture(album, last)
    assert chroma(gray) < 1
    assert np.ptp(np.asarray(gray.convert("L"))) > 100  # it is the photograph, not a plain card
    stop = bar(album).get_by_role("button", name="Stop")
    for window in WINDOWS:
        album.set_viewport_size(window)
        card(album, 11).scroll_into_view_if_needed()
        expect(stop).to_be_in_viewport()  # however far down the cards are
    stop.click()
    expect_done(album, "stopped with 11 left")
    kept = download_all(album, tmp_path)
    assert len(kept) == 1
    expect(colorized_cards(album)).to_have_count(1)
    gate.open()
    bar(album).get_by_role("button", name="Continue: 11 left").click()
    expect_done(album, "12 of 12 in colour.")
    assert kept.items() <= download_all(album, tmp_path).items()
    for window in WINDOWS:
        album.set_viewport_size(window)
        expect_no_sideways_scrolling(album)


def test_other_settings_colour_all_again_card_by_card(page: Page, gated_dashboard: GatedServer, tmp_path: Path) -> None:
    album, gate = page, gated_dashboard.gate
    open_album_tab(album, gated_dashboard.url)
    fill(album, different_photographs(4))
    expect_done(album, "4 of 4 in colour.")
    again = panel(album).get_by_role("button", name="Colour all again")
    expect(again).to_be_disabled()
    panel(album).get_by_role("slider", name="Amount").focus()
    album.keyboard.press("Home")
    expect(again).to_be_enabled()
    colorful = [card(album, number).get_by_role("img").get_attribute("src") or "" for number in range(4)]
    gate.close()
    again.click()
    expect(bar(album).get_by_role("button", name="Stop")).to_be_visible(timeout=PATIENCE)
    expect(colorized_cards(album)).to_have_count(4)  # the finished stay
    expect(download_link(album)).to_be_visible()
    gate.let_through(1)
    expect_other_picture(album, 0, colorful[0])
    for number in range(1, 4):
        expect(card(album, number).get_by_role("img")).to_have_attribute("src", colorful[number])
    expect(again).to_be_disabled()
    gate.open()
    expect_done(album, "4 of 4 in colour.")
    expect(again).to_be_disabled()
    for data in download_all(album, tmp_path).values():
        assert chroma(decode_picture(data)) == 0


def test_files_that_are_added_join_the_album_and_a_click_on_download_is_answered(album: Page, tmp_path: Path) -> None:
    fill(album, {"a.jpg": encode_picture(photograph(*SIZE))})
    expect_done(album, "1 of 1 in colour.")
    first = card(album, 0).get_by_role("img").get_attribute("src")
    with not_drawn_anew(card(album, 0)):
        fill(album, {"b.jpg": encode_picture(photograph(*SIZE, sample="cat.jpg"))})
        expect_done(album, "2 of 2 in colour.")
    expect(card(album, 0).get_by_role("img")).to_have_attribute("src", first or "")
    with album.expect_download() as handed:
        download_link(album).click()
        expect(album.get_by_text("The download has begun.")).to_be_visible()  # for a few seconds
    assert handed.value.suggested_filename == "album_colorized.zip"
    handed.value.save_as(tmp_path / "album.zip")
    with zipfile.ZipFile(tmp_path / "album.zip") as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["a_colorized.jpg", "b_colorized.jpg"]


def test_a_phone_shows_two_cards_in_a_row_and_scrolls_only_down(open_page: OpenPage, dashboard_url: str) -> None:
    page = open_page(viewport=PHONE, has_touch=True, is_mobile=True)
    open_album_tab(page, dashboard_url)
    fill(page, shoebox())
    expect_done(page, ALL_BUT_TWO)
    page.wait_for_function(_TWO_IN_A_ROW, timeout=PATIENCE)
    expect_no_sideways_scrolling(page)


def test_an_album_beyond_the_limit_is_refused(page: Page, serve: Serve) -> None:
    with serve(ROOT / "streamlit_app.py", env={"COLORIZER_MAX_PHOTOS": "3"}) as url:
        open_album_tab(page, url)
        fill(page, {f"{number}.jpg": encode_picture(photograph(*SIZE)) for number in range(4)})
        alert = panel(page).get_by_test_id("stAlert")
        expect(alert).to_contain_text("These are too many files. Add fewer at a time.", timeout=PATIENCE)
        page.close()
