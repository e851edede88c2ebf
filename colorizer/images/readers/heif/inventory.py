"""What an AVIF or HEIC file holds besides its picture, named for the user."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from colorizer.images.readers.heif.boxes import Item, ItemFile
from colorizer.images.readers.heif.items import ALPHA_TYPES, DERIVED, XMP_TYPE, auxiliary_type
from colorizer.images.samples import name_private, name_rest

_CODED = ("av01", "hvc1", "hev1", "lhv1", "avc1", "jpeg", "j2k1", "vvc1", "unci", "mski")
_METADATA = ("Exif", "mime")
_C2PA = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")  # the type of the box "uuid" that has it
_GAIN_MAP = "a gain map, which makes the picture brighter on HDR displays"
# Pieces of the type of an auxiliary picture.
_AUXILIARY = (
    ("auxiliary:depth", "a depth map"),
    ("hevc:2015:auxid:2", "a depth map"),
    ("disparity", "a depth map"),
    ("hdrgainmap", _GAIN_MAP),
    ("matte", "a matte of a part of the picture"),
)
# Properties of a picture that the decoded pixels, their encoding or the notes hold.
_TECHNICAL = {
    "ispe", "pixi", "av1C", "hvcC", "avcC", "vvcC", "jpgC", "colr", "irot", "imir", "clap", "pasp", "auxC", "a1op",
    "a1lx", "lsel", "oinf", "lhvC", "tols", "clli", "mdcv", "cclv", "amve", "ndwt", "rref", "cmpd", "uncC", "free",
}  # fmt: skip
_PROPERTIES = {
    "udes": "a description of the picture (udes)",
    "altt": "a text for the blind (altt)",
    "crtt": "the time of creation in the container",
    "mdft": "the time of the last change",
    "cmin": "the measures of the lens",
    "cmex": "the position of the camera",
}
_TOP = {"ftyp", "meta", "mdat", "free", "skip", "wide", "idat", "moov", "styp", "sidx", "mfra"}


def list_entries(data: bytes, file: ItemFile) -> Iterator[str]:
    """The entries of a file apart from its primary picture, the alpha and the metadata of that, and thumbnails."""
    primary = file.items.get(file.primary, Item())
    yield from _list_properties(primary)
    yield from _list_items(file)
    private = [box.kind for box in file.boxes if box.kind not in _TOP and box.kind not in ("mpvd", "uuid")]
    for box in file.boxes:
        if box.kind == "uuid":
            is_c2pa = data[box.start : box.start + len(_C2PA)] == _C2PA
            yield "content credentials (C2PA)" if is_c2pa else "a private entry (uuid)"
        elif box.kind == "mpvd":
            yield "the film of a motion photo"
    yield from name_private(private)
    if file.boxes and file.boxes[-1].stop < len(data):
        yield name_rest(len(data) - file.boxes[-1].stop)


def count_pictures(file: ItemFile) -> int:
    """The pictures to look at, which are no parts, thumbnails or auxiliary pictures of others."""
    return 1 + sum(1 for number in _further_pictures(file))


def _list_properties(primary: Item) -> Iterator[str]:
    kinds = [kind for kind, _ in primary.properties]
    yield from (_PROPERTIES[kind] for kind in kinds if kind in _PROPERTIES)
    yield from name_private(kind for kind in kinds if kind not in _TECHNICAL and kind not in _PROPERTIES)
    aspect = primary.property("pasp") or b""
    if len(aspect) == 8 and aspect[:4] != aspect[4:]:
        across, down = struct.unpack(">II", aspect)
        yield f"the shape of the pixels, which is {across} : {down}"


def _list_items(file: ItemFile) -> Iterator[str]:
    private = []
    auxiliary = [
        _describe_auxiliary(auxiliary_type(item))
        for item in file.items.values()
        if file.primary in item.references.get("auxl", ()) and auxiliary_type(item) not in ALPHA_TYPES
    ]
    yield from auxiliary
    if any(item.kind == "tmap" for item in file.items.values()) and _GAIN_MAP not in auxiliary:
        yield _GAIN_MAP
    for item in file.items.values():
        if "auxl" in item.references:
            continue
        if item.kind == "sato":
            yield "the lowest bits of a picture of 16 bits"
        elif item.kind == "mime" and item.content_type != XMP_TYPE and file.primary in item.references.get("cdsc", ()):
            private.append(item.content_type)
        elif item.kind and item.kind not in (*_CODED, *DERIVED, *_METADATA, "tmap"):
            private.append(item.kind)
    yield from name_private(private)


def _describe_auxiliary(urn: str) -> str:
    known = (text for piece, text in _AUXILIARY if piece in urn)
    return next(known, f"an auxiliary picture ({urn})")


def _further_pictures(file: ItemFile) -> Iterator[int]:
    parts = {number for item in file.items.values() for number in item.references.get("dimg", ())} | {file.primary}
    for number, item in file.items.items():
        is_shown = item.kind in (*_CODED, *DERIVED) and not item.hidden and number not in parts
        if is_shown and not {"thmb", "auxl"} & item.references.keys():
            yield number
