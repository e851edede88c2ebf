"""The blocks of metadata in the segments of a JPEG file (JFIF 1.02; CIPA DC-007, MPF; ICC.1, annex B).

Each function gets the contents of the segments of one kind, without the beginning that names it. Those with the
argument `lost` append to it what the result does not keep, for the user.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence

from colorizer.images import photoshop
from colorizer.images.metadata import INCH, read_directory, valid_dpi
from colorizer.images.xmp import extension

COMMENT = "Comment"
_DUCKY_TEXTS = {2: COMMENT, 3: "Copyright"}  # of Photoshop's "Save for Web"; 1 is the quality
_MPF_ENTRIES = 0xB002
_PREVIEW_TYPES = (0x010001, 0x010002)  # "large thumbnail"


def read_density(contents: Sequence[bytes], lost: list[str]) -> tuple[float, float] | None:
    """The resolution of JFIF in dots per inch; None if it only gives the shape of the pixels, or nothing."""
    if not contents or len(contents[0]) < 7:
        return None
    unit, across, down = struct.unpack_from(">2xBHH", contents[0])
    if unit in (1, 2):  # per inch, per centimetre
        dots = 1.0 if unit == 1 else 100 * INCH
        return valid_dpi(across * dots, down * dots)
    if across != down and across and down:
        lost.append(f"the shape of the pixels, which is {down} : {across}")
    return None


def read_xmp(packets: Sequence[bytes], chunks: Sequence[bytes], lost: list[str]) -> bytes | None:
    """The XMP packet, in one with its extension. Its chunks begin with identifier, length of the whole, and offset."""
    packet = packets[0] if packets else None
    lost += ["a further XMP packet"] * (len(packets) - 1)
    identifier = extension.find_identifier(packet) if packet else None
    if packet is None or identifier is None:
        lost += ["XMP that belongs to no other"] if chunks else []
        return packet
    pieces = {}
    length = 0
    for chunk in chunks:
        if chunk.upper().startswith(identifier.upper()) and len(chunk) >= 40:
            length, offset = struct.unpack_from(">II", chunk, 32)
            pieces[offset] = chunk[40:]
    whole = b"".join(pieces[offset] for offset in sorted(pieces))
    merged = extension.merge(packet, whole) if whole and len(whole) == length else None
    if merged is None:
        lost.append("a part of the XMP, which is damaged or missing")
    return merged or packet


def read_profile(chunks: Sequence[bytes], lost: list[str]) -> bytes | None:
    """The colour profile. Its chunks begin with their number, from 1, and the number of all, and come in any order."""
    pieces = {chunk[0]: chunk[2:] for chunk in reversed(chunks) if len(chunk) > 2}
    if not pieces:
        return None
    if sorted(pieces) != list(range(1, chunks[0][1] + 1)):
        lost.append("the colour profile, of which a part is missing")
        return None
    return b"".join(pieces[number] for number in sorted(pieces))


def read_resources(block: bytes, lost: list[str]) -> bytes | None:
    """IPTC from Photoshop's resources."""
    iptc = []
    for number, content in photoshop.read_resources(block):
        if number == photoshop.IPTC:
            iptc.append(content)
        elif (text := photoshop.describe_resource(number)) is not None:
            lost.append(text)
    return b"".join(iptc) or None


def read_comments(
    comments: Sequence[bytes], wide: Sequence[bytes], ducky: Sequence[bytes]
) -> tuple[tuple[str, str], ...]:
    """Keyword and text of each comment: of the standard, PhotoStudio's, and those of Photoshop's "Save for Web"."""
    texts = [(COMMENT, _decode(content)) for content in comments]
    texts += [(COMMENT, content.decode("utf-16-be", "replace")) for content in wide]
    for content in ducky:
        texts += [(_DUCKY_TEXTS[tag], text) for tag, text in _read_ducky(content) if tag in _DUCKY_TEXTS]
    return tuple((keyword, text.strip("\0")) for keyword, text in texts if text.strip("\0 "))


def _decode(content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content.decode("latin-1")


def _read_ducky(content: bytes) -> Iterator[tuple[int, str]]:
    position = 0
    while position + 4 <= len(content):
        tag, length = struct.unpack_from(">HH", content, position)
        position += 4 + length
        yield tag, content[position - length + 4 : position].decode("utf-16-be", "replace")  # behind its length


def name_boxes(chunks: Sequence[bytes], lost: list[str]) -> None:
    """Name what JUMBF boxes hold (ISO/IEC 19566-5). Chunks of one box begin with the same number."""
    boxes: dict[bytes, bool] = {}
    for chunk in chunks:
        boxes[chunk[:2]] = boxes.get(chunk[:2], False) or b"c2pa" in chunk
    for is_c2pa in boxes.values():
        lost.append(
            "content credentials (C2PA), which do not hold for a changed picture" if is_c2pa else "data in a JUMBF box"
        )


def read_previews(content: bytes, place: int) -> Iterator[int]:
    """The offsets in the file of the small copies that an index of pictures (MPF) names; `place`: that of the index."""
    order = "<" if content.startswith(b"II") else ">"
    try:
        length, start = struct.unpack_from(f"{order}4xII", read_directory(content)[_MPF_ENTRIES])
        for position in range(start, min(start + length, len(content)) - 15, 16):
            kind, offset = struct.unpack_from(f"{order}I4xI", content, position)
            if kind & 0xFFFFFF in _PREVIEW_TYPES:
                yield place + offset
    except (struct.error, KeyError):
        return  # the pictures are then found by their own beginnings
