"""Shot lists as files: CSV for spreadsheets, EDL for editing programs; both are written and read."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from colorizer.errors import InvalidSetting
from colorizer.images.atomic import write_whole
from colorizer.video.directing.edl import read_edl, write_edl
from colorizer.video.directing.film import FilmTimes
from colorizer.video.directing.shots import Shots, shots_at
from colorizer.video.directing.timecode import is_timecode, read_seconds

LIST_SUFFIXES = (".csv", ".edl")
_COLUMNS = ("shot", "start_seconds", "end_seconds", "start_timecode", "end_timecode")
# Names of the column with the starts, as this program and others write them; the most exact first. "Record In" is that
# of an edit index, "In" that of a list of markers.
_START_COLUMNS = (
    *("start seconds", "start time (seconds)", "start (seconds)", "start (s)", "start timecode", "start tc"),
    *("record in", "rec in", "timecode in", "tc in", "start time", "start", "begin", "in"),
)
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

    Starts behind the film's end are left out. Raises InvalidSetting for what is no list, and for one of which nothing
    lies in the film.
    """
    text, end = _decode(data), times.duration
    starts = read_edl(text, times.code, end) if name.lower().endswith(".edl") else read_csv(text, times)
    inside = [start for start in starts if end is None or start < end]
    if starts and not inside:
        raise InvalidSetting(
            f"expected shots in the film of {end:g} seconds, got a list from {min(starts):g} seconds on"
        )
    return shots_at(inside)


def _decode(data: bytes) -> str:
    """The text of a list in Unicode of 8 bits, or of 16 with a byte order mark, as spreadsheets and editing programs
    write it; else in the encoding of Windows."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("windows-1252", "replace")  # of names, which do not matter


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

    A start is a number of seconds, H:MM:SS with or without a fraction, or a time code (see `Timecode.place`). Cells are
    divided by commas, semicolons or tabs; with semicolons or tabs, a number may have a comma. Without names of columns,
    the first one has the starts. Raises InvalidSetting for anything else.
    """
    cells = list(_start_cells(text))
    codes = {row: cell for row, cell in cells if is_timecode(cell)}
    seconds = (_read_seconds(cell, row) for row, cell in cells if row not in codes)
    return (*seconds, *_place_codes(codes, times))


def _start_cells(text: str) -> Iterator[tuple[int, str]]:
    """The number of each row, from 1, and its start, with a point before the fraction."""
    for divider in (",", ";", "\t"):
        try:
            rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=divider))
        except csv.Error as error:
            raise InvalidSetting(f"expected a table of cells, got a text that is none: {error}") from None
        for place, row in enumerate(rows[:_HEADER_ROWS]):
            names = [cell.strip().lower().replace("_", " ") for cell in row]
            column = next((names.index(name) for name in _START_COLUMNS if name in names), None)
            if column is not None:
                for number, cells in enumerate(rows[place + 1 :], start=place + 2):
                    if len(cells) > column and (cell := cells[column].strip()):
                        yield number, cell if divider == "," else cell.replace(",", ".")
                return
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines or not lines[0].strip()[0].isdigit():
        message = "expected a table with a column for the starts, such as start_seconds or start_timecode, got none"
        raise InvalidSetting(message)
    yield from ((number, re.split(r"[,;\t]", line)[0].strip()) for number, line in enumerate(lines, start=1))


def _place_codes(codes: Mapping[int, str], times: FilmTimes) -> tuple[float, ...]:
    """The starts that are time codes, by their rows, in seconds."""
    code = times.code.as_in(next(iter(codes.values()), ""))
    numbers = []
    for row, cell in codes.items():
        try:
            numbers.append(code.count(cell))
        except ValueError as error:
            raise InvalidSetting(f"row {row} of the shot list: {error}") from None
    return code.place(numbers, times.duration)


def _read_seconds(cell: str, row: int) -> float:
    try:
        return read_seconds(cell)
    except ValueError as error:
        raise InvalidSetting(f"row {row} of the shot list: {error}") from None
