"""Colour an archive: find the run, plan it, run it, tidy the manifest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from colorizer.archive.index import Index, read_index
from colorizer.archive.manifest import Entry, compact
from colorizer.archive.planning import MOST_FILES, Job, make_batches, plan
from colorizer.archive.run import Cluster, Work, run_batches
from colorizer.archive.settings import ArchiveSettings, Run
from colorizer.archive.storage import ASIDE
from colorizer.archive.task import colorize_batch

_BATCHES_PER_THREAD = 4  # of a small archive, so that all threads end at about the same time


@dataclass
class Plan:
    """What a run has to do. `index`: what the manifest says. `counts`: files by the reason why they are to be done.

    `problems`: why folders cannot be listed, by name.
    """

    index: Index
    retry_failed: bool = False
    counts: Counter[str] = field(default_factory=Counter)
    problems: dict[str, str] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """How many files are to be done."""
        return self.counts.total()

    def jobs(self, run: Run) -> Iterator[Job]:
        """The files that are to be done, as the source is listed. Raises OSError and StorageFault."""
        return plan(run.source, run.results, self.index, self.problems.setdefault, retry_failed=self.retry_failed)


def plan_archive(run: Run, *, retry_failed: bool = False, progress: Callable[[], None] | None = None) -> Plan:
    """Read the manifest, list the source, and count what is to be done. Raises OSError and StorageFault.

    The files are not kept: `run_archive` lists them once more while they are done, so memory does not hold them.
    `progress` is called for each file that is to be done.
    """
    planned = Plan(read_index(run.manifest), retry_failed)
    for job in planned.jobs(run):
        planned.counts[job.reason] += 1
        if progress is not None:
            progress()
    return planned


def run_archive(
    run: Run,
    planned: Plan,
    settings: ArchiveSettings,
    cluster: Cluster,
    *,
    done: Callable[[list[Entry]], None],
    most_files: int = MOST_FILES,
    work: Work = colorize_batch,
) -> None:
    """Do what is planned, and call `done` with the rows of each batch. Raises what `run_batches` raises.

    `most_files`: in a batch. Afterwards, what killed workers left is removed, and the manifest has few, large parts.
    """
    fair = planned.total // (max(1, cluster.threads) * _BATCHES_PER_THREAD) + 1
    batches = make_batches(planned.jobs(run), most_files=min(most_files, fair))
    run_batches(cluster, batches, run, settings, done=done, work=work)
    tidy(run)


def tidy(run: Run) -> None:
    """Remove what killed workers left, and compact the manifest. Raises OSError and StorageFault."""
    compact(run.manifest)
    for folder in (run.folder, run.manifest):
        folder.remove(ASIDE)
