"""The Webcam tab in a real Chromium: start and stop the stream, read its status and the colours of its picture."""

from __future__ import annotations

import re

from playwright.sync_api import FrameLocator, Locator, Page, expect

PATIENCE = 60_000.0  # milliseconds: the machine may be busy, and the first picture waits for the network's file
RUNNING = re.compile(r"^\d+ pictures? a second")
STATUS = re.compile(
    r"([\d.]+) frames coloured a second · (\d+) ms a frame · (\d+) dropped · (\d+) . (\d+) · colours ([\d.]+) s old"
)

# The mean distance of the largest of R, G, B from the smallest, within a share of the picture's width; on the next
# frame that is shown, or null if none comes.
_CHROMA = """(video, [left, right]) => new Promise((resolve) => {
  const measure = () => {
    const canvas = new OffscreenCanvas(240, 120);
    const context = canvas.getContext("2d");
    context.drawImage(video, 0, 0, 240, 120);
    const start = Math.ceil(240 * left);
    const { data } = context.getImageData(start, 0, Math.floor(240 * right) - start, 120);
    let sum = 0;
    for (let i = 0; i < data.length; i += 4) {
      sum += Math.max(data[i], data[i + 1], data[i + 2]) - Math.min(data[i], data[i + 1], data[i + 2]);
    }
    resolve((4 * sum) / data.length);
  };
  video.requestVideoFrameCallback(measure);
  setTimeout(() => resolve(null), 2000);
})"""


def streamer(page: Page) -> FrameLocator:
    return page.frame_locator("iframe[title*=streamlit_webrtc]")


def video(page: Page) -> Locator:
    return streamer(page).locator("video")


def start(page: Page) -> None:
    """Press Start, and wait until frames have been coloured.

    By key: on a busy machine the button may move between a mouse's down and up, for its frame still finds its height.
    """
    streamer(page).get_by_role("button", name="Start").press("Enter", timeout=PATIENCE)
    page.get_by_text(RUNNING).wait_for(timeout=PATIENCE)  # not `expect`, which comes to look half as often


def stop(page: Page) -> None:
    streamer(page).get_by_role("button", name="Stop").click()
    page.get_by_text("Press Start to see yourself in colour.").wait_for(timeout=PATIENCE)
    expect(streamer(page).get_by_role("button", name="Start")).to_be_enabled(timeout=PATIENCE)


def open_details(page: Page) -> None:
    page.get_by_text("Details", exact=True).click()


def status(page: Page) -> tuple[float, ...]:
    """Frames a second, milliseconds a frame, dropped, width, height, age of the colours; after the next frame."""
    line = page.get_by_text(STATUS)
    if not line.is_visible():
        open_details(page)
        line.wait_for(timeout=PATIENCE)
    chroma(page)
    found = STATUS.search(line.inner_text())
    assert found is not None
    return tuple(float(number) for number in found.groups())


def chroma(page: Page, left: float = 0.0, right: float = 1.0) -> float:
    """How colourful the next frame is between two shares of its width: 0 for grey, about 100 for the clip's tint."""
    measured = video(page).evaluate(_CHROMA, [left, right])
    return float("nan") if measured is None else float(measured)
