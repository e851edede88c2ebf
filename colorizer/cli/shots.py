"""`python -m colorizer shots FILM -o FILE`: find the shots of a film and write them as a list or a project."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from colorizer.cli.console import INTERRUPTED, printable, say
from colorizer.cli.directing import find_shots_with_bar
from colorizer.cli.files import ReadFile, check_written
from colorizer.errors import FAILURES, error_text
from colorizer.network.weights import file_sha256
from colorizer.video.directing.direction import Direction
from colorizer.video.directing.film import read_times
from colorizer.video.directing.project import PROJECT_SUFFIX, Project, write_project
from colorizer.video.directing.shot_lists import LIST_SUFFIXES, write_shot_list
from colorizer.video.types import VideoOptions


def run_shots(words: Sequence[str]) -> int:
    """Find shots; returns the exit status, 0, 1 or 130. `words`: the arguments after `shots`."""
    parser = argparse.ArgumentParser(
        prog="python -m colorizer shots",
        description="Find the shots of a film: hard cuts, dissolves and fades. Correct the list by hand, in a "
        "spreadsheet or an editing program, and give it to --shots.",
    )
    suffixes = (*LIST_SUFFIXES, PROJECT_SUFFIX)
    parser.add_argument("film", type=Path, metavar="FILM")
    parser.add_argument(
        "-o",
        "--output",
        type=Path,
        required=True,
        metavar="OUT",
        help=f"the file to write, ending in {LIST_SUFFIXES[0]} (a table), {LIST_SUFFIXES[1]} (CMX 3600) or "
        f"{PROJECT_SUFFIX} (a project for --project)",
    )
    options = parser.parse_args(words)
    film, output = options.film, options.output
    if output.suffix.lower() not in suffixes:
        parser.error(f"expected an output ending in one of {', '.join(suffixes)}, got {output.name}")
    check_written(parser, [("-o", output)], [ReadFile(film, "an input")])
    try:
        count = _write_shots(film, output)
    except FAILURES as error:
        say(str(film), error_text(error))
        return 1
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return INTERRUPTED
    print(printable(f"{output}: {count} {'shot' if count == 1 else 'shots'}"))
    return 0


def _write_shots(film: Path, output: Path) -> int:
    """Find and write the shots; returns how many there are."""
    times = read_times(film)
    shots = find_shots_with_bar(film, times)
    if output.suffix.lower() == PROJECT_SUFFIX:
        options = VideoOptions(direction=Direction(shots=shots))
        write_project(output, Project(options=options, film=file_sha256(film)), {})
    else:
        write_shot_list(output, [shot.start for shot in shots], times, film.stem)
    return len(shots)
