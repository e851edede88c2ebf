"""`python -m colorizer models [fetch NAME]`: list the models, or download the weights of one."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from tqdm import tqdm

from colorizer.errors import ColorizerError, WeightsInvalid, WeightsMissing
from colorizer.network.registry import MODELS, ModelSpec
from colorizer.network.weights import fetch_weights, find_weights


def run(words: Sequence[str]) -> int:
    """Run the command and return the exit status, 0 or 1. `words`: the arguments after `models`."""
    arguments = _make_parser().parse_args(words)
    if arguments.action is None:
        for spec in MODELS.values():
            print(f"{spec.name}: {spec.summary}\n  {_describe_state(spec)}")
        return 0
    return _fetch_and_print(MODELS[arguments.name])


def _make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m colorizer models", description="List the models, or download one.")
    actions = parser.add_subparsers(dest="action")
    fetch = actions.add_parser("fetch", help="download a model's weights and check them")
    fetch.add_argument("name", choices=MODELS)
    return parser


def _fetch_and_print(spec: ModelSpec) -> int:
    try:
        with tqdm(total=spec.weights.size, unit="B", unit_scale=True, desc=spec.weights.name, leave=False) as bar:

            def progress(done: int, total: int) -> None:
                bar.total = total
                bar.update(done - bar.n)

            path = fetch_weights(spec, progress=progress)
    except ColorizerError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{spec.name}: {path}")
    return 0


def _describe_state(spec: ModelSpec) -> str:
    try:
        return f"ready: {find_weights(spec)}"
    except WeightsMissing:
        return f"not downloaded yet: python -m colorizer models fetch {spec.name}"
    except WeightsInvalid as error:
        return f"unusable: {error}"
