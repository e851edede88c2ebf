"""300 malformed files: each is coloured or refused with a message."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.support.malformed import DAMAGES_EACH, files, sound_files
from tests.support.paths import ROOT


@pytest.fixture(scope="module")
def results_by_file(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The result for each file, by name. They run in a process of their own, which a crash or a hang would end."""
    folder = tmp_path_factory.mktemp("malformed")
    for name, data in files().items():
        (folder / name).write_bytes(data)
    result = subprocess.run(
        [sys.executable, "-m", "tests.support.color_files", folder],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    lines = dict(line.partition("\t")[::2] for line in result.stdout.splitlines())
    assert result.returncode == 0, f"ended with {result.returncode} at {result.stdout[-200:]}: {result.stderr[-2000:]}"
    return lines


def test_every_file_is_coloured_or_refused_with_a_message(results_by_file: dict[str, str]) -> None:
    names = files().keys()
    assert len(names) >= 300
    odd = {
        name: results_by_file.get(name)
        for name in names
        if not results_by_file.get(name, "").startswith(("coloured", "refused: exp"))
    }
    assert odd == {}


def test_sound_files_are_coloured(results_by_file: dict[str, str]) -> None:
    assert {
        name: results_by_file[name] for name in sound_files() if not results_by_file[name].startswith("coloured: ")
    } == {}


def test_some_damage_is_refused_for_every_kind(results_by_file: dict[str, str]) -> None:
    for name in sound_files():
        refused = sum(results_by_file[f"{number}-{name}"].startswith("refused") for number in range(DAMAGES_EACH))
        assert refused > 0, name


@pytest.mark.parametrize("size", ["1x1", "1x20000", "20000x1", "2x3"])
@pytest.mark.parametrize("suffix", ["png", "jpeg", "tiff", "bmp"])
def test_extreme_shapes_are_coloured(size: str, suffix: str, results_by_file: dict[str, str]) -> None:
    assert results_by_file[f"{size}.{suffix}"] == f"coloured: {size.replace('x', ' x ')}"


@pytest.mark.parametrize("suffix", ["png", "bmp", "jpg", "uint8.tif", "uint16.tif"])
def test_huge_headers_are_refused_with_both_sizes(suffix: str, results_by_file: dict[str, str]) -> None:
    name = "65500x65500" + ("-" if suffix.endswith(".tif") else ".") + suffix
    assert results_by_file[name] == "refused: expected at most 100 megapixels, got 4290 megapixels (65500 x 65500)"


@pytest.mark.parametrize("kind", ["png", "webp", "tiff", "avif"])
def test_of_several_the_first_is_coloured(kind: str, results_by_file: dict[str, str]) -> None:
    assert results_by_file[f"several.{kind}"] == "coloured: 50 x 40"
