"""Train the vectors for hints: `python -m training.train_affinity CACHE RUN WEIGHTS [WEIGHTS ...]`.

CACHE: as for `training.train`. WEIGHTS: of the colour network, `.pt` files or the exported `.onnx` file; of several,
the mean. `--start`: `weights.pt` of the vectors of the colour network that this one was trained from; such a run needs
fewer crops. A restart continues from the last checkpoint.
"""

from __future__ import annotations

import argparse
import copy
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import torch

from training import data, loss
from training.affinity import Affinity, Layers, draw_hints
from training.evaluate import SIDE, join, psnr
from training.loop import follow
from training.network import network_of
from training.sampler import Batch, Sampler
from training.settings import Settings, Stage
from training.sources import NARROW_SOURCES
from training.train import rate, schedule
from training.weights import load_weights, mean_weights, save_atomically, update_average

COUNTS = (1, 2, 5, 10, 20)  # hints
MOST = max(COUNTS)

AFFINITY = Settings(
    stages=(Stage(side=128, images=92_800, smallest=0.5),),
    batch=32,
    decoder_rate=2e-3,
    clip_norm=1.0,
    weight_decay=0.01,
    aged_share=0.5,
    source_weights=NARROW_SOURCES,
    seed=20161018,
)
FOLLOWING = replace(AFFINITY, stages=(replace(AFFINITY.stages[0], images=38_400),), decoder_rate=1e-3, seed=20161019)


class AffinityRun:
    """The state of a run: everything that a checkpoint holds, and the colour network."""

    def __init__(self, layers: Layers, settings: Settings) -> None:
        self.layers, self.settings, self.step = layers, settings, 0
        torch.manual_seed(settings.seed)
        self.network = Affinity()
        self.average = copy.deepcopy(self.network)
        self.optimizer = torch.optim.AdamW(self.network.parameters(), weight_decay=settings.weight_decay)

    def start(self, weights: Path) -> None:
        self.network.load_state_dict(load_weights(weights))
        self.average.load_state_dict(self.network.state_dict())

    def learn(self, batch: Batch, _stage: Stage) -> dict[str, float]:
        """One step. Each photograph has 1 to MOST hints; few are as frequent as many."""
        settings = self.settings
        for group in self.optimizer.param_groups:
            group["lr"] = settings.decoder_rate * rate(self.step, settings)
        generator = torch.Generator().manual_seed(self.step)
        ab, layers = self.layers(batch.luminance.to(memory_format=torch.channels_last))
        counts = (MOST ** torch.rand(len(ab), generator=generator)).round().int().tolist()
        hints = draw_hints(batch.ab, counts, generator)
        error = loss.color_loss(self.network.apply_hints(self.network(layers), ab, hints), batch.ab)
        self.optimizer.zero_grad(set_to_none=True)
        error.backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), settings.clip_norm)
        self.optimizer.step()
        update_average(self.average, self.network, self.step, settings.average_decay)
        self.step += 1
        return {"without": loss.color_loss(ab, batch.ab).item(), "with": error.item()}

    def save(self, folder: Path) -> None:
        state = {
            "step": self.step,
            "network": self.network.state_dict(),
            "average": self.average.state_dict(),
            "optimizer": self.optimizer.state_dict(),
        }
        for name, content in (("checkpoint.pt", state), ("weights.pt", self.average.state_dict())):
            save_atomically(content, folder / name)

    def resume(self, folder: Path) -> None:
        state = torch.load(folder / "checkpoint.pt", weights_only=True)
        self.step = state["step"]
        for name in ("network", "average", "optimizer"):
            getattr(self, name).load_state_dict(state[name])


@torch.no_grad()
def evaluate(layers: Layers, affinity: Affinity, photos: data.Photographs, *, every: int = 1) -> dict[str, float]:
    """What each number of hints at random places adds to the mean PSNR (dB, RGB) of every n-th photograph at 224 x 224.

    No guided filter and no distance within the picture take part: `benchmarks.hints` measures all of it.
    """
    gains: dict[str, list[float]] = {f"hints_{count}": [] for count in COUNTS}
    for i in range(0, len(photos), every):
        rgb = data.center(photos[i], SIDE)
        luminance, truth = data.split(rgb, SIDE)
        ab, inner = layers(torch.from_numpy(luminance[None]))
        vectors = affinity(inner)
        before = psnr(rgb, join(luminance, ab[0].permute(1, 2, 0).numpy()))
        for count in COUNTS:
            hints = draw_hints(torch.from_numpy(truth[None]), [count], torch.Generator().manual_seed(i))
            hinted = affinity.apply_hints(vectors, ab, hints)[0].permute(1, 2, 0).numpy()
            gains[f"hints_{count}"].append(psnr(rgb, join(luminance, hinted)) - before)
    return {name: float(np.mean(each)) for name, each in gains.items()}


def train(
    cache: Path, folder: Path, weights: Sequence[Path], settings: Settings = AFFINITY, *, start: Path | None = None
) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    validation = data.Photographs(cache / "val_wild")
    network = network_of(mean_weights(weights)).to(memory_format=torch.channels_last)
    run = AffinityRun(Layers(network), settings)
    if (folder / "checkpoint.pt").exists():
        run.resume(folder)
    elif start is not None:
        run.start(start)
    sampler = Sampler(data.Photographs(cache / "train"), settings)
    follow(
        run,
        schedule(settings),
        sampler,
        folder,
        lambda every: evaluate(run.layers, run.average, validation, every=every),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cache", type=Path)
    parser.add_argument("run", type=Path)
    parser.add_argument("weights", type=Path, nargs="+", help="of the colour network; of several files, their mean")
    parser.add_argument("--start", type=Path, help="weights.pt of an earlier colour network's vectors")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    cv2.setNumThreads(1)
    settings = AFFINITY if arguments.start is None else FOLLOWING
    train(arguments.cache, arguments.run, arguments.weights, settings, start=arguments.start)


if __name__ == "__main__":
    main()
