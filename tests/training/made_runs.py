"""Made photographs for the tests of training, packed, and what a run has logged."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from PIL import Image

from colorizer.arrays import Pixels
from training import data


def pack_noisy(folder: Path, pictures: Iterable[Pixels], deviation: float, rng: np.random.Generator) -> Path:
    """Pack pictures with noise, for training and for validation. Returns the folder of the packed ones."""
    count = 0
    for picture in pictures:
        noisy = np.clip(picture + rng.normal(0, deviation, picture.shape), 0, 255).astype(np.uint8)
        Image.fromarray(noisy).save(folder / f"{count}.png")
        count += 1
    for part in ("train", "val_wild"):
        assert data.pack(folder, folder / "cache" / part) == count
    return folder / "cache"


def rows(run: Path) -> list[dict[str, float]]:
    """The rows of a run's log."""
    return [json.loads(line) for line in (run / "log.jsonl").read_text(encoding="utf-8").splitlines()]
