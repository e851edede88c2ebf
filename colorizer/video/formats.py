"""How a film's picture is encoded: codec, depth, chroma subsampling and colour system."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TypeVar

import av
import cv2
import numpy as np
from av.video.reformatter import ColorPrimaries

from colorizer.arrays import Pixels
from colorizer.errors import InvalidSetting
from colorizer.frames.color_system import BT601_MATRIX, ColorSystem, choose_system
from colorizer.frames.pyav import depth_of, is_full_range, read_luma, subsampling_of
from colorizer.frames.tone_mapping import shown_transfer
from colorizer.video.codecs import CODECS, SUBSAMPLINGS, Codec, depths_of
from colorizer.video.containers import MP4, Container

Value = TypeVar("Value", int, str)


@dataclass(frozen=True)
class VideoEncoding:
    """What the user wants of a film's file; None: what suits the file and the source.

    `codec`: a name in CODECS; by default that of the container. `bits`: of a value; by default those of the source, but
    8 for H.264, as browsers want it. `subsampling`: of chroma; by default 4:2:0 for H.264 and HEVC, else that of the
    source. `color_only`: the colours without the picture, to be laid over the master: luma is mid-grey everywhere.
    Raises InvalidSetting for a codec or a subsampling that does not exist.
    """

    codec: str | None = None
    bits: int | None = None
    subsampling: str | None = None
    color_only: bool = False

    def __post_init__(self) -> None:
        if self.codec not in (None, *CODECS):
            raise InvalidSetting(f"expected a codec of {', '.join(CODECS)}, got {self.codec}")
        if self.subsampling not in (None, *SUBSAMPLINGS):
            raise InvalidSetting(f"expected a subsampling of {', '.join(SUBSAMPLINGS)}, got {self.subsampling}")


@dataclass(frozen=True)
class LumaFormat:
    """How frames are read. `bits`: of luma. `tone_mapped`: for ordinary displays. `deinterlaced`: without fields.

    `limited`: full range is converted to 16..235, in units of 8 bits.
    """

    bits: int = 8
    tone_mapped: bool = True
    deinterlaced: bool = True
    limited: bool = False


@dataclass(frozen=True)
class FilmFormat:
    """How a film's picture is written. `luma`: how its frames are read. `system`: what its colours stand for.

    `full_range`: as in `YuvFrame`.
    """

    container: Container
    codec: Codec
    subsampling: str
    luma: LumaFormat
    system: ColorSystem
    full_range: bool
    color_only: bool

    @property
    def bits(self) -> int:
        return self.luma.bits

    @property
    def is_for_browsers(self) -> bool:
        """Whether browsers play it."""
        return self.container is MP4 and self.codec is CODECS["h264"] and self.pixel_format == "yuv420p"

    @property
    def key(self) -> str:
        """A text that is another one for pictures that are encoded in another way."""
        return f"{self.container.name} {self.codec.encoder} {self.pixel_format} {self.system} {self.color_only}"

    @property
    def tag(self) -> str | None:
        """The codec's tag, where it is not left to FFmpeg."""
        return next((tag for name, tag in self.container.tags.items() if CODECS[name] is self.codec), None)

    @property
    def middle_gray(self) -> int:
        """The luma half-way between black and white, rounded up."""
        doubled = (1 << self.bits) - 1 if self.full_range else (16 + 235) << (self.bits - 8)
        return (doubled + 1) // 2

    @property
    def pixel_format(self) -> str:
        """FFmpeg's name."""
        return f"yuv{self.subsampling.replace(':', '')}p" + (f"{self.bits}le" if self.bits > 8 else "")

    @property
    def options(self) -> dict[str, str]:
        """The encoder's options."""
        profile = self.codec.profiles.get((self.subsampling, self.bits))
        return {**self.codec.options, **({} if profile is None else {"profile": profile})}

    @property
    def alignment(self) -> tuple[int, int]:
        """The width and height, in pixels, are multiples of these."""
        if self.codec.any_size or self.subsampling == "4:4:4":
            return 1, 1
        return 2, 2 if self.subsampling == "4:2:0" else 1


def check_encoding(container: Container, encoding: VideoEncoding) -> Codec:
    """The codec to write with. Raises InvalidSetting if the container or the encoder does not have what is wanted."""
    name = encoding.codec or container.codecs[0]
    if name not in container.codecs:
        known = ", ".join(container.codecs)
        raise InvalidSetting(f"expected a codec that {container.name} holds, {known}, got {name}")
    codec, depths = CODECS[name], depths_of(CODECS[name])
    if encoding.subsampling not in (None, *depths):
        raise InvalidSetting(f"expected {' or '.join(depths)} for {codec.name}, got {encoding.subsampling}")
    possible = sorted({bits for each, some in depths.items() if encoding.subsampling in (None, each) for bits in some})
    if encoding.bits not in (None, *possible):
        text = " or ".join(map(str, possible))
        raise InvalidSetting(f"expected {text} bits for {codec.name}, got {encoding.bits}")
    return codec


def choose_format(container: Container, encoding: VideoEncoding, first: av.VideoFrame, rate: Fraction) -> FilmFormat:
    """The format for a film with the first frame `first` and so many frames a second.

    Raises InvalidSetting as `check_encoding`, and for a film that the codec or the container cannot hold.
    """
    codec = check_encoding(container, encoding)
    if first.width < codec.smallest[0] or first.height < codec.smallest[1]:
        least = "{} x {}".format(*codec.smallest)
        raise InvalidSetting(f"expected at least {least} pixels for {codec.name}, got {first.width} x {first.height}")
    if container.rates and rate not in map(Fraction, container.rates):
        rates = ", ".join(container.rates)
        raise InvalidSetting(f"expected one of {rates} frames a second for {container.name}, got {rate}")
    depths = depths_of(codec)
    subsampling = encoding.subsampling or _at_least(
        subsampling_of(first) if codec.is_master else SUBSAMPLINGS[0],
        [each for each in SUBSAMPLINGS if each in depths and encoding.bits in (None, *depths[each])],
    )
    wanted = encoding.bits or (8 if codec is CODECS["h264"] else depth_of(first))
    luma = LumaFormat(
        _at_least(wanted, depths[subsampling]),
        tone_mapped=False,
        deinterlaced=not codec.keeps_fields,
        limited=not codec.full_range,
    )
    system = choose_system(first.color_primaries, first.color_trc, first.colorspace, first.height)
    if codec.matrices and system.matrix not in codec.matrices:
        system = replace(system, matrix=codec.matrices[0])
    full_range = codec.full_range and is_full_range(first)
    form = FilmFormat(container, codec, subsampling, luma, system, full_range, encoding.color_only)
    if not form.is_for_browsers:
        return form
    screens = ColorSystem(ColorPrimaries.BT709, shown_transfer(first.color_trc), BT601_MATRIX)
    return replace(form, luma=LumaFormat(), system=screens)


def fit_luma(frame: av.VideoFrame, luma: LumaFormat, width: int, height: int) -> Pixels:
    """The luma of a frame at the film's size: (height, width), as `read_luma` returns it."""
    found = read_luma(frame, bits=luma.bits, tone_mapped=luma.tone_mapped, limited=luma.limited)
    if found.shape != (height, width):  # a broadcast whose resolution changes
        found = np.asarray(cv2.resize(found, (width, height), interpolation=cv2.INTER_AREA), found.dtype)
    return found


def _at_least(wanted: Value, possible: Sequence[Value]) -> Value:
    """The smallest that is possible and not below `wanted`, else the largest. `possible`: rising."""
    return next((each for each in possible if each >= wanted), possible[-1])
