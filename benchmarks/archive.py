"""Archives on Dask: `python -m benchmarks.archive [--only scaling scheduler million throughput] [--files N] ...`.

scaling     small photographs with 1 and 2 workers, and in a bare loop in one process: files a second, the second
            worker's efficiency, the overhead.
scheduler   peak memory of the process with scheduler and client at two numbers of listed files, with a task of no work.
million     list, plan, run with a task of no work, resume: seconds and peak memory.
throughput  photographs of 2 megapixels, JPEG to JPEG: `colorizer archive` against the plain command line; memory.

Each part runs in a process of its own and prints a Markdown table. Linux only.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import cv2
from tqdm import tqdm

from benchmarks.support.made_archives import make_photographs, measure_apart, register_made_files, write_rows_only
from benchmarks.support.processes import run_measured
from benchmarks.timing import status_megabytes
from colorizer.archive.archive import plan_archive, run_archive, tidy
from colorizer.archive.index import read_index
from colorizer.archive.manifest import Entry
from colorizer.archive.planning import plan
from colorizer.archive.run import connect
from colorizer.archive.settings import ArchiveSettings, open_run
from colorizer.archive.storage import Storage
from colorizer.archive.task import colorize_file
from colorizer.pipeline import load_colorizer

SETTINGS = ArchiveSettings(model="compact")
SMALL, TWO_MEGAPIXELS = (192, 256), (1200, 1667)  # rows, columns


def ignore(_: list[Entry]) -> None:
    """For rows that no measure needs."""


def measure_scaling(folder: Path, files: int, _: int) -> Iterator[str]:
    make_photographs(folder / "scans", files, SMALL)
    bare = measure_apart(loop_bare, folder, files)
    one, two = (measure_apart(run_workers, folder, workers) for workers in (1, 2))
    yield f"{files} photographs of {SMALL[1]} x {SMALL[0]}, from the first batch on"
    yield "| | files/s | compared with one worker | time more than the bare loop's |\n|---|---|---|---|"
    yield f"| bare loop, one process | {files / bare:.1f} | | |"
    yield f"| 1 worker | {files / one:.1f} | 1.00 | {one / bare - 1:+.1%} |"
    yield f"| 2 workers | {files / two:.1f} | {one / two:.2f}, efficiency {one / two / 2:.0%} | |"


def loop_bare(folder: Path, _: int) -> float:
    """Seconds of the same work on all files in this process, one after the other, without Dask and manifest."""
    cv2.setNumThreads(1)
    run = open_run(Storage(str(folder / "scans")), Storage(str(folder / "bare")), SETTINGS)
    colorizer = load_colorizer(SETTINGS.model)
    started = time.perf_counter()
    for job in plan(run.source, run.results, read_index(run.manifest), lambda *_: None):
        colorize_file(job, run, SETTINGS, colorizer)
    return time.perf_counter() - started


def run_workers(folder: Path, workers: int) -> float:
    """Seconds of the run, without the start of processes: a small archive before it loads what they need."""
    source = Storage(str(folder / "scans"))
    with connect(None, workers=workers) as cluster:
        make_photographs(folder / "warm", 8 * workers, SMALL)
        warm = open_run(Storage(str(folder / "warm")), Storage(str(folder / f"warm-{workers}")), SETTINGS)
        run_archive(warm, plan_archive(warm), SETTINGS, cluster, done=ignore)
        run = open_run(source, Storage(str(folder / f"out-{workers}")), SETTINGS)
        planned = plan_archive(run)
        started = time.perf_counter()
        run_archive(run, planned, SETTINGS, cluster, done=ignore)
        return time.perf_counter() - started


def measure_scheduler(folder: Path, files: int, _: int) -> Iterator[str]:
    yield "| listed files | peak MB of scheduler and client | rise after the start of the cluster, MB |\n|---|---|---|"
    for count in (files, 10 * files):
        peak, rise = measure_apart(run_listed, folder, count)
        yield f"| {count} | {peak:.0f} | {rise:.0f} |"


def run_listed(folder: Path, count: int) -> tuple[float, float]:
    """Peak memory in MB of this process, which has scheduler and client, and its rise while the files are done."""
    register_made_files()
    run = open_run(Storage(f"made://{count}"), Storage(str(folder / f"listed-{count}")), SETTINGS)
    with connect(None, workers=2) as cluster:
        before = status_megabytes("VmRSS")
        run_archive(run, plan_archive(run), SETTINGS, cluster, done=ignore, work=write_rows_only)
        peak = status_megabytes("VmHWM")
    return peak, peak - before


def measure_million(folder: Path, _: int, entries: int) -> Iterator[str]:
    yield f"{entries} entries, a task of no work\n| step | seconds | peak MB so far |\n|---|---|---|"
    for step, seconds, megabytes in measure_apart(run_million, folder, entries):
        yield f"| {step} | {seconds:.1f} | {megabytes:.0f} |"


def run_million(folder: Path, entries: int) -> list[tuple[str, float, float]]:
    """Seconds and peak memory of each step. The first half is done, then the run is begun anew for the rest."""
    register_made_files()
    run = open_run(Storage(f"made://{entries}"), Storage(str(folder / "million")), SETTINGS)
    steps: list[tuple[str, float, float]] = []

    def step(name: str, action: Callable[[], Any]) -> Any:
        started = time.perf_counter()
        result = action()
        steps.append((name, time.perf_counter() - started, status_megabytes("VmHWM")))
        return result

    class Half(Exception):
        """Ends the first run."""

    with connect(None, workers=2) as cluster, tqdm(total=entries, unit="file", leave=False) as bar:

        def do(planned: Any, stop_at: int) -> None:
            def done(rows: list[Entry]) -> None:
                bar.update(len(rows))
                if bar.n >= stop_at:
                    raise Half

            try:
                run_archive(run, planned, SETTINGS, cluster, done=done, work=write_rows_only)
            except Half:
                return

        planned = step("list and plan, nothing done", lambda: plan_archive(run))
        step("run the first half, then stop", lambda: do(planned, entries // 2))
        rest = step("list and plan, half done", lambda: plan_archive(run))
        step("run the rest, compact", lambda: do(rest, entries + 1))
        step("list and plan, all done", lambda: plan_archive(run))
        step("compact again", lambda: tidy(run))
    assert plan_archive(run).total == 0
    assert len(read_index(run.manifest)) == entries
    return steps


def measure_throughput(folder: Path, photographs: int, _: int) -> Iterator[str]:
    """Whole commands; one photograph shows what a start takes, and processor seconds what cores can share."""
    source, single = folder / "scans", folder / "single"
    make_photographs(source, photographs, TWO_MEGAPIXELS)
    make_photographs(single, 1, TWO_MEGAPIXELS)
    commands = {
        "plain, --jobs 1": [str(source), "-o", str(folder / "plain"), "--recursive", "--jobs", "1"],
        "plain": [str(source), "-o", str(folder / "jobs"), "--recursive"],
        "archive": ["archive", str(source), str(folder / "archive")],
        "archive of one photograph": ["archive", str(single), str(folder / "archive-single")],
    }
    yield (
        f"{photographs} photographs of 2 megapixels, JPEG to JPEG, {os.cpu_count()} cores\n\n"
        "| command | seconds | first command's seconds over its own | processor seconds | largest process, MB |\n"
        "|---|---|---|---|---|"
    )
    first = 0.0
    for name, arguments in commands.items():
        cost = run_measured([sys.executable, "-m", "colorizer", *arguments])
        first = first or cost.seconds
        columns = f"{cost.seconds:.1f} | {first / cost.seconds:.2f} | {cost.processor_seconds:.1f}"
        yield f"| {name} | {columns} | {cost.megabytes:.0f} |"


PARTS = {
    "scaling": measure_scaling,
    "scheduler": measure_scheduler,
    "million": measure_million,
    "throughput": measure_throughput,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--files", type=int, default=10_000, help="of scaling and scheduler; default %(default)s")
    parser.add_argument("--entries", type=int, default=1_000_000, help="of million; default %(default)s")
    parser.add_argument("--photographs", type=int, default=200, help="of throughput; default %(default)s")
    parser.add_argument("--folder", type=Path, help="where the files are made; default: a temporary folder")
    arguments = parser.parse_args()
    for name in arguments.only:
        folder = Path(tempfile.mkdtemp(prefix="archive-", dir=arguments.folder))
        files = arguments.photographs if name == "throughput" else arguments.files
        try:
            print(f"\n### {name}")
            for line in PARTS[name](folder, files, arguments.entries):
                print(line, flush=True)
        finally:
            shutil.rmtree(folder)


if __name__ == "__main__":
    main()
