"""Properties that are added to an XMP packet: the rest stays byte for byte, and exiftool reads both."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from colorizer.images.xmp import normalize_xmp
from colorizer.images.xmp.properties import (
    CREATOR_TOOL,
    DIGITAL_SOURCE_TYPE,
    RECIPE,
    Name,
    read_property,
    set_properties,
)
from tests.colorizer.images.test_captions import read_tags
from tests.colorizer.images.test_xmp import TITLE, packet
from tests.support.jpegs import jpeg, segment, with_segments

VALUES = {DIGITAL_SOURCE_TYPE: "http://a/b", RECIPE: '{"a":"<&>\\"%s"}'}
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"))
INGREDIENT = (
    "<xmpMM:Pantry xmlns:xmpMM='http://ns.adobe.com/xap/1.0/mm/'><rdf:Bag><rdf:li><rdf:Description>"
    "<xmp:CreatorTool>Scanner</xmp:CreatorTool></rdf:Description></rdf:li></rdf:Bag></xmpMM:Pantry>"
)


def read_all(made: bytes, names: dict[Name, str]) -> dict[Name, str | None]:
    return {name: read_property(made, name) for name in names}


@pytest.mark.parametrize("nothing", [None, b"", b" \0", packet("", ""), packet(' xmpNote:HasExtendedXMP="A"', "")[:0]])
def test_a_new_packet(nothing: bytes | None, tmp_path: Path) -> None:
    made = set_properties(nothing, VALUES)
    assert made is not None
    assert read_all(made, VALUES) == VALUES
    tags = read_tags(with_segments(jpeg(), segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + made)), ".jpg", tmp_path)
    assert tags["XMP-colouriser:Recipe"] == VALUES[RECIPE]
    assert tags["XMP-iptcExt:DigitalSourceType"] == "http://a/b"


def test_what_is_there_stays_byte_for_byte(tmp_path: Path) -> None:
    there = packet(' photoshop:City="Kioto"', TITLE + INGREDIENT)
    made = set_properties(there, VALUES)
    assert made is not None
    added = re.search(rb"<rdf:Description xmlns:rdf=.*?</rdf:Description>", made)
    assert added is not None
    assert made == there.replace(b"\n</rdf:RDF>", added[0] + b"\n</rdf:RDF>")
    tags = read_tags(with_segments(jpeg(), segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + made)), ".jpg", tmp_path)
    assert (tags["XMP-photoshop:City"], tags["XMP-dc:Title"]) == ("Kioto", 'Der See > "1"')
    assert tags["XMP-colouriser:Recipe"] == VALUES[RECIPE]


@pytest.mark.parametrize(
    ("attributes", "elements"),
    [
        (' xmp:CreatorTool="Scan &amp; Co"', TITLE),
        ("", "<xmp:CreatorTool>Scan &amp; Co</xmp:CreatorTool>" + TITLE),
        ("", TITLE + "<xmp:CreatorTool> Scan &#38; Co\n</xmp:CreatorTool>"),
        ("", TITLE + "<xmp:CreatorTool rdf:resource='Scan &amp; Co'/>"),
    ],
)
def test_a_value_takes_the_place_of_the_one_before(attributes: str, elements: str) -> None:
    there = packet(attributes, elements + INGREDIENT)
    assert read_property(there, CREATOR_TOOL) == "Scan & Co"
    made = set_properties(there, {CREATOR_TOOL: "new"})
    assert made is not None
    assert read_property(made, CREATOR_TOOL) == "new"
    assert b"Scan &" not in made
    assert b"<xmp:CreatorTool>Scanner</xmp:CreatorTool>" in made  # of an ingredient, not of the picture
    assert read_property(packet("", TITLE + INGREDIENT), CREATOR_TOOL) is None


@settings(max_examples=50, deadline=None)
@given(st.lists(st.dictionaries(st.sampled_from([CREATOR_TOOL, DIGITAL_SOURCE_TYPE, RECIPE]), TEXTS, min_size=1)))
def test_setting_again_and_again_does_not_let_a_packet_grow(rounds: list[dict[Name, str]]) -> None:
    made = packet(' photoshop:City="Kioto"')
    for values in rounds:
        for _ in range(2):
            before, changed = made, set_properties(made, values)
            assert changed is not None
            made = changed
            assert {name: (text or "").strip() for name, text in read_all(made, values).items()} == {
                name: text.strip() for name, text in values.items()
            }
        assert len(made) == len(before)
    assert made.count(b"<rdf:Description") <= 1 + 3
    assert read_property(made, Name("http://ns.adobe.com/photoshop/1.0/", "photoshop", "City")) == "Kioto"


def test_all_descriptions_are_about_the_same() -> None:
    there = packet(' photoshop:City="Kioto"').replace(b'rdf:about=""', b"rdf:about='uuid:1\"&amp;2'")
    made = set_properties(there, VALUES)
    assert made is not None
    assert made.count(b"uuid:1") == 2
    assert read_all(made, VALUES) == VALUES


@pytest.mark.parametrize(
    "odd",
    [
        b"no XML",
        packet(' photoshop:City="Kioto"')[:-80],
        b"<!DOCTYPE x [<!ENTITY a 'aaaa'>]>" + packet(' photoshop:City="Kioto"'),
        packet(' photoshop:City="Kioto"').decode().encode("utf-16"),
        b"<a xmlns='b' c='d'><e/></a>",
    ],
)
def test_what_is_no_packet_is_left_alone(odd: bytes) -> None:
    assert set_properties(odd, VALUES) is None
    assert read_property(odd, RECIPE) is None


def test_a_result_of_a_result_does_not_carry_the_first_recipe() -> None:
    made = set_properties(packet(' photoshop:City="Kioto"'), VALUES)
    assert made is not None
    kept, lost = normalize_xmp(made)
    assert (read_property(kept or b"", RECIPE), lost) == (None, ())
    assert read_property(kept or b"", DIGITAL_SOURCE_TYPE) == "http://a/b"
