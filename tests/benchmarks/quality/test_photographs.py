from __future__ import annotations

from pathlib import Path, PurePosixPath

import numpy as np
import pytest

from benchmarks.quality.photographs import SMALLEST_KIND, Photograph, center_square, kinds, load
from colorizer.images import Picture, encode
from tests.support.made_photographs import photo


@pytest.mark.parametrize("shape", [(40, 100), (100, 40), (40, 41)])
def test_centre_square(shape: tuple[int, int]) -> None:
    rows, columns = np.indices(shape)
    square = center_square(np.dstack([rows, columns, rows]).astype(np.uint8), 40)
    top, left = (shape[0] - 40) // 2, (shape[1] - 40) // 2
    assert square.shape == (40, 40, 3)
    assert square.flags.c_contiguous
    np.testing.assert_array_equal(square[0, 0], (top, left, top))
    np.testing.assert_array_equal(square[-1, -1], (top + 39, left + 39, top + 39))
    small = center_square(np.dstack([rows, columns, rows]).astype(np.uint8), 10)
    assert small.shape == (10, 10, 3)
    np.testing.assert_allclose(small.mean((0, 1)), square.mean((0, 1)), atol=0.6)


def test_load_leaves_out_what_is_no_colour_photograph(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "a.png").write_bytes(encode(Picture(photo()), ".png"))
    (tmp_path / "grey.png").write_bytes(encode(Picture(photo(channels=1)[..., 0]), ".png"))
    gray_rgb = np.repeat(photo(channels=1), 3, axis=2)
    (tmp_path / "as_rgb.png").write_bytes(encode(Picture(gray_rgb), ".png"))
    (tmp_path / "broken.jpg").write_bytes(b"no picture")
    (tmp_path / "notes.txt").write_text("no picture either")
    (photograph,) = load(tmp_path, 32)
    assert photograph.path == PurePosixPath("below/a.png")
    assert photograph.pixels.shape == (32, 32, 3)
    printed = capsys.readouterr().out
    assert "grey.png: it is grey" in printed
    assert "as_rgb.png: it is grey" in printed
    assert "broken.jpg: expected a JPEG" in printed
    assert "notes" not in printed


def test_every_nth_is_loaded(tmp_path: Path) -> None:
    for number in range(5):
        (tmp_path / f"{number}.png").write_bytes(encode(Picture(photo(seed=number)), ".png"))
    assert [each.path.name for each in load(tmp_path, 16, every=2)] == ["0.png", "2.png", "4.png"]


def test_load_wants_at_least_one(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"expected colour photographs below .*, found none"):
        load(tmp_path, 32)


def test_the_kind_is_the_folder_up_to_its_underscore_and_small_kinds_are_one() -> None:
    paths = [f"ph_{name}/{n}.jpg" for name in ("ann", "bob") for n in range(SMALLEST_KIND // 2)]
    paths += [f"news_world/{n}.jpg" for n in range(SMALLEST_KIND - 1)] + ["loose.jpg"]
    photographs = [Photograph(PurePosixPath(path), photo(4, 4)) for path in paths]
    assert kinds(photographs) == ["ph"] * SMALLEST_KIND + ["rest"] * SMALLEST_KIND
