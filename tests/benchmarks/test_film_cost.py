"""The benchmark of what colouring a film costs: both ways encode alike, and each figure is the least of its runs."""

from __future__ import annotations

import re
from itertools import repeat
from pathlib import Path

import numpy as np
import pytest

from benchmarks import film_cost
from benchmarks.clips import write_lumas
from colorizer.video import probe
from colorizer.video.codecs import CODECS

H264 = (CODECS["h264"].encoder, CODECS["h264"].options)


def test_pyav_alone_keeps_the_film_and_encodes_as_ours(tmp_path: Path) -> None:
    source, target = tmp_path / "film.mp4", tmp_path / "bare.mp4"
    write_lumas(source, repeat(np.full((48, 64), 90, np.uint8), 5), size=(64, 48))
    film_cost.recode(source, target, *H264)
    info = probe(target)
    assert (info.width, info.height, info.frames, float(info.rate)) == (64, 48, 5, 25.0)
    settings = film_cost.encoder_settings(target)
    assert (settings["crf"], settings["rc_lookahead"]) == ("18.0", "10")  # of the preset "veryfast"
    with pytest.raises(OSError, match="expected a film encoded by x264"):
        film_cost.encoder_settings(Path(__file__))


def test_both_ways_run_in_processes_of_their_own(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    luma = np.random.default_rng(0).integers(16, 235, (48, 64), np.uint8)
    monkeypatch.setattr(film_cost, "films", lambda frames: {"tiny": ((64, 48), repeat(luma, frames))})
    film_cost.compare_costs(1, 3)
    row = capsys.readouterr().out.splitlines()[-1]
    figures = r"(\d+\.\d+ \(\d+\.\d+\) \| ){3}\d+\.\d+ \(\d+\.\d+\) \|"
    assert re.fullmatch(r"\| tiny \| 64 x 48 \| \d+ \| " + figures, row), row


def test_the_least_of_all_runs_counts(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    runs = {
        film_cost.BARE: iter([film_cost.Cost(1, 2, 3, 4), film_cost.Cost(2, 1, 4, 3)]),
        film_cost.OURS: iter([film_cost.Cost(3, 6, 9, 9), film_cost.Cost(2, 7, 6, 9)]),
    }
    monkeypatch.setattr(film_cost, "films", lambda _frames: {"none": ((64, 48), iter(()))})
    monkeypatch.setattr("benchmarks.clips.write_lumas", lambda *_, **__: None)
    monkeypatch.setattr(film_cost, "encoder_settings", lambda _path: {"threads": "3"})
    monkeypatch.setattr(film_cost, "measure", lambda way, *_: next(runs[way]))
    film_cost.compare_costs(2, 10)
    row = capsys.readouterr().out.splitlines()[-1]
    assert row == "| none | 64 x 48 | 3 | 100.0 (100.0) | 200.0 (600.0) | 2.00 (6.00) | 2.00 (3.00) |"
