"""The text chunks of a PNG file, and the metadata that programs store in them."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field

from colorizer.images import photoshop, segments
from colorizer.images.chunks import LONGEST_KEYWORD

TEXT_KINDS = (b"tEXt", b"zTXt", b"iTXt")
_XMP_KEYWORD = "XML:com.adobe.xmp"
_RAW_PROFILE = "Raw profile type "  # ImageMagick's, in hexadecimal digits
_IIM_MARKER = b"\x1c"  # of each data set of IPTC


@dataclass
class Inflater:
    """Decompresses chunks of a file, up to `left` bytes in all."""

    left: int = 64 << 20

    def inflate(self, compressed: bytes) -> bytes:
        """Raises zlib.error for damaged data, ValueError beyond the limit."""
        if self.left == 0:
            raise ValueError("expected fewer compressed data, got more than the limit")  # to zlib, 0 means no limit
        stream = zlib.decompressobj()
        content = stream.decompress(compressed, self.left)
        self.left -= len(content)
        if not stream.eof:
            raise ValueError("expected compressed data with their end, got data that break off or are too long")
        return content


@dataclass(frozen=True)
class Text:
    """A text chunk. `language`: whether it names a language or a keyword in that language."""

    keyword: str
    text: str
    language: bool = False


@dataclass
class Blocks:
    """What the text chunks of a file hold.

    `found`: content by "exif", "xmp", "iptc" or "profile"; of several, the first. `lost`: what was not taken, for the
    user.
    """

    found: dict[str, bytes] = field(default_factory=dict)
    texts: list[tuple[str, str]] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)

    def add(self, text: Text) -> None:
        """Take a text, or the block of metadata that is stored in it."""
        if text.keyword == _XMP_KEYWORD:
            self.keep("xmp", "XMP", text.text.encode())
        elif text.keyword.startswith(_RAW_PROFILE):
            self._add_raw_profile(text)
        else:
            self.texts.append((text.keyword, text.text))
            if text.language:
                self.lost.append("the language of a text")

    def _add_raw_profile(self, text: Text) -> None:
        try:
            _, length, digits = text.text.split(None, 2)
            content = bytes.fromhex(digits)  # skips white space
            if len(content) != int(length):
                raise ValueError(f"expected {length} bytes, got {len(content)}")
        except ValueError:
            self.lost.append(f"a damaged entry ({text.keyword})")
            return
        content = content.removeprefix(segments.PHOTOSHOP)
        if content.startswith(segments.EXIF):
            self.keep("exif", "EXIF", content.removeprefix(segments.EXIF))
        elif content.startswith(segments.XMP) or text.keyword == _RAW_PROFILE + "xmp":
            self.keep("xmp", "XMP", content.removeprefix(segments.XMP))
        elif content.startswith(_IIM_MARKER):
            self.keep("iptc", "IPTC", content)
        elif content.startswith(b"8BIM"):
            self._add_resources(content)
        elif text.keyword in (_RAW_PROFILE + "icc", _RAW_PROFILE + "icm"):
            self.keep("profile", "colour profile", content)
        else:
            self.lost.append(f"a private entry ({text.keyword})")

    def _add_resources(self, content: bytes) -> None:
        for number, resource in photoshop.read_resources(content):
            if number == photoshop.IPTC:
                self.keep("iptc", "IPTC", resource)
            elif (lost := photoshop.describe_resource(number)) is not None:
                self.lost.append(lost)

    def keep(self, key: str, name: str, content: bytes) -> None:
        """Take a block, if it is the first of its kind. `name`: for the user."""
        if self.found.setdefault(key, content) != content:
            self.lost.append(f"a second {name}")


def read_text(kind: bytes, content: bytes, inflater: Inflater) -> Text:
    """Read the content of a text chunk. Raises ValueError or zlib.error if it is damaged."""
    name, separator, rest = content.partition(b"\0")
    if not separator or not 1 <= len(name) <= LONGEST_KEYWORD:
        raise ValueError(f"expected a keyword of 1 to {LONGEST_KEYWORD} bytes, got {len(name)}")
    keyword = name.decode("latin-1")
    if kind == b"tEXt":
        return Text(keyword, rest.decode("latin-1"))
    if kind == b"zTXt":
        return Text(keyword, inflater.inflate(rest[1:]).decode("latin-1"))
    language, translated, text = rest[2:].split(b"\0", 2)
    text = inflater.inflate(text) if rest[0] else text
    return Text(keyword, text.decode(), bool(language or translated))


def read_profile(content: bytes, inflater: Inflater) -> bytes:
    """The profile in an iCCP chunk. Raises ValueError or zlib.error if it is damaged."""
    _, _, rest = content.partition(b"\0")
    return inflater.inflate(rest[1:])
