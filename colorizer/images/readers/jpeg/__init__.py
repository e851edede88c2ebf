"""Read JPEG files with libjpeg-turbo, also damaged ones."""

from __future__ import annotations

from colorizer.images.readers.jpeg.frame import check_scans, read_frame
from colorizer.images.readers.jpeg.inventory import read_inventory
from colorizer.images.readers.jpeg.pixels import decode_pixels
from colorizer.images.readers.jpeg.trailer import describe_trailer
from colorizer.images.samples import CheckSize, Samples, describe_untaken
from colorizer.images.segments import read_layout

DAMAGED = "the file is damaged: a part of the picture may be missing or wrong"


def read(data: bytes, check_size: CheckSize) -> Samples:
    """Read the first picture of a JPEG; of damaged data, what can be recovered. Raises as `readers.read` does."""
    layout = read_layout(data)
    frame = read_frame(data, layout)
    check_size(frame.width, frame.height)
    check_scans(layout, frame)
    pixels, is_damaged = decode_pixels(data, layout, frame)
    inventory = read_inventory(data, layout)
    entries = [*inventory.entries, *(describe_trailer(data, layout, inventory.previews) if layout.has_end else ())]
    notes = (*((DAMAGED,) if is_damaged else ()), *describe_untaken(entries))
    return Samples(pixels, orientation=inventory.orientation, metadata=inventory.metadata, notes=notes)
