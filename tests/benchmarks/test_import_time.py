from __future__ import annotations

import subprocess

import pytest

from benchmarks import import_time


def test_the_imports_take_turns_and_the_first_round_is_not_counted() -> None:
    seconds = {"cv2, numpy": iter([9.0, 0.3, 0.1, 0.2]), "colorizer": iter([9.0, 0.2, 0.6, 0.4])}
    calls: list[str] = []

    def measure(modules: str) -> float:
        calls.append(modules)
        return next(seconds[modules])

    medians = import_time.median_seconds(("cv2, numpy", "colorizer"), 3, measure=measure)
    assert medians == {"cv2, numpy": 0.2, "colorizer": 0.4}
    assert calls == ["cv2, numpy", "colorizer"] * 4


def test_the_table_has_milliseconds_and_the_ratio() -> None:
    table = import_time.markdown({import_time.BASE: 0.2, import_time.OURS: 0.25})
    assert table.splitlines()[0] == "| `import cv2, numpy` ms | `import colorizer` ms | ratio |"
    assert table.splitlines()[-1] == "| 200 | 250 | 1.25 |"


def test_an_import_that_fails_is_an_error() -> None:
    with pytest.raises(subprocess.CalledProcessError):
        import_time.time_import("no_such_module")
