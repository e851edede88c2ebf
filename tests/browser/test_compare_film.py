"""Two films with one divider in a real Chromium: in step, grey beside coloured, with one of them late or unreadable."""

from __future__ import annotations

import io
from collections.abc import Iterator

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.compare_driver import PHONE, contrast, css_color, drag, expect_position, frame, handle
from tests.browser.conftest import HERE, Serve
from tests.browser.page_driver import expect_full_window
from tests.support.films import make_film

PLAYED = """([leader, seconds]) => new Promise((resolve) => {
  const look = () => leader.currentTime >= seconds ? resolve(leader.currentTime) : requestAnimationFrame(look);
  look();
})"""


@pytest.fixture(scope="module")
def films_url(serve_page: Serve, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("films")
    codec = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p")
    films = {
        "AFTER": make_film(folder / "after.mp4", *codec, "-c:a", "aac", seconds=4),
        "LATER": make_film(folder / "later.mp4", *codec, "-c:a", "aac", seconds=5),
        "OLD": make_film(folder / "old.avi", "-c:v", "mpeg2video", seconds=4),
    }
    environment = {name: str(path) for name, path in films.items()}
    with serve_page(HERE / "film_compare_app.py", env=environment) as url:
        yield url


def films(page: Page) -> tuple[Locator, Locator]:
    """The grey film and the coloured one."""
    return page.locator(".layer.before video"), page.locator(".layer.after video")


def open_films(page: Page, url: str, before: str = "LATER") -> Page:
    page.goto(f"{url}?before={before}")
    expect(page.locator(".clock")).to_have_text("0:00 / 0:04")
    return page


def times(page: Page) -> list[float]:
    """The times of the grey film and of the coloured one, at one moment."""
    handles = [film.element_handle() for film in films(page)]
    found = page.evaluate("([before, after]) => [before.currentTime, after.currentTime]", handles)
    return [float(seconds) for seconds in found]


def expect_in_step(page: Page, start: float, most: float) -> None:
    handles = [film.element_handle() for film in films(page)]
    page.wait_for_function(
        "([[before, after], start, most]) => !before.seeking && !after.seeking"
        " && Math.abs(before.currentTime - after.currentTime - start) <= most",
        arg=[handles, start, most],
    )


def chroma(page: Page) -> tuple[float, float]:
    """The mean distance of the largest of R, G, B from the smallest, left and right of the divider's middle place."""
    box = frame(page).bounding_box()
    assert box is not None
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    x, y, width, height = (round(box[side]) for side in ("x", "y", "width", "height"))
    spread = np.ptp(np.asarray(picture.crop((x, y + height // 4, x + width, y + height)), np.int16), axis=2)
    return float(spread[:, : width // 2 - 60].mean()), float(spread[:, width // 2 + 60 :].mean())


def test_both_play_in_step_with_one_divider(page: Page, films_url: str) -> None:
    open_films(page, films_url)
    page.get_by_role("button", name="Play").click()
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    page.evaluate(PLAYED, [films(page)[1].element_handle(), 1.0])
    expect_in_step(page, 1.0, 0.05)
    assert [film.evaluate("film => film.muted") for film in films(page)] == [True, False]
    page.get_by_role("button", name="Pause").click()
    expect_in_step(page, 1.0, 0.001)
    gray, colored = chroma(page)
    assert gray < 5
    assert colored > 60
    drag(page, 0.5, 0.8)
    expect_position(page, 80)
    page.keyboard.press("Space")  # the handle has the focus
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    page.keyboard.press("k")
    page.keyboard.press("m")
    assert films(page)[1].evaluate("film => film.muted")
    page.keyboard.press("ArrowLeft")
    expect_position(page, 75)
    seek = page.get_by_role("slider", name="Position in the film")
    seek.fill("3")
    expect_in_step(page, 1.0, 0.001)
    expect(seek).to_have_attribute("aria-valuetext", "0:03 / 0:04")
    page.get_by_role("button", name="Rerun").click()
    page.get_by_role("button", name="Play").click()
    expect(page.get_by_role("button", name="Play")).to_be_visible()  # at the end
    assert times(page) == pytest.approx([5.0, 4.0], abs=0.1)
    page.get_by_role("button", name="Play").click()
    page.evaluate(
        "leader => new Promise(done => { leader.ontimeupdate = () => leader.currentTime < 3 && done() })",
        films(page)[1].element_handle(),
    )


@pytest.mark.parametrize("before", ["OLD", "NONE"], ids=["a film that browsers do not play", "no film"])
def test_without_a_film_to_play_the_grey_side_is_the_coloured_film(before: str, page: Page, films_url: str) -> None:
    open_films(page, films_url, before)
    expect(frame(page)).to_have_class("frame alone")
    page.get_by_role("button", name="Play").click()
    page.evaluate(PLAYED, [films(page)[1].element_handle(), 0.5])
    page.keyboard.press("k")
    gray, colored = chroma(page)
    assert gray < 5
    assert colored > 60


def test_a_film_that_stalls_keeps_the_other_waiting_for_a_while_and_joins_later(page: Page, films_url: str) -> None:
    held: list[Route] = []
    first: list[str] = []
    released: list[bool] = []

    def hold_the_gray_one(route: Route) -> None:
        address = route.request.url
        first.append(address)
        if address == first[0] or released:  # the coloured film is asked for first
            route.continue_()
        else:
            held.append(route)

    page.route("**/downloads/*", hold_the_gray_one)
    open_films(page, films_url)
    page.get_by_role("button", name="Play").click()
    expect(page.get_by_role("status").get_by_text("Loading")).to_be_visible()
    assert times(page)[1] == 0
    page.evaluate(PLAYED, [films(page)[1].element_handle(), 0.3])  # it goes on alone
    released.append(True)
    for route in held:
        route.continue_()
    expect_in_step(page, 1.0, 0.06)


def test_on_a_phone_all_controls_are_in_the_window_and_large_enough(page: Page, films_url: str) -> None:
    page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    open_films(page, films_url)
    for name in ("Play", "Sound off", "Full screen"):
        box = page.get_by_role("button", name=name).bounding_box()
        assert box is not None
        assert (box["width"], box["height"]) == (44, 44)
        assert box["x"] + box["width"] <= PHONE["width"]
        assert box["y"] + box["height"] <= PHONE["height"]
    assert contrast(css_color(handle(page), "color"), css_color(handle(page), "background-color")) >= 3
    page.get_by_role("button", name="Full screen").click()
    expect(page.get_by_role("button", name="Leave full screen")).to_be_visible()
    expect_full_window(page.get_by_role("group", name="Film, grey and coloured"))
    page.keyboard.press("f")
    expect(page.get_by_role("button", name="Full screen", exact=True)).to_be_visible()
