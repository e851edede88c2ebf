from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from benchmarks import camera, recipe, speed, timing
from colorizer import Colorizer, load_colorizer
from tests.support.made_photographs import photo


@pytest.fixture(scope="module")
def compact() -> Colorizer:
    return load_colorizer("compact")


def test_the_recipe_agrees_with_ours(compact: Colorizer) -> None:
    """It truncates where we round, and OpenCV's L is a little off: a few levels."""
    gray = np.repeat(photo(240, 300, channels=1), 3, axis=2)
    ours, theirs = compact.colorize(gray), recipe.colorize(gray, compact.predict_ab, compact.spec.side)
    assert theirs.shape == ours.shape
    assert theirs.dtype == np.uint8
    difference = np.abs(ours.astype(int) - theirs)
    assert np.median(difference) <= 1
    assert np.percentile(difference, 99) <= 6
    assert np.abs(ours.astype(int) - gray).max() > 10 * np.median(difference)  # and there is something to agree on


def test_fastest_is_the_fastest_of_each(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    calls: list[str] = []
    # The first of each is the warming up, and as slow as the slowest.
    durations = {"slow": [9.0, 5.0, 4.0, 6.0], "quick": [9.0, 2.0, 3.0, 1.0]}

    def action(name: str) -> Callable[[], None]:
        remaining = iter(durations[name])

        def act() -> None:
            nonlocal now
            calls.append(name)
            now += next(remaining)

        return act

    monkeypatch.setattr("benchmarks.timing.time.perf_counter", lambda: now)
    assert timing.time_fastest({name: action(name) for name in durations}, 3) == {"slow": 4.0, "quick": 1.0}
    assert calls == ["slow", "quick"] * 4  # in turn


def test_the_speed_benchmarks_photograph_is_grey_and_seeded() -> None:
    picture = timing.photograph(120, 150)
    assert picture.shape == (120, 150, 3)
    assert np.ptp(picture, axis=2).max() == 0
    assert np.ptp(picture) > 100
    np.testing.assert_array_equal(picture, timing.photograph(120, 150))


def test_the_sections_asked_for_are_measured_in_their_order(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(speed, "SECTIONS", {name: lambda runs, name=name: print(name, runs) for name in "abc"})
    monkeypatch.setattr("sys.argv", ["speed", "--runs", "3", "--only", "a", "c"])
    speed.main()
    assert capsys.readouterr().out.split("\n")[1:] == ["", "a 3", "", "c 3", ""]


def test_the_callback_is_compared_whole_and_step_by_step(capsys: pytest.CaptureFixture[str]) -> None:
    speed.SECTIONS["callback"](1)
    printed = capsys.readouterr().out
    for row in ("whole", "outside the network", "network", "smoothing", "painting the planes"):
        assert re.search(rf"^\| {row} \|( \d+\.\d+ \|)+", printed, re.MULTILINE), row


def test_without_a_browser_the_camera_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLORIZER_BROWSER", "no-such-browser")
    with ThreadPoolExecutor(1) as thread:  # Playwright starts once a thread, and the browser tests have it running
        thread.submit(camera.measure_stream, 1).result()
    assert "Not measured: expected COLORIZER_BROWSER to name a Chromium that starts" in capsys.readouterr().out
