"""A quick look at a network during training; `benchmarks/quality.py` is the full one, on the exported file.

`python -m training.evaluate WEIGHTS CACHE/val` compares the choices that are left at the time of use: the side of what
the network sees, and the mean with the answer for the mirrored picture.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from training import data
from training.network import CompactNet

SIDE = 224
GAIN = 1.16  # on ab, as exported
SIDES = (224, 256, 288, 320)  # compared by main


@torch.no_grad()
def evaluate(
    network: CompactNet,
    photos: data.Photographs | Sequence[data.Array],
    *,
    every: int = 1,
    side: int = SIDE,
    mirrored: bool = False,
) -> dict[str, float]:
    """Mean PSNR (dB, RGB, 224 x 224) of every n-th photograph coloured again, that of grey, and mean chroma's ratio.

    ab is scaled by GAIN, as in the exported file. `side`: of the square that the network sees. `mirrored`:
    the mean with the answer for the mirrored picture.
    """
    network.eval()
    device = next(network.parameters()).device
    colorized, gray, chroma, true_chroma = [], [], [], []
    for i in range(0, len(photos), every):
        rgb = data.center(photos[i], SIDE)
        luminance, truth = data.split(rgb, SIDE)
        inputs = torch.from_numpy(data.split(data.center(photos[i], side), side)[0][None]).to(device)
        colors = network(inputs)[0]
        if mirrored:
            colors = (colors + network(inputs.flip(3))[0].flip(3)) / 2
        ab = GAIN * colors[0].cpu().numpy().transpose(1, 2, 0)
        gray.append(_psnr(rgb, _join(luminance, np.zeros_like(ab))))
        colorized.append(_psnr(rgb, _join(luminance, ab)))
        chroma.append(np.hypot(*ab.transpose(2, 0, 1)).mean())
        true_chroma.append(np.hypot(*truth).mean())
    network.train()
    return {
        "psnr": float(np.mean(colorized)),
        "psnr_grey": float(np.mean(gray)),
        "chroma_ratio": float(np.mean(chroma) / np.mean(true_chroma)),
    }


def _join(luminance: NDArray[np.float32], ab: NDArray[np.float32]) -> NDArray[np.float32]:
    full = cv2.resize(ab, (SIDE, SIDE), interpolation=cv2.INTER_LINEAR)
    return np.clip(cv2.cvtColor(np.dstack([luminance[0] + 50, full]), cv2.COLOR_Lab2RGB), 0, 1)


def _psnr(truth: NDArray[np.uint8], picture: NDArray[np.float32]) -> float:
    return float(-10 * np.log10(np.square(truth / 255.0 - picture).mean() + 1e-10))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("weights", type=Path)
    parser.add_argument("photos", type=Path)
    parser.add_argument("--every", type=int, default=1, help="take every n-th photograph only")
    arguments = parser.parse_args()
    network = CompactNet()
    network.load_state_dict(torch.load(arguments.weights, weights_only=True, map_location="cpu"))
    photos = data.Photographs(arguments.photos)
    print("| side | mirrored too | dB above grey | of true chroma |\n|---|---|---|---|")
    for side in SIDES:
        for mirrored in (False, True):
            row = evaluate(network, photos, every=arguments.every, side=side, mirrored=mirrored)
            gain = row["psnr"] - row["psnr_grey"]
            print(f"| {side} | {'yes' if mirrored else 'no'} | {gain:+.2f} | {row['chroma_ratio']:.2f} |", flush=True)


if __name__ == "__main__":
    main()
