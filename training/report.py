"""The learning curve of a run as Markdown: `python -m training.report RUN`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np

from training.settings import Settings


def report(log: Path, batch: int) -> str:
    """A row for each evaluation in `log.jsonl`: photographs seen, mean losses since the row before, validation."""
    lines = ["| photographs seen | ab error | class loss | dB above grey | of true chroma |", "|---|---|---|---|---|"]
    steps: dict[int, dict[str, float]] = {}
    for line in log.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        steps[row["step"]] = row  # steps since the last checkpoint are taken again after a restart
    since: list[dict[str, float]] = []
    for step, row in sorted(steps.items()):
        since.append(row)
        if "psnr" in row:
            color, classes = (np.mean([one[name] for one in since]) for name in ("colour", "classes"))
            gain = row["psnr"] - row["psnr_grey"]
            lines.append(
                f"| {(step + 1) * batch} | {color:.2f} | {classes:.2f} | {gain:+.2f} | {row['chroma_ratio']:.2f} |"
            )
            since = []
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", type=Path)
    print(report(parser.parse_args().run / "log.jsonl", Settings().batch))


if __name__ == "__main__":
    main()
