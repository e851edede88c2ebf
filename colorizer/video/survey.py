"""Survey a film: decode its first frame, and find its length from its packets instead of the file's word on it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import cast

import av
from av.container import InputContainer
from av.format import Flags
from av.video.stream import VideoStream

from colorizer.errors import InvalidVideo
from colorizer.video.limits import VideoLimits, is_too_large
from colorizer.video.parts import damage_of
from colorizer.video.timeline import Timeline
from colorizer.video.types import AnyPacket

MICROSECOND = Fraction(1, av.time_base)  # seconds; the unit of a container's timestamps in FFmpeg

# As much is read as takes a few tenths of a second.
_MAX_PACKETS, _MAX_BYTES = 6000, 32 << 20
_REORDERED = 16  # packets with times after which none is shown before them; as many as H.264 and HEVC hold back
_PRIMING = Fraction(1, 2)  # seconds; an encoder's samples before the sound's beginning, at negative times, are shorter
# The length that the file says may differ by these factors from one with the bytes a second of the part that was read:
# much where it is written in a header; little where FFmpeg concludes it from the clock at the end of the file.
_HEADER_FACTOR, _CLOCK_FACTOR = 50, 2


@dataclass(frozen=True)
class Survey:
    """`first`: the first frame, decoded.

    `duration`: of the picture, seconds from the film's beginning. `frames`: how many. Both are exact for a short film,
    else the file's word, or None if it has none or one that cannot be. `clocks`: how many began in the part that was
    read (see `Timeline`). `packets`, `reached`: those of the picture in the part that was read, and its seconds.
    `begin`, `first_time`: when the film begins and its first frame is shown, by its first clock, in seconds.
    """

    first: av.VideoFrame
    duration: float | None
    frames: int | None
    clocks: int
    packets: int
    reached: float
    begin: Fraction
    first_time: Fraction


def survey(container: InputContainer, picture: VideoStream, path: Path, limits: VideoLimits) -> Survey:
    """Read the beginning of a film that has just been opened, or all of a short one.

    Raises InvalidVideo if no frame can be decoded.
    """
    sounds = {stream.index for stream in container.streams.audio if stream.codec_context is not None}
    part = _read_part(container, picture, sounds, limits)
    if part.first is None:
        raise InvalidVideo(
            f"expected a film, got {path.name}, whose frames cannot be decoded: damaged, truncated or encrypted "
            f"({part.problem})",
            problem=damage_of(path),
            path=path,
        )
    early = part.first_time(frame_rate(picture))
    begin = _begin_of(container, picture, early)
    first_time = begin if early is None else early
    reached = float(part.end - begin)
    read = part.clocks, part.frames, reached, begin, first_time
    if part.is_whole:
        return Survey(part.first, reached if reached > 0 else None, part.frames, *read)
    expected = reached * container.size / max(1, part.size)
    factor = _CLOCK_FACTOR if has_flag(container, Flags.ts_discont) else _HEADER_FACTOR
    duration = _said_duration(container, picture, begin)
    if duration is not None and not max(reached, expected / factor) <= duration <= expected * factor:
        duration = None
    frames = None if duration is None else round(duration * frame_rate(picture))
    if frames is not None and frames / _CLOCK_FACTOR <= picture.frames <= frames * _CLOCK_FACTOR:
        frames = picture.frames
    return Survey(part.first, duration, frames, *read)


@dataclass
class _Part:
    """What was read.

    `frames`: how many. `end`: of the picture, seconds by the timeline. `size`: bytes of the file. `timed`, `untimed`:
    packets of the picture with times, and without any before and among the first of them. `earliest`: of their times.
    """

    limits: VideoLimits
    first: av.VideoFrame | None = None
    problem: str = "no frames"
    frames: int = 0
    end: Fraction = Fraction(0)
    packets: int = 0
    size: int = 0
    clocks: int = 0
    is_whole: bool = True
    timed: int = 0
    untimed: int = 0
    earliest: Fraction | None = None

    def decode(self, picture: VideoStream, packet: AnyPacket | None) -> None:
        """Look for the first frame in a packet, or in what the decoder still holds (None)."""
        try:
            self.first = next(iter(picture.decode(packet)), None)
        except av.FFmpegError as error:
            large = is_too_large(picture, error, self.limits)
            self.problem = f"larger than {self.limits.largest}" if large else str(error.strerror)

    def look_at_times(self, packet: AnyPacket) -> None:
        """Look for the earliest time, and count packets of the picture that have none and come before it."""
        if self.timed == _REORDERED:
            return
        if packet.pts is not None or packet.dts is not None:
            self.timed += 1
        elif self.untimed or not self.timed:  # a film that begins with a time may lack some later
            self.untimed += 1
        if packet.pts is not None:
            time = packet.pts * packet.time_base
            self.earliest = time if self.earliest is None else min(self.earliest, time)

    def first_time(self, rate: Fraction) -> Fraction | None:
        """When the first frame is shown, in seconds, if it has no time and later ones have; else None.

        Of Matroska's times below 0, for example, FFmpeg tells none. Such frames come before all that have a time.
        """
        return None if self.earliest is None or not self.untimed else self.earliest - self.untimed / rate


def _read_part(container: InputContainer, picture: VideoStream, sounds: Collection[int], limits: VideoLimits) -> _Part:
    """Read until the first frame is decoded and the limits are reached, or to the end."""
    part, timeline = _Part(limits), make_timeline(container, picture, sounds)
    try:
        for packet in timeline.move(read_packets(container, {picture.index, *sounds})):
            part.packets += 1
            part.size = max(part.size + packet.size, packet.pos or 0)
            if packet.stream_index == picture.index:
                if part.first is None:
                    part.decode(picture, packet)
                part.frames += not packet.is_discard
                part.look_at_times(packet)
            if part.first is not None and (part.packets >= _MAX_PACKETS or part.size >= _MAX_BYTES):
                part.is_whole = False
                break
    except av.FFmpegError as error:
        part.problem = str(error.strerror)
    if part.first is None:
        part.decode(picture, None)
    part.end, part.clocks = timeline.end_of(picture.index), timeline.clocks
    return part


def read_packets(container: InputContainer, tracks: Collection[int]) -> Iterator[AnyPacket]:
    """The packets of some tracks, by index, in the order of the file. Raises av.FFmpegError where reading fails."""
    for packet in container.demux():
        if packet.size and packet.stream_index in tracks:  # those at the end that flush the decoders are empty
            yield packet


def make_timeline(container: InputContainer, picture: VideoStream, sounds: Collection[int]) -> Timeline[AnyPacket]:
    return Timeline(picture.index, frozenset(sounds), has_flag(container, Flags.ts_discont), 1 / frame_rate(picture))


def _begin_of(container: InputContainer, picture: VideoStream, early: Fraction | None) -> Fraction:
    """The time of the film's beginning by its first clock, in seconds. `early`: see `_Part.first_time`."""
    begin = (container.start_time or 0) * MICROSECOND
    picture_begin = (picture.start_time or 0) * Fraction(picture.time_base or MICROSECOND)
    if early is not None:
        begin, picture_begin = min(begin, early), early
    return Fraction(0) if -_PRIMING < begin < 0 <= picture_begin else begin


def has_flag(container: InputContainer, flag: Flags) -> bool:
    """Whether the container's format has one of FFmpeg's flags for formats (AVFMT_...)."""
    return bool(container.format.flags & cast(int, flag.value))


def frame_rate(picture: VideoStream) -> Fraction:
    """Frames a second on average, as far as FFmpeg knows; else 25."""
    average = picture.average_rate
    if average is not None and average * (picture.time_base or 0) == 1:  # in DV, every tick of the clock for a frame
        average = picture.guessed_rate
    return Fraction(average or picture.guessed_rate or 25)


def _said_duration(container: InputContainer, picture: VideoStream, begin: Fraction) -> float | None:
    """The duration of the picture, or of the film, that the file says or that FFmpeg concludes from its end."""
    if picture.duration is not None and picture.time_base is not None:
        return float((picture.duration + (picture.start_time or 0)) * picture.time_base - begin)
    return None if container.duration is None else float(container.duration * MICROSECOND)
