"""XMP packets: what is no longer true goes, everything else stays byte for byte."""

from __future__ import annotations

from pathlib import Path

import pytest

from colorizer.images import decode, encode
from colorizer.images.xmp import extension, normalize_xmp
from tests.colorizer.images.test_captions import read_tags
from tests.support.jpegs import jpeg, segment, with_segments

GOOGLE = "http://ns.google.com/photos/1.0"
SPACES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "tiff": "http://ns.adobe.com/tiff/1.0/",
    "photoshop": "http://ns.adobe.com/photoshop/1.0/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "hdrgm": "http://ns.adobe.com/hdr-gain-map/1.0/",
    "GCamera": f"{GOOGLE}/camera/",
    "Cam": f"{GOOGLE}/camera/",
    "Container": f"{GOOGLE}/container/",
    "Item": f"{GOOGLE}/container/item/",
    "GDepth": f"{GOOGLE}/depthmap/",
    "GImage": f"{GOOGLE}/image/",
}
TITLE = '<dc:title><rdf:Alt><rdf:li xml:lang="x-default">Der See &gt; "1"</rdf:li></rdf:Alt></dc:title>'
DIRECTORY = (
    '<Container:Directory><rdf:Seq><rdf:li rdf:parseType="Resource"><Container:Item Item:Mime="image/jpeg" '
    'Item:Semantic="Primary"/></rdf:li><rdf:li rdf:parseType="Resource"><Container:Item Item:Mime="video/mp4" '
    'Item:Semantic="MotionPhoto" Item:Length="3071"/></rdf:li></rdf:Seq></Container:Directory>'
)


def packet(attributes: str = "", elements: str = TITLE) -> bytes:
    """A packet with some attributes and elements of its description."""
    text = attributes + elements
    used = "".join(f' xmlns:{prefix}="{name}"' for prefix, name in SPACES.items() if f"{prefix}:" in text)
    used = used.replace(f' xmlns:rdf="{SPACES["rdf"]}"', "")
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n<x:xmpmeta xmlns:x="adobe:ns:meta/">\n'
        f'<rdf:RDF xmlns:rdf="{SPACES["rdf"]}">\n<rdf:Description rdf:about=""{used}{attributes}>\n{elements}\n'
        '</rdf:Description>\n</rdf:RDF>\n</x:xmpmeta>\n   \n<?xpacket end="w"?>'
    ).encode()


@pytest.mark.parametrize(
    ("attributes", "elements"),
    [
        (' GCamera:MotionPhoto="1" GCamera:MotionPhotoVersion="1"', ""),
        (" GCamera:MicroVideo='1'\n  GCamera:MicroVideoOffset = '3071'", ""),
        (' Cam:MicroVideo="1"', ""),
        ("", "<GCamera:MotionPhoto>1</GCamera:MotionPhoto><GCamera:MicroVideoOffset>3</GCamera:MicroVideoOffset>"),
        ("", DIRECTORY),
        (' hdrgm:Version="1.0"', "<hdrgm:GainMapMax><rdf:Seq><rdf:li>2.1</rdf:li></rdf:Seq></hdrgm:GainMapMax>"),
        ("", "<xmp:Thumbnails><rdf:Alt><rdf:li rdf:parseType='Resource'/></rdf:Alt></xmp:Thumbnails>"),
        (' photoshop:ColorMode="1" photoshop:ICCProfile="Dot Gain 20%"', ""),
        (' tiff:ImageWidth="60" tiff:SamplesPerPixel="1"', "<tiff:BitsPerSample/>"),
    ],
)
def test_what_is_no_longer_true_goes(attributes: str, elements: str) -> None:
    assert normalize_xmp(packet(attributes, TITLE + elements)) == (packet(), ())


@pytest.mark.parametrize(
    ("elements", "lost"),
    [
        ('<GDepth:Data>AAAA</GDepth:Data><GDepth:Mime rdf:resource="x"/>', "a depth map in the XMP"),
        ("<GImage:Data>AAAA</GImage:Data>", "a further picture in the XMP"),
    ],
)
def test_pictures_in_the_packet_are_named(elements: str, lost: str) -> None:
    assert normalize_xmp(packet("", TITLE + elements)) == (packet(), (lost,))
    data = with_segments(jpeg(), segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + packet("", TITLE + elements)))
    assert decode(data).notes == (f"dropped: {lost}",)


def test_what_is_true_stays() -> None:
    made = packet(' GCamera:BurstID="x" photoshop:City="Kioto" xmp:Rating="5"')
    assert normalize_xmp(made) == (made, ())
    left = packet(' GCamera:BurstID="x" GCamera:MotionPhoto="1"')
    assert normalize_xmp(left) == (packet(' GCamera:BurstID="x"'), ())


def test_a_packet_of_which_nothing_is_left_goes() -> None:
    assert normalize_xmp(packet(' GCamera:MotionPhoto="1"', "")) == (None, ())


@pytest.mark.parametrize(
    "form", [' tiff:Orientation="%d"', " tiff:Orientation = '%d'", "<tiff:Orientation>%d</tiff:Orientation>"]
)
def test_the_orientation_becomes_1(form: str) -> None:
    def made(orientation: int) -> bytes:
        text = form % orientation
        return packet(text) if text.startswith(" ") else packet("", text + TITLE)

    assert normalize_xmp(made(6)) == (made(1), ())
    main, _, body = extension.split(made(6))
    merged = extension.merge(main, body)
    assert merged is not None
    assert normalize_xmp(merged)[0] == extension.merge(main, extension.split(made(1))[2])


@pytest.mark.parametrize(
    "odd",
    [
        b"",
        b"no XML",
        b"<rdf:RDF",
        packet(' GCamera:MotionPhoto="1"')[:-80],
        b"<!DOCTYPE x [<!ENTITY a 'aaaa'>]>" + packet(' GCamera:MotionPhoto="1"'),
        packet(' GCamera:MotionPhoto="1"').decode().encode("utf-16"),
    ],
)
def test_what_is_no_xml_stays(odd: bytes) -> None:
    assert normalize_xmp(odd) == (odd, ())


def test_a_motion_photo_becomes_a_photo(tmp_path: Path) -> None:
    made = packet(' GCamera:MotionPhoto="1" GCamera:MicroVideoOffset="3071"', DIRECTORY + TITLE)
    film = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + bytes(3047)
    read = decode(with_segments(jpeg(), segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + made)) + film)
    assert read.notes == ("dropped: a film behind the picture, as in a motion photo",)
    found = read_tags(encode(read, ".jpg"), ".jpg", tmp_path)
    assert found["XMP-dc:Title"] == 'Der See > "1"'
    assert [key for key in found if "GCamera" in key or "Container" in key] == []


def test_an_extension_is_split_off_and_merged() -> None:
    made = packet(' photoshop:City="Kioto"').replace(b">\n   \n<?", b"><?").replace(b"?>\n<x", b"?><x")
    main, identifier, body = extension.split(made)
    assert extension.find_identifier(main) == identifier
    assert len(main) < 400
    assert extension.merge(main, body) == made


def test_an_extension_keeps_its_namespaces(tmp_path: Path) -> None:
    """Its prefixes may be declared outside of the descriptions, and may mean something else in the packet."""
    more = (
        f'<x:xmpmeta xmlns:x="adobe:ns:meta/" xmlns:dc="{SPACES["photoshop"]}"><r:RDF xmlns:r="{SPACES["rdf"]}">'
        '<r:Description r:about="" dc:City="Kioto"/></r:RDF></x:xmpmeta>'
    ).encode()
    merged = extension.merge(packet(), more)
    assert merged is not None
    data = with_segments(jpeg(), segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + merged))
    found = read_tags(data, ".jpg", tmp_path)
    assert found["XMP-photoshop:City"] == "Kioto"
    assert found["XMP-dc:Title"] == 'Der See > "1"'


@pytest.mark.parametrize("more", [b"no XML", b"<a/>x", b"<!DOCTYPE a><a/>"])
def test_an_extension_that_is_no_xml_is_not_merged(more: bytes) -> None:
    assert extension.merge(packet(), more) is None
