"""Reading a film: its luma frame by frame, its sound packet by packet."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np

from colorizer.arrays import Plane
from colorizer.frames.pyav import is_full_range, read_luma
from colorizer.video.deinterlace import Deinterlacer
from colorizer.video.probe import MICROSECOND, find_video_stream, first_frame, open_container, read_info
from colorizer.video.types import AnyPacket, GrayFrame, SoundPacket

_SEEK_MARGIN = 3  # seconds: without an index, a seek lands near the time asked for and not always before it
_SOUND_LAG = 5  # seconds that sound may lie behind the picture in the file
_TRUNCATED_SECONDS = 0.5  # seconds missing at the end from which on a film counts as cut off
_FORMATS_WITH_DURATION = {"mov", "matroska", "avi", "asf", "flv"}  # of others it is estimated from what is there


class VideoReader:
    """An open film, for `with` and one `read`. Raises InvalidVideo if there is no picture in it that can be read.

    `info`: as of `probe`. `width`, `height`: as stored. `full_range`: of the luma, as in `Planes`.
    `time_base`: seconds a tick of the frames' times. `audio`: the sound tracks that can be read.
    After `read`: `problems`, sentences on what could not be read, and `broke_off`, whether it ended too early.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        first = first_frame(path)
        self.width, self.height, self.full_range = first.width, first.height, is_full_range(first)
        self.container = open_container(path)  # anew: not every container can be wound back
        self.stream = find_video_stream(self.container, path)
        self.stream.thread_type = "AUTO"
        self.time_base = Fraction(self.stream.time_base or MICROSECOND)
        self.audio = [stream for stream in self.container.streams.audio if stream.codec_context is not None]
        self.info = read_info(self.container, self.stream, first)
        self.problems: list[str] = []
        self.is_truncated = False
        self._begins = max(0, self.container.start_time or 0) * MICROSECOND
        self._deinterlacer = Deinterlacer(self.time_base)
        self._reached = Fraction(0)
        self._damaged = 0
        self._last_pts = -1

    def __enter__(self) -> VideoReader:
        return self

    def __exit__(self, *_: object) -> None:
        self.container.close()

    def read(self, start: float = 0.0, end: float | None = None) -> Iterator[GrayFrame | SoundPacket]:
        """The frames and the packets of sound between two times, in seconds from the film's beginning.

        In the file's order; their times are counted from `start`. Interlaced frames come out whole, each once.
        """
        begin = self._begins + _to_fraction(start)
        stop = None if end is None else self._begins + _to_fraction(end)
        if start > 0:
            self.container.seek(max(0, int((begin - _SEEK_MARGIN) / MICROSECOND)))
        unfinished = {None, *(stream.index for stream in self.audio)}  # None: the picture
        for item in self._items():
            base, track = Fraction(item.time_base or self.time_base), getattr(item, "stream_index", None)
            time = (item.pts or 0) * base
            if stop is not None and time >= stop:
                unfinished.discard(track)
                if not unfinished or (track is None and time > stop + _SOUND_LAG):
                    return
            elif start == 0 or time >= begin:  # from 0 on also what lies before: an encoder's run-up of the sound
                yield self._shift_times(item, round(begin / base))

    def _items(self) -> Iterator[av.VideoFrame | AnyPacket]:
        """All there is from here on, with pts."""
        for packet in self._packets():
            if packet.stream_index == self.stream.index:
                yield from self._frames(packet)
            else:
                yield packet
        yield from self._frames(None)
        yield from self._deinterlacer.finish()
        self._note_problems()

    def _packets(self) -> Iterator[AnyPacket]:
        try:
            for packet in self.container.demux(self.stream, *self.audio):
                if packet.size == 0:  # FFmpeg's sign for the end of a track
                    continue
                if packet.pts is None and packet.stream_index != self.stream.index:
                    packet.pts = packet.dts
                if packet.pts is not None:
                    end = (packet.pts + (packet.duration or 0)) * Fraction(packet.time_base) - self._begins
                    self._reached = max(self._reached, end)
                yield packet
        except av.FFmpegError as error:
            self.is_truncated = True
            self.problems.append(
                f"The file cannot be read beyond {float(self._reached):.1f} seconds: {error.strerror}."
            )

    def _frames(self, packet: AnyPacket | None) -> Iterator[av.VideoFrame]:
        """What the decoder has ready after a packet, or (None) at the end. A damaged packet is counted and left out."""
        try:
            frames = self.stream.decode(packet)
        except av.FFmpegError:
            self._damaged += 1
            return
        for frame in frames:
            # Old AVI and MPEG files: times that are missing, or that do not go on.
            guess = self._last_pts + max(1, frame.duration)
            frame.pts = guess if frame.pts is None else max(frame.pts, self._last_pts + 1)
            self._last_pts = frame.pts
            yield from self._deinterlacer.push(frame)

    def _shift_times(self, item: av.VideoFrame | AnyPacket, ticks: int) -> GrayFrame | SoundPacket:
        """The item with times that many ticks earlier, a frame as its luma."""
        pts = (item.pts or 0) - ticks
        if isinstance(item, av.VideoFrame):
            return GrayFrame(self._luma(item), pts, item.duration)
        item.pts = pts
        item.dts = pts if item.dts is None else item.dts - ticks
        return item

    def _luma(self, frame: av.VideoFrame) -> Plane:
        luma = read_luma(frame)
        if luma.shape != (self.height, self.width):  # a broadcast that changes its format
            luma = np.asarray(cv2.resize(luma, (self.width, self.height), interpolation=cv2.INTER_AREA), np.uint8)
        return luma

    def _note_problems(self) -> None:
        if self._damaged:
            self.problems.append(
                f"{self._damaged} damaged pieces of the picture could not be decoded and are left out."
            )
        # A cut AVI's duration is what is left of it; the number of frames is still that of its head.
        declared = max((self.container.duration or 0) * MICROSECOND, self.stream.frames / self.info.rate)
        says = not _FORMATS_WITH_DURATION.isdisjoint(self.container.format.name.split(","))
        if says and not self.is_truncated and declared - self._reached > _TRUNCATED_SECONDS:
            self.is_truncated = True
            self.problems.append(
                f"The file breaks off after {float(self._reached):.1f} of {float(declared):.1f} seconds; "
                "what could be read is written."
            )


def _to_fraction(seconds: float) -> Fraction:
    """To the microsecond that was meant: as a binary number 1.3 lies behind the frame of that time."""
    return Fraction(seconds).limit_denominator(MICROSECOND.denominator)
