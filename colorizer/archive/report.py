"""What a run has done, in figures and to the eye."""

from __future__ import annotations

import heapq
import random
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from colorizer import images
from colorizer.archive.index import read_index
from colorizer.archive.manifest import read_tables
from colorizer.archive.settings import Run
from colorizer.arrays import Pixels
from colorizer.errors import FAILURES
from colorizer.picture import Picture, flatten_alpha, shrink

SHEET = "contact-sheet.jpg"
SAMPLE, SLOWEST = 24, 10  # how many pictures and files a report shows
_COLUMNS = ["source", "finished", "status", "reason", "size", "target", "target_size", "seconds", "notes", "error"]
_SIDE, _ACROSS, _GAP = 240, 6, 6  # pixels of a picture in the sheet, pictures in a row, pixels between them
_DETAIL = re.compile(r"'[^']*'|\"[^\"]*\"|\(.*\)|\d[\d.,]*|[0-9a-f]{8,}|\S*/\S*")  # what differs from file to file


@dataclass
class Report:
    """Figures of a run. `statuses`, `reasons`: how many files. `errors`, `notes`: how many of each kind, in one text.

    `slowest`: seconds and name. `bytes_read`, `bytes_written`; `seconds`: of all workers together, for all files.
    `sample`: names of results, chosen at random.
    """

    statuses: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    notes: Counter[str] = field(default_factory=Counter)
    slowest: list[tuple[float, str]] = field(default_factory=list)
    bytes_read: int = 0
    bytes_written: int = 0
    seconds: float = 0.0
    sample: list[str] = field(default_factory=list)


def make_report(run: Run, *, seed: int = 0) -> Report:
    """Read the manifest once, part by part. `seed`: of the sample. Raises OSError and StorageFault."""
    report = Report()
    chance = random.Random(seed)
    for row in _last_rows(run):
        report.statuses[row["status"]] += 1
        report.reasons[row["reason"]] += 1
        report.bytes_read += row["size"] or 0
        report.bytes_written += row["target_size"]
        report.seconds += row["seconds"]
        if row["error"]:
            report.errors[kind_of_error(row["error"])] += 1
        report.notes.update(kind_of_error(note) for note in row["notes"])
        _keep_slowest(report.slowest, (row["seconds"], row["source"]))
        if row["status"] == "done":
            _keep_sample(report.sample, row["target"], report.statuses["done"], chance)
    report.slowest.sort(reverse=True)
    return report


def kind_of_error(text: str) -> str:
    """The text without what differs from file to file: names, numbers and details in brackets."""
    return " ".join(_DETAIL.sub("...", text).split())


def write_sheet(run: Run, sample: list[str]) -> dict[str, str]:
    """Write the contact sheet of these results into the run's folder; return why some are not on it, by name."""
    pictures, problems = [], {}
    for name in sample:
        try:
            pictures.append(_thumbnail(images.decode(run.results.read(name))))
        except FAILURES as error:
            problems[name] = str(error)
    if pictures:
        run.folder.write(SHEET, images.encode(Picture(_arrange(pictures)), ".jpg"))
    return problems


def _last_rows(run: Run) -> Iterator[dict[str, Any]]:
    index = read_index(run.manifest)
    for table in index.last_rows(read_tables(run.manifest, _COLUMNS)):
        yield from table.to_pylist()


def _keep_slowest(slowest: list[tuple[float, str]], row: tuple[float, str]) -> None:
    if len(slowest) < SLOWEST:
        heapq.heappush(slowest, row)
    else:
        heapq.heappushpop(slowest, row)


def _keep_sample(sample: list[str], name: str, seen: int, chance: random.Random) -> None:
    """Reservoir sampling (Vitter's algorithm R): each of the `seen` names is in the sample with equal probability."""
    if len(sample) < SAMPLE:
        sample.append(name)
    elif (place := chance.randrange(seen)) < SAMPLE:
        sample[place] = name


def _thumbnail(picture: Picture) -> Pixels:
    """(_SIDE, _SIDE, 3) uint8 with the picture in the middle, on white."""
    pixels = flatten_alpha(shrink(picture, _SIDE)).pixels
    height, width = pixels.shape[:2]
    top, left = (_SIDE - height) // 2, (_SIDE - width) // 2
    square = np.full((_SIDE, _SIDE, 3), 255, np.uint8)
    square[top : top + height, left : left + width] = pixels if pixels.ndim == 3 else pixels[..., np.newaxis]
    return square


def _arrange(pictures: list[Pixels]) -> Pixels:
    """The squares in rows, on white."""
    cell = _SIDE + _GAP
    rows = -(-len(pictures) // _ACROSS)
    sheet = np.full((rows * cell + _GAP, _ACROSS * cell + _GAP, 3), 255, np.uint8)
    for number, square in enumerate(pictures):
        top, left = (_GAP + place * cell for place in divmod(number, _ACROSS))
        sheet[top : top + _SIDE, left : left + _SIDE] = square
    return sheet
