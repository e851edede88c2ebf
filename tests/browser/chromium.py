"""Chromium as the tests and the camera's benchmark want it: headless, with no way out to the internet."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserType

from tests.browser.camera_clip import write_clip
from tests.browser.network import address_for_webrtc
from tests.support.find_browser import find_browser

_ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # The dashboard must work with the cable pulled: no name but this machine's own can be looked up.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]
_FAKE_CAMERA = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream")


@contextmanager
def launch(kind: BrowserType, *arguments: str) -> Iterator[Browser]:
    """A Chromium with further `arguments`. Raises BrowserNotFoundError."""
    with kind.launch(executable_path=find_browser(), args=[*_ARGUMENTS, *arguments]) as chromium:
        yield chromium


@contextmanager
def launch_with_camera(kind: BrowserType, folder: Path) -> Iterator[Browser]:
    """A Chromium whose camera shows the clip, which is written to `folder`, and an address for its stream.

    Raises BrowserNotFoundError, and OSError where no address is to be had.
    """
    clip = folder / "clip.y4m"
    write_clip(clip)
    with address_for_webrtc(), launch(kind, *_FAKE_CAMERA, f"--use-file-for-fake-video-capture={clip}") as chromium:
        yield chromium
