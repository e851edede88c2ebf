from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import numpy as np
import pytest
from skimage.color import rgb2lab
from skimage.metrics import peak_signal_noise_ratio

from benchmarks import camera, quality, recipe, speed, timing
from benchmarks.metrics import ErrorCurve, colorfulness
from colorizer import Colorizer, load_colorizer
from colorizer.arrays import Pixels
from colorizer.images import Picture, encode


def photo(height: int = 120, width: int = 150, *, channels: int = 3, seed: int = 0) -> Pixels:
    noise = np.random.default_rng(seed).uniform(30, 220, (4, 5, channels)).astype(np.float32)
    pixels: Pixels = cv2.resize(noise, (width, height)).reshape(height, width, channels).astype(np.uint8)
    return pixels


@pytest.fixture(scope="module")
def compact() -> Colorizer:
    return load_colorizer("compact")


def test_grey_has_no_colourfulness() -> None:
    assert colorfulness(np.repeat(photo(channels=1), 3, axis=2)) == 0


def test_colourfulness_by_hand() -> None:
    # Red and black: rg is 255 and 0, mean and deviation 127.5; yb is 127.5 and 0, mean and deviation 63.75.
    picture = np.array([[[255, 0, 0], [0, 0, 0]]], np.uint8)
    assert colorfulness(picture) == pytest.approx(1.3 * np.hypot(127.5, 63.75))
    # One colour everywhere: no deviation, and yb is (100 + 50) / 2 - 30.
    flat = np.full((5, 6, 3), (100, 50, 30), np.uint8)
    assert colorfulness(flat) == pytest.approx(0.3 * np.hypot(50, 45))


def test_colourfulness_of_absolute_differences_by_hand() -> None:
    # Red and green: rg is 255 and -255; yb is 127.5 in both. Absolute, neither varies.
    picture = np.array([[[255, 0, 0], [0, 255, 0]]], np.uint8)
    assert colorfulness(picture) == pytest.approx(255 + 0.3 * 127.5)
    assert colorfulness(picture, absolute=True) == pytest.approx(0.3 * np.hypot(255, 127.5))


def test_the_error_curve_by_hand() -> None:
    """Of the 151 thresholds 0..150, an error of 0 is within all, of 30 within 121, of 1000 within none."""
    truth = np.zeros((1, 4, 2), np.float32)
    ab = np.array([[[0, 0], [30, 0], [18, 24], [1000, 0]]], np.float32)
    curve = ErrorCurve()
    curve.add(ab, truth)
    expected = 100 * (151 + 121 + 121 + 0) / (4 * 151)
    assert curve.percent() == pytest.approx(expected)
    assert curve.percent(rebalanced=True) == pytest.approx(expected)  # one class only
    rare = np.full((1, 1, 2), 80, np.float32)
    curve.add(rare, rare)
    assert curve.percent() == pytest.approx(100 * (151 + 121 + 121 + 151) / (5 * 151))
    assert curve.percent(rebalanced=True) > curve.percent()  # the rare colour was right, and counts for more


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


@pytest.mark.parametrize("shape", [(40, 100), (100, 40), (40, 41)])
def test_centre_square(shape: tuple[int, int]) -> None:
    rows, columns = np.indices(shape)
    square = quality.center_square(np.dstack([rows, columns, rows]).astype(np.uint8), 40)
    top, left = (shape[0] - 40) // 2, (shape[1] - 40) // 2
    assert square.shape == (40, 40, 3)
    assert square.flags.c_contiguous
    np.testing.assert_array_equal(square[0, 0], (top, left, top))
    np.testing.assert_array_equal(square[-1, -1], (top + 39, left + 39, top + 39))
    small = quality.center_square(np.dstack([rows, columns, rows]).astype(np.uint8), 10)
    assert small.shape == (10, 10, 3)
    np.testing.assert_allclose(small.mean((0, 1)), square.mean((0, 1)), atol=0.6)


def test_quality_of_grey_is_what_scikit_image_says(compact: Colorizer) -> None:
    photographs = [photo(64, 64, seed=seed) for seed in range(3)]
    rows = quality.measure(photographs, [compact], [0.0], [0.5, 1.0])
    half, full = "compact, vividness 0, strength 0.5", "compact, vividness 0, strength 1"
    assert list(rows) == ["truth", "grey", half, full]
    grays = []
    for truth in photographs:
        linear = ((rgb2lab(truth)[..., 0] + 16) / 116) ** 3  # no picture here is as dark as the curve's straight foot
        level = np.rint(255 * (1.055 * linear ** (1 / 2.4) - 0.055)).astype(np.uint8)
        grays.append(np.repeat(level[..., np.newaxis], 3, axis=2))
    expected = np.mean([peak_signal_noise_ratio(t, gray) for t, gray in zip(photographs, grays, strict=True)])
    assert rows["grey"]["psnr"] == pytest.approx(expected, abs=0.01)
    assert rows["grey"]["above_grey"] == rows["grey"]["colourfulness"] == 0
    assert rows["truth"]["colourfulness"] == pytest.approx(np.mean([colorfulness(truth) for truth in photographs]))
    assert 0 < rows[half]["colourfulness"] < rows[full]["colourfulness"]
    for row in (rows[half], rows[full]):
        assert row["above_grey"] == pytest.approx(row["psnr"] - rows["grey"]["psnr"])
        assert row["colourfulness_share"] == pytest.approx(row["colourfulness"] / rows["truth"]["colourfulness"])
    assert len(quality.markdown(rows).splitlines()) == 2 + len(rows)


def test_load_leaves_out_what_is_no_colour_photograph(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "a.png").write_bytes(encode(Picture(photo()), ".png"))
    (tmp_path / "grey.png").write_bytes(encode(Picture(photo(channels=1)[..., 0]), ".png"))
    (tmp_path / "broken.jpg").write_bytes(b"no picture")
    (tmp_path / "notes.txt").write_text("no picture either")
    (photograph,) = quality.load(tmp_path, 32)
    assert photograph.shape == (32, 32, 3)
    printed = capsys.readouterr().out
    assert "grey.png: it is grey" in printed
    assert "broken.jpg: expected a JPEG" in printed
    assert "notes" not in printed


def test_load_wants_at_least_one(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"expected colour photographs below .*, found none"):
        quality.load(tmp_path, 32)


def test_contact_sheet(compact: Colorizer) -> None:
    photographs = [photo(32, 32, seed=seed) for seed in range(3)]
    sheet = quality.contact_sheet(photographs, compact, 0.0)
    assert sheet.shape == (2 * 32, 2 * 3 * 32, 3)
    np.testing.assert_array_equal(sheet[:32, 32:64], compact.colorize(photographs[0]))
    np.testing.assert_array_equal(sheet[:32, 64:96], photographs[0])


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
