"""The Webcam tab in a real Chromium, whose camera shows a clip of a photograph, tinted and panned over."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from benchmarks.support.chromium import launch_with_camera
from benchmarks.support.webcam_tab import PATIENCE, open_details, start, status, stop, streamer, video
from tests.browser.conftest import HERE, Serve
from tests.browser.context_pool import ContextPool
from tests.browser.page_record import PageRecord
from tests.browser.photo_driver import chroma as picture_chroma
from tests.browser.photo_driver import decode_picture, expect_settled
from tests.browser.webcam_driver import choose_view, expect_chroma, expect_shape, press, restart, wait_until

WINDOW = ViewportSize(width=1280, height=900)
WIDTH, HEIGHT = 320, 240  # small, because browser and server code every frame
RATIO = WIDTH / HEIGHT
GRAY = (0.0, 2.5)  # two encoders leave a trace of colour
COLORIZED = (4.0, 45.0)
TINTED = (60.0, 255.0)  # as the camera shows it
_CAMERA_PLAYS = "() => document.querySelector('[data-testid=stCameraInput] video')?.currentTime > 0.5"

OpenWebcam = Callable[..., Page]


@pytest.fixture(scope="module")
def camera_pool(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ContextPool]:
    folder = tmp_path_factory.mktemp("camera")
    with launch_with_camera(browser.browser_type, folder, width=WIDTH, height=HEIGHT) as chromium:
        yield ContextPool(chromium)


@pytest.fixture(scope="module")
def webcam_url(serve_page: Serve) -> Iterator[str]:
    # Few pools of the C library's: else each new thread's pool keeps a megabyte or two, which is no leak but looks so.
    with serve_page(HERE / "webcam_app.py", env={"MALLOC_ARENA_MAX": "2"}) as url:
        yield url


@pytest.fixture
def open_webcam(camera_pool: ContextPool, webcam_url: str, page_record: PageRecord) -> Iterator[OpenWebcam]:
    """Open the tab; `script` is run before the page's own, in every frame."""
    with ExitStack() as pages:

        def open_one(script: str = "", *, allowed: bool = True) -> Page:
            options = {"viewport": WINDOW, "permissions": ["camera"] if allowed else []}
            # Fresh: a camera that an earlier page is still closing would be another test's disturbance.
            page = pages.enter_context(camera_pool.page(page_record, options, fresh=True))
            page.add_init_script(script)
            page.goto(webcam_url)
            return page

        yield open_one
    page_record.check()


@pytest.fixture
def running(open_webcam: OpenWebcam) -> Page:
    page = open_webcam()
    start(page)
    return page


def test_frames_come_back_in_colour_and_grey_where_no_colour_is_wanted(running: Page) -> None:
    as_predicted = expect_chroma(running, *COLORIZED)
    press(running, "Amount", "Home")
    expect_chroma(running, *GRAY)
    press(running, "Amount", "End")
    expect_chroma(running, 1.3 * as_predicted, 255)


def test_views_change_while_it_runs(running: Page) -> None:
    expect_shape(running, RATIO)
    choose_view(running, "Grey and coloured")
    expect_shape(running, 2 * RATIO)
    expect_chroma(running, *GRAY, right=0.48)
    expect_chroma(running, *COLORIZED, left=0.52)
    choose_view(running, "Original, grey, coloured")
    expect_shape(running, 3 * RATIO)
    expect_chroma(running, *TINTED, right=0.3)
    expect_chroma(running, *GRAY, left=0.36, right=0.64)
    expect_chroma(running, *COLORIZED, left=0.7)
    choose_view(running, "Split")
    expect_shape(running, RATIO)
    expect_chroma(running, *GRAY, right=0.45)
    expect_chroma(running, *COLORIZED, left=0.55)
    press(running, "Line", "Home")
    expect_chroma(running, *COLORIZED, right=0.45)
    press(running, "Line", "End")
    expect_chroma(running, *GRAY)


def test_the_page_tells_how_it_goes(running: Page) -> None:
    expect_chroma(running, *COLORIZED)
    frames_per_second, milliseconds, dropped, width, height, age = status(running)
    assert 0 < frames_per_second < 40
    assert milliseconds > 0
    assert dropped >= 0
    assert 100 < width <= WIDTH
    assert width / height == pytest.approx(RATIO, rel=0.03)
    assert 0 <= age < 60


def test_the_snapshot_is_the_frame_in_colour(running: Page) -> None:
    expect_chroma(running, *COLORIZED)
    with running.expect_download() as handed:
        running.get_by_role("link", name="Snapshot").click()
    assert handed.value.suggested_filename == "webcam_colorized.png"
    picture = decode_picture(handed.value.path().read_bytes())
    assert picture.format == "PNG"
    assert picture.width / picture.height == pytest.approx(RATIO, rel=0.03)
    assert COLORIZED[0] < picture_chroma(picture) < COLORIZED[1]
    expect_chroma(running, *COLORIZED)


def test_a_failure_shows_the_grey_picture_and_its_message(running: Page) -> None:
    expect_chroma(running, *COLORIZED)
    message = running.get_by_text("RuntimeError: a wire came loose")
    switch = running.get_by_test_id("stCheckbox").filter(has_text="Break the network")
    switch.click()
    expect(running.get_by_text("The colours failed, so the picture stays grey.")).to_be_visible(timeout=PATIENCE)
    open_details(running)
    expect(message).to_be_visible(timeout=PATIENCE)
    expect_chroma(running, *GRAY)
    switch.click()
    expect_chroma(running, *COLORIZED)
    expect(message).to_have_count(0, timeout=PATIENCE)


def test_a_slow_network_leaves_the_picture_at_camera_rate_and_the_page_tells_the_colours_age(running: Page) -> None:
    expect_chroma(running, *COLORIZED)
    switch = running.get_by_test_id("stCheckbox").filter(has_text="Slow network")
    switch.click()
    wait_until(lambda: status(running)[5] >= 1, lambda: f"colours of more than a second, got {status(running)}")
    wait_until(
        lambda: status(running)[0] > 3, lambda: f"more frames than the network's one a second, {status(running)}"
    )
    expect_chroma(running, *COLORIZED)
    switch.click()
    wait_until(lambda: status(running)[5] < 1, lambda: f"fresh colours again, got {status(running)}")


def test_it_stops_and_starts_again_in_the_same_place(running: Page) -> None:
    for _ in range(2):
        expect_chroma(running, *COLORIZED)
        playing = video(running).bounding_box()
        stop(running)
        assert playing is not None
        idle = streamer(running).locator(".MuiPaper-root")
        # Its frame takes the new height a moment after the button is there.
        wait_until(lambda: idle.bounding_box() == pytest.approx(playing, abs=1), lambda: f"it at {playing}")  # noqa: B023
        start(running)
    expect_chroma(running, *COLORIZED)


def test_the_streamers_buttons_look_like_the_pages(open_webcam: OpenWebcam) -> None:
    start_button = streamer(open_webcam()).get_by_role("button", name="Start")
    expect(start_button).to_be_visible(timeout=PATIENCE)
    expect(start_button).to_have_css("text-transform", "none")
    expect(start_button).to_have_css("font-family", re.compile('"Source Sans"'))
    # The font that a browser takes is none that it has not loaded.
    assert start_button.evaluate("async () => (await document.fonts.load('1rem \"Source Sans\"')).length") == 1


@pytest.mark.parametrize("slow_page", [False, True], ids=["quick page", "slow page"])
def test_a_start_right_after_stop_is_not_lost(running: Page, *, slow_page: bool) -> None:
    """A slow page gets both at once, or is interrupted while it processes the Stop."""
    if slow_page:
        running.get_by_test_id("stCheckbox").filter(has_text="Slow page").click()
    for _ in range(3):
        expect_chroma(running, *COLORIZED)
        expect_settled(running)
        restart(running)
    expect_chroma(running, *COLORIZED)


def test_a_refused_camera_says_so_and_what_to_do(open_webcam: OpenWebcam) -> None:
    page = open_webcam(allowed=False)
    refused = page.get_by_text("The browser blocks the camera on this page.")
    expect(refused).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text("Allow it with the camera icon beside the address")).to_be_visible()
    page.context.grant_permissions(["camera"])
    expect(refused).to_have_count(0, timeout=PATIENCE)


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("Object.defineProperty(window, 'isSecureContext', { value: false })", "This page was not opened over HTTPS"),
        ("if (navigator.mediaDevices) navigator.mediaDevices.enumerateDevices = async () => []", "No camera was found"),
        ("delete Navigator.prototype.mediaDevices", "This browser gives web pages no camera access"),
    ],
    ids=["insecure", "no camera", "no access"],
)
def test_what_is_in_the_way_of_a_camera_has_its_own_message(open_webcam: OpenWebcam, script: str, message: str) -> None:
    expect(open_webcam(script).get_by_text(message)).to_be_visible(timeout=PATIENCE)


def test_a_connection_that_does_not_come_about_says_so(open_webcam: OpenWebcam) -> None:
    page = open_webcam("RTCPeerConnection.prototype.setRemoteDescription = () => new Promise(() => {})")
    streamer(page).get_by_role("button", name="Start").click(timeout=PATIENCE)
    expect(page.get_by_text("No connection for the camera's pictures.")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text("Press Stop and Start to try again")).to_be_visible()


def test_single_pictures_need_no_stream(open_webcam: OpenWebcam) -> None:
    page = open_webcam()
    page.get_by_test_id("stCheckbox").filter(has_text="Single pictures").click(timeout=PATIENCE)
    # Chromium plays a silent video only where it is in the window. Until then the button has no effect, or takes black.
    page.get_by_test_id("stCameraInput").locator("video").scroll_into_view_if_needed(timeout=PATIENCE)
    page.wait_for_function(_CAMERA_PLAYS, timeout=PATIENCE)
    page.get_by_role("button", name="Take Photo").click()
    expect(page.get_by_alt_text("Your picture, coloured")).to_be_visible(timeout=PATIENCE)
    with page.expect_download() as handed:
        page.get_by_role("button", name="Download picture").click()
    assert picture_chroma(decode_picture(handed.value.path().read_bytes())) > COLORIZED[0]


@pytest.mark.slow
def test_after_ten_starts_and_stops_threads_and_memory_are_back(open_webcam: OpenWebcam) -> None:
    page = open_webcam()
    for _ in range(2):  # the first ones load codecs and fill the libraries' caches
        start(page)
        stop(page)
    threads, memory = measure(page)
    for _ in range(10):
        start(page)
        stop(page)
    after = measure(page)

    def are_back() -> bool:
        nonlocal after
        after = measure(page)
        return after[0] <= 1.1 * threads and after[1] <= 1.1 * memory

    wait_until(are_back, lambda: f"at most {1.1 * threads:.0f} threads and {1.1 * memory:.0f} kB, got {after}")
    print(f"threads {threads} -> {after[0]}, memory {memory} -> {after[1]} kB")


@pytest.mark.slow
def test_a_closed_tab_frees_its_threads(open_webcam: OpenWebcam) -> None:
    watching = open_webcam()
    visitor = open_webcam()
    start(visitor)
    stop(visitor)
    before = measure(watching)[0]
    start(visitor)
    during = measure(watching)[0]
    assert during > before
    visitor.close()

    def are_free() -> bool:
        watching.wait_for_timeout(1000)  # each look is a run of the page; it takes half a minute to miss a visitor
        return measure(watching)[0] <= before

    wait_until(are_free, lambda: f"{before} threads, during the visit {during}")


def measure(page: Page) -> tuple[int, int]:
    """The number of threads and the memory (kB) of the server's process."""
    line = page.get_by_text(re.compile(r"^Measurement \d+: "))
    last = line.inner_text() if line.count() else ""
    page.get_by_role("button", name="Measure").click(timeout=PATIENCE)
    expect(line).not_to_have_text(last or "nothing", timeout=PATIENCE)
    found = re.fullmatch(r"Measurement \d+: (\d+) threads, (\d+) kB", line.inner_text())
    assert found is not None
    return int(found[1]), int(found[2])
