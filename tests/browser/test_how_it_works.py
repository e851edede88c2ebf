"""The How it works tab in a real Chromium: every step there, readable, and following from the one before."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps
from playwright.sync_api import Page, expect
from skimage import data

from benchmarks.support.photo_tab import PATIENCE
from benchmarks.support.random_weights import caffemodel_bytes, random_blobs
from tests.browser.accessibility import contrast_failures
from tests.browser.compare_driver import DESKTOP, PHONE
from tests.browser.conftest import Keep, Visit
from tests.browser.hint_driver import Place, picture, shown_picture
from tests.browser.how_driver import (
    choose_sample,
    dots,
    expect_another,
    expect_other_dots,
    expect_spot_other_than,
    expect_steps,
    give,
    numbers,
    open_how,
    point_at,
    set_temperature,
    spot,
)
from tests.browser.kept_page import KeptPage
from tests.browser.page_driver import each_scheme, expect_no_sideways_scrolling
from tests.browser.page_record import PageRecord
from tests.browser.photo_driver import chroma, encode_picture, expect_settled, fetch_picture, photograph, tab_to

Serve = Callable[..., AbstractContextManager[str]]

SUIT = Place(0.3, 0.85)  # of the astronaut: orange


@pytest.fixture(scope="module")
def astronaut() -> bytes:
    """A photograph in colour."""
    return encode_picture(Image.fromarray(data.astronaut()), "PNG")


@pytest.fixture(scope="module")
def kept_tab(keep: Keep, dashboard_url: str) -> KeptPage:
    return keep(lambda page: open_how(page, dashboard_url), without_upload)


def without_upload(page: Page) -> None:
    """Remove what was uploaded, and wait for the steps of a sample in a desktop's window."""
    page.set_viewport_size(DESKTOP)
    expect_settled(page)
    remove = page.locator(".st-key-how-upload").get_by_role("button", name=re.compile("^Remove "))
    if remove.count():
        remove.click()
    expect(page.get_by_alt_text(re.compile(r"^\w+, L: lightness$"))).to_be_visible(timeout=PATIENCE)
    expect_steps(page)


@pytest.fixture
def tab(visit: Visit, kept_tab: KeptPage) -> Page:
    return visit(kept_tab)


def test_every_step_is_there_and_readable(tab: Page, page_record: PageRecord) -> None:
    for window in (DESKTOP, PHONE):
        tab.set_viewport_size(window)
        expect_steps(tab)
        for _ in each_scheme(tab):
            assert contrast_failures(tab, '[data-testid="stMain"]') == []
        expect_no_sideways_scrolling(tab)
    assert page_record.console_errors == []


def test_a_grey_picture_is_said_to_be_grey(tab: Page) -> None:
    choose_sample(tab, "Cameraman")
    expect(tab.get_by_text("This picture is grey: its a and b are 0 everywhere")).to_be_visible()
    give(tab, "wall.png", encode_picture(photograph(300, 200), "PNG"))
    expect(tab.get_by_alt_text("wall.png, L: lightness")).to_be_visible(timeout=PATIENCE)
    expect_steps(tab)
    expect(tab.get_by_text("This picture is grey: its a and b are 0 everywhere")).to_be_visible()
    expect(tab.get_by_text("the colours that the network gave this picture's spots")).to_be_visible()
    assert "true" not in spot(tab)
    assert chroma(fetch_picture(tab, tab.get_by_alt_text("wall.png, a: green to red"))) < 2
    give(tab, "sepia.png", encode_picture(sepia(photograph(300, 200)), "PNG"))
    expect(tab.get_by_text("This picture is grey with one tint over it")).to_be_visible(timeout=PATIENCE)
    expect_steps(tab)
    assert "true" not in spot(tab)


def test_a_colour_picture_is_compared_with_its_true_colours(tab: Page, astronaut: bytes) -> None:
    give(tab, "astronaut.png", astronaut)
    expect(tab.get_by_text("its true a and b are known")).to_be_visible(timeout=PATIENCE)
    expect_steps(tab)
    expect(tab.get_by_text("this picture's own colours, pixel by pixel")).to_be_visible()
    assert "true" in spot(tab)
    for plane in ("a: green to red", "b: blue to yellow"):
        assert chroma(fetch_picture(tab, tab.get_by_alt_text(f"astronaut.png, {plane}"))) > 8
    for gray in ("L: lightness", "L, full size"):
        assert chroma(fetch_picture(tab, tab.get_by_alt_text(f"astronaut.png, {gray}"))) < 1
    network_input = fetch_picture(tab, tab.get_by_alt_text("astronaut.png as the network sees it"))
    assert network_input.size == (224, 224)
    assert np.ptp(np.asarray(network_input.convert("RGB")), axis=-1).max() == 0


def seconds_of_the_network(page: Page) -> str:
    """The line with the time, which is another one after another run of the network."""
    return page.get_by_text("It looked at this picture for").inner_text()


def test_pointing_changes_the_plot_and_the_numbers_and_not_the_picture(tab: Page) -> None:
    before, said, address = dots(tab), spot(tab), shown_picture(tab).get_attribute("src")
    line = seconds_of_the_network(tab)
    point_at(tab, Place(0.2, 0.9))
    assert spot(tab) != said
    assert "Row 51, column 12" in spot(tab)
    expect_other_dots(tab, before)
    assert shown_picture(tab).get_attribute("src") == address
    assert seconds_of_the_network(tab) == line


def test_the_temperature_goes_from_dull_to_vivid(tab: Page) -> None:
    choose_sample(tab, "Dahlia")
    line = seconds_of_the_network(tab)
    chromas, said = [], []
    for key in ("End", "Home"):
        set_temperature(tab, key)
        chromas.append(chroma(fetch_picture(tab, shown_picture(tab))))
        said.append(numbers(tab))
    assert chromas[1] > 1.1 * chromas[0]
    assert said[1][0] > said[0][0]
    assert said[1][1] > said[0][1]
    before = dots(tab)
    set_temperature(tab, "End")
    expect_other_dots(tab, before)
    assert seconds_of_the_network(tab) == line


def test_the_keyboard_reaches_all_of_it(page: Page, dashboard_url: str) -> None:
    open_how(page, dashboard_url)
    tab_to(page, page.get_by_role("radio", name="Pagoda"))
    expect_another(page, lambda: page.keyboard.press("ArrowRight"))
    expect_steps(page)
    expect(page.get_by_alt_text("Chelsea, L: lightness")).to_be_visible()
    tab_to(page, page.get_by_role("radio", name="Compact"))
    tab_to(page, page.get_by_role("slider", name="Temperature"))
    expect_another(page, lambda: page.keyboard.press("End"))
    tab_to(page, picture(page))
    before = spot(page)
    page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect_spot_other_than(page, before)
    assert "Row 28, column 23" in spot(page)


def test_a_bad_file_is_explained_and_a_good_one_works_after_it(tab: Page, astronaut: bytes) -> None:
    give(tab, "letter.png", b"Dear grandma, here is the photo")
    expect(tab.get_by_test_id("stAlert").filter(has_text="letter.png: This is no picture")).to_be_visible(
        timeout=PATIENCE
    )
    expect(tab.get_by_role("heading", name="1. Every")).to_have_count(0)
    give(tab, "astronaut.png", astronaut)
    expect(tab.get_by_text("its true a and b are known")).to_be_visible(timeout=PATIENCE)
    expect_steps(tab)


def test_missing_weights_are_offered_above_the_steps(page: Page, serve: Serve, tmp_path: Path) -> None:
    with serve(Path(__file__).with_name("seeded_app.py"), env=seeded(tmp_path, b"")) as url:
        page.goto(url)
        expect_steps(page)
        page.get_by_text("Zhang et al. 2016", exact=True).click()
        expect(page.get_by_role("dialog")).to_contain_text("This model is not here yet")
        page.keyboard.press("Escape")
        expect_steps(page)  # those of the model before


@pytest.mark.slow
def test_the_authors_network_walks_through_too(page: Page, serve: Serve, tmp_path: Path, astronaut: bytes) -> None:
    weights = caffemodel_bytes(random_blobs())
    (tmp_path / "colorization_release_v2.caffemodel").write_bytes(weights)
    with serve(Path(__file__).with_name("seeded_app.py"), env=seeded(tmp_path, weights)) as url:
        page.goto(url)
        expect_steps(page)
        give(page, "astronaut.png", astronaut)
        expect(page.get_by_text("its true a and b are known")).to_be_visible(timeout=PATIENCE)
        expect_steps(page)
        said = spot(page)
        expect_another(page, lambda: page.get_by_text("Zhang et al. 2016", exact=True).click())
        expect_steps(page)
        assert spot(page) != said
        before = spot(page)
        point_at(page, SUIT)
        assert spot(page) != before
        spreads = []
        for key in ("End", "Home"):
            set_temperature(page, key)
            spreads.append(numbers(page)[1])
        assert spreads[1] > spreads[0]


def sepia(gray: Image.Image) -> Image.Image:
    """A brown print of a grey picture."""
    return ImageOps.colorize(gray.convert("L"), (36, 24, 14), (240, 222, 190))


def seeded(folder: Path, weights: bytes) -> dict[str, str]:
    """The environment of `seeded_app.py` for a weights file in that folder."""
    return {
        "COLORIZER_MODEL_DIR": str(folder),
        "SEEDED_SIZE": str(len(weights)),
        "SEEDED_SHA256": hashlib.sha256(weights).hexdigest(),
    }
