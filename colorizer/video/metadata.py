"""A film's tags and chapters: which of them the result keeps."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from colorizer.video.containers import Container
from colorizer.video.directing.timecode import Timecode

if TYPE_CHECKING:
    from av.container.core import Chapter

# Tags that programs write for themselves: their names, and numbers on the file's format and the packets of a track.
_TECHNICAL = re.compile(
    r"encoder|software|major_brand|minor_version|compatible_brands|handler_name|vendor_id|alpha_mode|stereo_mode"
    r"|duration|xmp|bps|number_of_\w+|_statistics_\w+|source_id|variant_bitrate"
    r"|company_name|product_(name|version)|application_platform|(\w+_)?(uid|ul|umid|num)",  # of MXF
    re.IGNORECASE,
)

_EMPTY = ("", "und")  # no value, and that of a language which is not known


def readable_tags(tags: Mapping[str, str]) -> dict[str, str]:
    """The tags as text. Bytes that are no UTF-8, which PyAV hands over as surrogates, are read as Windows-1252."""
    return {key: _readable(value) for key, value in tags.items()}


def tags_for(tags: Mapping[str, str], container: Container) -> dict[str, str]:
    """The tags as text, as `readable_tags`, but for those that programs write for themselves if all would be taken.

    A language has the code that the container knows.
    """
    return {
        key: container.languages.get(value, value) if key == "language" else value
        for key, value in readable_tags(tags).items()
        if not (container.any_tags and _is_technical(key))
    }


@dataclass(frozen=True)
class PartTags:
    """The tags of a part of a film. `wanted`: that it should have. `written`: without what would be wrong there."""

    wanted: dict[str, str]
    written: dict[str, str]


def part_tags(tags: Mapping[str, str], container: Container, start: float, rate: Fraction) -> PartTags:
    """The tags of the part from `start` seconds on, in a file of the kind `container`; `rate`: frames a second.

    The time code becomes that of the part's first frame; one that cannot be read is not written.
    """
    wanted = tags_for(tags, container)
    written = dict(wanted)
    for key in [key for key in wanted if key.lower() == "timecode" and start > 0]:
        try:
            Timecode(rate).count(wanted[key])
        except ValueError:
            del written[key]
            continue
        first = math.ceil(Fraction(start).limit_denominator(1000) * rate)
        wanted[key] = written[key] = Timecode.of_film(rate, wanted[key]).write(first)
    return PartTags(wanted, written)


def add_label(tags: Mapping[str, str], label: Mapping[str, str]) -> dict[str, str]:
    """The tags of a film with those of a label. The film's own comment stays; other tags of a name are replaced."""
    names = {key.lower() for key in tags}
    added = {key: value for key, value in label.items() if key != "comment" or key not in names}
    return {key: value for key, value in tags.items() if key.lower() not in map(str.lower, added)} | added


def lost_tags(source: Mapping[str, str], result: Mapping[str, str]) -> list[str]:
    """The names of those tags of a source that its result does not have with the same value."""
    kept = {key.lower(): value for key, value in result.items()}
    return [
        key
        for key, value in source.items()
        if not _is_technical(key) and value.strip() not in _EMPTY and kept.get(key.lower()) != value
    ]


def cut_chapters(chapters: Sequence[Chapter], start: Fraction, length: Fraction) -> list[Chapter]:
    """The chapters that lie within `length` seconds from `start` on, with times from there on."""
    cut: list[Chapter] = []
    for chapter in chapters:
        base = chapter["time_base"] or Fraction(1)
        begin, end = (chapter[edge] * base - start for edge in ("start", "end"))
        begin, end = max(Fraction(0), begin), min(length, end)
        if begin < end:
            cut.append({**chapter, "start": round(begin / base), "end": round(end / base), "time_base": base})
    return cut


def _is_technical(key: str) -> bool:
    return _TECHNICAL.fullmatch(key.split("-")[0]) is not None


def _readable(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogateescape").decode("windows-1252", "replace")
    return text
