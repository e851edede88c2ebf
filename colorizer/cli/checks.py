"""Which options go together, and with which inputs."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path

from colorizer import images
from colorizer.cli.arguments import PLACE_OPTIONS
from colorizer.cli.directing import DIRECTING_OPTIONS
from colorizer.cli.files import WRITTEN_OPTIONS, ReadFile, check_written
from colorizer.cli.film_arguments import RESTORATION_OF_FILMS
from colorizer.cli.geometry import GEOMETRY_OPTIONS
from colorizer.cli.restoration import RESTORATION_OPTIONS
from colorizer.cli.sources import Source
from colorizer.cli.values import option_name
from colorizer.images.kinds import Medium

_OF_ONE_PHOTO = (*PLACE_OPTIONS, *WRITTEN_OPTIONS)


def check_inputs(parser: argparse.ArgumentParser, options: argparse.Namespace, sources: Sequence[Source]) -> None:
    """End with the parser's error if the options do not go with these inputs."""
    spell = partial(option_name, parser, options)
    photos = sum(source.medium is Medium.PHOTO for source in sources)
    films = len(sources) - photos
    if sources and not photos and (names := photo_options(parser, options)):
        parser.error(f"expected a photo for {', '.join(names)}, got only films")
    for name in _OF_ONE_PHOTO:
        if getattr(options, name) and photos > 1:
            parser.error(f"expected {spell(name)} with one photo, whose places it is about, got {photos} photos")
    for name in WRITTEN_OPTIONS:
        written: Path | None = getattr(options, name)
        if written and written.suffix.lower() not in images.WRITABLE_SUFFIXES:
            endings = ", ".join(images.WRITABLE_SUFFIXES)
            parser.error(f"expected a picture for {spell(name)}, ending in one of {endings}, got {written.name}")
    for name in ("repair_keep", "save_mask"):
        if getattr(options, name) and not (options.repair or options.repair_mask):
            parser.error(f"expected --repair or --repair-mask with {spell(name)}, got neither")
    given = [spell(name) for name in DIRECTING_OPTIONS if getattr(options, name)]
    if given and sources and films != 1:
        parser.error(f"expected one film with {', '.join(given)}, which are about its times, got {films} films")


def check_targets(
    parser: argparse.ArgumentParser, options: argparse.Namespace, sources: Iterable[Source], targets: Iterable[Path]
) -> None:
    """End with the parser's error if a result, or what other options write, would replace a file that is read.

    `options.read_files`: those that options name.
    """
    read = [*options.read_files, *(ReadFile(source.path, "an input") for source in sources)]
    if options.project is not None:
        read += [ReadFile(path, "a picture of the project") for path in options.project.pictures.values()]
    others = [(option_name(parser, options, name), getattr(options, name)) for name in WRITTEN_OPTIONS]
    check_written(parser, [*(("-o", target) for target in targets), *others], read)


def photo_options(parser: argparse.ArgumentParser, options: argparse.Namespace) -> tuple[str, ...]:
    """The given options that act on photographs only."""
    restoration = (name for name in RESTORATION_OPTIONS if name not in RESTORATION_OF_FILMS)
    names = ("hints", "variant", "uncertainty", *restoration, "caption", *GEOMETRY_OPTIONS)
    return tuple(option_name(parser, options, name) for name in names if getattr(options, name))
