"""The label of a film: an XMP packet in a box of the MP4 file (Adobe's XMP specification, part 3, 1.2.6)."""

from __future__ import annotations

import struct
from pathlib import Path

from colorizer.images.xmp import normalize_xmp
from colorizer.network.registry import ModelSpec
from colorizer.network.weights import file_sha256
from colorizer.recipe import PROGRAM, Recipe, label_packet, make_recipe, read_recipe
from colorizer.video.probe import open_container
from colorizer.video.types import VideoOptions

COMMENT = f"Colours added by a program ({PROGRAM})"  # a tag that players show, for films without one of their own
_XMP_BOX = bytes.fromhex("BE7ACFCB97A942E89C71999491E3AFAC")


def read_film_recipe(path: Path) -> Recipe:
    """The recipe in a film. Raises InvalidRecipe without one, InvalidVideo for a file that cannot be read, OSError."""
    return read_recipe(_read_xmp(path))


def write_label(target: Path, source: Path, model: ModelSpec, options: VideoOptions) -> tuple[str, ...]:
    """Append the label, and the XMP of the film `source` if it has one, to its result, the MP4 file `target`.

    Returns notes for the user. Raises OSError.
    """
    xmp = _read_xmp(source)
    kept = None if xmp is None else normalize_xmp(xmp)[0]
    packet = label_packet(kept, make_recipe("film", file_sha256(source), model, options))
    if packet is None:
        return ("The note that a program made the colours is left out, because the film's XMP is damaged.",)
    with target.open("ab") as file:
        file.write(xmp_box(packet))
    return ()


def xmp_box(packet: bytes) -> bytes:
    """The box that an XMP packet has in an MP4 file, to be appended to it."""
    return struct.pack(">I4s", 8 + len(_XMP_BOX) + len(packet), b"uuid") + _XMP_BOX + packet


def _read_xmp(path: Path) -> bytes | None:
    """The XMP packet of an MP4 or QuickTime film; None for other films, and for those without one."""
    with open_container(path, options={"export_xmp": "1"}) as container:
        text = container.metadata.get("xmp")
    return None if text is None else text.encode("utf-8", "surrogateescape")
