"""The codecs that a film's picture can have, and what their encoders take."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

import av
from av.codec.codec import UnknownCodecError

from colorizer.errors import InvalidSetting
from colorizer.frames.color_system import BT709_MATRIX

SUBSAMPLINGS = ("4:2:0", "4:2:2", "4:4:4")  # from the least chroma to the most
_PIXEL_FORMAT = re.compile(r"yuv(4)([24])([024])p(?:(\d+)le)?")


@dataclass(frozen=True)
class Codec:
    """A codec. `name`: for messages. `encoder`: FFmpeg's, with its `options`.

    `is_master`: for further work: it has the source's chroma subsampling, and interlaced films stay so if it
    `keeps_fields`. `profiles`: of the encoder, by subsampling and bits. `any_size`: odd numbers of rows and columns in
    4:2:0, too. `smallest`: width and height in pixels. `matrices`: those that its own header can state; none: it
    leaves that to the file. `full_range`: whether luma may go from 0 to the maximum; else decoders take black for 16
    and white for 235, in units of 8 bits, whatever the file says. `delay`: in frames, between decoding and showing. To
    films of no more frames, the encoder gives times of decoding without meaning.
    """

    name: str
    encoder: str
    options: Mapping[str, str]
    is_master: bool = True
    keeps_fields: bool = False
    profiles: Mapping[tuple[str, int], str] = field(default_factory=dict)
    any_size: bool = False
    smallest: tuple[int, int] = (1, 1)
    matrices: tuple[int, ...] = ()
    full_range: bool = True
    delay: int = 0


# Constant quality without visible loss; the fast presets leave most of the processor to the network. Every frame of
# FFV1 stands alone and has a checksum, as archives want it. ProRes has the vendor's code that some programs ask for.
CODECS: Mapping[str, Codec] = {
    "h264": Codec("H.264", "libx264", {"crf": "18", "preset": "veryfast"}, is_master=False),
    "hevc": Codec(
        *("HEVC", "libx265", {"crf": "18", "preset": "veryfast", "x265-params": "log-level=error"}),
        is_master=False,
        delay=2,
    ),
    "prores": Codec(
        *("ProRes", "prores_ks", {"vendor": "apl0"}),
        keeps_fields=True,
        profiles={("4:2:2", 10): "hq", ("4:4:4", 10): "4444"},
        full_range=False,
    ),
    "dnxhr": Codec(
        *("DNxHR", "dnxhd", {}),
        profiles={("4:2:2", 8): "dnxhr_hq", ("4:2:2", 10): "dnxhr_hqx", ("4:4:4", 10): "dnxhr_444"},
        smallest=(256, 120),
        matrices=(BT709_MATRIX,),  # FFmpeg writes this one, whatever it is told
    ),
    "ffv1": Codec(
        *("FFV1", "ffv1", {"level": "3", "g": "1", "slicecrc": "1"}),
        keeps_fields=True,
        any_size=True,
    ),
}


@cache
def _pixel_formats(encoder: str) -> tuple[str, ...]:
    """The names of those that FFmpeg's encoder takes. Raises InvalidSetting if PyAV has no such encoder."""
    try:
        return tuple(one.name for one in av.Codec(encoder, "w").video_formats or ())
    except UnknownCodecError:
        message = f"expected a PyAV with the encoder {encoder}, as PyPI has it, got one without"
        raise InvalidSetting(message) from None


def depths_of(codec: Codec) -> dict[str, list[int]]:
    """The bits that an encoder takes, rising, by chroma subsampling, from the least chroma to the most.

    Raises InvalidSetting if PyAV has no such encoder.
    """
    found = [match for name in _pixel_formats(codec.encoder) if (match := _PIXEL_FORMAT.fullmatch(name))]
    pairs = {(":".join(match.groups()[:3]), int(match[4] or 8)) for match in found}
    return {each: bits for each in SUBSAMPLINGS if (bits := sorted(bits for one, bits in pairs if one == each))}
