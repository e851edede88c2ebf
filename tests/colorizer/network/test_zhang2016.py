import hashlib
import math
import re

import cv2
import numpy as np
import pytest
from scipy.special import softmax

from colorizer.network import zhang2016
from colorizer.network.zhang2016 import anneal, annealed_mean, color_points


def test_colour_points_are_the_published_ones() -> None:
    points = zhang2016.color_points()
    assert points.shape == (313, 2)
    assert points.dtype == np.float32
    digest = hashlib.sha256(points.astype("<i8").tobytes()).hexdigest()
    assert digest == "2a39983ed60d5b52b717842d56d5f766982289e6d5a609582155f437cecc1045"


def test_stored_parameters_count_as_published() -> None:
    blobs = zhang2016.stored_blobs()
    count = sum(math.prod(shape) for shapes in blobs.values() for shape in shapes)
    assert count == pytest.approx(32.24e6, abs=5e3)
    # The published file has these numbers as float32, and a few kilobytes of names and shapes.
    assert 0 < 128946764 - 4 * count < 10_000
    assert len(blobs) == 23 + 7  # convolutions and batch norms
    assert not blobs.keys() & zhang2016.constant_blobs().keys()


def test_constant_blobs() -> None:
    blobs = zhang2016.constant_blobs()
    points, scale = blobs["class8_ab"], blobs["conv8_313_rh"]
    assert points.shape == (2, 313, 1, 1)
    assert points.dtype == np.float32
    assert points.flags.c_contiguous
    np.testing.assert_array_equal(points[:, :, 0, 0].T, zhang2016.color_points())
    assert scale.shape == (1, 313)
    assert scale.dtype == np.float32
    np.testing.assert_array_equal(scale, np.float32(2.606))


def test_temperature_is_the_papers() -> None:
    assert pytest.approx(6 / math.log(10), abs=5e-4) == zhang2016.INVERSE_TEMPERATURE
    assert round(zhang2016.ANNEALED_MEAN_TEMPERATURE, 3) == 0.384


def test_rows_are_a_chain_of_unique_names() -> None:
    names = re.findall(r'layer \{ name: "(\w+)"', zhang2016.prototxt())
    assert len(names) == len(set(names))
    assert names[0] == "data_l"
    assert names[-1] == "class8_ab"


@pytest.mark.parametrize(
    ("layer", "channels", "side"),
    [
        ("bw_conv1_1", 64, 224),
        ("conv1_2norm", 64, 112),
        ("conv2_1", 128, 112),
        ("conv2_2norm", 128, 56),
        ("conv3_2", 256, 56),
        ("conv3_3norm", 256, 28),
        ("conv4_3norm", 512, 28),
        ("conv5_3norm", 512, 28),
        ("conv6_3norm", 512, 28),
        ("conv7_3norm", 512, 28),
        ("conv8_1", 256, 56),
        ("conv8_3", 256, 56),
        ("conv8_313", 313, 56),
        ("class8_313_rh", 313, 56),
        ("class8_ab", 2, 56),
    ],
)
def test_layer_sizes_are_the_published_ones(layer: str, channels: int, side: int) -> None:
    before, height = 1, 224
    for row in zhang2016.LAYERS:
        if row.kind == "Convolution":
            height = (height + 2 * row.pad - row.dilation * (row.kernel - 1) - 1) // row.stride + 1
        elif row.kind == "Deconvolution":
            height = (height - 1) * row.stride - 2 * row.pad + row.kernel
        before = row.channels
        if row.name == layer:
            break
    assert (before, height) == (channels, side)


@pytest.mark.parametrize(("side", "divisor"), [(224, 1), (64, 16), (8, 64)])
def test_opencv_reads_the_definition(side: int, divisor: int) -> None:
    text = zhang2016.prototxt(side, divisor=divisor)
    net = cv2.dnn.readNetFromCaffe(np.frombuffer(text.encode(), np.uint8))
    assert {row.name for row in zhang2016.LAYERS} <= set(net.getLayerNames())
    assert text.count(f"dim: {side}") == 2
    assert text.count(f"num_output: {512 // divisor} ") == 12
    assert text.count("num_output: 313 ") == 1


@pytest.mark.parametrize("side", [0, -8, 100])
def test_sides_that_do_not_divide_are_refused(side: int) -> None:
    with pytest.raises(ValueError, match=f"multiple of 8, got {side}"):
        zhang2016.prototxt(side)


@pytest.mark.parametrize("divisor", [0, -1, 3, 128])
def test_divisors_that_do_not_divide_are_refused(divisor: int) -> None:
    with pytest.raises(ValueError, match=f"got {divisor}"):
        zhang2016.prototxt(divisor=divisor)


def test_annealed_mean_against_a_softmax_written_out() -> None:
    logits = np.random.default_rng(7).normal(0, 3, (313, 2, 3)).astype(np.float32)
    result = annealed_mean(logits, 0.5)
    assert result.shape == (2, 3, 2)
    assert result.dtype == np.float32
    for row, column in np.ndindex(2, 3):
        weight = np.exp(logits[:, row, column].astype(np.float64) / 0.5)
        expected = (color_points() * weight[:, np.newaxis]).sum(0) / weight.sum()
        np.testing.assert_allclose(result[row, column], expected, rtol=1e-4, atol=1e-3)


def test_annealed_mean_ends_at_the_mode_and_at_the_plain_mean() -> None:
    logits = np.random.default_rng(8).normal(0, 3, (313, 4, 4)).astype(np.float32)
    modes = color_points()[logits.argmax(0)]
    np.testing.assert_allclose(annealed_mean(logits, 1e-4), modes, atol=1e-3)
    even = np.full((313, 1, 1), 1000, np.float32)  # so large that an unscaled exponential would overflow
    np.testing.assert_allclose(annealed_mean(even, 1)[0, 0], color_points().mean(0), atol=1e-3)


@pytest.mark.parametrize("temperature", [1.0, 0.38, 0.02])
def test_the_annealed_distribution_is_scipys_softmax(temperature: float) -> None:
    logits = np.random.default_rng(9).normal(0, 3, (313, 2, 3)).astype(np.float32)
    result = anneal(logits, temperature)
    assert result.dtype == np.float32
    np.testing.assert_allclose(result, softmax(logits.astype(np.float64) / temperature, axis=0), rtol=1e-3, atol=1e-6)
    mean = np.tensordot(result, color_points(), axes=(0, 0))
    np.testing.assert_allclose(mean, annealed_mean(logits, temperature), atol=1e-3)


@pytest.mark.parametrize("temperature", [0.0, -1.0, float("nan")])
def test_annealed_mean_needs_a_temperature_above_zero(temperature: float) -> None:
    with pytest.raises(ValueError, match="temperature above 0"):
        annealed_mean(np.zeros((313, 1, 1), np.float32), temperature)
    with pytest.raises(ValueError, match="temperature above 0"):
        anneal(np.zeros(313, np.float32), temperature)
