"""The files that films are written into, and what each of them holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from colorizer.errors import InvalidSetting

# The index is at the beginning of the file, so that a film plays while it is still loading. The start times of tracks
# are stored in units of 1/90000 of a second instead of the usual 1/1000.
_INDEX_FIRST = MappingProxyType({"movflags": "faststart", "movie_timescale": "90000"})
_SAME_BYTES = MappingProxyType({"fflags": "+bitexact"})  # without random numbers and times of its own in the file
# Codecs that the registration authority lists for MP4 (mp4ra.org) and that players know from MP4 files. FFmpeg writes
# more of them, such as PCM, which few players know.
_MP4_SOUND = frozenset({"aac", "mp3", "mp2", "ac3", "eac3", "alac", "opus", "flac", "dts"})
_PCM = frozenset(f"pcm_{kind}" for kind in ("u8", "s16le", "s16be", "s24le", "s24be", "s32le", "s32be", "f32le"))


# QuickTime has numbers for languages. FFmpeg knows each by one of the two codes of ISO 639-2, and Swedish by a third.
_QUICKTIME_CODES = (
    "sqi/alb hye/arm eus/baq mya/bur zho/chi cze/ces nld/dut fre/fra kat/geo deu/ger ell/gre isl/ice mkd/mac msa/may "
    "fas/per rum/ron slo/slk bod/tib cym/wel swe/sve"
)
_QUICKTIME_LANGUAGES = MappingProxyType(dict(pair.split("/") for pair in _QUICKTIME_CODES.split()))


@dataclass(frozen=True)
class Container:
    """A kind of file for films.

    `name`: for messages. `muxer`: FFmpeg's, with its `options`. `codecs`: of the picture, by the names of
    `codecs.CODECS`; the first one is the default. `tags`: of codecs that players want to have another one than
    FFmpeg's.
    `sound`: codecs that are copied where FFmpeg writes them; None: all that it writes. `sound_rate`: the only sampling
    rate, in Hz; 0: any. `other_sound`: what the rest becomes. `subtitles`: texts become timed text of MP4, or all
    kinds are copied, or there are none. `holds_covers`, `attachments`: whether it holds such pictures and files.
    `empty_tracks`: whether there are tracks without packets. `any_tags`: whether there are tags of all names.
    `label`: how it holds XMP. `rates`: frames a second, if only these are possible. `edit_lists`: whether it can hide
    the beginning of a track. `languages`: the codes of tracks' languages that FFmpeg does not write, and those that
    mean the same.
    """

    name: str
    muxer: str
    codecs: tuple[str, ...]
    sound: frozenset[str] | None
    options: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    sound_rate: int = 0
    other_sound: Literal["aac", "pcm"] = "pcm"
    subtitles: Literal["timed text", "copied", "none"] = "none"
    holds_covers: bool = True
    attachments: bool = False
    empty_tracks: bool = False
    any_tags: bool = False
    label: Literal["box", "tag", "none"] = "none"
    rates: tuple[str, ...] = ()
    edit_lists: bool = False
    languages: Mapping[str, str] = field(default_factory=dict)


MP4 = Container(
    *("MP4", "mp4", ("h264", "hevc"), _MP4_SOUND),
    options=_INDEX_FIRST,
    tags={"hevc": "hvc1"},
    other_sound="aac",
    subtitles="timed text",
    label="box",
    edit_lists=True,
)
MOV = Container(
    *("MOV", "mov", ("prores", "dnxhr", "h264", "hevc"), _MP4_SOUND | _PCM),
    options=_INDEX_FIRST,
    tags={"hevc": "hvc1"},
    subtitles="timed text",
    label="box",
    edit_lists=True,
    languages=_QUICKTIME_LANGUAGES,
)
MKV = Container(
    *("Matroska", "matroska", ("ffv1", "prores", "h264", "hevc"), None),
    options=_SAME_BYTES,
    subtitles="copied",
    attachments=True,
    any_tags=True,
    empty_tracks=True,
    label="tag",
)
MXF = Container(
    *("MXF", "mxf", ("dnxhr", "prores"), frozenset({"pcm_s16le", "pcm_s24le"})),
    options=_SAME_BYTES,
    sound_rate=48000,
    holds_covers=False,
    empty_tracks=True,
    rates=("24000/1001", "24", "25", "30000/1001", "30", "48", "50", "60000/1001", "60"),
)
CONTAINERS: Mapping[str, Container] = MappingProxyType({".mp4": MP4, ".mov": MOV, ".mkv": MKV, ".mxf": MXF})
TARGET_SUFFIXES = tuple(CONTAINERS)


def find_container(suffix: str) -> Container:
    """The container for a file name's ending, in any case. Raises InvalidSetting for another one."""
    container = CONTAINERS.get(suffix.lower())
    if container is None:
        known = ", ".join(TARGET_SUFFIXES)
        raise InvalidSetting(f"expected a film ending in one of {known}, got {suffix or 'no ending'}")
    return container


def suffix_for(codec: str | None) -> str:
    """The ending of a film's name where the user leaves it open: that of the first container with `codec` as default.

    MP4 for a codec that is no container's default, and for None.
    """
    return next((suffix for suffix, one in CONTAINERS.items() if one.codecs[0] == codec), TARGET_SUFFIXES[0])
