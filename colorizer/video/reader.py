"""Read a film: demux it, decode the luma of its frames, and pass the packets of its sound on."""

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

_SEEK_MARGIN = 3  # seconds: in a file without an index, a seek may land after the requested time
_SOUND_LAG = 5  # seconds by which sound packets may follow the frames of the same time in the file
_TRUNCATED_SECONDS = 0.5  # a film with more than this missing at its end counts as truncated
_FORMATS_WITH_DURATION = {"mov", "matroska", "avi", "asf", "flv"}  # in other formats, FFmpeg estimates the duration


class VideoReader:
    """An open film, to be used in a `with` block and for one `read`.

    `info`: as returned by `probe`. `width`, `height`: of the stored frames, in pixels. `full_range`: as in `YuvFrame`.
    `time_base`: seconds per tick of the frames' timestamps. `audio`: the sound tracks that can be read.
    After `read`, `problems` has sentences on what could not be read, and `is_truncated` says whether the file ended too
    early.
    Raises InvalidVideo if no frame can be decoded, OSError if the file cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        first = first_frame(path)
        self.width, self.height, self.full_range = first.width, first.height, is_full_range(first)
        self.container = open_container(path)  # a second time, because not every container can seek back to the start
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
        """Yield the frames and the sound packets from `start` to `end`, in seconds from the film's beginning.

        `end`: None for the end of the film. The order is that of the file. Timestamps are relative to `start`.
        Interlaced frames are deinterlaced.
        """
        begin = self._begins + _to_fraction(start)
        stop = None if end is None else self._begins + _to_fraction(end)
        if start > 0:
            self.container.seek(max(0, int((begin - _SEEK_MARGIN) / MICROSECOND)))
        unfinished = {None, *(stream.index for stream in self.audio)}  # None: the video
        for item in self._items():
            base, track = Fraction(item.time_base or self.time_base), getattr(item, "stream_index", None)
            time = (item.pts or 0) * base
            if stop is not None and time >= stop:
                unfinished.discard(track)
                if not unfinished or (track is None and time > stop + _SOUND_LAG):
                    return
            elif start == 0 or time >= begin:  # with start 0, also packets before 0: an encoder's priming samples
                yield self._shift_times(item, round(begin / base))

    def _items(self) -> Iterator[av.VideoFrame | AnyPacket]:
        """All frames and sound packets from the current position on; each has a pts."""
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
                if packet.size == 0:  # FFmpeg's flush packet at the end of a track
                    continue
                if packet.pts is None and packet.stream_index != self.stream.index:
                    packet.pts = packet.dts
                if packet.pts is not None:
                    end = (packet.pts + (packet.duration or 0)) * Fraction(packet.time_base) - self._begins
                    self._reached = max(self._reached, end)
                yield packet
        except av.FFmpegError as error:
            self.is_truncated = True
            self.problems.append(f"The file cannot be read after {float(self._reached):.1f} seconds: {error.strerror}.")

    def _frames(self, packet: AnyPacket | None) -> Iterator[av.VideoFrame]:
        """Decode a packet, or flush the decoder (None). A damaged packet is counted and skipped."""
        try:
            frames = self.stream.decode(packet)
        except av.FFmpegError:
            self._damaged += 1
            return
        for frame in frames:
            # Old AVI and MPEG files have frames whose timestamps are missing or do not increase.
            guess = self._last_pts + max(1, frame.duration)
            frame.pts = guess if frame.pts is None else max(frame.pts, self._last_pts + 1)
            self._last_pts = frame.pts
            yield from self._deinterlacer.push(frame)

    def _shift_times(self, item: av.VideoFrame | AnyPacket, ticks: int) -> GrayFrame | SoundPacket:
        """Move an item `ticks` of its time base earlier; a frame is reduced to its luma."""
        pts = (item.pts or 0) - ticks
        if isinstance(item, av.VideoFrame):
            return GrayFrame(self._fit_luma(item), pts, item.duration)
        item.pts = pts
        item.dts = pts if item.dts is None else item.dts - ticks
        return item

    def _fit_luma(self, frame: av.VideoFrame) -> Plane:
        """The luma of a frame at the film's size: (height, width) uint8; rows may be padded."""
        luma = read_luma(frame)
        if luma.shape != (self.height, self.width):  # a broadcast whose resolution changes
            luma = np.asarray(cv2.resize(luma, (self.width, self.height), interpolation=cv2.INTER_AREA), np.uint8)
        return luma

    def _note_problems(self) -> None:
        if self._damaged:
            self.problems.append(f"{self._damaged} damaged video packets could not be decoded and were skipped.")
        # The duration of a truncated AVI is that of the remaining part; its header still has the number of frames.
        declared = max((self.container.duration or 0) * MICROSECOND, self.stream.frames / self.info.rate)
        says = not _FORMATS_WITH_DURATION.isdisjoint(self.container.format.name.split(","))
        if says and not self.is_truncated and declared - self._reached > _TRUNCATED_SECONDS:
            self.is_truncated = True
            self.problems.append(
                f"The file ends after {float(self._reached):.1f} of {float(declared):.1f} seconds; "
                "the part that could be read is written."
            )


def _to_fraction(seconds: float) -> Fraction:
    """Round to the nearest microsecond, because the float 1.3 is greater than the timestamp of the frame at 1.3 s."""
    return Fraction(seconds).limit_denominator(MICROSECOND.denominator)
