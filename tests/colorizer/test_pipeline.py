from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import numpy as np
import pytest

from colorizer import MODELS, Colorizer, InvalidImage, Look, UnknownModel, WeightsMissing, load_colorizer
from colorizer.arrays import Floats, Pixels
from colorizer.color import lab
from colorizer.color.merge import merge
from colorizer.images import Picture
from colorizer.network.predictor import Prediction, Predictor
from colorizer.network.weights import FOLDER_VARIABLE
from colorizer.network.zhang2016 import color_points
from tests.support.paths import ROOT

SPEC = MODELS["compact"]
Depth = type[np.uint8 | np.uint16]

every_depth = pytest.mark.parametrize("dtype", [np.uint8, np.uint16], ids=["uint8", "uint16"])
every_colorizer = pytest.mark.parametrize("which", ["constant", "by lightness", "compact"])


def constant(luminance: Floats) -> Floats:
    return np.full((luminance.shape[0] // 4, luminance.shape[1] // 4, 2), (15, -20), np.float32)


def by_lightness(luminance: Floats) -> Floats:
    """Warm colours where it is light, cold ones where it is dark."""
    small = cv2.resize(luminance, (56, 56), interpolation=cv2.INTER_AREA)
    return np.stack([(small - 50) / 3, (small - 50) / 2], axis=-1).astype(np.float32)


class Fake(Predictor):
    """Colours from a function and a uniform distribution, instead of a network."""

    def __init__(self, colors: Callable[[Floats], Floats]) -> None:
        self.spec = SPEC
        self.colors = colors
        self.received: list[tuple[Floats, bool]] = []

    def predict(self, luminance: Floats, *, distribution: bool = True, features: bool = False) -> Prediction:
        assert not features
        self.received.append((luminance, distribution))
        ab = self.colors(luminance)
        return Prediction(ab, np.zeros((313, *ab.shape[:2]), np.float32) if distribution else None, self.spec)


@pytest.fixture(scope="module")
def compact() -> Colorizer:
    return load_colorizer("compact")


@pytest.fixture
def colorizer(which: str, compact: Colorizer) -> Colorizer:
    fakes: dict[str, Callable[[Floats], Floats]] = {"constant": constant, "by lightness": by_lightness}
    return compact if which == "compact" else Colorizer(Fake(fakes[which]))


def smooth(*shape: int, dtype: Depth = np.uint8, seed: int = 0) -> Pixels:
    """A different ramp in every channel, without black and white."""
    noise = np.random.default_rng(seed).uniform(0.2, 0.8, (4, 5, *shape[2:])).astype(np.float32)
    pixels: Pixels = (cv2.resize(noise, shape[1::-1]).reshape(shape) * np.iinfo(dtype).max).astype(dtype)
    return pixels


@every_colorizer
@every_depth
@pytest.mark.parametrize("shape", [(60, 80), (60, 80, 1), (300, 250, 3), (60, 80, 4), (1, 1), (1, 300, 3), (300, 1, 4)])
def test_shapes(shape: tuple[int, ...], dtype: Depth, colorizer: Colorizer) -> None:
    image = smooth(*shape, dtype=dtype)
    before = image.copy()
    result = colorizer.colorize(image)
    assert result.shape == (*shape[:2], 4 if shape[2:] == (4,) else 3)
    assert result.dtype == dtype
    assert result.flags.c_contiguous
    np.testing.assert_array_equal(image, before)
    if shape[2:] == (4,):
        np.testing.assert_array_equal(result[..., 3], image[..., 3])
    assert not np.shares_memory(result, image)
    rgb = image[..., :3] if shape[2:] in ((3,), (4,)) else np.repeat(image.reshape(*shape[:2], 1), 3, axis=2)
    luminance = lab.luminance(np.ascontiguousarray(rgb))
    assert np.abs(lab.luminance(np.ascontiguousarray(result[..., :3])) - luminance).max() < 1


@every_colorizer
@pytest.mark.parametrize("channels", [(), (1,), (3,), (4,)], ids=str)
def test_views_need_not_be_contiguous(channels: tuple[int, ...], colorizer: Colorizer) -> None:
    image = smooth(500, 460, *channels)
    view = image[::2, ::-1]
    assert not view.flags.c_contiguous
    np.testing.assert_array_equal(colorizer.colorize(view), colorizer.colorize(np.ascontiguousarray(view)))


@pytest.mark.parametrize(
    ("image", "message"),
    [
        (np.zeros((4, 5, 3), np.float32), r"expected uint8 or uint16 .*got shape \(4, 5, 3\), float32"),
        (np.zeros((4, 5), np.int64), r"expected uint8 or uint16 .*got shape \(4, 5\), int64"),
        (np.zeros((4, 5), np.bool_), "expected uint8 or uint16 .*bool"),
        (np.zeros((4, 5, 5), np.uint8), "expected 1, 3 or 4 channels, got 5"),
        (np.zeros((4, 5, 2), np.uint8), "expected 1, 3 or 4 channels, got 2"),
        (np.zeros((0, 5, 3), np.uint8), r"expected .*\(H, W\) .*got shape \(0, 5, 3\)"),
        (np.zeros((4, 0), np.uint8), r"expected .*got shape \(4, 0\)"),
        (np.zeros(5, np.uint8), r"expected .*got shape \(5,\)"),
        (np.zeros((1, 4, 5, 3), np.uint8), r"expected .*got shape \(1, 4, 5, 3\)"),
    ],
)
def test_other_arrays_are_refused(image: Pixels, message: str) -> None:
    with pytest.raises(InvalidImage, match=message):
        Colorizer(Fake(constant)).colorize(image)


@pytest.mark.parametrize("strength", [-0.01, 2.01, float("nan"), float("inf")])
def test_strength_has_bounds(strength: float) -> None:
    colorizer = Colorizer(Fake(constant))
    with pytest.raises(ValueError, match=f"expected a strength from 0 to 2, got {strength:g}"):
        colorizer.colorize(smooth(4, 5), strength=strength)
    with pytest.raises(ValueError, match="expected a strength"):
        Look(strength=strength)


@every_colorizer
@every_depth
def test_strength(dtype: Depth, colorizer: Colorizer) -> None:
    image = smooth(60, 80, dtype=dtype)
    gray = np.repeat(image[..., np.newaxis], 3, axis=2)
    np.testing.assert_array_equal(colorizer.colorize(image, strength=0), gray)
    distances = [np.abs(colorizer.colorize(image, strength=s).astype(int) - gray).mean() for s in (0, 0.5, 1, 2)]
    assert distances == sorted(distances)
    assert len(set(distances)) == 4
    np.testing.assert_array_equal(colorizer.colorize(image), colorizer.colorize(image, strength=1.0))


@pytest.mark.parametrize("vividness", [-0.01, 1.01, float("nan")])
def test_vividness_has_bounds(vividness: float) -> None:
    colorizer = Colorizer(Fake(constant))
    with pytest.raises(ValueError, match=f"expected a vividness from 0 to 1, got {vividness:g}"):
        colorizer.colorize(smooth(4, 5), vividness=vividness)
    with pytest.raises(ValueError, match="expected a vividness"):
        colorizer.predict_ab(lab.luminance(smooth(4, 5)), vividness=vividness)


def test_vividness_goes_from_the_models_answer_to_the_annealed_mean() -> None:
    fake = Fake(constant)
    colorizer, image = Colorizer(fake), smooth(60, 80)
    for vividness in (0.0, 0.5, 1.0):
        ab = (1 - vividness) * np.array([[[15, -20]]]) + vividness * SPEC.vivid_gain * color_points().mean(axis=0)
        found = colorizer.predict_ab(lab.luminance(image), vividness=vividness)
        np.testing.assert_allclose(found, np.broadcast_to(ab, found.shape), atol=1e-3)
        expected = merge(image, ab.astype(np.float32))
        assert np.abs(colorizer.colorize(image, vividness=vividness).astype(int) - expected).max() <= 1
    assert [distribution for _, distribution in fake.received] == [False, False, True, True, True, True]


@pytest.mark.parametrize(("which", "bound"), [("constant", 1), ("by lightness", 2), ("compact", 12)])
def test_colour_in_the_input_is_discarded(bound: int, colorizer: Colorizer) -> None:
    """At 16 bits, rounding is negligible; the only difference is whether colour or grey is shrunk."""
    colorized = smooth(300, 280, 3, dtype=np.uint16)
    assert np.ptp(colorized.astype(int), axis=2).max() > 10000
    gray = np.ascontiguousarray(lab.luminance_to_rgb(lab.luminance(colorized), np.uint16)[..., 0])
    difference = np.abs(colorizer.colorize(colorized).astype(int) - colorizer.colorize(gray)) / 257
    assert difference.max() <= bound
    assert difference.mean() < 1


@pytest.mark.parametrize("size", [(1, 1), (1, 500), (500, 1), (7, 9), (224, 224), (223, 600), (1000, 300)])
def test_predict_ab_takes_any_size(size: tuple[int, int], compact: Colorizer) -> None:
    luminance = lab.luminance(smooth(*size))
    before = luminance.copy()
    ab = compact.predict_ab(luminance)
    assert ab.ndim == 3
    assert ab.shape[2] == 2
    assert ab.dtype == np.float32
    assert np.isfinite(ab).all()
    np.testing.assert_array_equal(luminance, before)
    np.testing.assert_array_equal(compact.predict_ab(luminance[::-1][::-1]), ab)
    np.testing.assert_array_equal(compact.predict_ab(np.asfortranarray(luminance)), ab)


def test_the_network_sees_its_own_side() -> None:
    fake = Fake(constant)
    colorizer = Colorizer(fake)
    flat = np.full((300, 500, 3), 128, np.uint8)
    colorizer.predict_ab(lab.luminance(flat))
    colorizer.predict(flat)
    colorizer.predict(flat[..., 0])
    assert len(fake.received) == 3
    for luminance, _ in fake.received:
        assert luminance.shape == (SPEC.side, SPEC.side)
        assert luminance.dtype == np.float32
        np.testing.assert_allclose(luminance, lab.luminance(flat)[0, 0], atol=1e-3)


@pytest.mark.parametrize(
    "luminance",
    [np.zeros((8, 8)), np.zeros((8, 8, 1), np.float32), np.zeros((0, 8), np.float32), np.zeros((8, 8), np.uint8)],
)
def test_other_luminance_is_refused(luminance: Floats) -> None:
    message = rf"expected a luminance of shape \(H, W\), float32, got shape {re.escape(str(luminance.shape))}"
    with pytest.raises(InvalidImage, match=message):
        Colorizer(Fake(constant)).predict_ab(luminance)


@pytest.mark.parametrize(("which", "bound"), [("constant", 0.1), ("by lightness", 0.6), ("compact", 12)])
@every_depth
@pytest.mark.parametrize("shape", [(224, 224), (500, 400), (500, 400, 3), (50, 60, 3)])
def test_predict_is_predict_ab_of_the_luminance(
    shape: tuple[int, ...], dtype: Depth, bound: float, colorizer: Colorizer
) -> None:
    """Not bit for bit, because one shrinks integer pixels and the other their lightness."""
    pixels = smooth(*shape, dtype=dtype)
    ab, direct = colorizer.predict(pixels, distribution=False).ab, colorizer.predict_ab(lab.luminance(pixels))
    assert ab.shape == direct.shape
    assert np.abs(ab - direct).max() < bound
    assert np.abs(ab - direct).mean() < bound / 6


def test_a_picture_keeps_its_alpha() -> None:
    colorizer = Colorizer(Fake(constant))
    alpha = smooth(60, 80, seed=1)
    picture = colorizer.colorize_picture(Picture(smooth(60, 80), alpha))
    assert picture.alpha is alpha
    np.testing.assert_array_equal(picture.pixels, colorizer.colorize(smooth(60, 80)))


def test_eight_threads_share_one_colorizer(compact: Colorizer) -> None:
    images = [smooth(60 + seed, 80, seed=seed) for seed in range(8)]
    expected = [compact.colorize(image) for image in images]
    with ThreadPoolExecutor(8) as threads:
        for _ in range(2):
            for result, alone in zip(threads.map(compact.colorize, images), expected, strict=True):
                np.testing.assert_array_equal(result, alone)


def test_an_unknown_model_is_named_with_the_known_ones() -> None:
    with pytest.raises(UnknownModel, match=rf"{', '.join(MODELS)}, got 'deoldify'"):
        load_colorizer("deoldify")


def test_missing_weights_name_the_addresses_and_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    with pytest.raises(WeightsMissing) as raised:
        load_colorizer("zhang2016")
    message = str(raised.value)
    assert str(tmp_path) in message
    assert MODELS["zhang2016"].weights.name in message
    for url in MODELS["zhang2016"].weights.urls:
        assert url in message


def test_weights_of_ones_own_need_not_have_the_published_hash(
    tmp_path: Path, compact: Colorizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "nowhere"))
    copy = tmp_path / "mine.onnx"
    copy.write_bytes((ROOT / "model" / SPEC.weights.name).read_bytes())
    image = smooth(60, 80)
    np.testing.assert_array_equal(load_colorizer("compact", weights=copy).colorize(image), compact.colorize(image))
