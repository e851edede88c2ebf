"""What the speed benchmarks share: how time and memory are taken, and a picture to take them with.

Each time is the fastest of several runs, ours and the reference in turn, so that a noisy machine disturbs both alike.
Memory is what the peak of the process's resident set rises by (Linux only).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np

from colorizer.arrays import Pixels


def time_fastest(actions: dict[str, Callable[[], object]], runs: int) -> dict[str, float]:
    """Seconds of the fastest of `runs` runs of each action, the actions taking turns."""
    seconds = dict.fromkeys(actions, float("inf"))
    for action in actions.values():
        action()  # the first run of each also allocates and fills caches
    for _ in range(runs):
        for name, action in actions.items():
            started = time.perf_counter()
            action()
            seconds[name] = min(seconds[name], time.perf_counter() - started)
    return seconds


def peak_megabytes(action: Callable[[], object]) -> float:
    """How far the resident set rises above where it stood, at its highest, while the action runs."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # 5: the peak starts again from here
    before = status_megabytes("VmRSS")
    result = action()
    del result
    return status_megabytes("VmHWM") - before


def status_megabytes(entry: str, process: int | str = "self") -> float:
    """Of /proc/self/status: VmRSS is the resident set, VmHWM its highest since the start or a reset of the peak."""
    path = Path(f"/proc/{process}/status")
    for line in path.read_text(encoding="ascii").splitlines():
        if line.startswith(entry + ":"):
            return int(line.split()[1]) / 1024
    raise OSError(f"expected {entry} in {path}")


def photograph(rows: int, columns: int, *, seed: int = 0) -> Pixels:
    """A smooth picture with grain, another one for each seed: RGB uint8 with three equal channels."""
    rng = np.random.default_rng(seed)
    coarse = rng.integers(30, 220, (rows // 60 + 2, columns // 60 + 2), dtype=np.uint8)
    gray = cv2.resize(coarse, (columns, rows), interpolation=cv2.INTER_CUBIC)
    grain = rng.integers(0, 12, (rows, columns), dtype=np.uint8)
    return np.ascontiguousarray(np.repeat(cv2.add(gray, grain)[..., np.newaxis], 3, axis=2))
