"""Read mutated files for a while: `python -m tests.fuzz --seconds 60 [--seed N] [--keep FOLDER]`.

Each file is a mutation of a sound one: a picture in each format and depth, a ZIP, a film. It has to be read or refused
with a message, within SECONDS_EACH of processor time and MEMORY_EACH of memory. Each file that is not is written to
FOLDER; the exit status is then 1. The same seed gives the same files in the same order.
"""

from __future__ import annotations

import argparse
import io
import multiprocessing
import os
import sys
import tempfile
import time
import zipfile
from collections import Counter
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

import numpy as np

from tests.fuzz import worker
from tests.fuzz.mutations import mutate
from tests.support.films import make_film
from tests.support.malformed import sound_files

SECONDS_EACH = 10.0
PATIENCE = 6  # times SECONDS_EACH of wall-clock time, on a machine with other work
MEMORY_EACH = 300_000_000  # bytes: several copies of the largest picture, and the codecs' own tables
_TICKS = os.sysconf("SC_CLK_TCK")


def seed_files() -> list[tuple[str, bytes]]:
    """The sound files, with their kind."""
    pictures = [("picture", data) for data in sound_files().values()]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, (_, data) in enumerate(pictures[:4]):
            archive.writestr(f"folder/{number}.jpg", data)
    with tempfile.TemporaryDirectory() as folder:
        films = [
            make_film(Path(folder, f"film{suffix}"), *options, size="64x48", seconds=0.4).read_bytes()
            for suffix, options in ((".mp4", ()), (".mkv", ()), (".avi", ()), (".ts", ("-c:v", "mpeg2video")))
        ]
    return [*pictures, ("zip", buffer.getvalue()), *(("film", film) for film in films)]


class Reader:
    """The worker process, started again after each crash or hang."""

    def __init__(self) -> None:
        self._process: BaseProcess | None = None
        self._connection: Connection | None = None

    def read(self, kind: str, data: bytes) -> str:
        """Returns "read", "refused" or what went wrong."""
        process, connection = self._start()
        connection.send((kind, data))
        spent, deadline = _processor_seconds(process), time.monotonic() + PATIENCE * SECONDS_EACH
        while not connection.poll(0.5):
            if time.monotonic() > deadline or _processor_seconds(process) - spent > SECONDS_EACH:
                self.stop()
                return f"hang: no answer after {SECONDS_EACH:g} seconds"
        try:
            result, memory = connection.recv()
        except (EOFError, ConnectionResetError):  # the latter if it ends before it has read the file
            process.join()
            code = process.exitcode
            self.stop()
            return f"crash: the process ended with {code}"
        if memory > MEMORY_EACH:
            self.stop()
            return f"memory: {memory / 1e6:.0f} MB"
        return str(result)

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.join()
        self._process = self._connection = None

    def _start(self) -> tuple[BaseProcess, Connection]:
        if self._process is None or self._connection is None:
            context = multiprocessing.get_context("spawn")
            self._connection, other = context.Pipe()
            self._process = context.Process(target=worker.run, args=(other,), daemon=True)
            self._process.start()
            other.close()  # so that the end of the process is the end of the connection
        return self._process, self._connection


def _processor_seconds(process: BaseProcess) -> float:
    try:
        fields = Path(f"/proc/{process.pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2]
    except FileNotFoundError:  # it has ended
        return 0.0
    return sum(int(field) for field in fields.split()[11:13]) / _TICKS


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60.0, help="default %(default)g")
    parser.add_argument("--seed", type=int, default=20161008, help="default %(default)s")
    parser.add_argument("--keep", type=Path, default=Path("test-results/fuzz"), help="default %(default)s")
    options = parser.parse_args()
    seeds = seed_files()
    pictures = [data for _, data in seeds]
    counts: Counter[str] = Counter()
    findings: list[str] = []
    reader = Reader()
    number, end = 0, time.monotonic() + options.seconds
    while time.monotonic() < end:
        rng = np.random.default_rng((options.seed, number))
        kind, data = seeds[number % len(seeds)]
        data = data if number < len(seeds) else mutate(data, pictures, rng)
        result = reader.read(kind, data)
        counts[result if result in ("read", "refused") else "wrong"] += 1
        if result not in ("read", "refused") or (number < len(seeds) and result != "read"):
            options.keep.mkdir(parents=True, exist_ok=True)
            path = options.keep / f"{options.seed}-{number}.{kind}"
            path.write_bytes(data)
            findings.append(f"{path}: {result}")
            print(findings[-1], file=sys.stderr, flush=True)
        number += 1
    reader.stop()
    print(
        f"seed {options.seed}: {number} files tried, {counts['read']} read, {counts['refused']} refused, "
        f"{len(findings)} findings"
    )
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
