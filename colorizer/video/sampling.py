"""A few frames spread over a film, to choose a moment by.

Those of a long film are key frames, found without decoding what lies between them.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import takewhile
from pathlib import Path

import av
from av.container import InputContainer

from colorizer.arrays import Plane
from colorizer.frames.pyav import read_luma
from colorizer.frames.yuv import YuvFrame, to_gray_pixels
from colorizer.video.display import to_display
from colorizer.video.limits import DEFAULT_LIMITS, VideoLimits
from colorizer.video.reader import VideoReader
from colorizer.video.seek import seek, ticks_of
from colorizer.video.survey import make_timeline, read_packets
from colorizer.video.types import AnyPacket, GrayFrame

# A film of fewer pixels in all its frames is decoded whole: about two seconds of work, and its key frames may be few.
_DECODED_PIXELS = 600_000_000


@dataclass(frozen=True)
class SampleFrame:
    """A frame in grey as a player shows it, (h, w) uint8. `seconds`: its time from the film's beginning."""

    seconds: float
    pixels: Plane


def sample_frames(
    path: Path, count: int, *, longest: int, limits: VideoLimits = DEFAULT_LIMITS
) -> tuple[SampleFrame, ...]:
    """About `count` frames spread evenly over a film, in order; fewer if it has fewer key frames.

    `longest`: no side is longer, in pixels. There are none for a film of unknown length.
    Raises InvalidVideo if no frame can be decoded, OSError if the file cannot be opened.
    """
    with VideoReader(path, limits) as reader:
        length, frames = reader.info.duration, reader.info.frames
        if not length or not frames:
            return ()
        # In the middle of as many equal parts, because a film's very first and last frames are often black.
        times = [(number + 0.5) * length / count for number in range(count)]
        is_short = frames * reader.width * reader.height <= _DECODED_PIXELS
        found = _read_frames(reader, times) if is_short else _read_key_frames(reader, times)
        return tuple(_sample(seconds, luma, reader, longest) for seconds, luma in found)


def frames_at(
    path: Path, times: Sequence[float], *, longest: int, limits: VideoLimits = DEFAULT_LIMITS
) -> Iterator[SampleFrame]:
    """The frames that are shown at rising times from the film's beginning, each once: all of it is decoded up to there.

    `longest`: no side is longer, in pixels. Raises as `sample_frames`.
    """
    with VideoReader(path, limits) as reader:
        for seconds, luma in _read_frames(reader, times):
            yield _sample(seconds, luma, reader, longest)


def _sample(seconds: float, luma: Plane, reader: VideoReader, longest: int) -> SampleFrame:
    return SampleFrame(seconds, to_display(_to_gray(luma, reader), reader.info, longest))


def _to_gray(luma: Plane, reader: VideoReader) -> Plane:
    return to_gray_pixels(YuvFrame.of_luma(luma, full_range=reader.full_range))


def _read_frames(reader: VideoReader, times: Sequence[float]) -> Iterator[tuple[float, Plane]]:
    """Decode the film: the frame that is shown at each time, and since when; each once."""
    shown: tuple[float, Plane] | None = None
    wanted = 0
    for item in reader.read():
        if not isinstance(item, GrayFrame):
            continue
        seconds = float(item.pts * reader.time_base)
        if shown is not None and wanted < len(times) and times[wanted] < seconds:
            yield shown
            wanted = bisect_left(times, seconds)
            if wanted == len(times):
                return
        shown = seconds, item.luma
    if shown is not None and wanted < len(times):
        yield shown


def _read_key_frames(reader: VideoReader, times: list[float]) -> Iterator[tuple[float, Plane]]:
    """The last key frame at or before each time, and its time; each once."""
    begin = reader.begin
    wanted = [begin + Fraction(time).limit_denominator(1000) for time in times]
    keys = _seek_key_packets(reader, wanted) if reader.is_seekable else _find_key_packets(reader, wanted)
    for packet in keys:
        frame = _decode_one(reader, packet)
        if frame is not None:
            yield float(_time_of(packet) - begin), read_luma(frame)


def _seek_key_packets(reader: VideoReader, times: list[Fraction]) -> Iterator[AnyPacket]:
    last: Fraction | None = None
    for time in times:
        packets = seek(reader.container, reader.stream.index, time, lambda container: _packets(reader, container))
        key = None if packets is None else _last_key_packet(packets, time)
        if key is not None and _time_of(key) != last:
            last = _time_of(key)
            yield key


def _last_key_packet(packets: Iterable[AnyPacket], time: Fraction) -> AnyPacket | None:
    key = None
    for packet in takewhile(lambda one: _time_of(one) <= time, packets):
        if packet.is_keyframe:
            key = packet
    return key


def _find_key_packets(reader: VideoReader, times: list[Fraction]) -> Iterator[AnyPacket]:
    """The same where the times in the file do not tell the place: reads all packets, and keeps one for each time."""
    kept: dict[int, AnyPacket] = {}
    for packet in _packets(reader, reader.container):
        if packet.is_keyframe:
            kept[bisect_left(times, _time_of(packet))] = packet
    kept.pop(len(times), None)  # those behind the last time
    yield from kept.values()


def _packets(reader: VideoReader, container: InputContainer) -> Iterator[AnyPacket]:
    """The packets of the picture from the container's position on, on one line of time, as far as they can be read."""
    picture, sounds = reader.stream.index, [track.index for track in reader.tracks.sound]
    timeline = make_timeline(container, reader.stream, sounds)
    try:
        for packet in timeline.move(read_packets(container, {picture, *sounds})):
            if packet.stream_index == picture:
                yield packet
    except av.FFmpegError:
        return


def _time_of(packet: AnyPacket) -> Fraction:
    """When a packet is shown, or decoded, in seconds by the film's clock."""
    return (ticks_of(packet) or 0) * packet.time_base


def _decode_one(reader: VideoReader, packet: AnyPacket) -> av.VideoFrame | None:
    """The frame of a key packet; None if it is damaged."""
    reader.stream.codec_context.flush_buffers()
    try:
        return next(iter([*reader.stream.decode(packet), *reader.stream.decode(None)]), None)
    except av.FFmpegError:
        return None
