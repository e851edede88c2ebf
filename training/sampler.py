"""The batches of training, drawn from the packed photographs."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from training import data
from training.settings import Settings, Stage

_PALE_POWER = 1.5  # with `full_chroma` 14, the chroma of the drawn photographs is spread like that of `val_wild`


class Batch(NamedTuple):
    """`luminance`: L minus 50, (N, 1, side, side). `ab`: (N, 2, side/4, side/4), CIE units. `lessons`: the teacher's
    logits (N, 1000), or None without a teacher. All float32."""

    luminance: Tensor
    ab: Tensor
    lessons: Tensor | None = None


class Sampler:
    """Draws batches by step number: a step draws the same batch after a restart.

    `lessons`: the teacher's logits for each of the photographs, or None.
    """

    def __init__(self, photos: data.Photographs, settings: Settings, lessons: data.Array | None = None) -> None:
        self.photos, self.settings, self.lessons = photos, settings, lessons
        self.weights = photos.weights(dict(settings.source_weights))
        if settings.full_chroma is not None:
            chroma = np.array([data.mean_chroma(photos[i]) for i in range(len(photos))])
            share = self.weights * np.minimum(1, chroma / settings.full_chroma) ** _PALE_POWER
            self.weights = share / share.sum()

    def batch(self, step: int, stage: Stage) -> Batch:
        rng = np.random.default_rng((self.settings.seed, step))
        luminances, colors = [], []
        drawn = rng.choice(len(self.photos), self.settings.batch, p=self.weights)
        for i in drawn:
            crop = data.random_crop(self.photos[i], stage.side, stage.smallest, rng)
            luminance, ab = data.split(crop, stage.side)
            if rng.random() < self.settings.film_share:
                luminance = data.film_luminance(crop, rng)
            if self.settings.aged_share == 1 or rng.random() < self.settings.aged_share:
                luminance = data.age(luminance, rng)
            luminances.append(luminance)
            colors.append(ab)
        lessons = None if self.lessons is None else torch.from_numpy(self.lessons[drawn].astype(np.float32))
        return Batch(torch.from_numpy(np.stack(luminances)), torch.from_numpy(np.stack(colors)), lessons)

    def batches(self, steps: list[tuple[int, Stage]]) -> Iterator[Batch]:
        """The batches of these steps, prepared on another thread while the network trains."""
        with ThreadPoolExecutor(1) as pool:
            ahead: list[Future[Batch]] = []
            for number, stage in steps:
                ahead.append(pool.submit(self.batch, number, stage))
                if len(ahead) > 4:
                    yield ahead.pop(0).result()
            for future in ahead:
                yield future.result()
