"""One rising line of time for all tracks of a film, whatever the clocks in its file do.

The timestamps of a file belong to one clock or to several: those of two recordings behind each other begin anew, a
broadcast's jump, and the 33 bits of MPEG turn over after 26.5 hours.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Generic

from colorizer.video.clock import FORWARD, MAX_LAG, Clock, Packet, Track

_BACKWARD = 0.1  # seconds back in the order of decoding that mean another clock; as in FFmpeg's ffmpeg_demux.c
_OVERLAP = 0.1  # seconds of the sound before a change of clocks that the sound after it may cover
_HELD_PACKETS = 2000  # of a new clock that wait for its other tracks, at most
_GOES_ON = 1.0  # seconds of the picture after which a step back of the sound alone is not a change of clocks
_MIN_STEP = Fraction(1, 1000)  # seconds between two packets of sound


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
    _clocks: list[Clock] = field(default_factory=list)
    _tracks: dict[int, Track] = field(default_factory=dict)
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
            track = self._tracks[packet.stream_index] = Track(base, float(base))
        ticks = packet.pts if packet.dts is None else packet.dts
        if ticks is not None:
            time = ticks * track.tick
            clock = self._find_clock(packet, track, time)
            if clock == len(self._clocks):
                yield from self._release()
                picture = self._tracks.get(self.picture)
                last = None if picture is None else picture.last
                self._clocks.append(Clock(time, time, last, None if self._clocks else Fraction(0)))
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

    def _find_clock(self, packet: Packet, track: Track, time: float) -> int:
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
        behind = _BACKWARD if packet.dts is not None else FORWARD  # without a dts, the order is not that of the times
        latest = max(track.last, self._clocks[track.clock].latest)
        if time < track.last - behind or (self.may_jump and time > latest + FORWARD):
            later = range(track.clock + 1, newest + 1)
            return next((number for number in later if self._clocks[number].is_near(time)), newest + 1)
        last = self._clocks[newest]
        has_followed = packet.stream_index == self.picture or last.latest - last.first < MAX_LAG
        return track.clock if has_followed or not last.is_near(time) else newest

    def _is_settled(self) -> bool:
        """Whether enough of the newest clock is held to place it."""
        clock = self._clocks[-1]
        if clock.latest - clock.first > MAX_LAG or len(self._held) >= _HELD_PACKETS:
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
            self._clocks[-1].offset = self._new_offset()
        held, self._held = self._held, []
        for packet in held:
            yield self._place(packet, self._tracks[packet.stream_index])

    def _new_offset(self) -> Fraction:
        """The offset of the newest clock, from the tracks that have come to it."""
        begins = self._begins()
        gaps = {
            index: track.end * track.time_base - begins[index]
            for index, track in self._tracks.items()
            if index in begins and track.end is not None and (index == self.picture or index in self.sounds)
        }
        steady = None if self.picture in gaps else self._steady_offset()
        if steady is not None:
            return steady
        longest = max(gaps.values(), default=Fraction(0))
        offset = gaps.get(self.picture, longest)
        return longest if longest - offset > _OVERLAP else offset

    def _steady_offset(self) -> Fraction | None:
        """The offset of the picture's clock if the picture has gone on by it since the sound alone has stepped."""
        picture, clock = self._tracks.get(self.picture), self._clocks[-1]
        if picture is None or picture.clock is None or picture.last is None or clock.picture is None:
            return None
        known = self._clocks[picture.clock]
        return known.offset if picture.last - clock.picture > _GOES_ON and known.is_near(clock.first) else None

    def _place(self, packet: Packet, track: Track) -> Packet:
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
            is_picture = packet.stream_index == self.picture
            track.extend(packet, round(self.step / track.time_base) if is_picture else 0)
        return packet
