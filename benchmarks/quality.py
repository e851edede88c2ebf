"""Remove the colours of photographs, predict them and compare: `python -m benchmarks.quality FOLDER`.

Rows: grey, and each model at each vividness and strength. Means over the photographs: PSNR (RGB), SSIM, and
colourfulness after Hasler and Suesstrunk 2003 (CF) and in DDColor's variant (CF'), both also relative to the truth's.
Over all pixels: the area under the curve of the ab error, plain and with rebalanced colours (AuC, AuC').
Prints Markdown. `--json` and `--sheet` each write a file.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from skimage.metrics import peak_signal_noise_ratio, structural_similarity

from benchmarks.metrics import ErrorCurve, colorfulness
from colorizer import MODELS, Colorizer, ColorizerError, WeightsMissing, images, load_colorizer
from colorizer.arrays import Floats, Pixels
from colorizer.color import lab
from colorizer.color.merge import merge

SHEET_ROWS = 40
COLUMNS = {
    "psnr": "PSNR dB",
    "above_grey": "above grey",
    "ssim": "SSIM",
    "colourfulness": "CF",
    "colourfulness_share": "of truth",
    "colourfulness_absolute": "CF'",
    "colourfulness_absolute_share": "of truth",
    "auc": "AuC %",
    "auc_rebalanced": "AuC' %",
}


@dataclass
class Score:
    """The measurements of one row of the table, photograph by photograph."""

    values: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    curve: ErrorCurve = field(default_factory=ErrorCurve)

    def add(self, truth: Pixels, true_ab: Floats, result: Pixels) -> None:
        self.values["psnr"].append(peak_signal_noise_ratio(truth, result))
        self.values["ssim"].append(structural_similarity(truth, result, channel_axis=2))
        self.add_colorfulness(result)
        self.curve.add(lab.rgb_to_lab(result)[..., 1:], true_ab)

    def add_colorfulness(self, rgb: Pixels) -> None:
        self.values["colourfulness"].append(colorfulness(rgb))
        self.values["colourfulness_absolute"].append(colorfulness(rgb, absolute=True))

    def means(self) -> dict[str, float]:
        return {name: float(np.mean(values)) for name, values in self.values.items()}


def center_square(rgb: Pixels, side: int) -> Pixels:
    """The largest centred square of RGB (H, W, 3), resized to (side, side, 3)."""
    return images.crop_to_fill(images.Picture(rgb), side, side).pixels


def load(folder: Path, side: int) -> list[Pixels]:
    """The colour photographs below a folder, as squares. Other pictures are named and left out."""
    photographs = []
    for path in sorted(path for path in folder.rglob("*") if path.suffix.lower() in images.READABLE_SUFFIXES):
        try:
            pixels = images.decode(path.read_bytes()).pixels
        except ColorizerError as error:
            print(f"left out {path}: {error}")
            continue
        if pixels.ndim == 2:
            print(f"left out {path}: it is grey")
            continue
        photographs.append(center_square(pixels, side))
    if not photographs:
        raise SystemExit(f"expected colour photographs below {folder}, found none")
    return photographs


def measure(
    photographs: Iterable[Pixels], colorizers: list[Colorizer], vividnesses: list[float], strengths: list[float]
) -> dict[str, dict[str, float]]:
    """The means of `COLUMNS` for "grey" and every model, vividness and strength; for "truth", only colourfulness."""
    scores: defaultdict[str, Score] = defaultdict(Score)
    for truth in photographs:
        true_ab = lab.rgb_to_lab(truth)[..., 1:]
        scores["truth"].add_colorfulness(truth)
        scores["grey"].add(truth, true_ab, lab.luminance_to_rgb(lab.luminance(truth)))
        for colorizer in colorizers:
            prediction = colorizer.predict(truth)
            for vividness in vividnesses:
                ab = prediction.ab_at(vividness)
                for strength in strengths:
                    name = f"{colorizer.spec.name}, vividness {vividness:g}, strength {strength:g}"
                    scores[name].add(truth, true_ab, merge(truth, ab * np.float32(strength)))
    return _table(scores)


def _table(scores: dict[str, Score]) -> dict[str, dict[str, float]]:
    table = {name: score.means() for name, score in scores.items()}
    for name, row in table.items():
        for measure_name in ("colourfulness", "colourfulness_absolute"):
            row[f"{measure_name}_share"] = row[measure_name] / table["truth"][measure_name]
        if name != "truth":
            row["above_grey"] = row["psnr"] - table["grey"]["psnr"]
            row["auc"] = scores[name].curve.percent()
            row["auc_rebalanced"] = scores[name].curve.percent(rebalanced=True)
    return table


def markdown(table: dict[str, dict[str, float]]) -> str:
    lines = ["| | " + " | ".join(COLUMNS.values()) + " |", "|---" * (len(COLUMNS) + 1) + "|"]
    for name, row in table.items():
        cells = [f"{row[column]:.{3 if column == 'ssim' else 2}f}" if column in row else "" for column in COLUMNS]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def contact_sheet(photographs: list[Pixels], colorizer: Colorizer, vividness: float) -> Pixels:
    """Two columns of grey | predicted | truth, sampled evenly from the photographs: RGB uint8."""
    chosen = photographs[:: max(1, len(photographs) // SHEET_ROWS)][:SHEET_ROWS]
    cells = [
        np.hstack([lab.luminance_to_rgb(lab.luminance(truth)), colorizer.colorize(truth, vividness=vividness), truth])
        for truth in chosen
    ]
    half = (len(cells) + 1) // 2
    cells += [np.zeros_like(cells[0])] * (2 * half - len(cells))
    return np.hstack([np.vstack(cells[:half]), np.vstack(cells[half:])])


def load_available(names: list[str] | None) -> list[Colorizer]:
    """The named models, or all models with available weights."""
    if names:
        return [load_colorizer(name) for name in names]
    colorizers = []
    for name in MODELS:
        try:
            colorizers.append(load_colorizer(name))
        except WeightsMissing:
            print(f"left out {name}: its weights are missing (python -m colorizer models fetch {name})")
    return colorizers


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--model", choices=MODELS, nargs="+", help="default: all with available weights")
    parser.add_argument("--vividness", type=float, nargs="+", default=[0.0, 0.5, 1.0])
    parser.add_argument("--strength", type=float, nargs="+", default=[1.0])
    parser.add_argument("--side", type=int, default=256, help="side of the centred squares in pixels")
    parser.add_argument("--json", type=Path, help="also write the figures here")
    parser.add_argument("--sheet", type=Path, help="also write a contact sheet (grey | predicted | truth) here")
    arguments = parser.parse_args()
    photographs = load(arguments.folder, arguments.side)
    colorizers = load_available(arguments.model)
    table = measure(photographs, colorizers, arguments.vividness, arguments.strength)
    print(f"{len(photographs)} photographs, {arguments.side} x {arguments.side}\n\n{markdown(table)}")
    if arguments.json:
        arguments.json.write_text(json.dumps(table, indent=2) + "\n", encoding="utf-8")
    if arguments.sheet:
        sheet = contact_sheet(photographs, colorizers[0], arguments.vividness[0])
        arguments.sheet.write_bytes(images.encode(images.Picture(sheet), arguments.sheet.suffix))


if __name__ == "__main__":
    main()
