"""How many of a camera's frames come back coloured: `python -m benchmarks.camera`.

Starts the dashboard and a Chromium whose camera shows a clip of 640 x 480 at 15 frames a second, both on this machine,
and reads from the page what it says of the stream. Prints Markdown. Needs what the browser tests need.
"""

from __future__ import annotations

import argparse
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.browser.camera_clip import write_clip
from tests.browser.network import address_for_webrtc
from tests.browser.webcam_driver import start, status, stop
from tests.find_browser import find_browser

ROOT = Path(__file__).resolve().parents[1]
START_SECONDS = 60.0


@contextmanager
def dashboard() -> Iterator[str]:
    """The dashboard's address for as long as it runs."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = ["--server.headless=true", "--server.address=127.0.0.1", f"--server.port={port}"]
    command = [sys.executable, "-m", "streamlit", "run", "streamlit_app.py", "--server.fileWatcherType=none", *options]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        url = f"http://127.0.0.1:{port}"
        deadline = time.monotonic() + START_SECONDS
        while not _answers(url):
            if time.monotonic() > deadline or process.poll() is not None:
                raise OSError(f"expected the dashboard to answer within {START_SECONDS:.0f} s, got nothing")
            time.sleep(0.2)
        yield url
    finally:
        process.terminate()
        process.wait()


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/_stcore/health", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def measure(page: Page, seconds: float) -> None:
    """Print what the page says of a stream that runs for so long, after some seconds of settling down."""
    start(page)
    page.wait_for_timeout(5000)
    seen: list[tuple[float, ...]] = []
    deadline = time.monotonic() + seconds
    dropped_before = status(page)[2]
    while time.monotonic() < deadline:
        page.wait_for_timeout(1000)
        seen.append(status(page))
    dropped = seen[-1][2] - dropped_before
    rate, milliseconds, age = (statistics.mean(row[column] for row in seen) for column in (0, 1, 5))
    coloured = rate * (time.monotonic() - deadline + seconds)
    print("| frames coloured a second | share of the frames that came | ms a frame | size sent | colours' age s |")
    print("|---|---|---|---|---|")
    print(
        f"| {rate:.1f} | {100 * coloured / (coloured + dropped):.0f} % | {milliseconds:.0f} "
        f"| {seen[-1][3]:.0f} x {seen[-1][4]:.0f} | {age:.2f} |"
    )
    stop(page)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=20.0)
    arguments = parser.parse_args()
    print(f"The webcam with `compact` on {os.cpu_count()} cores shared with the browser\n")
    with tempfile.TemporaryDirectory() as folder, address_for_webrtc(), dashboard() as url, sync_playwright() as driver:
        clip = Path(folder) / "clip.y4m"
        write_clip(clip)
        flags = ["--headless", "--no-sandbox", "--disable-gpu", f"--use-file-for-fake-video-capture={clip}"]
        flags += ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
        browser = driver.chromium.launch(executable_path=find_browser(), args=flags)
        page = browser.new_context(permissions=["camera"]).new_page()
        page.goto(url)
        page.get_by_role("tab", name="Webcam").click()
        measure(page, arguments.seconds)
        browser.close()


if __name__ == "__main__":
    main()
