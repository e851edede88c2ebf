"""Shot lists as files: CSV for spreadsheets, EDL for editing programs; both are written and read."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from pathlib import Path

from colorizer.errors import InvalidSetting
from colorizer.images.atomic import write_whole
from colorizer.video.directing.edl import read_edl, write_edl
from colorizer.video.directing.film import FilmTimes
from colorizer.video.directing.shots import Shots, shots_at
from colorizer.video.directing.timecode import is_timecode

LIST_SUFFIXES = (".csv", ".edl")
_COLUMNS = ("shot", "start_seconds", "end_seconds", "start_timecode", "end_timecode")
# Names of the column with the starts, as this program and others write them; the most exact first.
_START_COLUMNS = ("start_seconds", "start time (seconds)", "start_timecode", "start timecode", "start")
_MAX_BYTES = 10_000_000  # of a list; a shot takes about 100
_HEADER_ROWS = 10  # in which the names of the columns are looked for


def write_shot_list(path: Path, starts: Sequence[float], times: FilmTimes, title: str) -> None:
    """Write a shot list in the format of the path's suffix. `title`: of an EDL. Raises InvalidSetting, OSError."""
    check_list_suffix(path)
    make = shot_list_csv if path.suffix.lower() == ".csv" else shot_list_edl
    write_whole(path, make(starts, times, title).encode())


def check_list_suffix(path: Path) -> None:
    """Raises InvalidSetting unless the path ends like a shot list."""
    if path.suffix.lower() not in LIST_SUFFIXES:
        raise InvalidSetting(f"expected a shot list ending in {' or '.join(LIST_SUFFIXES)}, got {path.name}")


def read_shot_list(path: Path, times: FilmTimes) -> Shots:
    """The shots of a list for the film with these times. Raises InvalidSetting for what is no list, OSError."""
    check_list_suffix(path)
    if (size := path.stat().st_size) > _MAX_BYTES:
        raise InvalidSetting(f"expected a shot list of at most {_MAX_BYTES / 1e6:g} MB, got {size / 1e6:.3g} MB")
    return parse_shot_list(path.name, path.read_bytes(), times)


def parse_shot_list(name: str, data: bytes, times: FilmTimes) -> Shots:
    """The shots of a list from its bytes; the ending of `name` says which format it has.

    Starts behind the film's end are left out. Raises InvalidSetting for what is no list.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("windows-1252", "replace")  # of names, which do not matter
    starts = read_edl(text, times.code) if name.lower().endswith(".edl") else read_csv(text, times)
    return shots_at(start for start in starts if times.duration is None or start < times.duration)


def shot_list_csv(starts: Sequence[float], times: FilmTimes, title: str = "") -> str:  # noqa: ARG001 - as of an EDL
    """A row for each shot: its number, start and end, in seconds and as time code. The last end may be unknown."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    code = times.code
    for number, (start, end) in enumerate(zip(starts, [*starts[1:], times.duration], strict=True), start=1):
        seconds = ["" if time is None else f"{time:.6f}" for time in (start, end)]
        codes = ["" if time is None else code.write(code.frame_at(time)) for time in (start, end)]
        writer.writerow((number, *seconds, *codes))
    return target.getvalue()


def shot_list_edl(starts: Sequence[float], times: FilmTimes, title: str) -> str:
    return write_edl(starts, times.duration, times.code, title)


def read_csv(text: str, times: FilmTimes) -> tuple[float, ...]:
    """The starts in a table with a column for them, such as `start_seconds` or PySceneDetect's `Start Time (seconds)`.

    A start is a number of seconds, H:MM:SS with or without a fraction, or a time code. Cells are divided by commas,
    semicolons or tabs; with semicolons or tabs, a number may have a comma. Without names of columns, the first one has
    the starts. Raises InvalidSetting for anything else.
    """
    for divider in (",", ";", "\t"):
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=divider))
        for place, row in enumerate(rows[:_HEADER_ROWS]):
            names = [cell.strip().lower() for cell in row]
            column = next((names.index(name) for name in _START_COLUMNS if name in names), None)
            if column is not None:
                return tuple(
                    _read_time(cells[column], times, place + number, comma=divider != ",")
                    for number, cells in enumerate(rows[place + 1 :], start=2)
                    if len(cells) > column and cells[column].strip()
                )
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines or not lines[0].strip()[0].isdigit():
        raise InvalidSetting(f"expected a table with a column {' or '.join(_START_COLUMNS)}, got none")
    return tuple(
        _read_time(re.split(r"[,;\t]", line)[0], times, number, comma=False)
        for number, line in enumerate(lines, start=1)
    )


def _read_time(cell: str, times: FilmTimes, row: int, *, comma: bool) -> float:
    text = cell.strip().replace(",", ".") if comma and not is_timecode(cell) else cell.strip()
    try:
        if is_timecode(text):
            return times.code.seconds(times.code.count(text) - times.code.first)
        parts = [float(part) for part in text.split(":")]
        if not 1 <= len(parts) <= 3 or not all(0 <= part < float("inf") for part in parts):
            raise ValueError(f"expected seconds, H:MM:SS or a time code, got {text!r}")
        return sum(part * unit for part, unit in zip(reversed(parts), (1, 60, 3600), strict=False))
    except ValueError as error:
        raise InvalidSetting(f"row {row} of the shot list: {error}") from None
