"""Write a film: encode its picture and mux it with the source's other tracks; by default MP4 that browsers play."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

import av

from colorizer.arrays import depth_for
from colorizer.errors import DISK_FULL, Problem, VideoNotWritten
from colorizer.frames.pyav import FULL_RANGE, LIMITED_RANGE, plane_to_array
from colorizer.frames.yuv import YuvFrame
from colorizer.video.comparison import lost_properties, lost_tag_names
from colorizer.video.formats import VideoEncoding, choose_format
from colorizer.video.losses import picture_losses
from colorizer.video.metadata import add_label, cut_chapters, part_tags, tags_for
from colorizer.video.picture_track import PictureTrack
from colorizer.video.pixel_aspect import write_pixel_aspect
from colorizer.video.probe import file_url, open_container
from colorizer.video.reader import VideoReader
from colorizer.video.side_tracks import SideTracks
from colorizer.video.tracks import without_sides
from colorizer.video.types import AnyPacket, EncodedPacket, GrayFrame, SoundPacket

if TYPE_CHECKING:
    from av.container.core import Chapter

_ANYTHING = VideoEncoding()
_NO_TAGS: Mapping[str, str] = MappingProxyType({})


class VideoWriter:
    """Writes a file of the kind `reader.target` with the rate, aspect ratio, orientation, tracks, chapters and tags of
    the film in `reader`.

    To be used in a `with` block. `encoding`: what the user wants. `start`: of the part that is written, in seconds from
    the film's beginning. `label`: tags that are added, a comment for a film that has none (see `label.film_tags`).
    `format`: how the picture is written. `time_base`: that of the reader. `notes`: sentences on what differs from the
    source, complete after the block. `frames`: written so far. `duration`: of these frames, in seconds.
    Raises InvalidSetting if the container or the codec cannot hold the film as it is wanted. Every method raises
    VideoNotWritten if the file cannot be written, for example because the disk is full.
    """

    def __init__(
        self,
        path: Path,
        reader: VideoReader,
        *,
        encoding: VideoEncoding = _ANYTHING,
        start: float = 0.0,
        label: Mapping[str, str] = _NO_TAGS,
    ) -> None:
        self._path, self._reader, self._start, target = path, reader, start, reader.target
        self.format = form = choose_format(target, encoding, reader.first, reader.info.rate)
        self.width, self.height = (
            -(-side // unit) * unit for side, unit in zip((reader.width, reader.height), form.alignment, strict=True)
        )
        self.full_range, self.time_base = form.full_range, reader.time_base
        self.notes: list[str] = []
        self.frames, self.duration, self._begin, self._is_uneven = 0, 0.0, 0, False
        self._interlaced = set[int]()  # pts of frames that are to be marked so
        tags, own = (
            part_tags(one.metadata, target, start, reader.info.rate) for one in (reader.container, reader.stream)
        )
        self._wanted_tags = [tags.wanted, own.wanted]
        with self._writing():
            self._output = av.open(file_url(path), "w", format=target.muxer, options=dict(target.options))
            self._output.metadata.update(add_label(tags.written, label))
            self._picture = PictureTrack(self._output, reader, form, self.width, self.height)
            self._picture.stream.metadata.update(own.written)
            tracks = without_sides(reader.tracks) if form.color_only else reader.tracks
            self._side_tracks = SideTracks(reader.path, tracks, self._output, target)
            if not form.is_for_browsers:
                self._picture.open()
        if (self.width, self.height) != (reader.width, reader.height):
            name = form.codec.name
            self.notes.append(f"{name} needs an even width and height, so the last column or row is repeated.")

    def __enter__(self) -> VideoWriter:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self._finish()
        else:
            self._output.close()

    def new_frame(self, gray: GrayFrame) -> tuple[av.VideoFrame, YuvFrame]:
        """A frame for `write` with the luma and the timestamps of `gray`, and its planes; chroma is uninitialised."""
        form = self.format
        frame = av.VideoFrame(self.width, self.height, form.pixel_format)
        frame.color_range = FULL_RANGE if self.full_range else LIMITED_RANGE
        if not form.is_for_browsers:  # ProRes takes its marks from the frames
            frame.colorspace, frame.color_primaries = form.system.matrix, form.system.primaries
            frame.color_trc = form.system.transfer
        frame.pts, frame.duration, frame.time_base = gray.pts, gray.duration, self.time_base
        if gray.interlaced:
            self._interlaced.add(gray.pts)
        y, u, v = (plane_to_array(plane, depth_for(form.bits)) for plane in frame.planes)
        height, width = gray.luma.shape
        y[:height, :width] = gray.luma
        y[height:, :width] = gray.luma[-1:]
        y[:, width:] = y[:, width - 1 : width]
        return frame, YuvFrame(y, u, v, self.full_range, form.bits, form.system)

    def write(self, frame: av.VideoFrame) -> list[EncodedPacket]:
        """Encode the next frame, which comes from `new_frame`. Returns the packets that were written for it."""
        pts = frame.pts or 0
        self._count(pts, frame.duration)
        if self.format.color_only:
            luma = plane_to_array(frame.planes[0], depth_for(self.format.bits))
            luma[:] = self.format.middle_gray
        interlaced = pts in self._interlaced
        self._interlaced.discard(pts)
        with self._writing():
            return self._picture.encode(frame, interlaced=interlaced)

    def end_shot(self) -> list[EncodedPacket]:
        """Write what the encoder still holds, and let the next frame begin a new one. Returns those packets."""
        with self._writing():
            return self._picture.end_shot()

    def write_encoded(self, gray: GrayFrame | None, packets: Sequence[AnyPacket]) -> None:
        """Write packets that `write` returned for a frame like this in an earlier run, with their times.

        `gray`: None for those that `end_shot` returned.
        """
        if gray is not None:
            self._count(gray.pts, gray.duration)
        with self._writing():
            for packet in packets:
                self._picture.mux(packet)

    def write_sound(self, packet: SoundPacket) -> None:
        """Write a packet of sound or of subtitles as `VideoReader.read` yields it."""
        with self._writing():
            self._side_tracks.write(packet)

    def _count(self, pts: int, duration: int) -> None:
        if self.frames == 0:
            self._begin = pts
        late = (pts - self._begin) * self.time_base - self.frames / self._reader.info.rate
        self._is_uneven |= abs(late) * 2 > 1 / self._reader.info.rate
        self.frames += 1
        self.duration = float((pts + duration) * self.time_base)

    def _finish(self) -> None:
        with self._writing():
            self._picture.end_shot()
            self._side_tracks.finish(self.duration)
            chapters = self._chapters()
            self._output.set_chapters(chapters)
            self._output.close()
            reader = self._reader
            if reader.stream.sample_aspect_ratio and self.frames:
                write_pixel_aspect(self._path, self.width, self.height, reader.stream.sample_aspect_ratio)
        if self.frames == 0:
            return
        had = [*self._wanted_tags, *(tags_for(one.metadata, reader.target) for one in self._side_tracks.written())]
        self.notes += picture_losses(reader.stream, reader.first, reader.side_data, self.format.luma)
        if self._is_uneven and reader.target.rates:
            self.notes.append(f"{reader.target.name} shows all frames equally long; those of the film are not.")
        self.notes += self._side_tracks.notes()
        with open_container(self._path) as result:
            names = lost_tag_names(had, result)
            lost = [f"{reader.target.name} has no place for these tags, which are left out: {names}."] if names else []
            self.notes += [*lost, *lost_properties(reader, self.format, len(chapters), result)]

    def _chapters(self) -> list[Chapter]:
        chapters = self._reader.container.chapters()
        return cut_chapters(chapters, Fraction(self._start) + self._reader.begin, Fraction(self.duration))

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except (OSError, av.FFmpegError) as error:
            what = os.strerror(error.errno) if error.errno and error.errno > 0 else str(error)
            problem = Problem.NO_SPACE if error.errno in DISK_FULL else None
            message = f"expected to write the film to {self._path}, got: {what}"
            raise VideoNotWritten(message, problem=problem, path=self._path) from error
