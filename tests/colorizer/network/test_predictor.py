from __future__ import annotations

import dataclasses
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from onnx import helper

from benchmarks.support.random_weights import Array, Blobs, caffemodel_bytes, random_blobs
from colorizer.errors import WeightsInvalid
from colorizer.network.predictor import FEATURE_STRIDES, MIN_FEATURES, Predictor
from colorizer.network.registry import MODELS
from colorizer.network.weights import find_weights
from colorizer.network.zhang2016 import ANNEALED_MEAN_TEMPERATURE, annealed_mean, color_points
from tests.conftest import THIN
from tests.support.reference import graph_bytes, onnx_predictor, zhang_graph

ZHANG = MODELS["zhang2016"]
TINY = dataclasses.replace(MODELS["compact"], side=64)


def picture(height: int, width: int, *, seed: int = 0) -> Array:
    """Smooth luminance over the whole range 0..100, so that neighbouring colours differ."""
    noise = np.random.default_rng(seed).standard_normal((height, width)).astype(np.float32)
    smooth = cv2.GaussianBlur(noise, (0, 0), 3)
    return np.asarray(100 * (smooth - smooth.min()) / np.ptp(smooth), np.float32)


def relative_error(ours: Array, theirs: Array) -> float:
    assert ours.shape == theirs.shape
    return float(np.abs(ours - theirs).max() / np.abs(theirs).max())


@pytest.fixture(scope="module")
def thin(thin_caffemodel: Path) -> Predictor:
    return Predictor(ZHANG, thin_caffemodel, divisor=THIN)


@pytest.fixture(scope="module")
def tiny_onnx(tmp_path_factory: pytest.TempPathFactory) -> Path:
    random = np.random.default_rng(5)
    first = random.normal(0, 1 / 30, (8, 1, 3, 3)).astype(np.float32)
    last = random.normal(0, 10, (2, 8, 3, 3)).astype(np.float32)
    # OpenCV 4.10 needs the kernel's shape, although it is optional in ONNX.
    halving: dict[str, Any] = {"kernel_shape": [3, 3], "pads": [1] * 4, "strides": [2, 2]}
    nodes = [
        helper.make_node("Conv", ["luminance", "first"], ["hidden"], name="first/Conv", **halving),
        helper.make_node("Relu", ["hidden"], ["positive"], name="first/Relu"),
        helper.make_node("Conv", ["positive", "last"], ["ab"], name="last/Conv", **halving),
    ]
    path = tmp_path_factory.mktemp("onnx") / "tiny.onnx"
    path.write_bytes(graph_bytes(nodes, {"first": first, "last": last}))
    return path


@pytest.mark.parametrize("shape", [(224, 224), (64, 64), (224, 160), (8, 24)])
def test_zhang_agrees_with_onnxruntime(thin: Predictor, thin_blobs: Blobs, shape: tuple[int, int]) -> None:
    luminance = picture(*shape)
    expected = onnx_predictor(zhang_graph(thin_blobs, color_points()))(luminance)
    ab = thin.predict_ab(luminance)
    assert ab.shape == (shape[0] // 4, shape[1] // 4, 2)
    assert ab.dtype == np.float32
    assert ab.flags.c_contiguous
    assert ab.flags.owndata
    assert relative_error(ab, expected) < 1e-3
    if min(shape) >= 64:  # otherwise agreement would prove little
        assert expected.std(axis=(0, 1)).min() > 3


@pytest.mark.slow
def test_full_width_zhang_agrees_with_onnxruntime(tmp_path: Path) -> None:
    blobs = random_blobs()
    path = tmp_path / "full.caffemodel"
    path.write_bytes(caffemodel_bytes(blobs))
    luminance = picture(224, 224)
    ab = Predictor(ZHANG, path).predict_ab(luminance)
    expected = onnx_predictor(zhang_graph(blobs, color_points()))(luminance)
    assert expected.std(axis=(0, 1)).min() > 3
    assert relative_error(ab, expected) < 1e-3


@pytest.mark.parametrize("shape", [(64, 64), (96, 32)])
def test_onnx_agrees_with_onnxruntime(tiny_onnx: Path, shape: tuple[int, int]) -> None:
    luminance = picture(*shape)
    ab = Predictor(TINY, tiny_onnx).predict_ab(luminance)
    assert ab.flags.c_contiguous
    assert relative_error(ab, onnx_predictor(tiny_onnx.read_bytes())(luminance)) < 1e-4


def test_alternating_shapes_do_not_disturb_each_other(thin: Predictor, thin_caffemodel: Path) -> None:
    pictures = [picture(64, 64), picture(32, 96), picture(96, 32)]
    alone = [Predictor(ZHANG, thin_caffemodel, divisor=THIN).predict_ab(each) for each in pictures]
    for _ in range(2):
        for each, expected in zip(pictures, alone, strict=True):
            # Not bit for bit: OpenCV 4.10 rounds differently after another shape.
            assert relative_error(thin.predict_ab(each), expected) < 1e-4


def test_a_result_is_the_callers_own(thin: Predictor) -> None:
    first = thin.predict_ab(picture(64, 64))
    kept = first.copy()
    second = thin.predict_ab(picture(64, 64, seed=1))
    assert np.abs(second - kept).max() > 1
    np.testing.assert_array_equal(first, kept)
    one_by_one = thin.predict_ab(picture(8, 8))
    assert one_by_one.flags.owndata


def test_the_callers_luminance_is_not_changed_and_need_not_be_contiguous(thin: Predictor) -> None:
    luminance = picture(96, 64)
    kept = luminance.copy()
    expected = thin.predict_ab(luminance)
    np.testing.assert_array_equal(luminance, kept)
    np.testing.assert_array_equal(thin.predict_ab(np.asfortranarray(luminance)), expected)


def test_eight_threads_share_one_predictor(thin: Predictor) -> None:
    pictures = [picture(64, 64 + 8 * (seed % 2), seed=seed) for seed in range(8)]
    expected = [thin.predict_ab(each) for each in pictures]
    with ThreadPoolExecutor(8) as threads:
        for _ in range(4):
            for ab, alone in zip(threads.map(thin.predict_ab, pictures), expected, strict=True):
                np.testing.assert_array_equal(ab, alone)


def test_threads_take_turns(thin: Predictor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the lock, results could be right by chance; a net that is slow between its two calls prevents that."""

    class SlowNet:
        blob: Array

        def setInput(self, blob: Array) -> None:  # noqa: N802
            self.blob = blob
            time.sleep(0.002)

        def forward(self, outputs: list[str]) -> list[Array]:
            return [np.repeat(self.blob, 2, axis=1) for _ in outputs]

    monkeypatch.setattr(thin, "_net", SlowNet())
    grays = [np.full((8, 8), level, np.float32) for level in range(8)]
    with ThreadPoolExecutor(8) as threads:
        levels = [float(ab.max()) for ab in threads.map(thin.predict_ab, grays)]
    assert levels == [level - 50 for level in range(8)]


def test_the_distribution_is_kept_and_gives_the_networks_own_answer_again(thin: Predictor) -> None:
    luminance = np.random.default_rng(5).uniform(0, 100, (64, 64)).astype(np.float32)
    prediction = thin.predict(luminance)
    assert prediction.logits is not None
    assert prediction.logits.shape == (313, 16, 16)
    again = annealed_mean(prediction.logits, ANNEALED_MEAN_TEMPERATURE)
    assert relative_error(again, prediction.ab) < 1e-3
    assert relative_error(prediction.ab, thin.predict_ab(luminance)) < 1e-4  # otherwise OpenCV fuses its layers


def test_vividness_goes_from_the_networks_answer_to_the_annealed_mean(thin: Predictor) -> None:
    luminance = np.random.default_rng(6).uniform(0, 100, (64, 64)).astype(np.float32)
    prediction = thin.predict(luminance)
    assert prediction.logits is not None
    vivid = prediction.spec.vivid_gain * annealed_mean(prediction.logits, prediction.spec.vivid_temperature)
    np.testing.assert_array_equal(prediction.ab_at(0), prediction.ab)
    np.testing.assert_allclose(prediction.ab_at(1), vivid, atol=1e-4)
    np.testing.assert_allclose(prediction.ab_at(0.25), 0.75 * prediction.ab + 0.25 * vivid, atol=1e-4)
    with pytest.raises(ValueError, match="expected a prediction with its distribution"):
        thin.predict(luminance, distribution=False).ab_at(0.5)


@pytest.mark.parametrize(
    ("luminance", "message"),
    [
        (np.zeros((8, 8), np.float64), "2-D float32, got 2-D float64"),
        (np.zeros((8, 8), np.uint8), "2-D float32, got 2-D uint8"),
        (np.zeros((8, 8, 1), np.float32), "2-D float32, got 3-D"),
        (np.zeros((8, 12), np.float32), r"multiples of 8, got \(8, 12\)"),
        (np.zeros((0, 8), np.float32), r"multiples of 8, got \(0, 8\)"),
    ],
)
def test_other_arrays_are_refused(thin: Predictor, luminance: Array, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        thin.predict_ab(luminance)


def test_onnx_sides_are_multiples_of_32(tiny_onnx: Path) -> None:
    with pytest.raises(ValueError, match=r"multiples of 32, got \(32, 40\)"):
        Predictor(TINY, tiny_onnx).predict_ab(np.zeros((32, 40), np.float32))


@pytest.mark.parametrize("damage", ["empty", "garbage", "page", "half", "last byte"])
@pytest.mark.parametrize("model", ["caffe", "onnx"])
def test_damaged_files_are_refused(
    model: str, damage: str, thin_caffemodel: Path, tiny_onnx: Path, tmp_path: Path
) -> None:
    spec, good = (ZHANG, thin_caffemodel) if model == "caffe" else (TINY, tiny_onnx)
    data = good.read_bytes()
    path = tmp_path / "damaged"
    path.write_bytes(
        {
            "empty": b"",
            "garbage": np.random.default_rng(1).bytes(5000),
            "page": b"<html><body>Not found</body></html>",
            "half": data[: len(data) // 2],
            "last byte": data[:-1],
        }[damage]
    )
    with pytest.raises(WeightsInvalid, match=rf"expected .*damaged to hold the network '{spec.title}', got"):
        Predictor(spec, path, divisor=THIN)


@pytest.mark.parametrize("layer", ["bw_conv1_1", "conv3_3norm", "conv8_1", "conv8_313"])
@pytest.mark.parametrize("left", [0, 1])
def test_caffe_files_without_a_layers_weights_are_refused(
    thin_blobs: Blobs, layer: str, left: int, tmp_path: Path
) -> None:
    path = tmp_path / "lacking.caffemodel"
    path.write_bytes(caffemodel_bytes({**thin_blobs, layer: thin_blobs[layer][:left]}))
    with pytest.raises(WeightsInvalid):
        Predictor(ZHANG, path, divisor=THIN)


def test_caffe_files_of_another_width_are_refused(thin_caffemodel: Path) -> None:
    with pytest.raises(WeightsInvalid, match=r"\(4, 1, 3, 3\).* where layer bw_conv1_1 expects \[\(64, 1, 3, 3\)"):
        Predictor(ZHANG, thin_caffemodel)


def test_blobs_in_the_file_do_not_replace_the_points(thin: Predictor, thin_blobs: Blobs, tmp_path: Path) -> None:
    path = tmp_path / "more.caffemodel"
    other: Blobs = {"class8_ab": [np.ones((2, 313, 1, 1), np.float32)], "conv8_313_rh": [np.ones(313, np.float32)]}
    path.write_bytes(caffemodel_bytes({**thin_blobs, **other}))
    luminance = picture(64, 64)
    ab = Predictor(ZHANG, path, divisor=THIN).predict_ab(luminance)
    assert relative_error(ab, thin.predict_ab(luminance)) < 1e-4


@pytest.mark.parametrize(("channels", "output"), [(3, "ab"), (2, "colour")])
def test_onnx_files_of_another_network_are_refused(channels: int, output: str, tmp_path: Path) -> None:
    node = helper.make_node("Conv", ["luminance", "weights"], ["ab"], kernel_shape=[3, 3], pads=[1] * 4)
    path = tmp_path / "other.onnx"
    path.write_bytes(graph_bytes([node], {"weights": np.ones((channels, 1, 3, 3), np.float32)}, channels=channels))
    with pytest.raises(WeightsInvalid, match=r"expected .* to hold the network"):
        Predictor(dataclasses.replace(TINY, output=output), path)


def test_a_file_that_is_not_there_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Predictor(ZHANG, tmp_path / "nowhere.caffemodel")


def test_features_describe_the_input_at_several_strides() -> None:
    compact = Predictor(MODELS["compact"], find_weights(MODELS["compact"]))
    luminance = np.random.default_rng(6).uniform(0, 100, (224, 224)).astype(np.float32)
    without, found = (compact.predict(luminance, features=each) for each in (False, True))
    assert without.features == ()
    assert {224 // feature.shape[-1] for feature in found.features} == set(FEATURE_STRIDES)
    assert all(feature.shape[0] >= MIN_FEATURES and feature.dtype == np.float32 for feature in found.features)
    assert np.allclose(found.ab, without.ab, atol=1e-3)
    assert found.logits is not None
    assert len(compact.predict(luminance, distribution=False, features=True).features) == len(found.features)


def test_the_colours_alone_do_not_compute_the_distribution(monkeypatch: pytest.MonkeyPatch) -> None:
    compact = Predictor(MODELS["compact"], find_weights(MODELS["compact"]))
    luminance = picture(224, 224)
    expected = compact.predict(luminance).ab
    net: cv2.dnn.Net = vars(compact)["_net"]
    asked: list[str] = []

    class RecordingNet:
        setInput = staticmethod(net.setInput)  # noqa: N815

        def forward(self, outputs: list[str]) -> Any:
            asked.extend(outputs)
            return net.forward(outputs)

    monkeypatch.setattr(compact, "_net", RecordingNet())
    np.testing.assert_array_equal(compact.predict_ab(luminance), expected)
    layers = list(net.getLayerNames())  # in the order in which OpenCV runs them, up to the last that is asked for
    of_logits = next(place for place, name in enumerate(layers) if "class_head" in name)
    assert asked
    assert max(layers.index(name) for name in asked) < of_logits


def test_a_network_without_such_layers_has_no_features(tiny_onnx: Path) -> None:
    onnx = Predictor(TINY, tiny_onnx)
    with pytest.raises(ValueError, match="expected a network with layers of 32 channels or more"):
        onnx.predict(np.zeros((64, 64), np.float32), distribution=False, features=True)
