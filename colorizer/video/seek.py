"""Find the packets from which a part of a film can be decoded."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import chain, islice

import av
from av.container import InputContainer
from av.format import Flags

from colorizer.video.survey import MICROSECOND, has_flag
from colorizer.video.types import AnyPacket

_MARGINS = (3, 30)  # seconds before the wanted time: without an index, a seek may land later than it was told
_MAX_PACKETS = 5000  # from the landing to the first key frame
_MAX_HELD_BYTES = 64 << 20


def can_seek(container: InputContainer, clocks: int) -> bool:
    """Whether the times in a film of `clocks` clocks tell the place in the file; they must neither jump nor lack."""
    return clocks <= 1 and not any(has_flag(container, flag) for flag in (Flags.ts_discont, Flags.no_timestamps))


def seek(
    container: InputContainer, picture: int, time: Fraction, read: Callable[[InputContainer], Iterator[AnyPacket]]
) -> Iterator[AnyPacket] | None:
    """Seek to a key frame of the stream `picture` at or before `time`, in seconds of the film's clock.

    Returns the packets from there on, as `read` gives them; None if the film's index, or the lack of one, leads
    elsewhere: the film is then to be read from its beginning.
    """
    earliest = min(0, container.start_time or 0)  # before it, an AVI refuses to seek
    try:
        for margin in _MARGINS:
            container.seek(max(earliest, int((time - margin) / MICROSECOND)))
            packets = read(container)
            others: list[AnyPacket] = []
            for packet in islice(packets, _MAX_PACKETS):
                if packet.stream_index != picture:
                    others.append(packet)
                elif packet.is_keyframe:  # packets of the picture before it cannot be decoded
                    ticks = ticks_of(packet)
                    if ticks is not None and ticks * packet.time_base <= time:
                        return chain(others, [packet], packets)
                    break
    except av.FFmpegError:
        return None  # where the index leads, nothing can be read
    return None


def skip_to(packets: Iterator[AnyPacket], picture: int, time: Fraction) -> Iterator[AnyPacket]:
    """Leave out the packets of the stream `picture` that no frame at or after `time` needs.

    Decoding begins at the second-last key frame before `time`, because a decoder may need some frames to settle.
    """
    groups: deque[list[AnyPacket]] = deque([[]], maxlen=2)  # each from a key frame on
    size = 0
    for packet in packets:
        if packet.stream_index != picture:
            yield packet
            continue
        ticks = ticks_of(packet)
        is_before = ticks is not None and ticks * packet.time_base < time
        if is_before and packet.is_keyframe:
            groups.append([])
            size = sum(held.size for group in groups for held in group)
        groups[-1].append(packet)
        size += packet.size
        if not is_before or size > _MAX_HELD_BYTES:
            break
    for group in groups:
        yield from group
    yield from packets


def ticks_of(packet: AnyPacket) -> int | None:
    """The time at which a packet is shown, or decoded, in ticks of its time base."""
    return packet.dts if packet.pts is None else packet.pts
