"""Colours like those of another picture in a real Chromium: on the Photo tab, and for a whole album."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import FilePayload, Locator, Page, expect

from benchmarks.support.photo_tab import PATIENCE, download, open_photo_tab, upload
from colorizer.recipe import read_photo_recipe
from tests.browser import album_driver
from tests.browser.accessibility import failures_in_each_scheme
from tests.browser.compare_driver import PHONE
from tests.browser.page_driver import Drag, expect_no_sideways_scrolling
from tests.browser.photo_driver import (
    after,
    decode_picture,
    encode_picture,
    expect_colorized,
    expect_settled,
    fetch_picture,
    photograph,
    tab_to,
)
from tests.support.paths import SAMPLES

SIZE = (451, 300)
GRAY = encode_picture(photograph(*SIZE, sample="cat.jpg"), quality=95)


def blue_cat() -> bytes:
    """The cat in colours that it never has: red and blue are exchanged."""
    with Image.open(SAMPLES / "colour" / "cat.jpg") as picture:
        red, green, blue = picture.convert("RGB").split()
    return encode_picture(Image.merge("RGB", (blue, green, red)), "PNG")


def warmth(picture: Image.Image) -> float:
    """How much more red than blue a picture is, 0..255."""
    red, _, blue = np.asarray(picture.convert("RGB")).reshape(-1, 3).mean(axis=0)
    return float(red - blue)


def field(page: Page, tab: str = "photo") -> Locator:
    return page.locator(f".st-key-{tab}-reference")


def give(page: Page, name: str, data: bytes, tab: str = "photo") -> None:
    payload = FilePayload(name=name, mimeType="application/octet-stream", buffer=data)
    place = field(page, tab).get_by_test_id("stFileUploaderDropzoneInput")
    expect_settled(page)
    expect(place).to_have_count(1)  # the one of the last try is gone
    place.set_input_files(payload)


def expect_reference(page: Page, name: str, tab: str = "photo") -> None:
    """Wait until this is the reference."""
    expect(field(page, tab).get_by_text(name, exact=True)).to_be_visible(timeout=PATIENCE)
    expect(field(page, tab).get_by_role("img", name="colours are taken from")).to_be_visible()
    expect_settled(page)


def expect_other_colors(page: Page, act: Callable[[], object]) -> Image.Image:
    """The picture in colour that comes of an act."""
    shown = after(page).get_attribute("src") or ""
    act()
    expect(after(page)).not_to_have_attribute("src", shown, timeout=PATIENCE)
    expect_settled(page)
    return fetch_picture(page, after(page))


def open_results(page: Page, tab: str = "photo") -> Locator:
    field(page, tab).get_by_role("button", name="One of your results").click()
    return page.get_by_test_id("stPopoverBody").get_by_role("radiogroup", name="One of your results")


def remove(page: Page, tab: str = "photo") -> Locator:
    return field(page, tab).get_by_role("button", name="Remove")


def open_cat(page: Page, url: str) -> Image.Image:
    open_photo_tab(page, url)
    upload(page, "cat.jpg", GRAY)
    expect_colorized(page, *SIZE)
    return fetch_picture(page, after(page))


def test_a_photograph_takes_the_colours_of_a_picture_that_is_dropped_beside_it(
    page: Page, dashboard_url: str, tmp_path: Path
) -> None:
    plain = open_cat(page, dashboard_url)
    alert = field(page).get_by_test_id("stAlert")
    give(page, "grey.jpg", GRAY)
    expect(alert).to_contain_text("grey.jpg: This picture is grey, and one in colour is needed.", timeout=PATIENCE)
    give(page, "letter.jpg", b"Dear grandma")
    expect(alert).to_contain_text("letter.jpg: This is no picture that the program can read.", timeout=PATIENCE)
    assert fetch_picture(page, after(page)).tobytes() == plain.tobytes()
    blue = tmp_path / "blue cat.png"
    blue.write_bytes(blue_cat())
    expect_settled(page)
    place = field(page).get_by_test_id("stFileUploaderDropzone").bounding_box()
    assert place is not None
    drag = Drag(page, [blue])
    middle = place["x"] + place["width"] / 2, place["y"] + place["height"] / 2
    colored = expect_other_colors(page, lambda: drag.drop(*middle))
    expect_reference(page, "blue cat.png")
    expect(alert).to_have_count(0)
    assert warmth(colored) < warmth(plain) - 10
    recipe = read_photo_recipe(download(page, "JPEG")[1])
    assert recipe.settings["reference"] == sha256(blue.read_bytes()).hexdigest()
    tab_to(page, remove(page))
    assert expect_other_colors(page, lambda: page.keyboard.press("Enter")).tobytes() == plain.tobytes()
    expect_other_colors(page, lambda: give(page, "other.png", blue.read_bytes()))
    expect_reference(page, "other.png")
    reset = page.get_by_role("button", name="Reset")
    assert expect_other_colors(page, reset.click).tobytes() == plain.tobytes()
    expect(remove(page)).to_have_count(0)


def test_a_result_is_the_reference_of_an_album_and_a_photograph_that_is_opened_keeps_it(
    page: Page, dashboard_url: str, tmp_path: Path
) -> None:
    open_cat(page, dashboard_url)
    expect_other_colors(page, lambda: give(page, "blue.png", blue_cat()))
    expect_reference(page, "blue.png")
    page.get_by_role("tab", name="Album").click()
    coffee = encode_picture(photograph(300, 200, sample="coffee.jpg"))
    album_driver.fill(page, {"kitten.jpg": GRAY, "cup.jpg": coffee})
    album_driver.expect_done(page, "2 of 2 in colour.")
    before = album_driver.download_all(page, tmp_path)
    open_results(page, "album").get_by_role("radio", name="cat.jpg").focus()
    page.keyboard.press("Space")
    expect_reference(page, "cat.jpg", "album")
    again = album_driver.panel(page).get_by_role("button", name="Colour all again")
    again.click()
    expect(again).to_be_disabled()
    expect_settled(page)
    album_driver.expect_done(page, "2 of 2 in colour.")
    results = album_driver.download_all(page, tmp_path)
    kitten, cup = (warmth(decode_picture(results[f"{name}_colorized.jpg"])) for name in ("kitten", "cup"))
    assert kitten < warmth(decode_picture(before["kitten_colorized.jpg"])) - 10
    assert abs(cup - warmth(decode_picture(before["cup_colorized.jpg"]))) < 5
    card = album_driver.card(page, 0)
    card.get_by_role("button", name="kitten.jpg", exact=True).click()
    expect_reference(page, "cat.jpg")
    expect_colorized(page, *SIZE)
    assert abs(warmth(fetch_picture(page, after(page))) - kitten) < 3
    expect_other_colors(page, remove(page).click)
    page.get_by_role("button", name="Back to the album").click()
    expect(card).to_contain_text("Corrected")
    album_driver.expect_done(page, "2 of 2 in colour.")
    results = album_driver.download_all(page, tmp_path)
    assert warmth(decode_picture(results["kitten_colorized.jpg"])) > kitten + 10


def test_the_field_is_accessible_and_fits_every_width(page: Page, dashboard_url: str) -> None:
    open_cat(page, dashboard_url)
    upload(page, "a photograph with a long name, as phones write them.jpg", encode_picture(photograph(300, 200)))
    expect_colorized(page, 300, 200)
    expect(open_results(page).get_by_role("radio", name="cat.jpg")).to_be_attached()
    within = ".st-key-photo-reference"
    failures = failures_in_each_scheme(page, "reference-results", '[data-testid="stPopoverBody"]')
    page.keyboard.press("Escape")
    give(page, "grey.jpg", GRAY)
    expect(field(page).get_by_test_id("stAlert")).to_be_visible(timeout=PATIENCE)
    failures |= failures_in_each_scheme(page, "reference-field", within)
    give(page, "a_reference_with_a_long_name_as_phones_write_them.png", blue_cat())
    expect_reference(page, "a_reference_with_a_long_name_as_phones_write_them.png")
    expect(field(page).get_by_test_id("stAlert")).to_have_count(0)
    failures |= failures_in_each_scheme(page, "reference", within)
    assert failures == set()
    page.set_viewport_size(PHONE)
    expect(remove(page)).to_be_visible()
    expect_no_sideways_scrolling(page)
