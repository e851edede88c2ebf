"""The formats of films on the command line."""

from __future__ import annotations

import argparse

from colorizer.errors import InvalidSetting
from colorizer.video.codecs import CODECS, SUBSAMPLINGS
from colorizer.video.containers import CONTAINERS, find_container, suffix_for
from colorizer.video.formats import VideoEncoding, check_encoding


def add_format_options(group: argparse._ArgumentGroup) -> None:
    """Add the options that `make_encoding` reads."""
    add = group.add_argument
    defaults = ", ".join(f"{one.codecs[0]} for {suffix}" for suffix, one in CONTAINERS.items())
    add("--codec", choices=CODECS, help=f"of films; default: {defaults}")
    add(
        "--bits",
        type=int,
        metavar="N",
        help="of each sample of a film, 8 to 16 as the codec has it; default: as the film has, but 8 for h264",
    )
    add(
        "--chroma",
        choices=SUBSAMPLINGS,
        help="its subsampling in films; default: 4:2:0 for h264 and hevc, else the film's, as far as the codec has it",
    )
    add(
        "--colour-only",
        dest="color_only",
        action="store_true",
        help="only the colours of films, with mid-grey for the picture, to lay over the master",
    )


def make_encoding(options: argparse.Namespace) -> VideoEncoding:
    """The encoding of all films."""
    return VideoEncoding(options.codec, options.bits, options.chroma, options.color_only)


def check_film_encoding(parser: argparse.ArgumentParser, suffix: str, options: argparse.Namespace) -> None:
    """End with the parser's error if films with the ending `suffix` cannot be encoded as `options` say."""
    try:
        check_encoding(find_container(suffix), make_encoding(options))
    except InvalidSetting as error:
        parser.error(str(error))


def film_suffix(options: argparse.Namespace) -> str:
    """The ending of films in an output folder."""
    return suffix_for(options.codec)
