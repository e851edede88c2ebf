"""Extended XMP: a packet that is longer than a segment of a JPEG (Adobe's XMP specification, part 3, 1.1.3.1)."""

from __future__ import annotations

import hashlib
import re
from xml.sax.saxutils import quoteattr

from colorizer.images.xmp.outline import HAS_EXTENDED_XMP, RDF, Outline, read_outline

_IDENTIFIER = re.compile(rb"""HasExtendedXMP(?:\s*>\s*|\s*=\s*["'])([0-9A-Fa-f]{32})""")
_BEGIN, _END = re.compile(rb"\s*(<\?xpacket begin[^>]*\?>)"), b"<?xpacket end"
_PADDING = b"\0 \t\r\n"
_MOST_DECLARATIONS = 10_000  # of namespaces, which all descriptions get from outside; 100 are many
_STUB = (
    f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="{RDF}"><rdf:Description rdf:about="" '
    f'xmlns:xmpNote="{HAS_EXTENDED_XMP[0]}" xmpNote:HasExtendedXMP="%s"/></rdf:RDF></x:xmpmeta>'
)


def find_identifier(packet: bytes) -> bytes | None:
    """The identifier of the packet's extension, 32 hexadecimal digits; None if it has none."""
    found = _IDENTIFIER.search(packet)
    return found[1] if found else None


def split(packet: bytes) -> tuple[bytes, bytes, bytes]:
    """Split a packet: a short one that refers to an extension, the extension's identifier, and the extension."""
    begin, body, end = _unwrap(packet)
    identifier = hashlib.md5(body, usedforsecurity=False).hexdigest().upper()
    return begin + (_STUB % identifier).encode() + end, identifier.encode(), body


def merge(packet: bytes, extension: bytes) -> bytes | None:
    """One packet with what both say; undoes `split`. None if that is impossible, because one of them is no XML."""
    main = read_outline(packet)
    if main is not None and main.says_nothing():
        begin, _, end = _unwrap(packet)
        return begin + extension + end
    more = read_outline(extension)
    if main is None or more is None or not main.descriptions:
        return None
    if len(more.scope) * len(more.descriptions) > _MOST_DECLARATIONS:
        return None
    place = main.descriptions[-1][1]
    added = [_copy_description(extension[start:stop], more, main) for start, stop in more.descriptions]
    merged = packet[:place] + b"".join(added) + packet[place:]
    return None if read_outline(merged) is None else merged


def _copy_description(text: bytes, origin: Outline, target: Outline) -> bytes:
    """An element with declarations of the namespaces that only its packet of origin declares outside of it."""
    head = text[: text.index(b">")]
    foreign = {prefix: name for prefix, name in origin.scope.items() if target.scope.get(prefix) != name}
    declarations = {f"xmlns:{prefix}" if prefix else "xmlns": name for prefix, name in foreign.items()}
    added = "".join(
        f" {key}={quoteattr(name)}" for key, name in declarations.items() if f" {key}=".encode() not in head
    )
    name = re.match(rb"<[^\s/>]+", text)
    place = name.end() if name else 0
    return text[:place] + added.encode() + text[place:]


def _unwrap(packet: bytes) -> tuple[bytes, bytes, bytes]:
    """The processing instructions that may begin and end a packet, and what lies between, without padding."""
    begin, stop = _BEGIN.match(packet), packet.rfind(_END)
    end = packet[stop:].rstrip(_PADDING) if stop >= 0 else b""
    body = packet[begin.end() if begin else 0 : stop if stop >= 0 else len(packet)]
    return begin[1] if begin else b"", body.strip(_PADDING), end
