"""A tour of the whole page: every tab as a visitor finds it, and with a result, for checks that look at all of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page, expect

from benchmarks.support.photo_tab import open_photo_tab
from benchmarks.support.webcam_tab import PATIENCE, streamer
from tests.browser import album_driver, game_driver, how_driver, video_driver
from tests.browser.photo_driver import encode_picture, expect_colorized, expect_settled, photograph
from tests.support.film_clip import write_film

PAGODA = (640, 427)


def tour(page: Page, url: str, folder: Path) -> Iterator[str]:
    """The name of each place, when the page shows it. `folder`: for the files that are uploaded on the way."""
    open_photo_tab(page, url)
    expect_settled(page)
    yield "photo"
    page.get_by_role("button", name="Pagoda", exact=True).click()
    expect_colorized(page, *PAGODA)
    yield "photo-result"
    page.get_by_role("tab", name="Album").click()
    expect_settled(page)
    yield "album"
    album_driver.fill(page, {f"{name}.jpg": encode_picture(photograph(*size)) for name, size in ALBUM.items()})
    album_driver.expect_done(page, "2 of 2")
    yield "album-result"
    video_driver.video_tab(page).click()
    expect_settled(page)
    yield "film"
    film = folder / "film.mp4"
    write_film(film)
    video_driver.upload_film(page, film)
    yield "film-frame"
    page.get_by_role("tab", name="Webcam").click()
    expect(streamer(page).get_by_role("button", name="Start")).to_be_visible(timeout=PATIENCE)
    expect_settled(page)
    yield "webcam"
    page.get_by_role("tab", name="How it works").click()
    how_driver.expect_steps(page)
    yield "how"
    yield from _game(page)


ALBUM = {"grandma": (330, 220), "grandpa": (220, 330)}


def _game(page: Page) -> Iterator[str]:
    page.get_by_role("tab", name=game_driver.TAB).click()
    expect(game_driver.button(page, "Play")).to_be_enabled(timeout=PATIENCE)
    expect_settled(page)
    yield "game"
    game_driver.play_long(page)
    yield "game-round"
    game_driver.vote(page, right=False)
    expect(game_driver.game(page)).to_have_attribute("data-state", "answered")
    expect_settled(page)
    yield "game-answer"
    game_driver.leave_answer(page)
    game_driver.play_all(page, fooled=1, first=2, alone=True)
    expect_settled(page)
    yield "game-result"
