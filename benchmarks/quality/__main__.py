"""Remove the colours of photographs, predict them and compare: `python -m benchmarks.quality FOLDER`.

Every result is what the program would give at its defaults, but for the look. Measured over the photographs:
- PSNR (RGB), also as the gain above grey, and SSIM: means;
- colourfulness after Hasler and Suesstrunk 2003 (CF), in DDColor's variant (CF'), and mean chroma: shares of the truth;
- the area under the curve of the ab error, plain and with rebalanced colours (AuC, AuC'), over all pixels;
- CIEDE2000, over one pixel of 16.
Tables: all photographs, each kind of source (the top-level folders), each colour of the truth (color_groups.py: the
mean a and b of its pixels, the share of the true chroma that the result keeps along the true hue, CIEDE2000, AuC).
With several networks each table has another one of their differences from the first, paired by photograph: bold where
the interval does not hold 0. Intervals are of 95 %, by bootstrap over the photographs. Prints Markdown.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from benchmarks.quality.bootstrap import RESAMPLES, Figure, Statistics
from benchmarks.quality.color_groups import COLOR_GROUPS
from benchmarks.quality.measure import (
    COLOR_FIGURES,
    KIND_FIGURES,
    TRUE_COLOR_FIGURES,
    WHOLE_FIGURES,
    measure,
    statistics_of_color,
)
from benchmarks.quality.networks import GRAY, add_arguments, load_networks, references
from benchmarks.quality.photographs import REST, kinds, load
from benchmarks.quality.tables import Groups, Table, tabulate, tabulate_differences

SIDE = 256


def make_tables(
    results: Mapping[str, Statistics], kind_of: Sequence[str], reference_of: Mapping[str, str]
) -> list[Table]:
    """All tables. `results`: by name, `measure`'s. `kind_of`: each photograph. `reference_of`: as `references`."""
    names = sorted(set(kind_of), key=lambda kind: (kind == REST, kind))
    of_kind = {f"{name} ({list(kind_of).count(name)})": np.array([kind == name for kind in kind_of]) for name in names}
    by_kind = {
        kind: {name: {key: values[mask] for key, values in statistics.items()} for name, statistics in results.items()}
        for kind, mask in of_kind.items()
    }
    by_color = {
        group.name: {name: statistics_of_color(statistics, group.name) for name, statistics in results.items()}
        for group in COLOR_GROUPS
    }
    sections: list[tuple[str, str, Groups, Sequence[Figure], Sequence[Figure]]] = [
        ("All photographs", "photographs", {str(len(kind_of)): results}, WHOLE_FIGURES, WHOLE_FIGURES),
        ("By kind of source (photographs)", "kind", by_kind, KIND_FIGURES, KIND_FIGURES),
        ("By colour of the truth", "colour", by_color, (*TRUE_COLOR_FIGURES, *COLOR_FIGURES), COLOR_FIGURES),
    ]
    tables = []
    for title, label, groups, figures, comparable in sections:
        tables.append(tabulate(title, label, groups, figures))
        if reference_of:
            difference = f"{title}: difference from the first network"
            tables.append(tabulate_differences(difference, label, groups, comparable, reference_of))
    return tables


def describe_truth(statistics: Statistics) -> str:
    """What the truth itself measures, from the statistics of any result."""
    names = {"CF": "true_colorfulness", "CF'": "true_absolute_colorfulness", "mean chroma": "true_chroma"}
    return "The truth: " + ", ".join(f"{title} {statistics[key].mean():.2f}" for title, key in names.items())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_arguments(parser, side=SIDE)
    parser.add_argument("--json", type=Path, help="also write the figures here")
    arguments = parser.parse_args()
    networks = load_networks(arguments)
    photographs = load(arguments.folder, arguments.side, every=arguments.every)
    results = measure(photographs, networks)
    tables = make_tables(results, kinds(photographs), references(networks))
    print(f"{len(photographs)} photographs, {arguments.side} x {arguments.side}; {RESAMPLES} resamples")
    print(f"{describe_truth(results[GRAY])}\n")
    print("\n\n".join(table.markdown() for table in tables))
    if arguments.json:
        data = json.dumps([table.as_data() for table in tables], indent=2)
        arguments.json.write_text(data + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
