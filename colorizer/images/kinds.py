"""What kind of file something is. Its first bytes decide, not the ending of its name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from pathlib import Path, PurePath

HEAD_BYTES = 4096  # enough of a file's beginning for `kind_of`


class Medium(Enum):
    """What this program can do with a file: colour it as a photo or as a film, or nothing."""

    PHOTO = "photo"
    FILM = "film"
    OTHER = "other"


@dataclass(frozen=True)
class Kind:
    """A kind of file.

    `name`: with its article, as in "a JPEG". `endings`: of names of such files, lower case, the usual one first; only
    for photos, because results keep the format of a photo and never that of a film.
    """

    medium: Medium
    name: str
    endings: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.name if self.name.endswith("file") else f"{self.name} file"


def _photo(name: str, *endings: str) -> Kind:
    return Kind(Medium.PHOTO, name, endings)


def _film(name: str) -> Kind:
    return Kind(Medium.FILM, name)


def _other(name: str) -> Kind:
    return Kind(Medium.OTHER, name)


UNKNOWN = _other("another kind of file")
EMPTY = _other("an empty file")
TEXT = _other("a text file")
UNMARKED = (UNKNOWN, EMPTY, TEXT)  # without a signature; perhaps a damaged file of another kind
_RAW = _other("a camera's raw file")
ZIP, _RAR, _SEVEN_ZIP, _GZIP = _other("a ZIP"), _other("a RAR"), _other("a 7z"), _other("a gzip")
_BZIP2, _XZ, _TAR = _other("a bzip2"), _other("an xz"), _other("a TAR")
ARCHIVES = (ZIP, _RAR, _SEVEN_ZIP, _GZIP, _BZIP2, _XZ, _TAR)
HEIC = _photo("a HEIC", ".heic", ".heif", ".hif")
_AVIF = _photo("an AVIF", ".avif")
MP4, AVI = _film("an MP4 or QuickTime film"), _film("an AVI")

# Regular expressions of the first bytes, in the order in which they are tried. `\A` is implied; `.` is any byte.
_SIGNATURES: tuple[tuple[bytes, Kind], ...] = (
    # Pictures that are read
    (rb"\xff\xd8\xff(?!\xf7)", _photo("a JPEG", ".jpg", ".jpeg", ".jpe", ".jfif", ".jif", ".jfi", ".mpo")),
    (rb"\x89PNG\r\n\x1a\n", _photo("a PNG", ".png", ".apng")),
    (rb"RIFF.{4}WEBP", _photo("a WebP", ".webp")),
    (rb"II\*\0.{4}CR", _RAW),  # Canon's CR2, which is a TIFF otherwise
    (rb"II[*+]\0|MM\0[*+]", _photo("a TIFF", ".tif", ".tiff")),
    # The length of its second header.
    (rb"BM.{12}[\x0c\x10\x28\x34\x38\x40\x6c\x7c]\0\0\0", _photo("a BMP", ".bmp", ".dib")),
    (rb".{4}ftyp(?:avif|avis)", _AVIF),
    (rb".{4}ftyp(?:hei[cxms]|hev[cxms])", HEIC),
    # The brand of the codec is among the compatible ones.
    (rb".{4}ftyp(?:mif1|msf1).{4}(?:.{4})*?(?:avif|avis)", _AVIF),
    (rb".{4}ftyp(?:mif1|msf1)", HEIC),
    # Pictures that are not
    (rb"\xff\xd8\xff\xf7", _other("a JPEG-LS")),
    (rb"\0\0\0\x0cjP  |\xff\x4f\xff\x51", _other("a JPEG 2000")),
    (rb"\0\0\0\x0cJXL |\xff\x0a", _other("a JPEG XL")),
    (rb"II\xbc", _other("a JPEG XR")),
    (rb"GIF8", _other("a GIF")),
    (rb"8BP[SB]", _other("a Photoshop")),
    (rb"gimp xcf", _other("a GIMP")),
    (rb"%PDF", _other("a PDF")),
    (rb"%!PS|\xc5\xd0\xd3\xc6", _other("a PostScript")),
    (rb"AT&TFORM", _other("a DjVu")),
    (rb".{128}DICM", _other("a DICOM")),
    (rb"\x76\x2f\x31\x01", _other("an OpenEXR")),
    (rb"#\?RADIANCE", _other("a Radiance HDR")),
    (rb"\x8a[MJ]NG\r\n\x1a\n", _other("an MNG or JNG")),
    (rb"P[1-7]\s", _other("a PNM")),
    (rb"\x0a[\x02-\x05]\x01[\x01-\x08]", _other("a PCX")),
    (rb"\0\0[\x01\x02]\0[^\0]\0", _other("an icon")),
    (rb"\s*<(?:svg\s|(?:\?xml|!--|!DOCTYPE)(?=.*<svg\s))", _other("an SVG")),
    (rb"IIR[OS]|MMOR|IIU\0|FUJIFILM|II\x1a\0\0\0HEAP|FOVb|\0MRM|.{4}ftypcrx", _RAW),
    # Sound
    (rb"ID3|\xff[\xf1-\xf3\xf9-\xfb]|fLaC|RIFF.{4}WAVE|FORM.{4}AIF|.{4}ftypM4[AB]|#!AMR", _other("a sound")),
    (rb"OggS(?!.*(?:theora|fishead|BBCD|OVP80|\x01video))", _other("a sound")),
    # Films; in those of some containers there may be sound alone
    (rb".{4}(?:ftyp|moov|mdat|wide|pnot|free.{4}(?:ftyp|moov|mdat)|skip.{4}(?:ftyp|moov|mdat))", MP4),
    (rb"RIFF.{4}A[VM][IV]", AVI),
    (rb"\x1a\x45\xdf\xa3", _film("a Matroska or WebM film")),
    (rb"OggS(?=.*(?:theora|fishead|BBCD|OVP80|\x01video))", _film("an Ogg film")),
    (rb"\x30\x26\xb2\x75\x8e\x66\xcf\x11", _film("a Windows Media film")),
    (rb"FLV\x01", _film("a Flash film")),
    (rb"\.RMF", _film("a RealMedia film")),
    (rb"\0\0\x01[\xb3\xba]", _film("an MPEG film")),
    (rb"(?:.{4})?\x47(?:.{187}|.{191})\x47(?:.{187}|.{191})\x47", _film("an MPEG transport stream")),
    (rb"\x06\x0e\x2b\x34\x02\x05\x01\x01", _film("an MXF film")),
    (rb"\x1f\x07\0", _film("a DV film")),
    # Archives and documents
    (rb"PK\x03\x04|PK\x05\x06", ZIP),
    (rb"Rar!\x1a", _RAR),
    (rb"7z\xbc\xaf", _SEVEN_ZIP),
    (rb"\x1f\x8b\x08", _GZIP),
    (rb"BZh[1-9]", _BZIP2),
    (rb"\xfd7zXZ\0", _XZ),
    (rb".{257}ustar", _TAR),
    (rb"\xd0\xcf\x11\xe0", _other("an Office document of an older kind")),
    (rb"SQLite format 3", _other("a database")),
)
_PATTERNS = tuple((re.compile(pattern, re.DOTALL), kind) for pattern, kind in _SIGNATURES)

READABLE_TEXT = "JPEG, PNG, WebP, TIFF, BMP, HEIC or AVIF"
READABLE_SUFFIXES = tuple(dict.fromkeys(ending for _, kind in _SIGNATURES for ending in kind.endings))


def kind_of(head: bytes) -> Kind:
    """The kind of file that begins with `head`: its first HEAD_BYTES or more, or all of a shorter file."""
    head = head[:HEAD_BYTES]
    if not head:
        return EMPTY
    for pattern, kind in _PATTERNS:
        if pattern.match(head):
            return kind
    return TEXT if _is_text(head) else UNKNOWN


def read_kind(path: Path) -> Kind:
    """The kind of a file on disk. Raises OSError."""
    with path.open("rb") as file:
        return kind_of(file.read(HEAD_BYTES))


def is_photo(kind: Kind, name: str) -> bool:
    """Whether a file is to be read as a photo: by its kind or, if that tells nothing, by its name.

    A file that is damaged from its first byte on is then reported as a photo that cannot be read.
    """
    return kind.medium is Medium.PHOTO or (kind in UNMARKED and PurePath(name).suffix.lower() in READABLE_SUFFIXES)


def _is_text(head: bytes) -> bool:
    """Whether bytes are UTF-8, perhaps cut within a character, or UTF-16 with its mark."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.reason == "unexpected end of data" and len(head) == HEAD_BYTES
    return b"\0" not in head


def describe_unread(data: bytes) -> str:
    """What a file is that no reader of pictures could read, for the end of "expected ..., got "."""
    kind = kind_of(data)
    if kind.medium is Medium.PHOTO:
        return f"a damaged or unusual {kind.name.partition(' ')[2]} file"
    return str(kind)
