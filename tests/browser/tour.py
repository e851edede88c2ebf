"""Tours of the whole page: every tab as a visitor finds it, and with a result, for checks that look at all of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from playwright.sync_api import Page, expect

from benchmarks.support.photo_tab import open_photo_tab
from benchmarks.support.webcam_tab import PATIENCE, streamer
from dashboard.navigation import Tab
from tests.browser import album_driver, game_driver, how_driver, video_driver
from tests.browser.photo_driver import encode_picture, expect_colorized, expect_settled, photograph
from tests.support.film_clip import write_film

PAGODA = (640, 427)
ALBUM = {"grandma": (330, 220), "grandpa": (220, 330)}

Tour = Callable[[Page, str, Path], Iterator[str]]


def _photo(page: Page, url: str, _folder: Path) -> Iterator[str]:
    open_photo_tab(page, url)
    expect_settled(page)
    yield "photo"
    page.get_by_role("button", name="Pagoda", exact=True).click()
    expect_colorized(page, *PAGODA)
    yield "photo-result"


def _album(page: Page, url: str, _folder: Path) -> Iterator[str]:
    album_driver.open_album_tab(page, url)
    expect_settled(page)
    yield "album"
    album_driver.fill(page, {f"{name}.jpg": encode_picture(photograph(*size)) for name, size in ALBUM.items()})
    album_driver.expect_done(page, "2 of 2")
    yield "album-result"


def _film(page: Page, url: str, folder: Path) -> Iterator[str]:
    page.goto(url)
    video_driver.video_tab(page).click(timeout=PATIENCE)
    expect_settled(page)
    yield "film"
    film = folder / "film.mp4"
    write_film(film)
    video_driver.upload_film(page, film)
    yield "film-frame"


def _webcam(page: Page, url: str, _folder: Path) -> Iterator[str]:
    page.goto(url)
    page.get_by_role("tab", name="Webcam").click(timeout=PATIENCE)
    expect(streamer(page).get_by_role("button", name="Start")).to_be_visible(timeout=PATIENCE)
    expect_settled(page)
    yield "webcam"


def _how(page: Page, url: str, _folder: Path) -> Iterator[str]:
    how_driver.open_how(page, url)
    yield "how"


def _game(page: Page, url: str, _folder: Path) -> Iterator[str]:
    game_driver.open_game_tab(page, url)
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


# For each tab: a new visitor's way, which yields the name of each place when the page shows it. The folder is for the
# files that are uploaded on the way.
TOURS: dict[Tab, Tour] = {
    Tab.PHOTO: _photo,
    Tab.ALBUM: _album,
    Tab.FILM: _film,
    Tab.WEBCAM: _webcam,
    Tab.LESSON: _how,
    Tab.GAME: _game,
}
