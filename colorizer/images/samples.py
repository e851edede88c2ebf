"""What a picture file holds: its samples, what they mean, and everything else, named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from colorizer.arrays import Pixels
from colorizer.color.encoding import ColorEncoding
from colorizer.picture import MOST_PAGES, Metadata

_MOST_NAMES = 5  # in one note

CheckSize = Callable[[int, int], None]  # of width and height in pixels; raises ImageTooLarge


@dataclass(frozen=True)
class Samples:
    """The samples of a file's picture, and what the file says they mean. Readers fill it, and nobody guesses later.

    `pixels`: grey (H, W), RGB (H, W, 3) or CMYK (H, W, 4; 0 is no ink), as stored; uint8 or uint16, stretched to the
    full range of the dtype; 0 is black.
    `alpha`: (H, W) of the same dtype, or None; the pixels are not multiplied by it.
    `encoding`: how the values stand for light where the file has no ICC profile; None: sRGB.
    `orientation`: 1..8, as in EXIF.
    `metadata`: as stored; its profile, which takes precedence over `encoding`, is that of the pixels.
    `notes`: sentences on what was in the file and is not here. `pages`: as in `Picture`, which also gets a note on it.
    """

    pixels: Pixels
    alpha: Pixels | None = None
    encoding: ColorEncoding | None = None
    orientation: int = 1
    metadata: Metadata = field(default_factory=Metadata)
    notes: tuple[str, ...] = ()
    pages: int = 1


def describe_untaken(texts: Iterable[str]) -> tuple[str, ...]:
    """Notes on what was in a file and was not taken: each text once, with the number of its entries."""
    counts = Counter(texts)
    return tuple(f"dropped: {text}" + (f" ({count} times)" if count > 1 else "") for text, count in counts.items())


def describe_pages(pages: int) -> tuple[str, ...]:
    """The note on a file of several pages or pictures; none for one."""
    count = f"{pages:,}" if pages <= MOST_PAGES else f"over {MOST_PAGES:,}"
    return (f"the first of {count} pages or pictures",) if pages > 1 else ()


def name_private(keys: Iterable[str]) -> tuple[str, ...]:
    """One text for all entries of a file that have no public meaning; none for no keys."""
    names = list(keys)
    kinds = sorted(set(names))
    listed = ", ".join(kinds[:_MOST_NAMES]) + (", ..." if len(kinds) > _MOST_NAMES else "")
    what = "1 private entry" if len(names) == 1 else f"{len(names)} private entries"
    return (f"{what} ({listed})",) if names else ()


def name_rest(size: int) -> str:
    """The text for `size` bytes behind a picture."""
    return f"{size} bytes behind the picture"
