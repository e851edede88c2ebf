"""Time and memory measurement for the speed benchmarks, and a test picture.

Each time is the fastest of several runs. Ours and the reference alternate, so noise affects both alike.
Memory is the rise of the peak resident set (Linux only).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np

from colorizer.arrays import Pixels


def time_fastest(actions: dict[str, Callable[[], object]], runs: int) -> dict[str, float]:
    """The fastest of `runs` runs of each action, in seconds. The actions alternate."""
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
    """The rise of the peak resident set above its current size while `action` runs, in MB."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # 5 resets the peak
    before = status_megabytes("VmRSS")
    result = action()
    del result
    return status_megabytes("VmHWM") - before


def status_megabytes(entry: str, process: int | str = "self") -> float:
    """An entry of /proc/PROCESS/status in MB. VmRSS: resident set; VmHWM: its peak since the start or the last reset.

    Raises OSError if the entry is missing.
    """
    path = Path(f"/proc/{process}/status")
    for line in path.read_text(encoding="ascii").splitlines():
        if line.startswith(entry + ":"):
            return int(line.split()[1]) / 1024
    raise OSError(f"expected {entry} in {path}")


def photograph(rows: int, columns: int, *, seed: int = 0) -> Pixels:
    """A smooth picture with grain, determined by `seed`: RGB uint8 (rows, columns, 3) with equal channels."""
    rng = np.random.default_rng(seed)
    coarse = rng.integers(30, 220, (rows // 60 + 2, columns // 60 + 2), dtype=np.uint8)
    gray = cv2.resize(coarse, (columns, rows), interpolation=cv2.INTER_CUBIC)
    grain = rng.integers(0, 12, (rows, columns), dtype=np.uint8)
    return np.ascontiguousarray(np.repeat(cv2.add(gray, grain)[..., np.newaxis], 3, axis=2))
