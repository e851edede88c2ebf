"""Benchmark of what a network says it knows: `python -m benchmarks.calibration FOLDER`.

At every place of the network's output, the true colour's point lies in the smallest set of colour points whose
probabilities sum to m, or not. A calibrated network's set holds it in a share m of places. The table has these shares
for m = 50 %, 90 % and 99 %, the mean negative log-likelihood of the truth in nats, and the size of the 90 % set: for
the distribution as the network gives it, for the temperature of the table of models, and for the one that fits best.
Every other photograph chooses that temperature, and the rest are measured. Intervals (95 %) are by the bootstrap over
photographs. Prints Markdown.

C. Guo et al., On Calibration of Modern Neural Networks (2017): one temperature on the logits. It is chosen for the
coverage of the 90 % sets, which the page states, not for the likelihood.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from benchmarks.quality.bootstrap import Figure, Statistics
from benchmarks.quality.photographs import add_folder_arguments, load_squares
from benchmarks.quality.tables import Table, estimate
from colorizer import Colorizer, load_colorizer
from colorizer.arrays import Floats, Pixels
from colorizer.color import lab
from colorizer.edits.uncertainty import CREDIBLE, mass_above
from colorizer.network.color_classes import nearest_class
from colorizer.network.zhang2016 import anneal
from colorizer.resize import resize

MASSES = (0.5, CREDIBLE, 0.99)
STEP = 4  # every n-th place of the network's output, in both directions: neighbours tell the same
TEMPERATURES = np.round(np.arange(0.5, 2.01, 0.05), 2)

Places = tuple[Floats, NDArray[np.intp]]  # logits (313, n) of some places of a photograph, and the true points (n,)

FIGURES = (
    *(Figure(f"in the {mass:.0%} set, %", f"in_{mass}", scale=100, digits=1) for mass in MASSES),
    Figure("nats", "nats"),
    Figure("points in the 90 % set", "size", digits=1),
)


def places_of(photographs: Sequence[Pixels], colorizer: Colorizer) -> list[Places]:
    found = []
    for pixels in photographs:
        logits = colorizer.predict(pixels).scores
        height, width = logits.shape[1:]
        true_ab = resize(np.ascontiguousarray(lab.rgb_to_lab(pixels)[..., 1:]), width, height)
        some = (slice(STEP // 2, None, STEP), slice(STEP // 2, None, STEP))
        found.append((logits[:, *some].reshape(len(logits), -1), nearest_class(true_ab[some]).ravel()))
    return found


def measure(places: Sequence[Places], temperature: float) -> Statistics:
    """The statistics of `FIGURES` for each photograph."""
    rows = []
    for logits, truth in places:
        probabilities = anneal(logits, temperature)
        above = mass_above(probabilities, truth)
        own = np.take_along_axis(probabilities, truth[np.newaxis], axis=0)
        ordered = np.sort(probabilities, axis=0)[::-1].cumsum(axis=0)
        size = 1 + (ordered < CREDIBLE).sum(axis=0)
        nats = -np.log(np.maximum(own, 1e-12))
        rows.append((1.0, *((above < mass).mean() for mass in MASSES), nats.mean(), size.mean()))
    names = ("photographs", *(f"in_{mass}" for mass in MASSES), "nats", "size")
    return dict(zip(names, np.array(rows, np.float64).T, strict=True))


def fit_temperature(places: Sequence[Places]) -> float:
    """The temperature whose 90 % sets come nearest to holding the truth in 90 % of places."""

    def off(temperature: float) -> float:
        inside = [(mass_above(anneal(logits, temperature), truth) < CREDIBLE).mean() for logits, truth in places]
        return abs(float(np.mean(inside)) - CREDIBLE)

    return float(min(TEMPERATURES.tolist(), key=off))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_folder_arguments(parser)
    arguments = parser.parse_args()
    colorizer = load_colorizer(arguments.model)
    photographs = load_squares(arguments)
    places = places_of(photographs, colorizer)
    choosing, places = places[1::2], places[0::2]
    rows = {
        "as the network says": 1.0,
        "as stored with the model": colorizer.spec.calibrated_temperature,
        "as the other photographs want": fit_temperature(choosing),
    }
    print(f"{len(places)} photographs; {len(choosing)} others choose the temperature\n")
    estimates = [
        ((f"{name}, {temperature:g}",), estimate(FIGURES, measure(places, temperature)))
        for name, temperature in rows.items()
    ]
    print(Table("Calibration", ("distribution, temperature",), FIGURES, estimates).markdown())


if __name__ == "__main__":
    main()
