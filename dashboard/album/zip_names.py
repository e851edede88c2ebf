"""The names in a ZIP file, which often does not say how they are encoded."""

from __future__ import annotations

import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import pairwise

_SAMPLE_NAMES, _SAMPLE_CHARACTERS = 100, 200  # are enough to tell an encoding, and quick for any number of long names
_UTF8_FLAG = 0x800
_UNICODE_PATH = 0x7075  # the extra field in which Info-ZIP's programs keep a name in UTF-8


def decode_names(infos: Sequence[zipfile.ZipInfo]) -> list[str]:
    """The names of the members, in their order; folders are separated by "/" or, by some Windows programs, "\\".

    A name is UTF-8 if its flag, its Unicode Path field or its bytes say so (macOS writes UTF-8 without the flag). All
    other names are taken to be in one encoding, that of the computer on which the file was made: the one in which they
    read most like names. It must be known before a name is split at "\\", which is the second byte of many Japanese
    and Chinese characters.
    """
    certain = [_certain_name(info) for info in infos]
    encoding = _guess_encoding([name for name in certain if isinstance(name, bytes)])
    return [name.decode(encoding) if isinstance(name, bytes) else name for name in certain]


def _certain_name(info: zipfile.ZipInfo) -> str | bytes:
    """The name if its encoding is certain, else its bytes. Bytes that happen to be UTF-8 are hardly ever another."""
    if info.flag_bits & _UTF8_FLAG:
        return info.orig_filename
    raw = info.orig_filename.encode("cp437")  # undoes what zipfile does to a name without the flag
    try:
        name = (_unicode_path(info.extra, raw) or raw).decode()
    except UnicodeDecodeError:
        return raw
    return raw if any(unicodedata.category(character) == "Cn" for character in name[:_SAMPLE_CHARACTERS]) else name


def _unicode_path(extra: bytes, raw: bytes) -> bytes | None:
    """The name in the Unicode Path field, unless a program renamed the member without it (APPNOTE.TXT 4.6.9)."""
    while len(extra) >= 4:
        kind, size = struct.unpack_from("<HH", extra)
        content, extra = extra[4 : 4 + size], extra[4 + size :]
        if kind == _UNICODE_PATH and content[:5] == struct.pack("<BL", 1, zlib.crc32(raw)):
            return content[5:]
    return None


# charset-normalizer, which is installed, needs longer texts: it takes the names of one Chinese photo for Korean. So we
# count what is likely in a name. For East Asian encodings: the first bytes of their common characters, as the standards
# order them, and characters that are frequent in names of files.
_NUMERALS = "一二三四五六七八九十"
_KANJI = _NUMERALS + (
    "日本東京大阪都写真家族旅行運動会式入学卒業結婚正月春夏秋冬山海川花祖父母兄弟姉妹子供人犬猫昭和平成令年新古町村"
)
_HANZI = _NUMERALS + (
    "的是不人在有个上来到大为子中生国年出家小多学好美天同日老名高"
    "风景照片全福爷奶爸妈哥姐弟妹婚礼旅游北京春夏秋冬毕业张王李刘陈"
)
_HANJA = _NUMERALS + (
    "的是不人在有個上來到大為子中生國年出家小多學好美天同日老名高"
    "風景照片全福爺奶爸媽哥姐弟妹婚禮旅遊北臺灣春夏秋冬畢業張王李劉陳"
)
_HANGUL = (
    "사진가족여행할머니아버지어엄마형누나동생결혼식졸업일학교봄름을겨울서부산"
    "이다는에의고하기로도은한과인자시스수리안제주대전화보정그면장길김박최"
)
_EAST_ASIAN = {
    "cp932": (range(0x88, 0x98), _KANJI),
    "gb18030": (range(0xB0, 0xD8), _HANZI),
    "cp949": (range(0xB0, 0xC9), _HANGUL),
    "big5hkscs": (range(0xA4, 0xC7), _HANJA),
    "euc_jp": (range(0xB0, 0xD0), _KANJI),
}
# Of two that are equally likely the first is taken: those of Windows' ZIP folders and of DOS before those of Windows.
_ALPHABETS = ("cp866", "cp1251", "koi8_r", "cp850", "cp1252", "cp852", "cp1250", "cp737", "cp1253", "cp437")

_EAST_ASIAN_SCRIPTS = {"CJK", "HIRAGANA", "KATAKANA", "HANGUL", "IDEOGRAPHIC", "FULLWIDTH", "HALFWIDTH"}
_ODD_IN_NAMES = '\\:*?"<>|'  # a backslash may also separate folders, but then does so in any encoding


def _guess_encoding(names: Sequence[bytes]) -> str:
    """The encoding in which all names can be decoded and are most plausible; cp437, which has all bytes, at worst."""
    return max((*_EAST_ASIAN, *_ALPHABETS), key=partial(_plausibility, names))


def _plausibility(names: Sequence[bytes], encoding: str) -> float:
    """How much names look like names, from about -2 to 1.2: the mean over their characters outside ASCII."""
    try:
        texts = [name.decode(encoding) for name in names]
    except UnicodeDecodeError:
        return float("-inf")
    sample = [text[:_SAMPLE_CHARACTERS] for text in texts[:_SAMPLE_NAMES]]
    values = [value for text in sample for value in _values(text, encoding)]
    characters = sum(not character.isascii() for text in sample for character in text)
    return sum(values) / max(characters, 1)


def _values(text: str, encoding: str) -> Iterator[float]:
    for character in text:
        if not character.isascii():
            yield _value(character, encoding)
        elif character in _ODD_IN_NAMES:
            yield -0.5
    for before, after in pairwise(text):
        if before.isalpha() and after.isalpha() and not (before + after).isascii():
            yield -_oddity(before, after)


def _value(character: str, encoding: str) -> float:
    script = _script(character)
    if unicodedata.category(character) not in ("Ll", "Lu", "Lo", "Mn"):
        return 0.3 if script in _EAST_ASIAN_SCRIPTS else -1
    if encoding not in _EAST_ASIAN:
        return 0.9 if character.isupper() else 1
    common, frequent = _EAST_ASIAN[encoding]
    if character in frequent:
        return 1.2
    if script in ("HIRAGANA", "KATAKANA") and encoding in ("cp932", "euc_jp"):
        return 1
    encoded = character.encode(encoding)
    return 0.8 if len(encoded) == 2 and encoded[0] in common else 0.3


def _oddity(before: str, after: str) -> float:
    """How seldom two letters are neighbours in a name: letters of two scripts, or a capital after a small letter."""
    scripts = {_script(before), _script(after)}
    if "LATIN" in scripts and len(scripts) == 2:
        return 0.5 if scripts & _EAST_ASIAN_SCRIPTS else 1
    if before.islower() and after.isupper():
        return 1
    is_double = scripts == {"LATIN"} and not before.isascii() and not after.isascii()
    return 0.25 if is_double else 0  # as in `Grüße`; a whole word of them is Russian or Greek


def _script(character: str) -> str:
    return unicodedata.name(character, "").partition(" ")[0]
