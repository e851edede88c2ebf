"""Texts for the page: numbers, times, sizes, films, escaped Markdown, and strings of CSS."""

from __future__ import annotations

import json
import re

from colorizer import sizes
from colorizer.video import VideoInfo
from colorizer.video.display import display_size
from dashboard.locale.catalogues import localize_number
from dashboard.shared.language import current_language, tr, trn

MULTIPLICATION_SIGN = "\N{MULTIPLICATION SIGN}"
_CODECS = {  # by FFmpeg's name; others are named as FFmpeg does
    "h264": "H.264",
    "hevc": "H.265",
    "av1": "AV1",
    "vp8": "VP8",
    "vp9": "VP9",
    "mpeg1video": "MPEG-1",
    "mpeg2video": "MPEG-2",
    "mpeg4": "MPEG-4",
    "mjpeg": "Motion JPEG",
    "theora": "Theora",
}

_INTERPRETED = re.compile(r"[\\*_\[\]<>$#~|:&]|^[-+=]|(?<=\d)[.)](?=\s|$)")  # the last two begin lists
# After the escapes are undone, Streamlit still makes links of addresses (www., https:, mail), and icons and signs of
# :material/home:, -- and ->. An invisible character within them, which is no place for a line break, prevents that.
_REPLACED = re.compile(r"www(?=\.)|:(?=[^\s\d])|@|[-<>~](?=[-=>])", re.IGNORECASE)


def format_number(value: float, spec: str) -> str:
    """A number as `spec` has it, with the signs of the visitor's language: 1.4 and 1,200, or 1,4 and 1.200."""
    return localize_number(current_language(), f"{value:{spec}}")


def format_clock(seconds: float) -> str:
    """A position in a film, or its length: 0:07, 12:34, 1:02:03."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def format_size(size: int) -> str:
    """A number of bytes in the unit that fits it, as the visitor's language writes numbers: 12 kB, 1.4 MB or 1,4 MB."""
    return localize_number(current_language(), sizes.format_size(size))


def format_duration(seconds: float) -> str:
    """An estimated duration, rounded to what an estimate can tell: 7 s, 3 min, 1 h 20 min."""
    if round(seconds) < 60:
        return f"{max(1, round(seconds))} s"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest} min" if rest else f"{hours} h"


def describe_video(info: VideoInfo) -> str:
    """One line on a film: size, rate, codec, sound."""
    size = f"{info.width} {MULTIPLICATION_SIGN} {info.height}"
    if (shown := display_size(info)) != (info.width, info.height):
        size = tr("{size}, shown as {shown}", size=size, shown=f"{shown[0]} {MULTIPLICATION_SIGN} {shown[1]}")
    count = len(info.audio)
    few = {0: tr("no sound"), 1: tr("with sound")}
    tracks = few.get(count) or trn("{n} sound track", "{n} sound tracks", count)
    parts = [
        size,
        tr("{rate} frames a second", rate=format_number(float(info.rate), ".4g")),
        _CODECS.get(info.codec, info.codec),
        tracks,
    ]
    return " · ".join(parts)


def escape_markdown(text: str, *, is_ours: bool = False) -> str:
    """Escape everything in the text that Markdown or Streamlit would interpret. The result is a single line.

    `is_ours`: it quotes no visitor, so addresses in it become links, and what is between backticks code.
    """
    line = " ".join(text.split())  # spaces at the start and line breaks have a meaning, too
    if is_ours:
        return _INTERPRETED.sub(r"\\\g<0>", line)
    return _INTERPRETED.sub(r"\\\g<0>", _REPLACED.sub("\\g<0>\N{WORD JOINER}", line)).replace("`", "\\`")


def css_string(text: str) -> str:
    """The text as a string of CSS, in quotes. A JSON string is one, too."""
    return json.dumps(text, ensure_ascii=False)


def capitalize(text: str) -> str:
    """The text with a capital first letter; the rest stays as it is."""
    return text[:1].upper() + text[1:]
