"""The batches of training, drawn from the packed photographs."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np
import torch
from torch import Tensor

from training import data
from training.settings import Settings, Stage


class Sampler:
    """Draws batches by step number: a step draws the same batch after a restart."""

    def __init__(self, photos: data.Photographs, settings: Settings) -> None:
        self.photos, self.settings = photos, settings
        self.weights = photos.weights(dict(settings.source_weights))

    def batch(self, step: int, stage: Stage) -> tuple[Tensor, Tensor]:
        """L minus 50 (N, 1, side, side) and ab (N, 2, side/4, side/4), CIE units, float32."""
        rng = np.random.default_rng((self.settings.seed, step))
        luminances, colors = [], []
        for i in rng.choice(len(self.photos), self.settings.batch, p=self.weights):
            crop = data.random_crop(self.photos[i], stage.side, stage.smallest, rng)
            luminance, ab = data.split(crop, stage.side)
            if rng.random() < self.settings.film_share:
                luminance = data.film_luminance(crop, rng)
            luminances.append(data.age(luminance, rng))
            colors.append(ab)
        return torch.from_numpy(np.stack(luminances)), torch.from_numpy(np.stack(colors))

    def batches(self, steps: list[tuple[int, Stage]]) -> Iterator[tuple[Tensor, Tensor]]:
        """The batches of these steps, prepared on another thread while the network trains."""
        with ThreadPoolExecutor(1) as pool:
            ahead: list[Future[tuple[Tensor, Tensor]]] = []
            for number, stage in steps:
                ahead.append(pool.submit(self.batch, number, stage))
                if len(ahead) > 4:
                    yield ahead.pop(0).result()
            for future in ahead:
                yield future.result()
