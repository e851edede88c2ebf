"""The whole command, on made photographs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.quality.__main__ import main
from benchmarks.quality.color_groups import COLOR_GROUPS
from benchmarks.quality.photographs import SMALLEST_KIND
from colorizer.images import Picture, encode
from tests.support.made_photographs import photo
from tests.support.paths import ROOT

WEIGHTS = ROOT / "model" / "compact.onnx"


def test_tables_of_all_kinds_and_colours_with_the_shipped_network_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in range(SMALLEST_KIND + 1):
        folder = tmp_path / ("news_world" if number else "alone")
        folder.mkdir(exist_ok=True)
        (folder / f"{number}.png").write_bytes(encode(Picture(photo(seed=number)), ".png"))
    words = [str(tmp_path), "--weights", str(WEIGHTS), "--side", "64", "--json", str(tmp_path / "out.json")]
    monkeypatch.setattr("sys.argv", ["quality", *words, "--vividness", "0"])
    main()
    printed = capsys.readouterr().out
    assert printed.startswith("9 photographs, 64 x 64; 1000 resamples\nThe truth: CF ")
    tables = {each["title"]: each["rows"] for each in json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))}
    titles = ["All photographs", "By kind of source (photographs)", "By colour of the truth"]
    both = [title + difference for title in titles for difference in ("", ": difference from the first network")]
    assert list(tables) == both
    assert all(f"### {title}\n" in printed for title in both)
    ours, theirs, gray = tables["All photographs"]
    assert [row["network"] for row in (ours, theirs, gray)] == [
        "compact (shipped), vividness 0",
        f"{WEIGHTS}, vividness 0",
        "grey",
    ]
    assert {key: value for key, value in ours.items() if key != "network"} == {
        key: value for key, value in theirs.items() if key != "network"
    }
    low, high = ours["above grey"][1:]
    assert low < ours["above grey"][0] < high
    assert [row["kind"] for row in tables[titles[1]][::3]] == ["news (8)", "rest (1)"]
    assert [row["colour"] for row in tables[titles[2]][::3]] == [group.name for group in COLOR_GROUPS]
    assert all(row["above grey"] == [0, 0, 0] for row in tables[both[1]])
