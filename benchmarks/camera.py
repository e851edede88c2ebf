"""Measure a real webcam stream: how many frames come back coloured, with the browser on the same machine.

The camera shows a clip of 640 x 480 at 15 frames a second. The figures are those shown on the page.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from benchmarks.support.chromium import RATE, launch_with_camera
from benchmarks.support.find_browser import BrowserNotFoundError
from benchmarks.support.server import ROOT, start_server
from benchmarks.support.webcam_tab import start, status, stop

SETTLING_SECONDS, SECONDS = 5.0, 20.0


def measure_stream(_runs: int) -> None:
    """Measure the stream and print a Markdown table. Prints a message if Chromium or a network address is missing."""
    print(f"The webcam with `compact` on {os.cpu_count()} cores shared with the browser\n")
    try:
        with (
            tempfile.TemporaryDirectory() as folder,
            sync_playwright() as driver,
            launch_with_camera(driver.chromium, Path(folder)) as browser,
            start_server(ROOT / "streamlit_app.py", Path(folder) / "output.txt") as url,
        ):
            page = browser.new_context(permissions=["camera"]).new_page()
            page.goto(url)
            page.get_by_role("tab", name="Webcam").click()
            _measure(page)
    except (BrowserNotFoundError, OSError) as error:
        print(f"Not measured: {error}")


def _measure(page: Page) -> None:
    start(page)
    page.wait_for_timeout(1000 * SETTLING_SECONDS)
    dropped_before = status(page)[2]
    samples: list[tuple[float, ...]] = []
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        page.wait_for_timeout(1000)
        samples.append(status(page))
    rate, milliseconds, age = (statistics.mean(row[column] for row in samples) for column in (0, 1, 5))
    _, _, dropped, width, height, _ = samples[-1]
    print("| coloured frames a second | share of the camera's | dropped | ms a frame | frame size | age of colours s |")
    print("|---|---|---|---|---|---|")
    print(
        f"| {rate:.1f} of {RATE} | {100 * rate / RATE:.0f} % | {dropped - dropped_before:.0f} | {milliseconds:.0f} "
        f"| {width:.0f} x {height:.0f} | {age:.2f} |"
    )
    stop(page)
