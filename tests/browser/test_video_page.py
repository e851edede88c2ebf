"""The Film tab in a real Chromium: upload, progress, the page's own player, stop, download, queue, errors."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.compare_driver import DESKTOP, frame, handle
from tests.browser.conftest import HERE, GatedServer, OpenPage, Serve
from tests.browser.gate import VARIABLE, Gate
from tests.browser.page_record import PageRecord
from tests.browser.photo_driver import expect_settled
from tests.browser.video_driver import (
    PATIENCE,
    PREVIEW,
    button,
    count_frames,
    download_film,
    download_link,
    expect_at_rest,
    expect_progress,
    expect_result,
    frames,
    frames_done,
    give,
    play,
    player,
    upload_film,
    video_tab,
)
from tests.support.film_clip import SAMPLE_RATE, write_film
from tests.support.films import streams_of
from tests.support.unusual_films import make_anamorphic, make_long_recording

FRAMES, RATE, WIDTH, HEIGHT = 60, 10, 160, 120
SECONDS = FRAMES / RATE
LONG_FRAMES = 600
SIZES = ((1280, 900), (1366, 768), (768, 1024), (390, 844))
DELAY = 0.05  # seconds that each frame takes at least; a speed is told after half a second
SOME = 30  # frames of a run that are let through, of which the page tells while it stands still


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("films") / "parade 1928.mp4"
    write_film(path, frames=FRAMES, width=WIDTH, height=HEIGHT, rate=RATE)
    return path


@pytest.fixture(scope="module")
def long_film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("films") / "feature.mp4"
    write_film(path, frames=LONG_FRAMES, width=WIDTH, height=HEIGHT, rate=RATE)
    return path


@pytest.fixture(scope="module")
def temporary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The parent of the server's temporary folders."""
    return tmp_path_factory.mktemp("temporary")


STOP = "Stop, keep what is done"
TTL_VARIABLE = "STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL"


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Gate:
    """The gate before the server's network."""
    return Gate(tmp_path_factory.mktemp("gate"))


@pytest.fixture
def gate(network: Gate) -> Iterator[Gate]:
    """The same, open before the test and after it."""
    yield network
    network.open()


@pytest.fixture(scope="module")
def video_url(serve_page: Serve, temporary: Path, network: Gate) -> Iterator[str]:
    env = {"FRAME_DELAY": str(DELAY), "TMPDIR": str(temporary), TTL_VARIABLE: "5", VARIABLE: str(network.folder)}
    with serve_page(HERE / "video_app.py", env=env) as url:
        yield url
    assert list(temporary.iterdir()) == [], "the server's end removes all files"


@pytest.fixture
def tab(page: Page, video_url: str) -> Page:
    """The tab of a new visitor."""
    page.goto(video_url)
    expect(page.get_by_text("Download it")).to_be_visible(timeout=PATIENCE)
    return page


def films(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("*/*/*"))


def start_and_hold(page: Page, gate: Gate, name: str = "Colour the film", *, frames: int = SOME) -> None:
    """Press a button that starts a run, and let it come so far and no further until the gate is opened.

    The run may show fewer or more frames than are let through: some wait in it, and some need no colours of their own.
    """
    expect_at_rest(page)
    gate.close()
    button(page, name).click(timeout=PATIENCE)
    expect(button(page, STOP)).to_be_visible(timeout=PATIENCE)  # so nothing else takes what is let through
    gate.let_through(frames)


def test_a_film_comes_back_in_colour_and_plays_with_its_sound(
    tab: Page, gate: Gate, film: Path, tmp_path: Path, page_record: PageRecord
) -> None:
    upload_film(tab, film)
    expect(handle(tab)).to_be_visible()
    expect(tab.get_by_text(re.compile(r"About \d+ \w+ of work for 0:06 of film"))).to_be_visible(timeout=PATIENCE)
    start_and_hold(tab, gate)
    speed = tab.get_by_text(re.compile(r"[\d.]+ frames a second · 0:\d\d spent · about \d+ \w+ left"))
    expect(speed).to_be_visible(timeout=PATIENCE)
    done, expected = frames_done(tab)
    assert 1 <= done < expected == FRAMES
    expect(tab.get_by_alt_text("The frame that was coloured last")).to_be_visible(timeout=PATIENCE)
    gate.open()
    expect_result(tab)
    played = play(tab, 2.0)
    assert played.seconds >= 2
    assert played.frames >= RATE
    assert played.duration == pytest.approx(SECONDS, abs=0.2)
    assert (played.width, played.height) == (WIDTH, HEIGHT)
    assert played.audio_bytes > 0
    assert played.chroma > 4
    path = download_film(tab, tmp_path)
    assert path.name == "parade 1928_colorized.mp4"
    count, samples = count_frames(path)
    assert count == FRAMES
    assert samples == pytest.approx(SECONDS * SAMPLE_RATE, rel=0.02)
    assert streams_of(path, "v", "codec_name,pix_fmt") == [{"codec_name": "h264", "pix_fmt": "yuv420p"}]
    assert [stream["codec_name"] for stream in streams_of(path, "a", "codec_name")] == ["aac"]
    assert page_record.console_errors == []


def test_a_stopped_run_leaves_what_is_done_to_play_and_to_take_home(
    tab: Page, gate: Gate, long_film: Path, tmp_path: Path
) -> None:
    upload_film(tab, long_film)
    start_and_hold(tab, gate)
    expect_progress(tab, 15)
    expect(handle(tab)).to_be_visible()  # the picture stays while work goes on
    button(tab, STOP).click()
    expect_result(tab)
    expect(tab.get_by_text("You stopped it here")).to_be_visible()
    expect(tab.get_by_role("radio", name=re.compile(r"^Stopped early 0:00-0:\d\d$"))).to_be_checked()
    played = play(tab, 1.0)
    assert 1.5 <= played.duration < LONG_FRAMES / RATE / 2
    assert played.audio_bytes > 0
    assert played.chroma > 4
    path = download_film(tab, tmp_path)
    assert re.fullmatch(r"feature_stopped_0\.00-0\.\d\d_colorized\.mp4", path.name)
    count, samples = count_frames(path)
    assert 15 <= count < LONG_FRAMES / 2
    # In the file of the clip the sound lies a second behind the pictures, and what is not read is not written.
    assert count / RATE - 1.2 < samples / SAMPLE_RATE < count / RATE + 0.2


def test_a_moment_is_chosen_and_tried_in_every_window(tab: Page, gate: Gate, long_film: Path, tmp_path: Path) -> None:
    upload_film(tab, long_film)
    expect(frames(tab)).to_have_count(10, timeout=PATIENCE)
    expect(frames(tab).last).not_to_have_value("0", timeout=PATIENCE)  # their places stand empty before
    expect_all_in_sight(tab, frame(tab))
    frames(tab).nth(4).check(force=True)  # the picture lies over the radio button
    expect(tab.get_by_text("Frame at 0:27 of 1:00")).to_be_visible(timeout=PATIENCE)
    frames(tab).nth(4).press("ArrowRight")
    expect(frames(tab).nth(5)).to_be_checked()
    expect(tab.get_by_text("Frame at 0:33 of 1:00")).to_be_visible(timeout=PATIENCE)
    slider = tab.get_by_role("slider", name="Moment, to a tenth of a second")
    for _ in range(10):
        slider.press("ArrowLeft")
    expect(tab.get_by_text("Frame at 0:32 of 1:00")).to_be_visible(timeout=PATIENCE)
    start_and_hold(tab, gate, PREVIEW, frames=SOME // 2)
    assert frames_done(tab)[1] == 3 * RATE
    gate.open()
    expect_result(tab)
    expect(tab.get_by_role("radio", name="Preview 0:32-0:35")).to_be_checked()
    assert play(tab, 1.0).duration == pytest.approx(3.0, abs=0.2)
    expect_all_in_sight(tab, frame(tab), download_link(tab))
    assert download_film(tab, tmp_path).name == "feature_preview_0.32-0.35_colorized.mp4"
    tab.get_by_role("slider", name="Amount").press("ArrowLeft")
    expect(tab.get_by_text("made with other settings")).to_be_visible(timeout=PATIENCE)
    button(tab, "Make it again").click()
    expect(tab.get_by_text("made with other settings")).to_be_hidden(timeout=PATIENCE)
    expect_result(tab)
    tab.get_by_role("radio", name="Choose a moment").click()
    expect(handle(tab)).to_be_visible(timeout=PATIENCE)
    expect(player(tab)).to_have_count(0)


def expect_all_in_sight(page: Page, *elements: Locator) -> None:
    """Whatever window it is, all of them are seen whole without scrolling. It is the desktop's again after that."""
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        for element in elements:
            expect(element).to_be_in_viewport(ratio=0.99, timeout=PATIENCE)
    page.set_viewport_size(DESKTOP)


def open_more(page: Page) -> None:
    page.locator("summary").filter(has_text="More").click()


def test_a_film_of_unknown_length_is_coloured_to_its_end(
    tab: Page, gate: Gate, tmp_path: Path, page_record: PageRecord
) -> None:
    upload_film(tab, make_long_recording(tmp_path / "recording.webm"))
    expect(tab.get_by_text("Frame at 0:00 of a film of unknown length")).to_be_visible()
    expect(tab.get_by_text(re.compile(r"About \d+ \w+ of work for each minute of film"))).to_be_visible(
        timeout=PATIENCE
    )
    open_more(tab)
    expect(tab.get_by_role("spinbutton", name="End, in seconds")).to_have_value("")
    start_and_hold(tab, gate)
    expect(tab.get_by_text(re.compile(r"\d+ frames done · 0:\d\d of film"))).to_be_visible(timeout=PATIENCE)
    gate.open()
    expect_result(tab)
    expect(tab.get_by_text("0:16 · 80 frames")).to_be_visible()
    assert play(tab, 1.0).duration == pytest.approx(16.0, abs=0.3)
    assert count_frames(download_film(tab, tmp_path))[0] == 80
    assert page_record.console_errors == []


def test_a_part_of_a_film_of_unknown_length_is_entered_as_numbers(tab: Page, tmp_path: Path) -> None:
    upload_film(tab, make_long_recording(tmp_path / "recording.webm"))
    open_more(tab)
    for name, seconds in {"Start, in seconds": "2", "End, in seconds": "5.9"}.items():
        tab.get_by_role("spinbutton", name=name).fill(seconds)
        tab.get_by_role("spinbutton", name=name).press("Enter")
    button(tab, "Colour this part").click(timeout=PATIENCE)
    expect_result(tab)
    expect(tab.get_by_text("0:04 · 20 frames")).to_be_visible()


def test_a_dvd_is_16_to_9_on_the_page_as_in_a_player(tab: Page, gate: Gate, tmp_path: Path) -> None:
    upload_film(tab, make_anamorphic(tmp_path / "dvd.vob", seconds=2))
    expect(frame(tab)).to_be_visible(timeout=PATIENCE)
    box = frame(tab).bounding_box()
    assert box is not None
    assert box["width"] / box["height"] == pytest.approx(16 / 9, rel=0.01)
    start_and_hold(tab, gate)
    preview = tab.get_by_alt_text("The frame that was coloured last")
    for side, pixels in {"naturalWidth": 320, "naturalHeight": 180}.items():
        expect(preview).to_have_js_property(side, pixels, timeout=PATIENCE)
    gate.open()
    expect_result(tab)
    played = play(tab, 1.0)
    assert (played.width, played.height) == (1024, 576)


@pytest.fixture
def second(tab: Page, gate: Gate, open_page: OpenPage, video_url: str, film: Path, long_film: Path) -> Page:
    """The page of a second visitor who starts while the film of the first, in `tab`, is being coloured.

    That one stands still.
    """
    page = open_page(viewport=DESKTOP)
    page.goto(video_url)
    upload_film(page, film)
    expect_at_rest(page)
    upload_film(tab, long_film)
    start_and_hold(tab, gate)
    expect_progress(tab, 1)
    button(page, "Colour the film").click()
    return page


def test_a_second_visitor_waits_in_the_queue_until_the_first_is_done(tab: Page, second: Page, gate: Gate) -> None:
    expect(second.get_by_text("1 film is before yours")).to_be_visible(timeout=PATIENCE)
    expect(button(second, "Leave the queue")).to_be_visible()
    button(tab, STOP).click()
    expect_result(tab)
    expect(button(second, STOP)).to_be_visible(timeout=PATIENCE)
    gate.let_through(SOME)
    expect_progress(second, 1)
    gate.open()
    expect_result(second)
    assert play(second, 1.0).duration == pytest.approx(SECONDS, abs=0.2)


def test_who_leaves_the_queue_can_start_again(second: Page) -> None:
    button(second, "Leave the queue").click(timeout=PATIENCE)
    expect(button(second, "Leave the queue")).to_be_hidden(timeout=PATIENCE)
    expect_settled(second)  # until then, the button of the run before may be there too
    expect(button(second, "Colour the film")).to_be_enabled(timeout=PATIENCE)
    expect(handle(second)).to_be_visible(timeout=PATIENCE)


def test_a_broken_file_says_what_is_wrong_and_the_next_one_works(tab: Page, film: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"Dear grandma" * 1000)
    give(tab, broken)
    alert = tab.get_by_role("alert").filter(has_text="broken.mp4: This is no film that the program can read.")
    expect(alert).to_be_visible(timeout=PATIENCE)
    expect(button(tab, "Colour the film")).to_have_count(0)
    upload_film(tab, film)
    expect(tab.get_by_role("alert")).to_have_count(0)


def test_a_visitor_who_leaves_takes_the_files_along(
    open_page: OpenPage, video_url: str, long_film: Path, temporary: Path
) -> None:
    page = open_page(viewport=DESKTOP)
    page.goto(video_url)
    upload_film(page, long_film)
    button(page, "Colour the film").click()
    expect_progress(page, 1)
    assert films(temporary)
    page.context.close()
    deadline = time.monotonic() + PATIENCE / 1000
    while films(temporary):  # those of the visitors of other tests too, who have left
        assert time.monotonic() < deadline, films(temporary)
        time.sleep(0.1)


def test_in_the_dashboard_the_work_goes_on_in_another_tab(page: Page, gated_dashboard: GatedServer, film: Path) -> None:
    page.goto(gated_dashboard.url)
    video_tab(page).click()
    upload_film(page, film)
    start_and_hold(page, gated_dashboard.gate)
    expect_progress(page, 1)
    page.get_by_role("tab", name="photo icon Photo").click()
    expect(page.get_by_text("No photograph at hand?")).to_be_visible(timeout=PATIENCE)
    gated_dashboard.gate.open()
    video_tab(page).click()
    expect_result(page)
    expect_all_in_sight(page, frame(page), download_link(page))
    assert play(page, 1.0).chroma > 4
