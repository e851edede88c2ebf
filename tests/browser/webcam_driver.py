"""Moves for the tests of the Webcam tab: start it again, change the view, wait for colours and shapes."""

from __future__ import annotations

import time
from collections.abc import Callable

from playwright.sync_api import Page, expect

from benchmarks.support.webcam_tab import PATIENCE, chroma, streamer, video


def restart(page: Page) -> None:
    """Press Stop, and Start as soon as the browser allows it, even if the page has not processed the Stop yet."""
    streamer(page).get_by_role("button", name="Stop").click()
    streamer(page).get_by_role("button", name="Start").click(timeout=PATIENCE)
    expect(video(page)).to_be_visible(timeout=PATIENCE)  # of the new stream; that of the old one is gone


def expect_chroma(page: Page, least: float, most: float, *, left: float = 0.0, right: float = 1.0) -> float:
    """Wait until that is within `least` and `most`; returns it."""
    samples: list[float] = []

    def arrived() -> bool:
        samples.append(chroma(page, left, right))
        return least <= samples[-1] <= most

    wait_until(arrived, lambda: f"a chroma of {least}..{most} between {left} and {right}, saw {samples[-5:]}")
    return samples[-1]


def expect_shape(page: Page, ratio: float) -> None:
    """Wait until the picture's width is `ratio` times its height.

    Not for its size: on a busy machine the browser sends smaller pictures than it was asked for.
    """
    samples: list[float] = []

    def arrived() -> bool:
        chroma(page)  # no sleep needed: it waits for the next frame
        samples.append(float(video(page).evaluate("video => video.videoWidth / video.videoHeight")))
        return abs(samples[-1] - ratio) < 0.03 * ratio

    wait_until(arrived, lambda: f"a picture {ratio:.2f} times as wide as high, saw {samples[-5:]}")


def choose_view(page: Page, name: str) -> None:
    page.get_by_role("combobox", name="View").click()
    page.get_by_role("option", name=name, exact=True).click()


def press(page: Page, slider: str, key: str) -> None:
    handle = page.get_by_role("slider", name=slider)
    before = handle.get_attribute("aria-valuenow") or ""
    handle.press(key)
    expect(handle).not_to_have_attribute("aria-valuenow", before)


def wait_until(condition: Callable[[], bool], expected: Callable[[], str]) -> None:
    """Call `condition` until it is true. It must wait by itself."""
    deadline = time.monotonic() + PATIENCE / 1000
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"expected {expected()}")
