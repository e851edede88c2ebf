"""A quick look at a network during training; `benchmarks/quality.py` is the full one, on the exported file."""

from __future__ import annotations

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from training import data
from training.network import CompactNet

SIDE = 224


@torch.no_grad()
def evaluate(network: CompactNet, photos: data.Photographs, *, every: int = 1) -> dict[str, float]:
    """Mean PSNR (dB, RGB, 224 x 224) of every n-th photograph coloured again, that of grey, and mean chroma's ratio."""
    network.eval()
    device = next(network.parameters()).device
    coloured, grey, chroma, true_chroma = [], [], [], []
    for i in range(0, len(photos), every):
        rgb = data.centre(photos[i], SIDE)
        luminance, truth = data.split(rgb, SIDE)
        ab = network(torch.from_numpy(luminance[None]).to(device))[0][0].cpu().numpy().transpose(1, 2, 0)
        grey.append(_psnr(rgb, _join(luminance, np.zeros_like(ab))))
        coloured.append(_psnr(rgb, _join(luminance, ab)))
        chroma.append(np.hypot(*ab.transpose(2, 0, 1)).mean())
        true_chroma.append(np.hypot(*truth).mean())
    network.train()
    return {
        "psnr": float(np.mean(coloured)),
        "psnr_grey": float(np.mean(grey)),
        "chroma_ratio": float(np.mean(chroma) / np.mean(true_chroma)),
    }


def _join(luminance: NDArray[np.float32], ab: NDArray[np.float32]) -> NDArray[np.float32]:
    full = cv2.resize(ab, (SIDE, SIDE), interpolation=cv2.INTER_LINEAR)
    return np.clip(cv2.cvtColor(np.dstack([luminance[0] + 50, full]), cv2.COLOR_Lab2RGB), 0, 1)


def _psnr(truth: NDArray[np.uint8], picture: NDArray[np.float32]) -> float:
    return float(-10 * np.log10(np.square(truth / 255.0 - picture).mean() + 1e-10))
