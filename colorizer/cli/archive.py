"""`python -m colorizer archive SOURCE TARGET` and `... archive report TARGET`: very many photographs, on Dask."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tqdm import tqdm

from colorizer.cli.arguments import PLACE_OPTIONS, add_photo_options, make_photo_settings
from colorizer.cli.console import INTERRUPTED, printable, say
from colorizer.cli.signing import add_sign_options, make_credentials
from colorizer.cli.values import option_name, parse_jobs
from colorizer.errors import ColorizerError
from colorizer.sizes import format_size

if TYPE_CHECKING:
    from colorizer.archive.archive import Plan
    from colorizer.archive.manifest import Entry
    from colorizer.archive.report import Report
    from colorizer.archive.settings import ArchiveSettings, Run

_EXTRA = {"dask", "distributed", "fsspec", "pyarrow"}  # what the extra brings
_INSTALL = "expected the extra `archive`, got no package {}. It is installed by: pip install 'ai-colouriser[archive]'"


def run(words: Sequence[str]) -> int:
    """Run the command and return the exit status. `words`: the arguments after `archive`."""
    if words[:1] == ["report"]:
        parser = _make_report_parser()
        command, options = _report, parser.parse_args(words[1:])
    else:
        parser = _make_parser()
        command, options = _colorize, parser.parse_args(words)
        if given := [name for name in PLACE_OPTIONS if getattr(options, name)]:
            name = option_name(parser, options, given[0])
            parser.error(f"expected settings for all photographs, got {name}, which names places in one")
        options.credentials = make_credentials(parser, options)
    try:
        return command(options)
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in _EXTRA:
            raise
        print(_INSTALL.format(error.name), file=sys.stderr)
    except (ColorizerError, OSError, ImportError) as error:  # fsspec names the package that an address needs
        print(printable(str(error)), file=sys.stderr)
    except KeyboardInterrupt:
        print("interrupted; what is done is kept, and the same command does the rest", file=sys.stderr)
        return INTERRUPTED
    return 1


def _make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m colorizer archive",
        description="Colour all photographs of an archive, on all cores or on a Dask cluster. The same command again "
        "does what is new, changed or missing. Each choice of model and settings has a folder of its own in TARGET.",
        epilog="`python -m colorizer archive report TARGET` says what was done.",
    )
    add = parser.add_argument
    add("source", metavar="SOURCE", help="a folder, or an address of fsspec: s3://bucket/scans, sftp://host/scans")
    add("target", metavar="TARGET", help="a folder or address that all workers can write to, outside SOURCE")
    add("--scheduler", metavar="ADDRESS", help="of Dask, tcp://host:8786; by default, a process for each core here")
    add("--workers", type=parse_jobs, metavar="N", help="the number of processes here")
    add("--retry-failed", action="store_true", help="also what could not be coloured and has not changed since")
    add_photo_options(parser)
    signatures = "every worker reads both files and the passphrase; their content is not sent to any"
    add_sign_options(parser.add_argument_group("signatures", signatures))
    return parser


def _make_report_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m colorizer archive report",
        description="Count what was done and what failed, name the slowest, and write a contact sheet of a sample.",
    )
    parser.add_argument("target", metavar="TARGET", help="the target of an archive")
    parser.add_argument("--seed", type=int, default=0, help="of the sample; default %(default)s")
    return parser


def _colorize(options: argparse.Namespace) -> int:
    from colorizer.archive.archive import plan_archive
    from colorizer.archive.settings import ArchiveSettings, Signing, open_run
    from colorizer.archive.storage import Storage

    settings = ArchiveSettings(
        model=options.model,
        weights=options.weights and options.weights.resolve(),
        photo=make_photo_settings(options),
        label=options.label,
        signing=options.credentials and Signing.of(options.credentials, options.sign_key, options.sign_cert),
    )
    run = open_run(Storage(options.source), Storage(options.target), settings)
    print(f"run {run.name} in {printable(run.target.address)}")
    with tqdm(desc="listing", unit="file", leave=False) as bar:
        planned = plan_archive(run, retry_failed=options.retry_failed, progress=bar.update)
    for name, reason in planned.problems.items():
        say(name, reason)
    print(f"{len(planned.index)} files known; to do: {_list(planned.counts) or 'nothing'}")
    failed = _run(run, planned, settings, options) if planned.total else 0
    return 1 if failed or planned.problems else 0


def _run(run: Run, planned: Plan, settings: ArchiveSettings, options: argparse.Namespace) -> int:
    """Do what is planned, with a progress bar; return how many files failed."""
    from colorizer.archive.archive import run_archive
    from colorizer.archive.manifest import STATUSES
    from colorizer.archive.run import connect

    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what workers die of is told in the manifest
    statuses: dict[str, int] = dict.fromkeys(STATUSES, 0)
    with connect(options.scheduler, workers=options.workers) as cluster:
        print(f"dashboard of Dask: {cluster.dashboard}")
        with tqdm(total=planned.total, unit="photo", smoothing=0.05) as bar:

            def done(entries: list[Entry]) -> None:
                bar.update(len(entries))
                for entry in entries:
                    statuses[entry.status] += 1
                    if entry.error:
                        left_out = "left out: " if entry.status == "left_out" else ""
                        say(entry.source, left_out + entry.error)

            run_archive(run, planned, settings, cluster, done=done)
    print(_list(statuses))
    return statuses["failed"] + statuses["unreachable"]


def _report(options: argparse.Namespace) -> int:
    from colorizer.archive.report import SHEET, make_report, write_sheet
    from colorizer.archive.settings import find_runs
    from colorizer.archive.storage import Storage

    runs = find_runs(Storage(options.target).whole())
    if not runs:
        print(f"expected a target with runs, found none in {printable(options.target)}", file=sys.stderr)
        return 1
    for run in runs:
        report = make_report(run, seed=options.seed)
        print(f"\nrun {run.name}, source {printable(run.source.address)}")
        _print_report(report)
        for name, reason in write_sheet(run, report.sample).items():
            say(name, reason)
        if report.sample:
            print(f"contact sheet of {len(report.sample)} results: {run.name}/{SHEET}")
    return 0


def _print_report(report: Report) -> None:
    files = report.statuses.total()
    rate = files / report.seconds if report.seconds else 0.0
    print(f"{files} files: {_list(report.statuses) or 'none'}; done because: {_list(report.reasons) or '-'}")
    print(f"{rate:.2f} files a second and core; {format_size(report.bytes_read)} read, ", end="")
    print(f"{format_size(report.bytes_written)} written")
    for title, counts in (("errors", report.errors), ("notes", report.notes)):
        for text, count in counts.most_common(20):
            print(f"  {title}: {count} x {printable(text)}")
    for seconds, name in report.slowest:
        print(f"  slow: {seconds:.2f} s {printable(name)}")


def _list(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in counts.items() if count)
