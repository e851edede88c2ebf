"""Shots and key frames on the Film tab in a real Chromium, and the same project on the command line."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.browser.compare_driver import DESKTOP
from tests.browser.conftest import OpenPage
from tests.browser.hint_driver import Place, ab_at, choose, point_at
from tests.browser.page_driver import not_drawn_anew
from tests.browser.photo_driver import expect_settled
from tests.browser.video_driver import (
    PATIENCE,
    button,
    download_film,
    expect_result,
    play,
    upload_film,
    video_tab,
)
from tests.support.films import run_ffmpeg
from tests.support.paths import ROOT
from tests.support.shot_films import make_shots

SECONDS, SHOTS = 1.0, 3
BLUE = (0.0, -45.0)  # ab of the still, about
POINT = Place(0.5, 0.4)


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_shots(tmp_path_factory.mktemp("films") / "three shots.mp4", seconds=SECONDS)


@pytest.fixture
def still(film: Path, tmp_path: Path) -> Path:
    """The frame in the middle of the third shot, all in blue."""
    path = tmp_path / "blue.png"
    run_ffmpeg("-ss", "2.5", "-i", film, "-frames:v", "1", path)
    with Image.open(path) as frame:
        light = np.asarray(frame.convert("L"), float)
    blue = np.stack([light * 0.55, light * 0.75, np.minimum(light * 1.6, 255)], axis=2)
    Image.fromarray(blue.astype(np.uint8)).save(path)
    return path


def open_film(page: Page, url: str, film: Path) -> None:
    page.goto(url)
    video_tab(page).click(timeout=PATIENCE)
    upload_film(page, film)
    page.get_by_text("Shots and key frames").click()


def shots(page: Page) -> Locator:
    return page.get_by_role("radiogroup", name="Shots").get_by_role("radio")


def choose_shot(page: Page, number: int) -> None:
    shots(page).nth(number - 1).click(force=True)  # the picture lies over the radio button
    expect(page.get_by_text(f"Shot {number} of {SHOTS}")).to_be_visible(timeout=PATIENCE)
    expect_settled(page)


def drop(page: Page, field: str, path: Path) -> None:
    page.locator(f".st-key-{field} input[type=file]").set_input_files(path)


def reference_picture(page: Page) -> Locator:
    return page.get_by_role("img", name="colours are taken from")


def save_project(page: Page, folder: Path) -> Path:
    """Save the project and unpack it. Returns the path of film.json."""
    expect_settled(page)
    with page.expect_download(timeout=PATIENCE) as handed:
        page.get_by_role("link", name="Save the project").click()
    handed.value.save_as(folder / "project.zip")
    with zipfile.ZipFile(folder / "project.zip") as archive:
        archive.extractall(folder)
    return folder / "film.json"


def frame_at(path: Path, seconds: float) -> Image.Image:
    with av.open(path) as container:
        frame = next(each for each in container.decode(video=0) if each.time is not None and each.time >= seconds)
        return Image.fromarray(frame.to_ndarray(format="rgb24"))


def test_a_film_is_directed_saved_opened_again_and_made_on_the_command_line(
    open_page: OpenPage, dashboard_url: str, film: Path, still: Path, tmp_path: Path
) -> None:
    page = open_page(viewport=DESKTOP)
    open_film(page, dashboard_url, film)
    button(page, "Find the shots").click()
    expect(shots(page)).to_have_count(SHOTS, timeout=PATIENCE)

    choose_shot(page, 2)
    page.get_by_text("Correct the frame that is shown").click()
    point_at(page, POINT)
    choose(page, "Red")
    expect(page.get_by_text("1 correction")).to_be_visible(timeout=PATIENCE)

    choose_shot(page, 3)
    drop(page, "film-reference", still)
    expect(page.get_by_text("blue.png", exact=True)).to_be_visible(timeout=PATIENCE)
    with not_drawn_anew(reference_picture(page)):
        drop(page, "video-drop-still", still)
        expect(page.get_by_text("Still blue.png")).to_be_visible(timeout=PATIENCE)
        expect_settled(page)

    button(page, "Colour the film").click()
    expect_result(page)
    played = play(page, SHOTS * SECONDS / 2)
    assert played.chroma > 5
    made = download_film(page, tmp_path)
    assert np.linalg.norm(ab_at(frame_at(made, 2.8), POINT) - BLUE) < 25
    assert ab_at(frame_at(made, 1.5), POINT)[0] > 20

    page.get_by_role("radio", name="Choose a moment").click()
    folder = tmp_path / "project"
    folder.mkdir()
    document = save_project(page, folder)
    again = tmp_path / "again.mp4"
    command = [sys.executable, "-m", "colorizer", film, "-o", again, "--project", document]
    subprocess.run([*map(str, command)], cwd=ROOT, check=True, timeout=PATIENCE / 1000)
    assert again.read_bytes() == made.read_bytes()

    other = open_page(viewport=DESKTOP)
    open_film(other, dashboard_url, film)
    button(other, "Open a project or a shot list").click()
    drop(other, "video-open-project", folder / "project.zip")
    expect(shots(other)).to_have_count(SHOTS, timeout=PATIENCE)
    reopened = tmp_path / "reopened"
    reopened.mkdir()
    expect(reference_picture(other)).to_be_visible(timeout=PATIENCE)
    assert save_project(other, reopened).read_bytes() == document.read_bytes()
    choose_shot(other, 2)
    expect(other.get_by_text(re.compile(r"^1\.\d\d s · 1 correction$"))).to_be_visible(timeout=PATIENCE)
