"""XMP packets: what does not hold for the result is taken out, and all other bytes stay."""

from __future__ import annotations

import re
from collections.abc import Iterable

from colorizer.images.xmp.outline import HAS_EXTENDED_XMP, Property, cut, read_outline, unite
from colorizer.images.xmp.properties import RECIPE

_GOOGLE = "http://ns.google.com/photos"
# Properties that do not hold for the coloured, upright picture in a file of its own: their namespace, the pattern of
# their names, and what is lost with them. Those of motion photos and gain maps point at data behind the picture, the
# technical ones repeat what the file says itself, and the thumbnail is grey.
_UNTRUE = (
    (f"{_GOOGLE}/1.0/camera/", "(MicroVideo|MotionPhoto).*", None),
    (f"{_GOOGLE}/1.0/container/", ".*", None),
    (f"{_GOOGLE}/1.0/container/item/", ".*", None),
    (f"{_GOOGLE}/1.0/depthmap/", ".*", "a depth map in the XMP"),
    (f"{_GOOGLE}/1.0/image/", ".*", "a further picture in the XMP"),
    (f"{_GOOGLE}/1.0/audio/", ".*", "sound in the XMP"),
    (f"{_GOOGLE}/dd/1.0/device/", ".*", None),
    ("http://ns.adobe.com/hdr-gain-map/1.0/", ".*", None),
    ("http://ns.apple.com/HDRGainMap/1.0/", ".*", None),
    (*HAS_EXTENDED_XMP, None),
    ("http://ns.adobe.com/xap/1.0/", "Thumbnails", None),
    ("http://ns.adobe.com/photoshop/1.0/", "ColorMode|ICCProfile", None),
    (
        "http://ns.adobe.com/tiff/1.0/",
        "Image(Width|Length)|BitsPerSample|Compression|PhotometricInterpretation|SamplesPerPixel|"
        "PlanarConfiguration|YCbCr.*",
        None,
    ),
    ("http://ns.adobe.com/exif/1.0/", "Pixel[XY]Dimension|ColorSpace", None),
    (RECIPE.namespace, RECIPE.local, None),  # of the file itself, if it is a result; a result of it has its own
)
# Properties that name places in the picture (MWG's guidelines 2.0, IPTC's, Microsoft's and ACDSee's regions).
_REGIONS_LOST = "regions that the XMP marks in the picture, because it is turned, cropped or gets a caption"
_PLACES = (
    ("http://www.metadataworkinggroup.com/schemas/regions/", "Regions", _REGIONS_LOST),
    ("http://iptc.org/std/Iptc4xmpExt/2008-02-29/", "ImageRegion", _REGIONS_LOST),
    ("http://ns.microsoft.com/photo/1.2/", "RegionInfo", _REGIONS_LOST),
    ("http://ns.acdsee.com/regions/", "Regions", _REGIONS_LOST),
)

Rules = dict[str, tuple[re.Pattern[str], str | None]]  # names of properties, and what is lost with them, by namespace


def _compile(rules: Iterable[tuple[str, str, str | None]]) -> Rules:
    return {namespace: (re.compile(names), lost) for namespace, names, lost in rules}


_UNTRUE_RULES, _PLACE_RULES = _compile(_UNTRUE), _compile(_PLACES)

_ORIENTATION = re.compile(rb"""(tiff:Orientation(?:\s*>\s*|\s*=\s*["']\s*))[1-8]""")
_PREFIX = re.compile(rb"""[<\s/]([^\s<>:=/"']+):""")
_DECLARATION = re.compile(rb"""\s+xmlns:([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")


def normalize_xmp(xmp: bytes) -> tuple[bytes | None, tuple[str, ...]]:
    """Make a packet true for the upright, coloured picture: orientation 1, and without the properties of `_UNTRUE`.

    Returns the packet, or None if nothing is left in it, and what was lost with these properties, for the user. All
    other bytes are kept. Of what is no XML, only the orientation is changed.
    """
    return _drop(_ORIENTATION.sub(rb"\g<1>1", xmp), _UNTRUE_RULES)


def drop_regions(xmp: bytes) -> tuple[bytes | None, tuple[str, ...]]:
    """A packet without the regions that it marks in the picture; returns as `normalize_xmp` does."""
    return _drop(xmp, _PLACE_RULES)


def _drop(xmp: bytes, rules: Rules) -> tuple[bytes | None, tuple[str, ...]]:
    """The packet without the properties that match, or None if nothing is left in it, and what is lost with them."""
    outline = read_outline(xmp)
    dropped = [item for item in outline.properties if _matches(item, rules)] if outline else []
    if not dropped:
        return xmp, ()
    lost = dict.fromkeys(text for item in dropped if (text := rules[item.namespace][1]))
    kept = cut(xmp, unite((item.start, item.stop) for item in dropped))
    rest = read_outline(kept)
    if rest is not None and rest.says_nothing():
        return None, tuple(lost)
    return _drop_declarations(kept, {item.namespace for item in dropped}), tuple(lost)


def _matches(item: Property, rules: Rules) -> bool:
    return item.namespace in rules and rules[item.namespace][0].fullmatch(item.name) is not None


def _drop_declarations(packet: bytes, namespaces: set[str]) -> bytes:
    """Drop the declarations of prefixes of these namespaces that nothing uses any more."""
    used = set(_PREFIX.findall(packet))

    def keep(found: re.Match[bytes]) -> bytes:
        namespace = (found[2] or found[3] or b"").decode(errors="replace")
        return b"" if namespace in namespaces and found[1] not in used else found[0]

    return _DECLARATION.sub(keep, packet)
