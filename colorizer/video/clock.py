"""One rising line of time for all tracks of a film, whatever the clocks in its file do.

The timestamps of a file belong to one clock or to several: those of two recordings behind each other begin anew, a
broadcast's jump, and the 33 bits of MPEG turn over after 26.5 hours.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Generic, Protocol, TypeVar

BACKWARD = 0.1  # seconds back in the order of decoding that mean another clock; as in FFmpeg's ffmpeg_demux.c
FORWARD = 10.0  # seconds ahead that mean another clock; FFmpeg's -dts_delta_threshold
_OVERLAP = 0.1  # seconds of the sound before a change of clocks that the sound after it may cover
MAX_LAG = 5.0  # seconds by which the packets of a track may follow those of the others in the file
_LAG = 2.0  # seconds after which a track follows the others to their clock although its own times do not show it
_HELD_SECONDS, _HELD_PACKETS = 1.0, 1000  # of a new clock that wait for its other tracks
_MIN_STEP = Fraction(1, 1000)  # seconds between two packets of sound


class Stamped(Protocol):
    """A packet with timestamps in ticks of its time base, as PyAV's `Packet`."""

    @property
    def stream_index(self) -> int: ...
    @property
    def time_base(self) -> Fraction: ...

    @property
    def is_discard(self) -> bool: ...  # decoded, but not shown: outside the edit list of an MP4

    pts: int | None
    dts: int | None
    duration: int | None


Packet = TypeVar("Packet", bound=Stamped)


@dataclass
class _Clock:
    """`first`, `latest`: the range of its timestamps, in seconds. `offset`: from them to the line; None: not known."""

    first: float
    latest: float
    offset: Fraction | None = None

    def is_near(self, time: float) -> bool:
        return self.first - FORWARD <= time <= self.latest + FORWARD

    def is_now(self, time: float) -> bool:
        """Whether a track that begins at this place in the file may begin at `time`."""
        return self.latest - MAX_LAG <= time <= self.latest + FORWARD


@dataclass
class _Track:
    """`clock`: number of the clock. `last`: dts of its last packet by that clock, in seconds.

    `end`, `last_dts`: on the line, in ticks of `time_base`. `offset`: from the clock to the line, in ticks; None: not
    computed yet. `shown`, `decoded`: the earliest pts and dts on the line since the clock began. `lacks_pts`: whether
    there was a packet without a pts.
    """

    time_base: Fraction
    tick: float  # the time base as a float: arithmetic on fractions is slow
    clock: int | None = None
    last: float | None = None
    end: int | None = None
    last_dts: int | None = None
    offset: int | None = None
    shown: int | None = None
    decoded: int | None = None
    lacks_pts: bool = False


@dataclass
class Timeline(Generic[Packet]):
    """Moves the timestamps of packets to the line; the first clock's timestamps are the line's.

    Each change of clocks gets one offset for all tracks: the picture goes on without a gap, and the sound keeps its
    distance to the picture. `picture`: index of that stream. `sounds`: of the sound tracks, whose dts will rise
    strictly. Other tracks (subtitles) follow. `may_jump`: whether the format allows jumps ahead (FFmpeg's
    AVFMT_TS_DISCONT); in others, a jump ahead is a pause in the film. `step`: seconds that a frame lasts where the file
    does not say. `clocks`: how many there were.
    """

    picture: int
    sounds: Collection[int]
    may_jump: bool
    step: Fraction
    _clocks: list[_Clock] = field(default_factory=list)
    _tracks: dict[int, _Track] = field(default_factory=dict)
    _held: list[Packet] = field(default_factory=list)

    @property
    def clocks(self) -> int:
        return len(self._clocks)

    def end_of(self, *tracks: int) -> Fraction:
        """The end of what came so far of some tracks, by index, in seconds of the line; 0 if nothing came."""
        ended = (self._tracks[index] for index in tracks if index in self._tracks)
        return max((track.end * track.time_base for track in ended if track.end is not None), default=Fraction(0))

    def move(self, packets: Iterable[Packet]) -> Iterator[Packet]:
        """Yield the packets with their new timestamps; a few wait where a new clock begins."""
        for packet in packets:
            yield from self._push(packet)
        yield from self._release()

    def _push(self, packet: Packet) -> Iterator[Packet]:
        track = self._tracks.get(packet.stream_index)
        if track is None:
            base = packet.time_base
            track = self._tracks[packet.stream_index] = _Track(base, float(base))
        ticks = packet.pts if packet.dts is None else packet.dts
        if ticks is not None:
            time = ticks * track.tick
            clock = self._find_clock(packet, track, time)
            if clock == len(self._clocks):
                yield from self._release()
                self._clocks.append(_Clock(time, time, None if self._clocks else Fraction(0)))
            if clock != track.clock:
                track.clock, track.offset, track.shown, track.decoded = clock, None, None, None
            if packet.dts is not None:
                track.last = time
            known = self._clocks[clock]
            known.first, known.latest = min(known.first, time), max(known.latest, time)
        if track.clock is None or self._clocks[track.clock].offset is not None:
            yield self._place(packet, track)
            return
        self._held.append(packet)
        if self._is_settled():
            yield from self._release()

    def _find_clock(self, packet: Packet, track: _Track, time: float) -> int:
        """The number of the clock that a packet's time belongs to; the number of clocks means a new one."""
        newest = len(self._clocks) - 1
        leads = packet.stream_index == self.picture or packet.stream_index in self.sounds
        if newest < 0:
            return 0
        if not leads or (not self.may_jump and track.last is None):
            near = (number for number in range(newest, -1, -1) if self._clocks[number].is_near(time))
            return next(near, newest)
        if track.clock is None or track.last is None:
            current = (number for number in range(newest, -1, -1) if self._clocks[number].is_now(time))
            return next(current, newest + 1)
        behind = BACKWARD if packet.dts is not None else FORWARD  # without a dts, the order is not that of the times
        latest = max(track.last, self._clocks[track.clock].latest)
        if time < track.last - behind or (self.may_jump and time > latest + FORWARD):
            later = range(track.clock + 1, newest + 1)
            return next((number for number in later if self._clocks[number].is_near(time)), newest + 1)
        last = self._clocks[newest]
        has_lost_touch = track.clock < newest and last.latest - last.first > _LAG and last.is_near(time)
        return newest if has_lost_touch else track.clock

    def _is_settled(self) -> bool:
        """Whether enough of the newest clock is held to place it."""
        clock = self._clocks[-1]
        if clock.latest - clock.first > _HELD_SECONDS or len(self._held) >= _HELD_PACKETS:
            return True
        leading = (self._tracks[index] for index in (self.picture, *self.sounds) if index in self._tracks)
        if any(track.clock != len(self._clocks) - 1 for track in leading):
            return False
        # Frames are stored in another order than shown: none before the dts of the last packet is still to come.
        last = next((packet for packet in reversed(self._held) if packet.stream_index == self.picture), None)
        begin = self._begins().get(self.picture)
        return last is None or begin is None or last.dts is None or last.dts * last.time_base >= begin

    def _begins(self) -> dict[int, Fraction]:
        """The earliest time of each track among the packets that are held, in seconds of the newest clock."""
        shown: dict[int, Fraction] = {}
        decoded: dict[int, Fraction] = {}  # for a track that has no pts
        for packet in self._held:
            for ticks, begins in ((packet.pts, shown), (packet.dts, decoded)):
                if ticks is not None:
                    time = ticks * packet.time_base
                    begins[packet.stream_index] = min(time, begins.get(packet.stream_index, time))
        return decoded | shown

    def _release(self) -> Iterator[Packet]:
        """Place the newest clock on the line, if it is not yet, and yield the packets that are held."""
        if self._clocks and self._clocks[-1].offset is None:
            begins = self._begins()
            gaps = {
                index: track.end * track.time_base - begins[index]
                for index, track in self._tracks.items()
                if index in begins and track.end is not None and (index == self.picture or index in self.sounds)
            }
            longest = max(gaps.values(), default=Fraction(0))
            offset = gaps.get(self.picture, longest)
            self._clocks[-1].offset = longest if longest - offset > _OVERLAP else offset
        held, self._held = self._held, []
        for packet in held:
            yield self._place(packet, self._tracks[packet.stream_index])

    def _place(self, packet: Packet, track: _Track) -> Packet:
        """Move a packet's timestamps to the line; sound gets those that are missing."""
        if track.offset is None:
            offset = None if track.clock is None else self._clocks[track.clock].offset
            track.offset = round((offset or 0) / track.time_base)
        pts, dts = packet.pts, packet.dts
        pts = None if pts is None else pts + track.offset
        dts = None if dts is None else dts + track.offset
        if packet.stream_index in self.sounds:
            dts = next((time for time in (dts, pts, track.end) if time is not None), 0)
            if track.last_dts is not None and dts <= track.last_dts:
                dts = track.last_dts + math.ceil(_MIN_STEP / track.time_base)
            pts = dts
            track.last_dts = dts
        packet.pts, packet.dts = pts, dts
        if not packet.is_discard:
            self._extend(track, packet)
        return packet

    def _extend(self, track: _Track, packet: Packet) -> None:
        """Move the end of a track behind a packet that is placed."""
        pts, dts = packet.pts, packet.dts
        if dts is not None:
            if track.decoded is None or track.shown is None:
                track.decoded, track.shown = dts, dts if pts is None else pts
            track.shown = track.shown if pts is None else min(track.shown, pts)
            track.lacks_pts = track.lacks_pts or pts is None
            if track.lacks_pts:  # after as many frames were shown as were decoded, the last one of both is at the end
                pts = max(dts + track.shown - track.decoded, dts if pts is None else pts)
        begin = next(time for time in (pts, track.end, dts, 0) if time is not None)
        step = round(self.step / track.time_base) if packet.stream_index == self.picture else 0
        end = begin + (packet.duration or step)
        track.end = end if track.end is None else max(track.end, end)
