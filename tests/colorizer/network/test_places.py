"""The vectors of places: found when they are asked for, once, and nearer to each other for what is the same."""

from __future__ import annotations

import pickle
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from skimage import data

from colorizer import MODELS, WeightsInvalid, WeightsMissing
from colorizer.arrays import Floats
from colorizer.color import lab
from colorizer.network import places, weights
from colorizer.network.places import Places
from colorizer.network.registry import AFFINITY
from colorizer.resize import resize

SIDE = MODELS["compact"].side


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    """No networks of other tests' files before, and none of this test's after it."""
    for load in (places._load_affinity, places._load_compact):
        load.cache_clear()
    yield
    for load in (places._load_affinity, places._load_compact):
        load.cache_clear()


def photograph() -> Floats:
    """L (SIDE, SIDE) of a photograph."""
    return resize(lab.luminance(np.asarray(data.astronaut(), np.uint8)), SIDE, SIDE)


def refuse() -> None:
    raise AssertionError("expected nobody to ask for the networks")


def test_each_place_has_a_vector() -> None:
    vectors = Places(photograph()).vectors
    assert vectors.ndim == 3
    assert vectors.shape[1:] == (SIDE // 4, SIDE // 4)
    assert vectors.dtype == np.float32
    assert np.isfinite(vectors).all()
    assert vectors.std((1, 2)).max() > 0


def test_nothing_is_computed_before_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "_load_affinity", refuse)
    found = Places(photograph())
    with pytest.raises(AssertionError, match="ask for the networks"):
        _ = found.vectors


def test_vectors_are_computed_once() -> None:
    found = Places(photograph())
    assert found.vectors is found.vectors
    assert np.array_equal(found.vectors, Places(photograph()).vectors)


def test_places_of_the_same_thing_are_nearer_than_others() -> None:
    once = resize(photograph(), SIDE // 2, SIDE)
    vectors = Places(np.ascontiguousarray(np.hstack([once, once]))).vectors
    margin, half = 4, vectors.shape[2] // 2
    left = vectors[:, margin:-margin, margin : half - margin]
    right = vectors[:, margin:-margin, half + margin : -margin]
    same = np.square(left - right).sum(0)
    others = np.square(left - np.random.default_rng(1).permuted(right.reshape(len(right), -1), axis=1)[:, :1, None])
    assert np.median(same) < 0.5 * np.median(others.sum(0))


def test_threads_find_the_same() -> None:
    pictures = [np.roll(photograph(), 32 * number, axis=0) for number in range(4)]
    shared = Places(pictures[0])
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda each: each.vectors, [shared, *map(Places, pictures), shared]))
    alone = [Places(picture).vectors for picture in pictures]
    for found, expected in zip(together, [alone[0], *alone, alone[0]], strict=True):
        assert np.array_equal(found, expected)


@pytest.mark.parametrize("shape", [(192, 192), (256, 320), (1, 1)])
def test_a_picture_of_another_size_has_as_many_places(shape: tuple[int, int]) -> None:
    assert Places(np.full(shape, 50, np.float32)).vectors.shape[1:] == (SIDE // 4, SIDE // 4)


def test_places_go_from_a_worker_to_the_program() -> None:
    found = pickle.loads(pickle.dumps(Places(photograph())))
    assert np.array_equal(found.vectors, Places(photograph()).vectors)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """In place of the folder of the weights that come with the program: only `compact` is there."""
    name = MODELS["compact"].weights.name
    shutil.copyfile(weights.built_in_folder() / name, tmp_path / name)
    monkeypatch.setattr(weights, "built_in_folder", lambda: tmp_path)
    return tmp_path


def test_missing_weights_are_named_and_found_when_they_are_back(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = Places(photograph())
    with pytest.raises(WeightsMissing, match=f"{AFFINITY.name}; there is no such file") as missing:
        _ = found.vectors
    assert missing.value.path == folder / AFFINITY.name
    monkeypatch.undo()
    assert found.vectors.size


def test_a_file_that_holds_no_network_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / AFFINITY.name
    path.write_bytes(bytes(1000))
    monkeypatch.setattr(places, "built_in_weights", lambda _file: path)
    with pytest.raises(WeightsInvalid, match=f"expected .*{AFFINITY.name} to hold the network for hints, got: "):
        _ = Places(photograph()).vectors
