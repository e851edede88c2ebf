"""Run the batches of an archive on Dask: on a scheduler that is there, or on the cores of this computer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import dask
from distributed import Client, Future, KilledWorker, LocalCluster, as_completed
from distributed.comm.core import CommClosedError

from colorizer.archive.manifest import Entry, write_part
from colorizer.archive.planning import Job
from colorizer.archive.settings import ArchiveSettings, Run
from colorizer.archive.task import Batch, OneThread, UnreachableFiles, colorize_batch, make_entry
from colorizer.errors import ColorizerError
from colorizer.parallel import KEEP_MEMORY

RETRIES = 3  # of a batch with files that the storage did not deliver
AHEAD = 3  # batches for each thread of the workers; the scheduler's memory holds these and no others

# One death is forgiven, and a worker gets no batch before it has done the last: the one that it was doing is to blame.
_SCHEDULER = {
    "distributed.scheduler.allowed-failures": 1,
    "distributed.scheduler.worker-saturation": 1.0,
    "distributed.scheduler.no-workers-timeout": "10 minutes",  # if no process can be started any more
    # A dead process is replaced by a new one, which on a busy computer takes longer than the 15 s of the default.
    "distributed.deploy.lost-worker-timeout": "10 minutes",
    # In place of Dask's own, with which freed memory is given back at once.
    **{f"distributed.nanny.pre-spawn-environ.{name}": value for name, value in KEEP_MEMORY.items()},
}
_DIED = "the process that read it ended twice (memory, or a fault in a decoder)"

Work = Callable[[Batch, Run, ArchiveSettings], list[Entry]]


class SchedulerLost(ColorizerError):
    """Dask's scheduler does not answer, or has forgotten the work."""


@dataclass(frozen=True)
class Cluster:
    """Dask's client, and the address of its dashboard."""

    client: Client

    @property
    def dashboard(self) -> str:
        return str(self.client.dashboard_link)

    @property
    def threads(self) -> int:
        """Of all workers that are there now."""
        return sum(self.client.nthreads().values())


@contextmanager
def connect(scheduler: str | None, *, workers: int | None = None) -> Iterator[Cluster]:
    """A cluster: the scheduler at this address (`tcp://host:8786`), or a new one with a process for each core.

    `workers`: the number of processes instead. Raises SchedulerLost if the scheduler does not answer.
    """
    if scheduler:
        try:
            client = Client(scheduler, set_as_default=False)
        except (OSError, ValueError) as error:
            raise SchedulerLost(f"expected a Dask scheduler at {scheduler}, got {error}") from error
        with client:
            yield Cluster(client)
        return
    with (
        dask.config.set(_SCHEDULER),
        LocalCluster(n_workers=workers or dask.system.CPU_COUNT, threads_per_worker=1) as cluster,
        Client(cluster, set_as_default=False) as client,
    ):
        yield Cluster(client)


def run_batches(
    cluster: Cluster,
    batches: Iterable[list[Job]],
    run: Run,
    settings: ArchiveSettings,
    *,
    done: Callable[[list[Entry]], None],
    work: Work = colorize_batch,
) -> None:
    """Do all batches, at most AHEAD for each worker's thread at a time, and call `done` with the rows of each.

    Dask gives a batch whose worker died to another, and repeats one whose files the storage did not deliver. A batch
    during which two workers died is divided into single files, so that the one that ends them gets a row of its own.
    Raises SchedulerLost, and what `work` raises that no file is to blame for, such as WeightsMissing.
    """
    client = cluster.client
    client.register_plugin(OneThread())
    waiting = iter(batches)
    running: dict[Future[list[Entry]], Batch] = {}
    completed = as_completed(loop=client.loop)

    def submit(jobs: Iterable[Job]) -> None:
        batch = Batch(f"batch-{uuid4().hex}", tuple(jobs))
        future = client.submit(work, batch, run, settings, key=batch.part, retries=RETRIES, pure=False)
        running[future] = batch
        completed.add(future)

    def refill() -> None:
        while len(running) < max(1, cluster.threads) * AHEAD and (jobs := next(waiting, None)):
            submit(jobs)

    try:
        refill()
        for future in completed:
            batch = running.pop(future)
            entries = _settle(future, batch, run, settings)
            if entries is None:
                for job in batch.jobs:
                    submit([job])
            else:
                done(entries)
            refill()
    except (CancelledError, CommClosedError, TimeoutError) as error:
        raise SchedulerLost(
            "the Dask scheduler has gone away; what is done is kept, and the same command does the rest"
        ) from error
    finally:
        if client.status == "running":
            client.cancel(list(running))


def _settle(future: Any, batch: Batch, run: Run, settings: ArchiveSettings) -> list[Entry] | None:
    """The rows of a batch that has ended; None if it ended its workers and is to be divided."""
    try:
        entries: list[Entry] = future.result()
    except KilledWorker:
        if len(batch.jobs) > 1:
            return None
        entries = [make_entry(job, settings, "failed", error=_DIED) for job in batch.jobs]
    except UnreachableFiles as error:
        entries = [
            make_entry(job, settings, "unreachable", error=reason)
            for job in batch.jobs
            if (reason := error.reasons.get(job.file.name))
        ]
        write_part(run.manifest, f"{batch.part}-unreachable", entries)
        return [*entries, *error.entries]
    else:
        return entries
    write_part(run.manifest, batch.part, entries)
    return entries
