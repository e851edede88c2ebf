"""Evaluate a network during training; `benchmarks.quality` evaluates the exported file in full.

`python -m training.evaluate WEIGHTS [WEIGHTS ...] CACHE/val_wild` compares two choices at inference: the side of the
network's input, and averaging with the prediction for the mirrored picture. Of several files, the mean is evaluated.
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
from training.network import ColorNet, network_of
from training.weights import mean_weights

SIDE = 224
GAIN = 1.16  # on ab, unless another is given; which one is best depends on the run
SIDES = (224, 256, 288, 320)  # compared by main


@torch.no_grad()
def evaluate(
    network: ColorNet,
    photos: data.Photographs | Sequence[data.Array],
    *,
    every: int = 1,
    side: int = SIDE,
    mirrored: bool = False,
    gain: float = GAIN,
) -> dict[str, float]:
    """Colour every n-th photograph again and compare it with the original at 224 x 224.

    ab is scaled by `gain`, as in the exported file. `side`: of the network's square input. `mirrored`: average with the
    prediction for the mirrored picture.
    Returns the mean PSNR in dB (RGB) of the coloured and of the grey pictures (`psnr`, `psnr_grey`), and the ratio of
    the predicted mean chroma to the true one (`chroma_ratio`).
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
        ab = gain * colors[0].cpu().numpy().transpose(1, 2, 0)
        gray.append(psnr(rgb, join(luminance, np.zeros_like(ab))))
        colorized.append(psnr(rgb, join(luminance, ab)))
        chroma.append(np.hypot(*ab.transpose(2, 0, 1)).mean())
        true_chroma.append(np.hypot(*truth).mean())
    network.train()
    return {
        "psnr": float(np.mean(colorized)),
        "psnr_grey": float(np.mean(gray)),
        "chroma_ratio": float(np.mean(chroma) / np.mean(true_chroma)),
    }


def join(luminance: NDArray[np.float32], ab: NDArray[np.float32]) -> NDArray[np.float32]:
    """L minus 50 (1, SIDE, SIDE) and ab (h, w, 2), CIE units -> RGB (SIDE, SIDE, 3) in 0..1."""
    full = cv2.resize(ab, (SIDE, SIDE), interpolation=cv2.INTER_LINEAR)
    return np.clip(cv2.cvtColor(np.dstack([luminance[0] + 50, full]), cv2.COLOR_Lab2RGB), 0, 1)


def psnr(truth: NDArray[np.uint8], picture: NDArray[np.float32]) -> float:
    """In dB, of RGB 0..255 and RGB 0..1."""
    return float(-10 * np.log10(np.square(truth / 255.0 - picture).mean() + 1e-10))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("weights", type=Path, nargs="+", help="of several files, their mean")
    parser.add_argument("photos", type=Path)
    parser.add_argument("--gain", type=float, default=GAIN, help=f"on ab (default: {GAIN})")
    parser.add_argument("--every", type=int, default=1, help="use only every n-th photograph")
    parser.add_argument("--prefix", default="", help="use only photographs whose path begins so, for instance wide_")
    arguments = parser.parse_args()
    network = network_of(mean_weights(arguments.weights))
    packed = data.Photographs(arguments.photos)
    photos = [packed[i] for i, name in enumerate(packed.names) if str(name).startswith(arguments.prefix)]
    print("| side | mirrored too | dB above grey | of true chroma |\n|---|---|---|---|")
    for side in SIDES:
        for mirrored in (False, True):
            row = evaluate(network, photos, every=arguments.every, side=side, mirrored=mirrored, gain=arguments.gain)
            gained = row["psnr"] - row["psnr_grey"]
            print(f"| {side} | {'yes' if mirrored else 'no'} | {gained:+.2f} | {row['chroma_ratio']:.2f} |", flush=True)


if __name__ == "__main__":
    main()
