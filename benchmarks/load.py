"""Load test with a class of visitors: `python -m benchmarks.load --sessions 30`.

Starts the dashboard on the loopback address, without the budgets of that address (COLORIZER_ADDRESS_...), and sends all
visitors at the same time. Each uploads its own photograph, has it coloured by `compact`, downloads it as PNG and
compares it with the upload. `--leaving` more visitors leave halfway, and `--browsers` more use a real browser. Prints
Markdown. Memory is the proportional set size of the server and its workers (Linux only).
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import requests
from playwright.sync_api import sync_playwright

from benchmarks.support.chromium import launch
from benchmarks.support.photo_tab import download, expect_colorized_within, open_photo_tab, upload
from benchmarks.support.processes import watch_peak
from benchmarks.visitor import Visitor
from benchmarks.visits import (
    Visit,
    colorize_one,
    dashboard,
    draw_photograph,
    leave_in_the_middle,
    load_photograph,
    server_megabytes,
)
from colorizer import ColorizerError

SETTLING_SECONDS = 20.0  # from the deletion of a visitor's data until memory is measured
BROWSER_SECONDS = 300.0


@dataclass(frozen=True)
class Report:
    """The result of a load test. `failures`: visitors' errors. `megabytes`: the server's memory at several moments."""

    visits: tuple[Visit, ...]
    failures: tuple[str, ...]
    left: int
    megabytes: dict[str, float]


def measure_class(
    uploads: list[bytes],
    *,
    leaving: int,
    ttl: int,
    settling: float = SETTLING_SECONDS,
    beside: Callable[[str], list[Visit]] | None = None,
) -> Report:
    """Send one visitor for each upload at the same time, and `leaving` more who leave halfway.

    `ttl`: seconds until the server deletes the data of a visitor who left. `settling`: further seconds until its memory
    is measured. `beside`: called with the server's URL during the test; the visits that it returns are counted too.
    """
    with (
        tempfile.TemporaryDirectory() as folder,
        dashboard(Path(folder), ttl=ttl) as server,
        watch_peak(server.pid, every=0.25) as peak,
    ):
        megabytes = {"started": server_megabytes(server)}
        with Visitor(server.url) as first:
            colorize_one(first, "first.jpg", uploads[0])
        time.sleep(ttl + settling)
        megabytes["one visitor was here"] = server_megabytes(server)
        visits, failures = list[Visit](), list[str]()
        all_done = threading.Barrier(len(uploads) + 1)

        def visit(number: int) -> None:
            try:
                with Visitor(server.url) as visitor:
                    visits.append(colorize_one(visitor, f"{number}.jpg", uploads[number]))
                    all_done.wait()  # all stay until all are done
            except (OSError, requests.RequestException, ColorizerError) as error:
                failures.append(f"{type(error).__name__}: {error}")
                all_done.wait()

        def visit_briefly(number: int) -> None:
            with Visitor(server.url) as visitor:
                leave_in_the_middle(visitor, f"{number}.jpg", uploads[number % len(uploads)])

        with ThreadPoolExecutor(len(uploads) + leaving) as pool:
            tasks = [pool.submit(visit, number) for number in range(len(uploads))]
            tasks += [pool.submit(visit_briefly, number) for number in range(leaving)]
            if beside is not None:
                visits += beside(server.url)
            while all_done.n_waiting < len(uploads):
                time.sleep(0.1)
            megabytes["all are here"] = server_megabytes(server)
            all_done.wait()
            for task in tasks:
                task.result()
        time.sleep(ttl + settling)
        megabytes["all have left"] = server_megabytes(server)
        megabytes["highest"] = peak.megabytes
    return Report(tuple(visits), tuple(failures), leaving, megabytes)


def visit_with_browsers(uploads: list[bytes], url: str) -> list[Visit]:
    """Visit with pages of a real Chromium, all open at once. Raises Playwright's errors and AssertionError."""
    visits = list[Visit]()
    with sync_playwright() as driver, launch(driver.chromium) as browser:
        pages = [browser.new_context().new_page() for _ in uploads]
        started = time.monotonic()
        for page, data in zip(pages, uploads, strict=True):
            open_photo_tab(page, url)
            upload(page, "browser.jpg", data)
        for page, data in zip(pages, uploads, strict=True):
            expect_colorized_within(page, BROWSER_SECONDS)
            seconds_to_preview = time.monotonic() - started
            _, result = download(page, "PNG")
            visits.append(Visit(data, result, (seconds_to_preview, time.monotonic() - started)))
    return visits


def print_report(report: Report) -> None:
    answered, wrong = len(report.visits), sum(not visit.is_own for visit in report.visits)
    print("| answered | wrong picture | failed | left halfway |\n|---|---|---|---|")
    print(f"| {answered} | {wrong} | {len(report.failures)} | {report.left} |")
    for failure in report.failures:
        print(f"\nFailed: {failure}")
    if answered:
        print("\n| seconds until | median | worst |\n|---|---|---|")
        for column, title in enumerate(("preview in colour", "full-size download")):
            seconds = [visit.seconds[column] for visit in report.visits]
            print(f"| {title} | {statistics.median(seconds):.1f} | {max(seconds):.1f} |")
    print("\n| memory of the server | MB |\n|---|---|")
    for moment, size in report.megabytes.items():
        print(f"| {moment} | {size:.0f} |")
    begun, ended = report.megabytes["one visitor was here"], report.megabytes["all have left"]
    if answered:
        print(f"| peak increase per visitor | {(report.megabytes['highest'] - begun) / answered:.1f} |")
    print(f"\nAfter all have left: {100 * (ended / begun - 1):+.1f} % compared with after the first visitor.")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=30)
    parser.add_argument("--leaving", type=int, default=6, help="further visitors who leave halfway")
    parser.add_argument("--browsers", type=int, default=0, help="further visitors with real browsers")
    parser.add_argument("--megapixels", type=float, default=2.0)
    parser.add_argument("--photos", type=Path, help="folder of photographs to use instead of generated ones")
    parser.add_argument("--ttl", type=int, default=120, help="seconds until the data of a visitor who left is deleted")
    arguments = parser.parse_args()
    upload_of = partial(load_photograph, arguments.photos) if arguments.photos else draw_photograph
    count = arguments.sessions + arguments.browsers
    uploads = [upload_of(number, arguments.megapixels) for number in range(count)]
    print(f"{os.cpu_count()} cores, photographs of {arguments.megapixels:g} megapixels\n")
    beside = partial(visit_with_browsers, uploads[arguments.sessions :]) if arguments.browsers else None
    print_report(
        measure_class(uploads[: arguments.sessions], leaving=arguments.leaving, ttl=arguments.ttl, beside=beside)
    )


if __name__ == "__main__":
    main()
