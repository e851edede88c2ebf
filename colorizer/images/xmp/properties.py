"""Set and read single properties of an XMP packet. What others wrote stays byte for byte (ISO 16684-1)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple
from xml.etree import ElementTree
from xml.sax.saxutils import escape, quoteattr

from colorizer.images.xmp.outline import RDF, Outline, Property, cut, read_outline, unite

_IPTC_EXTENSION = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
_NEW = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n<x:xmpmeta xmlns:x="adobe:ns:meta/">'
    f'<rdf:RDF xmlns:rdf="{RDF}">%s</rdf:RDF></x:xmpmeta>\n<?xpacket end="w"?>'
)
_ABOUT = re.compile(rb"""\s[^\s=>]+:about\s*=\s*(?:"([^"]*)"|'([^']*)')""")


class Name(NamedTuple):
    """The name of a property; `prefix`: the usual one of its namespace."""

    namespace: str
    prefix: str
    local: str


# IPTC Photo Metadata Standard 2025.1
DIGITAL_SOURCE_TYPE = Name(_IPTC_EXTENSION, "Iptc4xmpExt", "DigitalSourceType")
AI_SYSTEM_USED = Name(_IPTC_EXTENSION, "Iptc4xmpExt", "AISystemUsed")
AI_SYSTEM_VERSION_USED = Name(_IPTC_EXTENSION, "Iptc4xmpExt", "AISystemVersionUsed")
CREATOR_TOOL = Name("http://ns.adobe.com/xap/1.0/", "xmp", "CreatorTool")
# A name of our own, which no other program writes; a URN, because the program has no domain.
RECIPE = Name("urn:ai-colouriser:1.0/", "colouriser", "Recipe")
PREVIOUS_SOURCE_TYPE = Name(RECIPE.namespace, RECIPE.prefix, "PreviousDigitalSourceType")


def read_property(packet: bytes, name: Name) -> str | None:
    """The text of a property of the picture, of several texts the first; None if the packet does not have it.

    Properties within others, for example those of an ingredient, are not the picture's.
    """
    if read_outline(packet) is None:
        return None
    root = ElementTree.fromstring(packet.rstrip(b"\0"))  # safe: without a document type, and of limited size
    rdf = root if root.tag == f"{{{RDF}}}RDF" else root.find(f".//{{{RDF}}}RDF")
    key = f"{{{name.namespace}}}{name.local}"
    for description in rdf if rdf is not None else ():
        if key in description.attrib:
            return description.attrib[key]
        if (element := description.find(key)) is not None:
            texts = (text.strip() for text in (element.get(f"{{{RDF}}}resource", ""), *element.itertext()))
            return next(filter(None, texts), "")
    return None


def set_properties(packet: bytes | None, values: Mapping[Name, str]) -> bytes | None:
    """A packet with these properties of the picture, each a simple text in place of the one that is there.

    `packet`: None for a new one. Returns None if the packet is no XML to which properties can be added.
    """
    outline = None if packet is None else read_outline(packet)
    if packet is None or not packet.strip(b"\0 \t\r\n") or (outline is not None and outline.says_nothing()):
        return (_NEW % _describe(values, b"").decode()).encode()
    if outline is None:
        return None
    rest = cut(packet, unite(_places_of(outline, {(name.namespace, name.local) for name in values})))
    left = read_outline(rest)
    if left is None or not outline.descriptions:
        return None
    if not left.descriptions:  # the properties in question were all that the packet had
        return (_NEW % _describe(values, b"").decode()).encode()
    start, stop = left.descriptions[-1]
    about = _ABOUT.search(rest[start : rest.index(b">", start)])  # the same for all descriptions of a packet
    merged = rest[:stop] + _describe(values, (about[1] or about[2] or b"") if about else b"") + rest[stop:]
    return None if read_outline(merged) is None else merged


def _places_of(outline: Outline, names: set[tuple[str, str]]) -> Iterable[tuple[int, int]]:
    """The places of the picture's properties of these names, and of descriptions that have no others."""
    outermost = set(unite((item.start, item.stop) for item in outline.properties))
    found = [item for item in outline.properties if _place(item) in outermost and (item.namespace, item.name) in names]
    going = {_place(item) for item in found}
    for start, stop in outline.descriptions:
        inside = {place for place in outermost if start <= place[0] and place[1] <= stop}
        if inside and inside <= going:
            going.add((start, stop))
    return going


def _place(item: Property) -> tuple[int, int]:
    return item.start, item.stop


def _describe(values: Mapping[Name, str], about: bytes) -> bytes:
    """A description with declarations of all its prefixes, so that it fits into any packet."""
    spaces = {"rdf": RDF} | {name.prefix: name.namespace for name in values}
    declarations = "".join(f" xmlns:{prefix}={quoteattr(space)}" for prefix, space in spaces.items())
    elements = "".join(
        f"<{name.prefix}:{name.local}>{escape(text)}</{name.prefix}:{name.local}>" for name, text in values.items()
    )
    quoted = about.decode(errors="replace").replace('"', "&quot;")  # already escaped, but perhaps within apostrophes
    return f'<rdf:Description{declarations} rdf:about="{quoted}">{elements}</rdf:Description>'.encode()
