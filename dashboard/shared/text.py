"""Texts for the page: times, films, and escaped Markdown."""

from __future__ import annotations

from colorizer.video import VideoInfo

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


def format_clock(seconds: float) -> str:
    """A position in a film, or its length: 0:07, 12:34, 1:02:03."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


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
    tracks = {0: "no sound", 1: "with sound"}.get(len(info.audio), f"{len(info.audio)} sound tracks")
    parts = [
        f"{info.width} {MULTIPLICATION_SIGN} {info.height}",
        f"{float(info.rate):.4g} frames a second",
        _CODECS.get(info.codec, info.codec),
        tracks,
    ]
    return " · ".join(parts)


def escape_markdown(text: str) -> str:
    """Escape everything in the text that Markdown or Streamlit would interpret."""
    return "".join(f"\\{character}" if character in "\\*_[]<>$#~|:" else character for character in text)


def capitalize(text: str) -> str:
    """The text with a capital first letter; the rest stays as it is."""
    return text[:1].upper() + text[1:]
