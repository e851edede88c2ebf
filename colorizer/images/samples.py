"""What a picture file holds: its samples, what they mean, and everything else, named."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass, field

from colorizer.arrays import Pixels
from colorizer.color.encoding import ColorEncoding
from colorizer.picture import Metadata

_MOST_NAMES = 5  # in one note

CheckSize = Callable[[int, int], None]  # of width and height in pixels; raises ImageTooLarge


@dataclass(frozen=True)
class Entry:
    """One thing that a file holds besides the samples of its picture.

    `key`: as the format names it ("tEXt", "APP13", ...). `text`: what it is, for the user; entries of one text are
    named together.
    """

    key: str
    text: str


@dataclass(frozen=True)
class Samples:
    """The samples of a file's picture, and what the file says they mean. Readers fill it, and nobody guesses later.

    `pixels`: grey (H, W), RGB (H, W, 3) or CMYK (H, W, 4; 0 is no ink), as stored; uint8 or uint16, stretched to the
    full range of the dtype; 0 is black.
    `alpha`: (H, W) of the same dtype, or None; the pixels are not multiplied by it.
    `encoding`: how the values stand for light where the file has no ICC profile; None: sRGB.
    `orientation`: 1..8, as in EXIF.
    `metadata`: as stored; its profile, which takes precedence over `encoding`, is that of the pixels.
    `notes`: sentences on what was in the file and is not here.
    """

    pixels: Pixels
    alpha: Pixels | None = None
    encoding: ColorEncoding | None = None
    orientation: int = 1
    metadata: Metadata = field(default_factory=Metadata)
    notes: tuple[str, ...] = ()


def describe_untaken(entries: Iterable[Entry], taken: Container[str]) -> tuple[str, ...]:
    """Name the entries of a file that were not taken, each text once with the number of its entries."""
    counts: dict[str, int] = {}
    for entry in entries:
        if entry.key not in taken:
            counts[entry.text] = counts.get(entry.text, 0) + 1
    return tuple(f"dropped: {text}" + (f" ({count} times)" if count > 1 else "") for text, count in counts.items())


def list_private(keys: Iterable[str]) -> tuple[Entry, ...]:
    """One entry for all those of a file that have no public meaning; none for no keys."""
    names = list(keys)
    kinds = sorted(set(names))
    listed = ", ".join(kinds[:_MOST_NAMES]) + (", ..." if len(kinds) > _MOST_NAMES else "")
    what = "1 private entry" if len(names) == 1 else f"{len(names)} private entries"
    return (Entry(listed, f"{what} ({listed})"),) if names else ()
