"""Memory and time of a command or a server with all the processes that it has started (Linux only)."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.support.server import ROOT


@dataclass(frozen=True)
class Cost:
    """What a command took with its processes, the peak memory of the largest one in MB, and what it printed."""

    seconds: float
    processor_seconds: float
    megabytes: float
    output: str


def run_measured(command: Sequence[str]) -> Cost:
    """Run a command in the project's folder. Its errors are shown. Raises CalledProcessError if it fails."""
    started = time.perf_counter()
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        output = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    seconds = time.perf_counter() - started
    return Cost(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, output)


@dataclass
class Peak:
    """The largest memory of a process and its descendants, in MB, while it is watched."""

    megabytes: float = 0.0


def descendants(process: int) -> list[int]:
    """The process and all that descend from it, as far as they still run."""
    children: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        if fields := _read(path).rpartition(")")[2].split():
            children.setdefault(int(fields[1]), []).append(int(path.parent.name))
    found = [process]
    for each in found:
        found += children.get(each, [])
    return found


def tree_megabytes(process: int) -> float:
    """The proportional set size of a process and its descendants: a page that several share counts once."""
    return sum(map(_proportional_megabytes, descendants(process)))


@contextmanager
def watch_peak(process: int, *, every: float = 0.02) -> Iterator[Peak]:
    """Sample `tree_megabytes` in a thread, `every` so many seconds, until the end of the block."""
    peak, ended = Peak(), threading.Event()

    def sample() -> None:
        while not ended.wait(every):
            peak.megabytes = max(peak.megabytes, tree_megabytes(process))

    thread = threading.Thread(target=sample, name="memory")
    thread.start()
    try:
        yield peak
    finally:
        ended.set()
        thread.join()


def processor_seconds(process: int) -> float:
    """The processor time of a process and its descendants, with those that have ended and were waited for."""
    ticks = 0
    for each in descendants(process):
        fields = _read(Path(f"/proc/{each}/stat")).rpartition(")")[2].split()
        ticks += sum(map(int, fields[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


def _proportional_megabytes(process: int) -> float:
    lines = _read(Path(f"/proc/{process}/smaps_rollup")).splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def _read(path: Path) -> str:
    """The text of a file of /proc, empty if its process has ended."""
    try:
        return path.read_text(encoding="ascii", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return ""
