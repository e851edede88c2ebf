from __future__ import annotations

from pathlib import Path, PurePosixPath

import numpy as np
import pytest
from PIL import Image

from benchmarks.quality import sheets
from benchmarks.quality.networks import Network
from benchmarks.quality.photographs import Photograph
from colorizer import Look, load_colorizer
from colorizer.images import Picture, encode
from tests.support.made_photographs import photo
from tests.support.paths import ROOT


def test_a_row_is_grey_results_truth() -> None:
    compact = Network("compact", load_colorizer("compact"), (Look(),))
    truth = photo(32, 32)
    row = sheets.row(Photograph(PurePosixPath("a.png"), truth), [compact])
    assert row.shape == (32, 3 * 32, 3)
    assert np.ptp(row[:, :32], axis=2).max() == 0
    np.testing.assert_array_equal(row[:, 32:64], load_colorizer("compact").colorize(truth))
    np.testing.assert_array_equal(row[:, 64:], truth)


def test_rows_fill_columns_and_sheets() -> None:
    wide = [np.full((2, sheets.WIDEST, 3), number, np.uint8) for number in range(sheets.ROWS + 1)]
    first, second = sheets.sheets(wide)
    np.testing.assert_array_equal(first[::2, 0, 0], np.arange(sheets.ROWS))
    np.testing.assert_array_equal(second, wide[-1])
    narrow = [np.full((2, sheets.WIDEST // 2, 3), number, np.uint8) for number in range(3)]
    (only,) = sheets.sheets(narrow)
    assert only[::2, [0, -1], 0].tolist() == [[0, 2], [1, 255]]


def test_the_command_writes_a_sheet_for_each_kind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    photos = tmp_path / "photos"
    for number in range(8):
        path = photos / "news" / f"{number}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(encode(Picture(photo(seed=number)), ".png"))
    (photos / "alone.png").write_bytes(encode(Picture(photo()), ".png"))
    monkeypatch.setattr("sys.argv", ["sheets", str(photos), str(tmp_path / "out"), "--side", "32"])
    sheets.main()
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["news_1.jpg", "rest_1.jpg"]
    with Image.open(tmp_path / "out" / "rest_1.jpg") as sheet:
        assert sheet.size == (4 * 32 * (sheets.WIDEST // (4 * 32)), 32)
    assert "grey | compact (shipped), vividness 0 | compact (shipped), vividness 1 | truth" in capsys.readouterr().out


def test_no_sheet_is_written_into_the_repository(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["sheets", "photos", str(ROOT / "docs" / "sheets")])
    with pytest.raises(SystemExit):
        sheets.main()
    assert "expected a folder outside the repository" in capsys.readouterr().err
