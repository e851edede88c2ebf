"""The command line: `python -m colorizer PHOTO... -o OUT` and `python -m colorizer models [fetch NAME]`.

Exit status 0: all written. 1: some failed, each named on standard error. 2: bad arguments.
"""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from tqdm import tqdm

from colorizer import __version__, images
from colorizer.errors import ColorizerError, WeightsInvalid, WeightsMissing
from colorizer.models import DEFAULT_MODEL, MODELS, ModelSpec
from colorizer.pipeline import Colorizer, check_strength, check_vividness, load_colorizer
from colorizer.weights import fetch_weights, find_weights


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    logging.basicConfig(format="%(message)s")
    if words[:1] == ["models"]:
        return _models(_models_parser().parse_args(words[1:]))
    parser = _photo_parser()
    return _photos(parser, parser.parse_args(words))


def _photo_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m colorizer",
        description="Put colour into black-and-white photographs.",
        epilog="`python -m colorizer models` lists the models; `... models fetch NAME` downloads one.",
    )
    parser.add_argument("photos", nargs="+", type=Path, metavar="PHOTO", help=images.READABLE_TEXT)
    parser.add_argument(
        "-o", "--output", type=Path, required=True, metavar="OUT", help="a file for one photo, else a folder"
    )
    parser.add_argument("--model", choices=MODELS, default=DEFAULT_MODEL)
    parser.add_argument("--weights", type=Path, metavar="FILE", help="a weights file for the model, anywhere on disk")
    parser.add_argument(
        "--strength",
        type=partial(_number, check_strength),
        default=1.0,
        help="0 (grey) .. 1 (as predicted) .. 2; default 1",
    )
    parser.add_argument(
        "--vividness",
        type=partial(_number, check_vividness),
        default=0.0,
        help="0 (most faithful) .. 1 (most vivid); default 0",
    )
    parser.add_argument("--version", action="version", version=__version__)
    return parser


def _number(check: Callable[[float], None], text: str) -> float:
    try:
        value = float(text)
        check(value)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    return value


def _photos(parser: argparse.ArgumentParser, arguments: argparse.Namespace) -> int:
    targets = _targets(parser, arguments.photos, arguments.output)
    try:
        colorizer = load_colorizer(arguments.model, weights=arguments.weights)
    except (ColorizerError, OSError) as error:
        return _fail(str(error))
    failures = 0
    for source, target in tqdm(targets, unit="photo", disable=len(targets) == 1):
        try:
            _colour_file(colorizer, source, target, arguments)
        except (ColorizerError, OSError) as error:
            failures += 1
            tqdm.write(f"{source}: {error}", file=sys.stderr)
    return 1 if failures else 0


def _targets(parser: argparse.ArgumentParser, photos: list[Path], output: Path) -> list[tuple[Path, Path]]:
    """Where each photo goes; ends the program with status 2 where that cannot be."""
    if len(photos) == 1 and not output.is_dir() and output.suffix:
        if output.suffix.lower() not in images.SUFFIXES:
            parser.error(f"expected an output ending in one of {', '.join(images.SUFFIXES)}, got {output.name}")
        return [(photos[0], output)]
    if not output.is_dir() and (output.exists() or output.suffix.lower() in images.SUFFIXES):
        parser.error(f"expected a folder for {len(photos)} photos, got the file {output}")
    targets: dict[Path, Path] = {}
    for photo in photos:
        target = output / images.colorized_name(photo.name, None if photo.suffix.lower() in images.SUFFIXES else ".png")
        if target in targets:
            parser.error(f"expected photos of different names, got {targets[target]} and {photo}")
        targets[target] = photo
    return [(photo, target) for target, photo in targets.items()]


def _colour_file(colorizer: Colorizer, source: Path, target: Path, options: argparse.Namespace) -> None:
    picture = images.decode(source.read_bytes())
    coloured = colorizer.colorize_picture(picture, strength=options.strength, vividness=options.vividness)
    data = images.encode(coloured, target.suffix)
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + ".part")
    try:
        part.write_bytes(data)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def _models_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m colorizer models", description="List the models, or fetch one.")
    actions = parser.add_subparsers(dest="action")
    fetch = actions.add_parser("fetch", help="download a model's weights and check them")
    fetch.add_argument("name", choices=MODELS)
    return parser


def _models(arguments: argparse.Namespace) -> int:
    if arguments.action is None:
        for spec in MODELS.values():
            print(f"{spec.name}: {spec.summary}\n  {_state(spec)}")
        return 0
    spec = MODELS[arguments.name]
    try:
        with tqdm(total=spec.weights.size, unit="B", unit_scale=True, desc=spec.weights.name, leave=False) as bar:

            def progress(done: int, total: int) -> None:
                bar.total = total
                bar.update(done - bar.n)

            path = fetch_weights(spec, progress=progress)
    except ColorizerError as error:
        return _fail(str(error))
    print(f"{spec.name}: {path}")
    return 0


def _state(spec: ModelSpec) -> str:
    try:
        return f"ready: {find_weights(spec)}"
    except WeightsMissing:
        return f"not there yet: python -m colorizer models fetch {spec.name}"
    except WeightsInvalid as error:
        return f"unusable: {error}"


def _fail(message: str) -> int:
    print(message, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
