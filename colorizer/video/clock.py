"""The clocks of a film's file, and what is known of its tracks while it is read."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol, TypeVar

FORWARD = 10.0  # seconds ahead that mean another clock; FFmpeg's -dts_delta_threshold
MAX_LAG = 5.0  # seconds by which the packets of a track may follow those of the others in the file


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
class Clock:
    """`first`, `latest`: the range of its timestamps, in seconds. `offset`: from them to the line; None: not known.

    `picture`: the picture's last timestamp by its own clock when this one began; None: it had none.
    """

    first: float
    latest: float
    picture: float | None = None
    offset: Fraction | None = None

    def is_near(self, time: float) -> bool:
        return self.first - FORWARD <= time <= self.latest + FORWARD

    def is_now(self, time: float) -> bool:
        """Whether a track that begins at this place in the file may begin at `time`."""
        return self.latest - MAX_LAG <= time <= self.latest + FORWARD


@dataclass
class Track:
    """`clock`: number of the clock. `last`: dts of its last packet by that clock, in seconds.

    `end`, `last_dts`: on the line, in ticks of `time_base`. `offset`: from the clock to the line, in ticks; None: not
    computed yet. `shown`, `decoded`: the earliest pts and dts on the line since the clock began. `lacks_pts`: whether
    there was a packet without a pts. `has_times`: whether there was one with a pts or dts.
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
    has_times: bool = False

    def extend(self, packet: Stamped, step: int) -> None:
        """Move the end behind a packet whose timestamps are those of the line. `step`: ticks that one lasts else."""
        pts, dts = packet.pts, packet.dts
        if not self.has_times and (pts is not None or dts is not None):
            self.has_times, self.end = True, None  # what came before was counted from 0
        if dts is not None:
            if self.decoded is None or self.shown is None:
                self.decoded, self.shown = dts, dts if pts is None else pts
            self.shown = self.shown if pts is None else min(self.shown, pts)
            self.lacks_pts = self.lacks_pts or pts is None
            if self.lacks_pts:  # after as many frames were shown as were decoded, the last one of both is at the end
                pts = max(dts + self.shown - self.decoded, dts if pts is None else pts)
        begin = next(time for time in (pts, self.end, dts, 0) if time is not None)
        end = begin + (packet.duration or step)
        self.end = end if self.end is None else max(self.end, end)
