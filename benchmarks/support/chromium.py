"""Chromium as the tests and the camera's benchmark want it: headless, with no way out to the internet."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import Browser, BrowserType

from benchmarks.support.find_browser import find_browser
from benchmarks.support.network import address_for_webrtc
from benchmarks.support.server import ROOT

RATE = 15  # frames a second
TINT = (70, 190)  # U and V: a bright orange that no network would choose for the whole picture
_FRAMES = 30  # two seconds, there and back, so that the loop has no jump

# A second value of this switch replaces Playwright's, so its features are repeated here (chromiumSwitches in 1.65).
_DISABLED_FEATURES = (
    "AvoidUnnecessaryBeforeUnloadCheckSync,DestroyProfileOnBrowserClose,HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,"
    "LensOverlay,MediaRouter,PaintHolding,ThirdPartyStoragePartitioning,AvoidCorsURLLoaderRestartOnRedirect,"
    "OptimizationHints,NetworkTimeServiceQuerying,AimEnabled,PreconnectToSearch,"
    # For the suggestions below its address bar, each window starts a page of its own: a second of work on a CPU.
    "WebUIOmniboxPopup,WebUIOmniboxAimPopup,WebUIOmniboxFullPopup"
)
_ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--disable-features={_DISABLED_FEATURES}",
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
def launch_with_camera(kind: BrowserType, folder: Path, *, width: int = 640, height: int = 480) -> Iterator[Browser]:
    """A Chromium whose camera shows the clip, which is written to `folder`, and an address for its stream.

    Raises BrowserNotFoundError, and OSError where no address is to be had.
    """
    clip = folder / "clip.y4m"
    write_clip(clip, width, height)
    with address_for_webrtc(), launch(kind, *_FAKE_CAMERA, f"--use-file-for-fake-video-capture={clip}") as chromium:
        yield chromium


def write_clip(path: Path, width: int, height: int, *, sample: str = "coffee.jpg") -> None:
    """Write the clip as YUV4MPEG2 with 15 frames a second. Its colour is one tint all over."""
    across, down = width // 8, height // 8  # how far it pans
    with Image.open(ROOT / "samples" / sample) as picture:
        luma = np.asarray(picture.convert("L").resize((width + across, height + down), Image.Resampling.BICUBIC))
    luma = np.rint(16 + luma * (219 / 255)).astype(np.uint8)
    chroma = b"".join(bytes([value]) * (width * height // 4) for value in TINT)
    with path.open("wb") as file:
        file.write(f"YUV4MPEG2 W{width} H{height} F{RATE}:1 Ip A1:1 C420\n".encode())
        for number in range(_FRAMES):
            share = 1 - abs(2 * number / _FRAMES - 1)
            left, top = round(across * share), round(down * share)
            file.write(b"FRAME\n" + luma[top : top + height, left : left + width].tobytes() + chroma)
