"""How near to the truth: colours removed from photographs and predicted back. `python -m benchmarks.quality FOLDER`.

For grey and for the model at each strength, the mean over the photographs of PSNR (RGB) and of colourfulness after
Hasler and Suesstrunk 2003, the latter also as a share of the truth's.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import cv2
import numpy as np
from skimage.metrics import peak_signal_noise_ratio

from colorizer import DEFAULT_MODEL, MODELS, ColorizerError, images, lab, load_colorizer
from colorizer.lab import Pixels

SHEET_ROWS = 40


def colourfulness(rgb: Pixels) -> float:
    """Hasler and Suesstrunk 2003, equation 10, of RGB (H, W, 3) uint8: 0 is grey, about 40 a usual photograph."""
    red, green, blue = np.moveaxis(rgb.astype(np.float64), -1, 0)
    opponents = np.stack([red - green, (red + green) / 2 - blue])
    spread, centre = np.hypot(*opponents.std((1, 2))), np.hypot(*opponents.mean((1, 2)))
    return float(spread + 0.3 * centre)


def centre_square(rgb: Pixels, side: int) -> Pixels:
    """The largest centred square of RGB (H, W, 3), resized to (side, side, 3)."""
    height, width = rgb.shape[:2]
    short = min(height, width)
    top, left = (height - short) // 2, (width - short) // 2
    square = rgb[top : top + short, left : left + short]
    if short == side:
        return np.ascontiguousarray(square)
    return np.asarray(cv2.resize(square, (side, side), interpolation=cv2.INTER_AREA), np.uint8)


def load(folder: Path, side: int) -> list[Pixels]:
    """The colour photographs below a folder as squares; one that is no colour picture is named and left out."""
    photographs = []
    for path in sorted(path for path in folder.rglob("*") if path.suffix.lower() in images.SUFFIXES):
        try:
            pixels = images.shrink(images.decode(path.read_bytes()), 4096).pixels
        except ColorizerError as error:
            print(f"left out {path}: {error}")
            continue
        if pixels.ndim == 2:
            print(f"left out {path}: it is grey")
            continue
        photographs.append(centre_square(pixels, side))
    if not photographs:
        raise SystemExit(f"expected colour photographs below {folder}, found none")
    return photographs


def measure(photographs: Iterable[Pixels], model: str, strengths: list[float]) -> dict[str, tuple[float, float]]:
    """Mean PSNR (dB) and mean colourfulness of the truth, of grey and of each strength."""
    colorizer = load_colorizer(model)
    rows: defaultdict[str, list[tuple[float, float]]] = defaultdict(list)
    for truth in photographs:
        rows["truth"].append((np.inf, colourfulness(truth)))
        ab = colorizer.predict_for(truth)
        for strength in [0.0, *strengths]:
            name = f"{model}, strength {strength:g}" if strength else "grey"
            result = lab.merge(truth, ab, strength=strength)
            rows[name].append((peak_signal_noise_ratio(truth, result), colourfulness(result)))
    return {
        name: (float(np.mean([p for p, _ in row])), float(np.mean([c for _, c in row]))) for name, row in rows.items()
    }


def contact_sheet(photographs: list[Pixels], model: str, path: Path) -> None:
    """Rows of grey | predicted | truth, evenly drawn from the photographs."""
    colorizer = load_colorizer(model)
    chosen = photographs[:: max(1, len(photographs) // SHEET_ROWS)][:SHEET_ROWS]
    cells = [np.hstack([lab.grey(lab.luminance(truth)), colorizer.colorize(truth), truth]) for truth in chosen]
    half = (len(cells) + 1) // 2
    cells += [np.zeros_like(cells[0])] * (2 * half - len(cells))
    sheet = np.hstack([np.vstack(cells[:half]), np.vstack(cells[half:])])
    path.write_bytes(images.encode(images.Picture(sheet), path.suffix))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--model", choices=MODELS, default=DEFAULT_MODEL)
    parser.add_argument("--strength", type=float, nargs="+", default=[1.0])
    parser.add_argument("--side", type=int, default=256, help="of the centred squares, in pixels")
    parser.add_argument("--sheet", type=Path, help="also write a contact sheet (grey | predicted | truth) here")
    arguments = parser.parse_args()
    photographs = load(arguments.folder, arguments.side)
    results = measure(photographs, arguments.model, arguments.strength)
    print(f"{len(photographs)} photographs, {arguments.side} x {arguments.side}\n")
    print("| | PSNR dB | above grey dB | colourfulness | of the truth's |")
    print("|---|---|---|---|---|")
    for name, (psnr, colour) in results.items():
        above = psnr - results["grey"][0]
        print(f"| {name} | {psnr:.2f} | {above:+.2f} | {colour:.1f} | {colour / results['truth'][1]:.2f} |")
    if arguments.sheet:
        contact_sheet(photographs, arguments.model, arguments.sheet)


if __name__ == "__main__":
    main()
