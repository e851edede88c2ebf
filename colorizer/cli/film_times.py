"""Times in a film on the command line, for parts and key frames. Time codes count when the film is there."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

from colorizer.cli.values import parse_hints
from colorizer.errors import InvalidSetting
from colorizer.network.weights import file_sha256
from colorizer.video.directing.direction import FilmKey
from colorizer.video.directing.film import FilmTimes
from colorizer.video.directing.timecode import is_timecode, read_seconds

FilmTime: TypeAlias = float | str  # seconds, or a time code with frames, whose number a second only the film tells
ReadTimes: TypeAlias = Callable[[], FilmTimes]

_CORRECTIONS_SUFFIX = ".json"


@dataclass(frozen=True)
class TypedKey:
    """A key frame as it was typed. `key`: all of it but its time. `path`: of its picture if it has one."""

    time: FilmTime
    key: FilmKey
    path: Path | None = None

    def at(self, seconds: float) -> FilmKey:
        return replace(self.key, seconds=seconds)


def parse_time(text: str) -> FilmTime:
    """For argparse: seconds from `90`, `1:30` or `0:01:30`, which are all the same time; a time code as it is."""
    if is_timecode(text):
        return text
    try:
        return read_seconds(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def parse_key(text: str) -> TypedKey:
    """For argparse: a key frame."""
    typed, divider, name = text.partition("=")
    if not divider or not name:
        raise argparse.ArgumentTypeError(f"expected TIME=PICTURE, got {text!r}")
    time, path = parse_time(typed), Path(name)
    if path.suffix.lower() == _CORRECTIONS_SUFFIX:
        return TypedKey(time, FilmKey(seconds=0.0, hints=parse_hints(name)))
    try:
        return TypedKey(time, FilmKey(seconds=0.0, picture=file_sha256(path)), path)
    except OSError as error:
        raise argparse.ArgumentTypeError(f"expected a picture, got {name}: {error.strerror}") from None


def place_time(time: FilmTime, read_times: ReadTimes) -> float:
    """A time in seconds from the film's beginning. `read_times`: is called for a time code.

    Raises InvalidSetting for a code that the film's rate does not have, and what `read_times` raises.
    """
    if not isinstance(time, str):
        return time
    times = read_times()
    try:
        return times.code.moment(time, times.duration)
    except ValueError as error:
        raise InvalidSetting(str(error)) from None
