"""Compare networks on the same crops of the training: `python -m training.compare CACHE/train WEIGHTS [WEIGHTS ...]`.

The error is that of `loss.color_loss` in the run `deep`, each network's ab at the gain that fits best; a difference of
0.01 is 0.04 dB. As all networks see the same crops, a difference is known to about 0.004 (the table has its standard
error). It tells what a network has learned, not whether that holds on other photographs.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from training import data, loss
from training.network import ColorNet, network_of
from training.sampler import Batch, Sampler
from training.settings import RUNS
from training.weights import load_weights

GAINS = np.round(np.arange(0.9, 1.31, 0.05), 2)
SEED = 555  # of no run
CROPS = 1600


@torch.no_grad()
def measure_errors(network: ColorNet, batches: Sequence[Batch], log_floor: float | None) -> NDArray[np.float64]:
    """The error of each batch at each of GAINS: (batches, gains)."""
    network.eval()
    rows = []
    for batch in batches:
        ab = network(batch.luminance)[0]
        rows.append([loss.color_loss(float(gain) * ab, batch.ab, log_floor).item() for gain in GAINS])
    return np.array(rows)


def compare(batches: Sequence[Batch], networks: Sequence[tuple[str, ColorNet]], log_floor: float | None) -> list[str]:
    """Rows of a Markdown table: error, best gain, and difference from the first network with its standard error."""
    measured = np.stack([measure_errors(network, batches, log_floor) for _, network in networks])
    best = measured.mean(1).argmin(1)
    errors = np.take_along_axis(measured, best[:, None, None], 2)[..., 0]  # (networks, batches)
    more = errors - errors[0]
    uncertain = more.std(1) / np.sqrt(len(batches))
    return [
        "| network | error | gain | more than the first |",
        "|---|---|---|---|",
        *(
            f"| {name} | {errors[i].mean():.4f} | {GAINS[best[i]]} | {more[i].mean():+.4f} ± {uncertain[i]:.4f} |"
            for i, (name, _) in enumerate(networks)
        ),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("photos", type=Path)
    parser.add_argument("weights", type=Path, nargs="+")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    cv2.setNumThreads(1)
    settings = RUNS["deep"]
    sampler = Sampler(data.Photographs(arguments.photos), replace(settings, seed=SEED))
    batches = [sampler.batch(step, settings.stages[0]) for step in range(CROPS // settings.batch)]
    networks = [(str(path), network_of(load_weights(path))) for path in arguments.weights]
    print("\n".join(compare(batches, networks, settings.log_floor)))


if __name__ == "__main__":
    main()
