"""The label of a film: an XMP packet, in a box of an MP4 or MOV file (Adobe's XMP specification, part 3, 1.2.6) or in a
tag of a Matroska file."""

from __future__ import annotations

import struct
from pathlib import Path

from colorizer.images.xmp import normalize_xmp
from colorizer.network.registry import ModelSpec
from colorizer.network.weights import file_sha256
from colorizer.recipe import PROGRAM, Recipe, label_packet, make_recipe, read_recipe
from colorizer.recipe.plain import to_plain
from colorizer.video.containers import MP4, Container
from colorizer.video.probe import open_container
from colorizer.video.types import VideoOptions

COMMENT = f"Colours added by a program ({PROGRAM})"  # a tag that players show, for films without one of their own
_XMP_BOX = bytes.fromhex("BE7ACFCB97A942E89C71999491E3AFAC")


def read_film_recipe(path: Path) -> Recipe:
    """The recipe in a film. Raises InvalidRecipe without one, InvalidVideo for a file that cannot be read, OSError."""
    return read_recipe(_read_xmp(path))


def write_label(
    target: Path, source: Path, model: ModelSpec, options: VideoOptions, container: Container = MP4
) -> tuple[str, ...]:
    """Append the label, and the XMP of the film `source` if it has one, to its result, the file `target`.

    `container`: the kind of that file. One that takes the label as a tag has it already (`film_tags`).
    Returns notes for the user. Raises OSError.
    """
    if container.label == "none":
        return (f"{container.name} has no place for the note that a program made the colours.",)
    if container.label == "tag":
        packet = _read_xmp(target)
        if packet is not None and read_recipe(packet).settings != to_plain(options):
            return ("The recipe in the film is that of the whole run, which ended early.",)
    else:
        packet = _film_label(source, model, options)
        if packet is not None:
            with target.open("ab") as file:
                file.write(xmp_box(packet))
    if packet is None:
        return ("The note that a program made the colours is left out, because the film's XMP is damaged.",)
    return ()


def film_tags(source: Path, model: ModelSpec, options: VideoOptions, container: Container) -> dict[str, str]:
    """The tags with which a film of the kind `container` is written to be labelled; none without `options.label`.

    Raises OSError.
    """
    if not options.label:
        return {}
    packet = _film_label(source, model, options) if container.label == "tag" else None
    return {"comment": COMMENT, **({} if packet is None else {"xmp": packet.decode()})}


def _film_label(source: Path, model: ModelSpec, options: VideoOptions) -> bytes | None:
    """The XMP of the film `source` with the label of its result; None if that XMP is damaged. Raises OSError."""
    xmp = _read_xmp(source)
    kept = None if xmp is None else normalize_xmp(xmp)[0]
    return label_packet(kept, make_recipe("film", file_sha256(source), model, options))


def xmp_box(packet: bytes) -> bytes:
    """The box that an XMP packet has in an MP4 file, to be appended to it."""
    return struct.pack(">I4s", 8 + len(_XMP_BOX) + len(packet), b"uuid") + _XMP_BOX + packet


def _read_xmp(path: Path) -> bytes | None:
    """The XMP packet of an MP4, QuickTime or Matroska film; None for other films, and for those without one."""
    with open_container(path, options={"export_xmp": "1"}) as container:
        text = next((value for key, value in container.metadata.items() if key.lower() == "xmp"), None)
    return None if text is None else text.encode("utf-8", "surrogateescape")
