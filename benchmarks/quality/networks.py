"""The networks to compare: the shipped one first, then others and files of weights, each at several looks."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from colorizer import DEFAULT_MODEL, MODELS, Colorizer, ColorizerError, Look, load_colorizer
from colorizer.arrays import Pixels
from colorizer.color import lab

GRAY = "grey"


@dataclass(frozen=True)
class Network:
    """A network and the looks in which it is measured. Its results are named `name_of(look)`."""

    name: str
    colorizer: Colorizer
    looks: tuple[Look, ...]

    def name_of(self, look: Look) -> str:
        strength = "" if look.strength == 1 else f", strength {look.strength:g}"
        return f"{self.name}, vividness {look.vividness:g}{strength}"

    def colorize(self, pixels: Pixels) -> dict[str, Pixels]:
        """The results for RGB (H, W, 3) uint8, as the program would give them: RGB uint8, by name."""
        analysis = self.colorizer.analyze(pixels, distribution=any(look.vividness for look in self.looks))
        return {self.name_of(look): analysis.colorize(look) for look in self.looks}


def colorize(pixels: Pixels, networks: Sequence[Network]) -> dict[str, Pixels]:
    """The results of all networks, and last the grey picture that the networks see: RGB uint8, by name."""
    results = {name: result for network in networks for name, result in network.colorize(pixels).items()}
    return {**results, GRAY: lab.luminance_to_rgb(lab.luminance(pixels))}


def references(networks: Sequence[Network]) -> dict[str, str]:
    """The names of the later networks' results, each with the name of the first network's result in the same look."""
    first, *others = networks
    return {other.name_of(look): first.name_of(look) for other in others for look in other.looks}


def add_arguments(parser: argparse.ArgumentParser, *, side: int, vividness: Sequence[float] = (0.0, 1.0)) -> None:
    """The photographs and the networks on the command line, with the default side of the squares."""
    parser.add_argument("folder", type=Path, help="colour photographs; they may lie in folders, one for each source")
    parser.add_argument(
        "--model", choices=MODELS, nargs="+", default=[], help=f"also measure these; {DEFAULT_MODEL} comes first always"
    )
    parser.add_argument(
        "--weights",
        type=weights_file,
        action="append",
        default=[],
        metavar="[MODEL=]FILE",
        help=f"also measure this file of weights (ONNX) as MODEL (default: {DEFAULT_MODEL}); may be repeated",
    )
    parser.add_argument("--vividness", type=float, nargs="+", default=list(vividness))
    parser.add_argument("--strength", type=float, nargs="+", default=[1.0])
    parser.add_argument("--side", type=int, default=side, help=f"of the centred squares in pixels (default: {side})")
    parser.add_argument("--every", type=int, default=1, help="use only every n-th photograph")


def weights_file(text: str) -> tuple[str, Path]:
    """The model and the file of "[MODEL=]FILE". Raises ArgumentTypeError."""
    model, equals, name = text.partition("=")
    if not equals or model not in MODELS:
        model, name = DEFAULT_MODEL, text
    if not Path(name).is_file():
        raise argparse.ArgumentTypeError(f"expected a file of weights, got {name}")
    return model, Path(name)


def load_networks(arguments: argparse.Namespace) -> list[Network]:
    """The networks of `add_arguments`. Raises SystemExit where weights are missing or invalid."""
    looks = tuple(
        Look(vividness=vividness, strength=strength)
        for vividness in arguments.vividness
        for strength in arguments.strength
    )
    shipped = dict.fromkeys([DEFAULT_MODEL, *arguments.model])
    try:
        return [
            *(Network(f"{name} (shipped)", load_colorizer(name), looks) for name in shipped),
            *(Network(str(file), load_colorizer(model, weights=file), looks) for model, file in arguments.weights),
        ]
    except ColorizerError as error:
        raise SystemExit(str(error)) from error
