"""Photographs on the command line."""

from __future__ import annotations

from pathlib import Path

from colorizer import images
from colorizer.cli.console import say
from colorizer.edits.reference import Reference
from colorizer.edits.uncertainty import LEGEND
from colorizer.errors import InvalidImage
from colorizer.images.atomic import write_whole
from colorizer.photo import colorize_bytes
from colorizer.picture import Picture
from colorizer.pipeline import Colorizer
from colorizer.recipe import PhotoSettings
from colorizer.recipe.signing import Credentials


def colorize_photo(
    source: Path,
    target: Path,
    colorizer: Colorizer,
    settings: PhotoSettings,
    *,
    reference: Reference | None = None,
    label: bool,
    credentials: Credentials | None = None,
) -> None:
    """Colour a photograph's file into another, and say what it does not keep. Raises what `colorize_bytes` raises."""
    result = colorize_bytes(
        *(source.read_bytes(), target.suffix, colorizer, settings),
        reference=reference,
        label=label,
        credentials=credentials,
    )
    for note in result.notes:
        say(str(source), f"note: {note}")
    write_whole(target, result.data)


def read_reference(path: Path, colorizer: Colorizer) -> Reference:
    """The reference in a colour picture's file.

    Raises what `images.decode` and `make_reference` raise, with the file's name in the message, and OSError.
    """
    try:
        return colorizer.make_reference(images.decode(path.read_bytes()).to_array())
    except InvalidImage as error:
        raise InvalidImage(f"{path}: {error}", problem=error.problem, path=path) from None


def write_uncertainty(source: Path, target: Path, colorizer: Colorizer, settings: PhotoSettings) -> None:
    """Write a picture of where the model does not know a photograph's colours, and say what its colours mean."""
    picture = images.transform(images.decode(source.read_bytes()), settings.geometry)
    analysis = colorizer.analyze_picture(picture, restoration=settings.restoration)
    overlay = Picture.from_array(analysis.uncertainty_overlay())
    write_whole(target, images.encode(overlay, target.suffix, settings.encoding))
    for _, meaning in LEGEND:
        say(str(target), meaning)
