from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pytest

from benchmarks.quality.networks import GRAY, add_arguments, colorize, load_networks, references, weights_file
from colorizer import load_colorizer
from tests.support.made_photographs import photo
from tests.support.paths import ROOT

WEIGHTS = ROOT / "model" / "compact.onnx"


def parse(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_arguments(parser, side=64)
    return parser.parse_args(["folder", *words])


def test_the_shipped_network_comes_first_and_grey_last() -> None:
    networks = load_networks(parse("--weights", str(WEIGHTS)))
    pixels = photo()
    results = colorize(pixels, networks)
    shipped, other = "compact (shipped)", str(WEIGHTS)
    assert list(results) == [
        *(f"{name}, vividness {vividness}" for name in (shipped, other) for vividness in (0, 1)),
        GRAY,
    ]
    for vividness in (0, 1):
        expected = load_colorizer().colorize(pixels, vividness=vividness)
        np.testing.assert_array_equal(results[f"{shipped}, vividness {vividness}"], expected)
    assert np.ptp(results[GRAY], axis=2).max() == 0
    assert references(networks) == {f"{other}, vividness {v}": f"{shipped}, vividness {v}" for v in (0, 1)}


def test_files_of_weights_name_their_model_or_are_of_the_default_one(tmp_path: Path) -> None:
    odd = tmp_path / "a=b.onnx"
    odd.touch()
    assert weights_file(f"zhang2016={WEIGHTS}") == ("zhang2016", WEIGHTS)
    assert weights_file(str(WEIGHTS)) == ("compact", WEIGHTS)
    assert weights_file(str(odd)) == ("compact", odd)
    with pytest.raises(argparse.ArgumentTypeError, match=r"expected a file of weights, got missing.onnx"):
        weights_file("missing.onnx")


def test_a_file_that_holds_no_network_ends_the_command(tmp_path: Path) -> None:
    (tmp_path / "bad.onnx").write_bytes(b"no network")
    with pytest.raises(SystemExit, match=r"expected .*bad.onnx to hold the network"):
        load_networks(parse("--weights", str(tmp_path / "bad.onnx")))
