"""Train a network: `python -m training.train CACHE RUN`. A restart continues from the last checkpoint.

CACHE holds `train/` and `val_wild/` as packed by `training.data`. `checkpoint.pt`, `weights.pt` (the averaged weights,
for export) and `log.jsonl` are written to RUN.
"""

from __future__ import annotations

import argparse
import copy
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import torch
from torch import nn

from colorizer.network.zhang2016 import color_points
from training import data, loss
from training.evaluate import evaluate
from training.loop import follow
from training.muon import Muon, is_matrix
from training.network import NETWORKS
from training.sampler import Batch, Sampler
from training.settings import RUNS, Settings, Stage
from training.teacher import Student, load_lessons, teacher_loss
from training.weights import mean_weights, save_atomically, update_average


def schedule(settings: Settings) -> list[Stage]:
    """The stage of each step."""
    return [stage for stage in settings.stages for _ in range(stage.images // settings.batch)]


def rate(step: int, settings: Settings) -> float:
    """The learning rate's share of its peak: linear warm-up, then a cosine down to `final_rate`."""
    photographs_seen = step * settings.batch
    cosine = 0.5 * (1 + math.cos(math.pi * photographs_seen / settings.images))
    return min(1.0, (photographs_seen + 1) / settings.warmup_images) * (
        settings.final_rate + (1 - settings.final_rate) * cosine
    )


def has_bfloat16(device: str) -> bool:
    """Whether a device computes with bfloat16 by itself: a processor that imitates it takes 30 times as long."""
    if device == "cpu":
        found = torch.cpu.get_capabilities()
        return bool(found.get("avx512_bf16") or found.get("amx_bf16"))
    return torch.cuda.is_bf16_supported(including_emulation=False)


class Run:
    """The state of a training run: everything that a checkpoint holds."""

    def __init__(self, settings: Settings, sampler: Sampler, device: str) -> None:
        self.settings, self.device, self.step = settings, device, 0
        self.bfloat16 = settings.bfloat16 and has_bfloat16(device)
        self.points = torch.from_numpy(color_points()).to(device)
        torch.manual_seed(settings.seed)
        # Channels last is a fifth faster, on a CPU too.
        self.network = NETWORKS[settings.network]().to(device, memory_format=torch.channels_last)
        self.encoder = self.network.branches[-1].encoder if self.network.branches else self.network.encoder
        self.network.dropout = settings.dropout
        self.network.encoder.train_from_block(None)
        self.student = Student(self.encoder.architecture.tap_channels[-1]).to(device)
        self.optimizers = self._optimizers()
        self.average = copy.deepcopy(self.network)
        self.class_weights = torch.ones(len(self.points), device=device)
        self.sampler = sampler

    def _optimizers(self) -> list[torch.optim.Optimizer]:
        """AdamW, and with `settings.muon` Muon for the convolutions that are matrices, but for the heads."""
        settings = self.settings
        decoder = [each for each in self.network.named_parameters() if "encoder." not in each[0]]
        parts = ((list(self.encoder.named_parameters()), settings.encoder_rate), (decoder, settings.decoder_rate))

        def groups(by_muon: bool) -> list[dict[str, Any]]:
            return [
                {"params": [p for name, p in part if self._learns_by_muon(name, p) == by_muon], "peak": peak}
                for part, peak in parts
            ]

        student = {"params": list(self.student.parameters()), "peak": settings.student_rate}
        optimizers = [torch.optim.AdamW([student, *groups(by_muon=False)], weight_decay=settings.weight_decay)]
        if settings.muon:
            optimizers.append(Muon(groups(by_muon=True), weight_decay=settings.weight_decay))
        return optimizers

    def _learns_by_muon(self, name: str, parameter: nn.Parameter) -> bool:
        return self.settings.muon and is_matrix(parameter) and "head" not in name

    def start(self, weights: Sequence[Path]) -> None:
        """Set the class weights and the network's.

        `weights`: files of which the mean is taken (`mean_weights`), of this network or of a smaller one. The last
        encoder starts with ImageNet's weights if the files do not hold it.
        """
        first = self.settings.stages[0]
        samples = [self.sampler.batch(i, first) for i in range(64)]
        known = mean_weights(weights) if weights else {}
        keys = self.network.load_state_dict(known, strict=False)
        if keys.unexpected_keys:
            raise ValueError(f"the weights hold tensors that this network lacks: {keys.unexpected_keys}")
        if any("encoder." in name for name in keys.missing_keys):
            self.encoder.load_pretrained(sample.luminance / 50 for sample in samples)
        prior = loss.class_prior((sample.ab.to(self.device) for sample in samples), self.points, self.settings)
        self.class_weights = loss.rebalancing(prior, self.settings.uniform_share)
        self.average.load_state_dict(self.network.state_dict())

    def learn(self, batch: Batch, stage: Stage) -> dict[str, float]:
        settings = self.settings
        for optimizer in self.optimizers:
            optimizer.zero_grad(set_to_none=True)
            for group in optimizer.param_groups:
                group["lr"] = group["peak"] * rate(self.step, settings)
        self.encoder.train_from_block(None if stage.frozen else settings.frozen_blocks)
        torch.manual_seed(settings.seed + self.step)  # a restart leaves out the same channels
        truth = batch.ab.to(self.device)
        with torch.autocast(self.device, torch.bfloat16, enabled=self.bfloat16):
            encoded = self.network.encode(batch.luminance.to(self.device, memory_format=torch.channels_last))
            ab, logits = self.network.decode(encoded)
        if settings.shown_floor is None:
            color = loss.color_loss(ab.float(), truth, settings.log_floor)
        else:
            color = loss.shown_loss(batch.luminance.to(self.device), ab.float(), truth, settings.shown_floor)
        classes = loss.class_loss(logits.float(), truth, self.points, self.class_weights, settings)
        total = settings.color_weight * color + settings.class_weight * classes
        row = {"colour": color.item(), "classes": classes.item()}
        if batch.lessons is not None:
            named = teacher_loss(self.student(encoded[-1][-1].float()), batch.lessons.to(self.device))
            total = total + settings.teacher_weight * named
            row["named"] = named.item()
        total.backward()
        norm = torch.nn.utils.clip_grad_norm_(
            [*self.network.parameters(), *self.student.parameters()], settings.clip_norm
        )
        for optimizer in self.optimizers:
            optimizer.step()
        update_average(self.average, self.network, self.step, settings.average_decay)
        self.step += 1
        return {**row, "norm": norm.item()}

    def save(self, folder: Path) -> None:
        state = {
            "step": self.step,
            "network": self.network.state_dict(),
            "average": self.average.state_dict(),
            "student": self.student.state_dict(),
            "optimizers": [optimizer.state_dict() for optimizer in self.optimizers],
            "class_weights": self.class_weights,
        }
        for name, content in (("checkpoint.pt", state), ("weights.pt", self.average.state_dict())):
            save_atomically(content, folder / name)

    def resume(self, folder: Path) -> None:
        state = torch.load(folder / "checkpoint.pt", weights_only=True, map_location=self.device)
        self.step, self.class_weights = state["step"], state["class_weights"]
        self.network.load_state_dict(state["network"])
        self.average.load_state_dict(state["average"])
        self.student.load_state_dict(state["student"])
        for optimizer, known in zip(self.optimizers, state["optimizers"], strict=True):
            optimizer.load_state_dict(known)


def train(cache: Path, folder: Path, settings: Settings, *, start: Sequence[Path] = (), device: str = "cpu") -> None:
    folder.mkdir(parents=True, exist_ok=True)
    validation = data.Photographs(cache / "val_wild")
    lessons = load_lessons(cache / "train") if settings.teacher_weight else None
    run = Run(settings, Sampler(data.Photographs(cache / "train"), settings, lessons), device)
    if (folder / "checkpoint.pt").exists():
        run.resume(folder)
    else:
        run.start(start)
    follow(run, schedule(settings), run.sampler, folder, lambda every: evaluate(run.average, validation, every=every))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cache", type=Path)
    parser.add_argument("run", type=Path)
    parser.add_argument(
        "--start", type=Path, nargs="+", default=(), help="start with the mean of these weights, not ImageNet's"
    )
    parser.add_argument("--settings", choices=RUNS, default="first")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    cv2.setNumThreads(1)
    train(arguments.cache, arguments.run, RUNS[arguments.settings], start=arguments.start, device=arguments.device)


if __name__ == "__main__":
    main()
