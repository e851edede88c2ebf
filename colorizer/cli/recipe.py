"""`python -m colorizer recipe FILE` and `python -m colorizer again ORIGINAL --recipe FILE -o OUT`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from colorizer import images
from colorizer.cli.arguments import add_label_option
from colorizer.cli.console import INTERRUPTED, printable, say
from colorizer.cli.files import ReadFile, check_written, parse_with_files
from colorizer.cli.photos import colorize_photo, read_reference
from colorizer.cli.signing import add_sign_options, make_credentials, report_signature
from colorizer.cli.sources import named_source
from colorizer.cli.videos import colorize_film
from colorizer.edits.reference import Reference
from colorizer.errors import FAILURES, InvalidRecipe, error_text
from colorizer.images.kinds import TEXT, Medium, read_kind
from colorizer.network.weights import file_sha256
from colorizer.pipeline import Colorizer, load_colorizer
from colorizer.recipe import PhotoSettings, Recipe, make_recipe, read_photo_recipe
from colorizer.recipe.plain import to_plain
from colorizer.recipe.signing import file_holds_signature
from colorizer.video import TARGET_SUFFIXES, VideoOptions
from colorizer.video.directing.direction import Direction
from colorizer.video.label import read_film_recipe


def run_recipe(words: Sequence[str]) -> int:
    """Print the recipe of a result as JSON, and say on standard error whether the file is signed.

    Returns the exit status: 0, or 1 without a recipe or with a signature that is not confirmed. `words`: the arguments
    after `recipe`.
    """
    parser = argparse.ArgumentParser(
        prog="python -m colorizer recipe",
        description="Print how a result of this program was made, as JSON, and say whether it is signed.",
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="a result: a photo or a film")
    path: Path = parser.parse_args(words).file
    try:
        confirmed = report_signature(path)
        recipe = read_recipe_file(path)
    except FAILURES as error:
        return _fail(path, error)
    print(json.dumps(to_plain(recipe), indent=2, sort_keys=True))
    if confirmed is None:
        say(str(path), "not signed")
    return 1 if confirmed is False else 0


def run_again(words: Sequence[str]) -> int:
    """Make a result again; returns the exit status, 0, 1 or 130. `words`: the arguments after `again`."""
    parser = _make_parser()
    options, read_files = parse_with_files(parser, words)
    try:
        recipe = read_recipe_file(options.recipe)
    except FAILURES as error:
        return _fail(options.recipe, error)
    suffixes = TARGET_SUFFIXES if recipe.medium == "film" else images.WRITABLE_SUFFIXES
    if options.output.suffix.lower() not in suffixes:
        parser.error(f"expected an output ending in one of {', '.join(suffixes)}, got {options.output.name}")
    check_written(parser, [("-o", options.output)], [*read_files, ReadFile(options.original, "an input")])
    options.credentials = make_credentials(parser, options)
    try:
        if file_holds_signature(options.recipe):
            say(str(options.recipe), "signed; a signature cannot be made again bit for bit, all else is")
        _make_again(recipe, options.original, options.output, options)
    except FAILURES as error:
        return _fail(options.original, error)
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return INTERRUPTED
    return 0


def read_recipe_file(path: Path) -> Recipe:
    """The recipe in a result, or a file of its JSON. Raises InvalidRecipe for a file without one, OSError."""
    if read_kind(path) == TEXT:
        return Recipe.from_json(path.read_bytes())
    if named_source(path).medium is Medium.FILM:
        return read_film_recipe(path)
    return read_photo_recipe(path.read_bytes())


def _make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m colorizer again",
        description="Make a result again from its original: the same file, byte for byte, with the same versions.",
    )
    add = parser.add_argument
    add("original", type=Path, metavar="ORIGINAL", help="the photo or film that was coloured")
    add("--recipe", type=Path, required=True, metavar="FILE", help="a result, or the JSON that `recipe` prints")
    add("-o", "--output", type=Path, required=True, metavar="OUT", help="the file to write")
    add("--reference", type=Path, metavar="FILE", help="the picture that colours were taken from, if there was one")
    add(
        "--picture",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="a still that a key frame of a film has its colours from; may be given more than once",
    )
    add("--weights", type=Path, metavar="FILE", help="a weights file for the model, anywhere on disk")
    add("--force", action="store_true", help="also if ORIGINAL is another file than the recipe names")
    add_label_option(parser)
    add_sign_options(parser)
    return parser


def _make_again(recipe: Recipe, original: Path, output: Path, options: argparse.Namespace) -> None:
    digest = file_sha256(original)
    if digest != recipe.original and not options.force:
        raise InvalidRecipe(
            f"expected the original with the SHA-256 {recipe.original}, got a file with {digest}; "
            "--force applies the recipe to it all the same"
        )
    colorizer = load_colorizer(recipe.model, weights=options.weights)
    now = make_recipe(recipe.medium, digest, colorizer.spec, recipe.settings)
    for difference in _differences(recipe, now, output):
        say(str(original), f"the file may differ from the one before: {difference}")
    if recipe.medium == "film":
        made = replace(recipe.settings_as(VideoOptions), label=options.label)
        pictures = _find_pictures(made.direction, options)
        colorize_film(original, output, colorizer, made, pictures, options.credentials)
    else:
        settings = recipe.settings_as(PhotoSettings)
        if options.picture:
            raise InvalidRecipe(f"expected no --picture, which is for films, got {options.picture[0]}")
        reference = _find_reference(settings, options, colorizer)
        colorize_photo(
            *(original, output, colorizer, settings),
            reference=reference,
            label=options.label,
            credentials=options.credentials,
        )


def _find_reference(settings: PhotoSettings, options: argparse.Namespace, colorizer: Colorizer) -> Reference | None:
    """The reference that the recipe names. Raises InvalidRecipe if `--reference` is not that file."""
    digest = file_sha256(options.reference) if options.reference else ""
    if digest != settings.reference:
        wanted = f"--reference with the SHA-256 {settings.reference:.64}" if settings.reference else "no --reference"
        raise InvalidRecipe(f"expected {wanted}, got " + (f"a file with {digest}" if digest else "none"))
    return read_reference(options.reference, colorizer) if digest else None


def _find_pictures(direction: Direction, options: argparse.Namespace) -> dict[str, Path]:
    """The files of a film's stills by their SHA-256. Raises InvalidRecipe if one that the recipe names is not given."""
    given = [*options.picture, *([options.reference] if options.reference else [])]
    found = {file_sha256(path): path for path in given}
    for name in direction.pictures():
        if name not in found:
            option = "--reference" if name == direction.reference else "--picture"
            raise InvalidRecipe(f"expected {option} with the SHA-256 {name}, got none")
    return found


def _differences(recipe: Recipe, now: Recipe, output: Path) -> Iterator[str]:
    yield from recipe.differences(now)
    made = recipe.settings.get("format")
    if recipe.medium == "photo" and made and made != images.format_name(output.suffix):
        yield f"made as {made}, now {images.format_name(output.suffix)}"


def _fail(path: Path, error: BaseException) -> int:
    print(printable(f"{path}: {error_text(error)}"), file=sys.stderr)
    return 1
