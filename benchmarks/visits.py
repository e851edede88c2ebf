"""The actions of a class on the dashboard: each visitor colours its own photograph and checks the result.

All visitors use the same endpoints as a browser (benchmarks/visitor.py).
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from benchmarks.support.processes import tree_megabytes
from benchmarks.support.server import ROOT, Server, start_server_process
from benchmarks.timing import photograph
from benchmarks.visitor import Visitor
from colorizer import images
from colorizer.arrays import Pixels
from colorizer.color import lab
from colorizer.images import Picture
from dashboard.server.settings import BUDGETS

TTL_VARIABLE = "STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL"

_ANY_AMOUNT = "1e9"
_ASPECT = 1.5
_STEP = 5  # every fifth pixel in each direction is compared
_SAME_LIGHTNESS = 1.0  # mean of CIE L; rounding and gamut clipping stay below it


@dataclass(frozen=True)
class Visit:
    """One photograph: the file sent, the file that came back, and the times.

    `seconds`: until the preview was coloured, and until the full-size file was downloaded.
    """

    sent: bytes
    came: bytes
    seconds: tuple[float, float]

    @property
    def is_own(self) -> bool:
        """Whether the result has the lightness of the upload and is not grey. Decodes both, so it takes a while."""
        sent, came = (_sample_sparsely(data) for data in (self.sent, self.came))
        if sent.shape[:2] != came.shape[:2] or came.ndim != 3:
            return False
        difference = np.abs(lab.luminance(sent) - lab.luminance(came)).mean()
        return bool(difference < _SAME_LIGHTNESS and np.ptp(came, axis=-1).mean() > 1)


def _sample_sparsely(data: bytes) -> Pixels:
    return np.ascontiguousarray(images.decode(data).pixels[::_STEP, ::_STEP])


def draw_photograph(number: int, megapixels: float) -> bytes:
    """A generated grey picture as a JPEG file; each number gives a different one."""
    rows = round((megapixels * 1e6 / _ASPECT) ** 0.5)
    return images.encode(Picture(photograph(rows, round(_ASPECT * rows), seed=number)), ".jpg")


def load_photograph(folder: Path, number: int, megapixels: float) -> bytes:
    """Photograph `number` (cyclic) of a folder, scaled to `megapixels`, as a JPEG file. Raises OSError without any."""
    paths = sorted(path for path in folder.iterdir() if path.suffix.lower() in images.READABLE_SUFFIXES)
    if not paths:
        raise OSError(f"expected photographs in {folder}, got none")
    pixels = images.decode(paths[number % len(paths)].read_bytes()).pixels
    scale = (megapixels * 1e6 / (pixels.shape[0] * pixels.shape[1])) ** 0.5
    scaled = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return images.encode(Picture(np.asarray(scaled, np.uint8)), ".jpg")


def colorize_one(visitor: Visitor, name: str, upload: bytes) -> Visit:
    """Upload, wait for the preview, download. Raises OSError if the page shows no coloured photograph."""
    started = time.monotonic()
    visitor.choose("photograph", upload, name=name)
    if not visitor.components("compare"):
        told = [alert.body for alert in visitor.elements("alert")]
        raise OSError(f"expected a photograph in colour on the page, got: {told}")
    seconds_to_preview = time.monotonic() - started
    result = visitor.download("PNG").content
    return Visit(upload, result, (seconds_to_preview, time.monotonic() - started))


def leave_in_the_middle(visitor: Visitor, name: str, upload: bytes) -> None:
    """Upload, and close the page while the server works."""
    visitor.put_file("photograph", upload, name=name)
    visitor.start_run()
    visitor.leave()


@contextmanager
def dashboard(folder: Path, *, ttl: int) -> Iterator[Server]:
    """Start the dashboard. `ttl`: seconds until the data of a visitor who left is deleted.

    All visitors come from one network address, so its budgets are lifted. Those of each session are the default ones.
    """
    env = {TTL_VARIABLE: str(ttl), **{budget.address.variable: _ANY_AMOUNT for budget in BUDGETS}}
    with start_server_process(ROOT / "streamlit_app.py", folder / "output.txt", env=env) as server:
        yield server


def server_megabytes(server: Server) -> float:
    """The proportional set size of the server and its workers in MB."""
    return tree_megabytes(server.pid)
