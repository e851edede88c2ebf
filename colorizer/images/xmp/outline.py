"""The places of what an XMP packet holds, so that it can be changed without being written anew (ISO 16684-1)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
HAS_EXTENDED_XMP = ("http://ns.adobe.com/xmp/note/", "HasExtendedXMP")
_STRUCTURE = {RDF, "adobe:ns:meta/", "http://www.w3.org/XML/1998/namespace", ""}  # says nothing about the picture
_MOST_ITEMS = 50_000  # elements and attributes; packets have thousands at most
_NAME = re.compile(rb"<[^\s/>]+")
_ATTRIBUTE = re.compile(rb"""\s+([^\s=/>]+)\s*=\s*(?:"[^"]*"|'[^']*')""")


@dataclass(frozen=True)
class Property:
    """An attribute or an element and its place in the packet; an attribute's begins with the white space before it."""

    namespace: str
    name: str
    start: int
    stop: int


@dataclass
class Outline:
    """The places of what a packet holds.

    `properties`: at any depth. `descriptions`: the elements in rdf:RDF. `scope`: the namespaces that are declared
    outside of them, by prefix.
    """

    properties: list[Property] = field(default_factory=list)
    descriptions: list[tuple[int, int]] = field(default_factory=list)
    scope: dict[str, str] = field(default_factory=dict)

    def says_nothing(self) -> bool:
        """Whether there is nothing about the picture, apart from the reference to an extension."""
        return all((item.namespace, item.name) == HAS_EXTENDED_XMP for item in self.properties)


def read_outline(packet: bytes) -> Outline | None:
    """The outline of a packet, or None if it is no XML in UTF-8, absurdly long, or has a document type (entities)."""
    packet = packet.rstrip(b"\0")
    if b"<!DOCTYPE" in packet or b"\0" in packet:
        return None
    try:
        return _Reader(packet).read()
    except (expat.ExpatError, ValueError):
        return None


def unite(places: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The outermost of places that are apart or within each other, in order."""
    end = 0
    for start, stop in sorted(places, key=lambda place: (place[0], -place[1])):
        if start >= end:
            yield start, stop
            end = stop


def cut(packet: bytes, places: Iterable[tuple[int, int]]) -> bytes:
    """The packet without what lies at these places, which are in order and apart."""
    pieces, position = [], 0
    for start, stop in places:
        pieces.append(packet[position:start])
        position = stop
    return b"".join([*pieces, packet[position:]])


class _Reader:
    def __init__(self, packet: bytes) -> None:
        self._packet = packet
        self._outline = Outline()
        self._open: list[tuple[int, int]] = []  # the places of the start tags of the elements that are open
        self._depth_of_rdf = 0
        self._count = 0
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.ordered_attributes = True
        self._parser.StartNamespaceDeclHandler = self._declare
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end

    def read(self) -> Outline:
        self._parser.Parse(self._packet, True)
        return self._outline

    def _count_item(self) -> None:
        self._count += 1
        if self._count > _MOST_ITEMS:
            raise ValueError(f"expected XMP of up to {_MOST_ITEMS} elements and attributes, got more")

    def _declare(self, prefix: str | None, namespace: str | None) -> None:
        self._count_item()
        if not self._depth_of_rdf:
            self._outline.scope[prefix or ""] = namespace or ""

    def _start(self, name: str, attributes: list[str]) -> None:
        place = self._parser.CurrentByteIndex
        found = _NAME.match(self._packet, place)
        stop = found.end() if found else place
        names = iter(attributes[::2])
        while (found := _ATTRIBUTE.match(self._packet, stop)) is not None:
            stop = found.end()
            if found[1] != b"xmlns" and not found[1].startswith(b"xmlns:"):
                self._add(next(names), found.start(), stop)
        self._open.append((place, self._packet.index(b">", stop) + 1))
        if name == f"{RDF} RDF":
            self._depth_of_rdf = len(self._open)

    def _end(self, name: str) -> None:
        place, stop = self._open.pop()
        if not self._packet.endswith(b"/>", place, stop):
            stop = self._packet.index(b">", self._parser.CurrentByteIndex) + 1
        self._add(name, place, stop)
        if self._depth_of_rdf and len(self._open) == self._depth_of_rdf:
            self._outline.descriptions.append((place, stop))

    def _add(self, name: str, start: int, stop: int) -> None:
        self._count_item()
        namespace, _, local = name.rpartition(" ")
        if namespace not in _STRUCTURE:
            self._outline.properties.append(Property(namespace, local, start, stop))
