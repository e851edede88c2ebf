"""Properties of every row in the table of models."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from colorizer import DEFAULT_MODEL, MODELS, UnknownModel, WeightsMissing, load_colorizer
from colorizer.network.registry import AFFINITY, ModelSpec, find_model
from colorizer.network.weights import built_in_folder, built_in_weights, file_sha256, find_weights

BUILT_IN_LIMIT = 25_000_000  # bytes: the largest file that a clone of the repository may contain

every_model = pytest.mark.parametrize("spec", MODELS.values(), ids=MODELS.keys())


def test_the_default_is_built_in() -> None:
    assert not MODELS[DEFAULT_MODEL].weights.urls


def test_names_and_files_are_unique() -> None:
    files = [spec.weights.name for spec in MODELS.values()]
    assert len(set(files)) == len(files)
    assert [spec.name for spec in MODELS.values()] == list(MODELS)
    assert len({spec.title for spec in MODELS.values()}) == len(MODELS)


@every_model
def test_a_row_is_complete(spec: ModelSpec) -> None:
    assert re.fullmatch("[a-z0-9]+", spec.name)
    assert re.fullmatch("[0-9a-f]{64}", spec.weights.sha256)
    assert spec.weights.size > 0
    assert Path(spec.weights.name).name == spec.weights.name
    assert spec.weights.name.endswith({"caffe": ".caffemodel", "onnx": ".onnx"}[spec.format])
    assert all(url.startswith("https://") for url in spec.weights.urls)
    assert len(set(spec.weights.urls)) == len(spec.weights.urls)
    assert spec.title
    assert spec.summary
    assert spec.license
    assert spec.side % 32 == 0
    assert find_model(spec.name) is spec


@every_model
def test_a_built_in_file_is_the_published_one(spec: ModelSpec) -> None:
    if spec.weights.urls:
        pytest.skip("this model is downloaded, not built in")
    path = built_in_folder() / spec.weights.name
    assert path.stat().st_size == spec.weights.size <= BUILT_IN_LIMIT
    assert file_sha256(path) == spec.weights.sha256
    assert find_weights(spec) == path


def test_the_network_for_hints_is_built_in_and_the_published_one() -> None:
    path = built_in_weights(AFFINITY)
    assert path == built_in_folder() / AFFINITY.name
    assert path.stat().st_size == AFFINITY.size < 0.1 * MODELS[DEFAULT_MODEL].weights.size
    assert file_sha256(path) == AFFINITY.sha256
    assert not AFFINITY.urls
    assert AFFINITY.name not in {spec.weights.name for spec in MODELS.values()}


@every_model
def test_a_small_picture_gets_colours(spec: ModelSpec) -> None:
    try:
        colorizer = load_colorizer(spec.name)
    except WeightsMissing:
        assert spec.weights.urls
        pytest.skip("its weights are not downloaded: python -m colorizer models fetch " + spec.name)
    luminance = np.linspace(0, 100, 40 * 30, dtype=np.float32).reshape(40, 30)
    ab = colorizer.predict_ab(luminance)
    assert ab.ndim == 3
    assert ab.shape[2] == 2
    assert ab.dtype == np.float32
    assert np.isfinite(ab).all()
    assert ab.min() >= -128
    assert ab.max() <= 127
    assert np.ptp(ab) > 0
    assert colorizer.spec is spec


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(UnknownModel, match=rf"expected one of the models {', '.join(MODELS)}, got 'best'"):
        find_model("best")
