"""The loop of a training run: a row of the log for each step, evaluations and checkpoints."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from training.sampler import Batch, Sampler
from training.settings import Stage

SAVE_EVERY = 100  # steps
EVALUATE_EVERY = 500


class Learner(Protocol):
    """What learns. `step`: how many steps it has made."""

    step: int

    def learn(self, batch: Batch, stage: Stage) -> dict[str, float]:
        """Make a step. Returns its errors."""
        ...

    def save(self, folder: Path) -> None:
        """Write a checkpoint, and the averaged weights for export."""
        ...


def follow(
    run: Learner,
    stages: Sequence[Stage],
    sampler: Sampler,
    folder: Path,
    evaluate: Callable[[int], dict[str, float]],
) -> None:
    """Make the steps that are left of a run.

    `stages`: of every step. `evaluate`: gets n and returns figures of every n-th photograph of the validation.
    """
    steps = list(enumerate(stages))[run.step :]
    started = time.monotonic()
    with (folder / "log.jsonl").open("a", encoding="utf-8") as log:
        for (number, stage), batch in zip(steps, sampler.batches(steps), strict=True):
            row: dict[str, float] = {"step": number, **run.learn(batch, stage)}
            last = run.step == len(stages)
            if run.step % EVALUATE_EVERY == 0 or last:
                row |= evaluate(1 if last else 3)
            if run.step % SAVE_EVERY == 0 or last:
                run.save(folder)
                print(f"{run.step}/{len(stages)}  {time.monotonic() - started:.0f} s  {row}", flush=True)
            log.write(json.dumps(row) + "\n")
            log.flush()
