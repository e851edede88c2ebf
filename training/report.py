"""Print the learning curve of a run as Markdown: `python -m training.report RUN --settings wider`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np

from training.settings import RUNS


def report(log: Path, batch: int) -> str:
    """A Markdown row for each evaluation in `log.jsonl`: photographs seen, mean losses since the last row, validation.

    `batch`: photographs in a step.
    """
    lines = ["| photographs seen | ab error | class loss | dB above grey | of true chroma |", "|---|---|---|---|---|"]
    steps: dict[int, dict[str, float]] = {}
    for line in log.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        steps[row["step"]] = row  # a restart repeats the steps since the last checkpoint
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
    parser.add_argument("--settings", choices=RUNS, default="first", help="the settings that the run was started with")
    arguments = parser.parse_args()
    print(report(arguments.run / "log.jsonl", RUNS[arguments.settings].batch))


if __name__ == "__main__":
    main()
