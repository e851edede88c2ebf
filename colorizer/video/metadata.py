"""A film's tags and chapters: which of them the result keeps."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from av.container.core import Chapter

# Tags that programs write for themselves: their names, and numbers on the file's format and the packets of a track.
_TECHNICAL = re.compile(
    r"encoder|software|major_brand|minor_version|compatible_brands|handler_name|vendor_id|alpha_mode|stereo_mode"
    r"|duration|bps|number_of_\w+|_statistics_\w+|source_id|variant_bitrate"
    r"|company_name|product_(name|version)|application_platform|(\w+_)?(uid|ul|umid|num)",  # of MXF
    re.IGNORECASE,
)


def readable_tags(tags: Mapping[str, str]) -> dict[str, str]:
    """The tags as text. Bytes that are no UTF-8, which PyAV hands over as surrogates, are read as Windows-1252."""
    return {key: _readable(value) for key, value in tags.items()}


def lost_tags(source: Mapping[str, str], result: Mapping[str, str]) -> list[str]:
    """The names of those tags of a source that its result does not have with the same value."""
    kept = {key.lower(): value for key, value in result.items()}
    return [
        key
        for key, value in source.items()
        if not _TECHNICAL.fullmatch(key.split("-")[0]) and value.strip() and kept.get(key.lower()) != value
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


def _readable(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogateescape").decode("windows-1252", "replace")
    return text
