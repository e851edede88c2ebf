"""Read a film: demux it, decode the luma of its frames, and pass the packets of its sound on."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from fractions import Fraction
from pathlib import Path

import av
from av.container import InputContainer

from colorizer.frames.pyav import is_full_range
from colorizer.video.clock import MAX_LAG
from colorizer.video.containers import MP4, Container
from colorizer.video.deinterlace import Deinterlacer
from colorizer.video.formats import LumaFormat, fit_luma
from colorizer.video.limits import DEFAULT_LIMITS, VideoLimits, cut_excess, is_too_large
from colorizer.video.losses import read_side_data
from colorizer.video.probe import find_video_stream, open_container, read_info
from colorizer.video.seek import can_seek, seek, skip_to
from colorizer.video.survey import MICROSECOND, make_timeline, read_packets, survey
from colorizer.video.timeline import Timeline
from colorizer.video.tracks import choose_tracks
from colorizer.video.truncation import find_truncation
from colorizer.video.types import AnyPacket, GrayFrame, SoundPacket

_FOR_SCREENS = LumaFormat()
_MAX_TICK = Fraction(1, 10_000)  # seconds; the time base of an AVI is as long as a frame


class VideoReader:
    """An open film, to be used in a `with` block and for one `read`.

    `info`: as returned by `probe`. `width`, `height`: of the stored frames, in pixels. `full_range`: as in `YuvFrame`.
    `time_base`: seconds per tick of the frames' timestamps. `first`: the first frame. `tracks`: those that a film in
    `target` keeps. `is_seekable`: as `can_seek` says. `begin`: of the film, by the clock of its file, in seconds.
    After `read`, `problems` has sentences on what was not read, `is_truncated` says whether the file ended too early
    or the film `exceeds_limits`, and `side_data` names what the frames carry beside their pictures.
    Raises InvalidVideo if no frame can be decoded, OSError if the file cannot be opened.
    """

    def __init__(self, path: Path, limits: VideoLimits = DEFAULT_LIMITS, target: Container = MP4) -> None:
        self.path, self._limits, self.target = path, limits, target
        self._opened = ExitStack()
        with open_container(path) as container:
            found = survey(container, find_video_stream(container, path, limits), path, limits)
        first, self.begin, self._first_time = found.first, found.begin, found.first_time
        self.first, self.width, self.height, self.full_range = first, first.width, first.height, is_full_range(first)
        self.container = self._open()  # a second time, because not every container can seek back to the start
        self.stream = find_video_stream(self.container, path, limits)
        self._base = Fraction(self.stream.time_base or MICROSECOND)
        self.time_base = self._base / math.ceil(self._base / _MAX_TICK)  # for a start between two ticks
        self.tracks = choose_tracks(self.container, self.stream, target)
        self.info = read_info(self.container, self.stream, found)
        self._subtitles = {stream.index for stream in self.tracks.subtitles}  # whose texts may stay from before a start
        self.side_data, self.problems = set[str](), list[str]()
        self.is_truncated = self.exceeds_limits = False
        self.is_seekable = can_seek(self.container, found.clocks)
        self._deinterlacer, self._luma = Deinterlacer(self._base), _FOR_SCREENS
        self._timeline = self._make_timeline()
        self._refused: Counter[str] = Counter()  # packets of the picture, by the reason
        self._last_pts: int | None = None
        self._step = max(1, round(1 / (self.info.rate * self._base)))  # ticks between two frames
        self._untimed: int | None = 0  # frames so far, as long as none had a time

    def __enter__(self) -> VideoReader:
        return self

    def __exit__(self, *_: object) -> None:
        self._opened.close()

    def read(
        self, start: float = 0.0, end: float | None = None, luma: LumaFormat = _FOR_SCREENS
    ) -> Iterator[GrayFrame | SoundPacket]:
        """Yield the frames and the sound packets from `start` to `end`, in seconds from the film's beginning.

        `end`: None for the end of the film. `luma`: what the frames have; by default 8 bits for ordinary displays, and
        interlaced frames are deinterlaced. The order is that of the file. Timestamps are relative to `start`.
        """
        self._luma = luma
        begin = self.begin + _to_fraction(start)
        stop = None if end is None else self.begin + _to_fraction(end)
        unfinished = {None, *(stream.index for stream in self.tracks.sound)}  # None: the video
        items = self._items(self._packets() if start == 0 else self._packets_for(begin))
        for item in cut_excess(items, self._limits, self._base, self.begin, self._note_excess):
            base, track = Fraction(item.time_base or self._base), getattr(item, "stream_index", None)
            time = (item.pts or 0) * base
            if stop is not None and time >= stop:
                unfinished.discard(track)
                if not unfinished or (track is None and time > stop + MAX_LAG):
                    return
            # With start 0, also packets before 0: the priming samples of an encoder.
            elif start == 0 or time >= begin or track in self._subtitles:
                yield self._shift_times(item, begin)

    def _items(self, packets: Iterator[AnyPacket]) -> Iterator[av.VideoFrame | AnyPacket]:
        """All frames of the picture's packets, and the other packets; each has a pts."""
        for packet in self._until_error(packets):
            if packet.stream_index == self.stream.index:
                yield from self._frames(packet)
            else:
                yield packet
        yield from self._frames(None)
        yield from self._deinterlacer.finish()
        self._note_problems()

    def _note_excess(self, excess: str) -> None:
        self.is_truncated = self.exceeds_limits = True
        self._note_problems(excess)

    def _packets(self, container: InputContainer | None = None) -> Iterator[AnyPacket]:
        """The packets of all tracks to keep, from the current position of a container on, on one line of time."""
        self._timeline = self._make_timeline()
        kept = (self.stream, *self.tracks.sound, *self.tracks.subtitles)
        packets = read_packets(container or self.container, {track.index for track in kept})
        return self._timeline.move(packets)

    def _packets_for(self, begin: Fraction) -> Iterator[AnyPacket]:
        """The packets that the film from `begin` on needs, and perhaps some before."""
        if self.is_seekable:
            packets = seek(self.container, self.stream.index, begin, self._packets)
            if packets is not None:
                return packets
        return skip_to(self._packets(self._open()), self.stream.index, begin)

    def _until_error(self, packets: Iterator[AnyPacket]) -> Iterator[AnyPacket]:
        try:
            yield from packets
        except av.FFmpegError as error:
            self.is_truncated = True
            reached = float(self._reached())
            self.problems.append(f"The file cannot be read after {reached:.1f} seconds: {error.strerror}.")

    def _reached(self) -> Fraction:
        """The end of the picture and the sound that were read, in seconds from the film's beginning."""
        return self._timeline.end_of(self.stream.index, *(track.index for track in self.tracks.sound)) - self.begin

    def _open(self) -> InputContainer:
        return self._opened.enter_context(open_container(self.path))

    def _make_timeline(self) -> Timeline[AnyPacket]:
        return make_timeline(self.container, self.stream, [track.index for track in self.tracks.sound])

    def _frames(self, packet: AnyPacket | None) -> Iterator[av.VideoFrame]:
        """Decode a packet, or flush the decoder (None). A damaged packet is counted and skipped."""
        try:
            frames = self.stream.decode(packet)
        except av.FFmpegError as error:
            self._refused["large" if is_too_large(self.stream, error, self._limits) else "damaged"] += 1
            return
        for frame in frames:
            self.side_data.update(read_side_data(frame))
            frame.pts = self._last_pts = self._next_pts(frame)
            yield from self._deinterlacer.push(frame) if self._luma.deinterlaced else (frame,)

    def _next_pts(self, frame: av.VideoFrame) -> int:
        """The frame's pts. Old AVI and MPEG files have some that are missing or do not increase.

        A frame's dts is that of the packet in the order of decoding whose turn it is when the frame is shown.
        """
        pts, last = frame.dts if frame.pts is None else frame.pts, self._last_pts
        if pts is not None:
            self._untimed = None
        elif self._untimed is not None:
            pts = round((self._first_time + self._untimed / self.info.rate) / self._base)
            self._untimed += 1
        if last is None:
            return pts or 0
        pts = max(last + self._step if pts is None else pts, last + 1)
        self._step = pts - last
        return pts

    def _shift_times(self, item: av.VideoFrame | AnyPacket, begin: Fraction) -> GrayFrame | SoundPacket:
        """Move an item `begin` seconds earlier; a frame is reduced to its luma."""
        base, form = Fraction(item.time_base or self._base), self._luma
        if isinstance(item, av.VideoFrame):
            pts = round(((item.pts or 0) * base - begin) / self.time_base)
            luma, duration = fit_luma(item, form, self.width, self.height), round(item.duration * base / self.time_base)
            return GrayFrame(luma, pts, duration, form.bits, item.interlaced_frame and not form.deinterlaced)
        item.pts = (item.pts or 0) - round(begin / base)
        item.dts = item.pts if item.dts is None else item.dts - round(begin / base)
        return item

    def _note_problems(self, *more: str) -> None:
        self.problems += more
        if damaged := self._refused["damaged"]:
            self.problems.append(f"{damaged} damaged video packets could not be decoded and were skipped.")
        if large := self._refused["large"]:
            self.problems.append(f"{large} frames larger than {self._limits.largest} were skipped.")
        if not self.is_truncated and (cut := find_truncation(self.path, self.container, self.stream, self._reached())):
            self.is_truncated = True
            self.problems.append(cut)


def _to_fraction(seconds: float) -> Fraction:
    """Round to the nearest microsecond, because the float 1.3 is greater than the timestamp of the frame at 1.3 s."""
    return Fraction(seconds).limit_denominator(MICROSECOND.denominator)
