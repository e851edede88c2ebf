"""Write a film: encode H.264 and mux it with the source's other tracks into an MP4 file that browsers play."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path

import av
from av.video.reformatter import ColorPrimaries

from colorizer.errors import DISK_FULL, Problem, VideoNotWritten
from colorizer.frames.pyav import FULL_RANGE, LIMITED_RANGE, plane_to_array
from colorizer.frames.tone_mapping import shown_transfer
from colorizer.frames.yuv import YuvFrame
from colorizer.video.losses import picture_losses
from colorizer.video.metadata import cut_chapters, lost_tags, readable_tags
from colorizer.video.orientation import read_display_matrix
from colorizer.video.probe import file_url, open_container
from colorizer.video.reader import VideoReader
from colorizer.video.side_tracks import SideTracks
from colorizer.video.types import AnyPacket, GrayFrame, SoundPacket

# Constant quality without visible loss; the fast preset leaves most of the processor to the network.
_ENCODER_OPTIONS = {"crf": "18", "preset": "veryfast"}
# The index is at the beginning of the file, so that a film plays while it is still loading. The start times of tracks
# are stored in units of 1/90000 of a second instead of the usual 1/1000.
_MP4_OPTIONS = {"movflags": "faststart", "movie_timescale": "90000"}
# FFmpeg's AVCOL_SPC_SMPTE170M, the BT.601 matrix that `YuvColorizer` uses. PyAV does not name it: its `Colorspace` has
# the numbers of swscale instead.
BT601_MATRIX = 6


class VideoWriter:
    """Writes an MP4 file with the rate, aspect ratio, orientation, tracks, chapters and tags of the film in `reader`.

    To be used in a `with` block. `start`: of the part that is written, in seconds from the film's beginning.
    `comment`: a tag for a film that has no comment.
    `notes`: sentences on what differs from the source, complete after the block. `frames`: written so far. `duration`:
    of these frames, in seconds.
    Every method raises VideoNotWritten if the file cannot be written, for example because the disk is full.
    """

    def __init__(self, path: Path, reader: VideoReader, *, start: float = 0.0, comment: str = "") -> None:
        self._path, self._reader, self._start = path, reader, start
        self.width, self.height = reader.width + reader.width % 2, reader.height + reader.height % 2
        self.full_range, self._time_base = reader.full_range, reader.time_base
        with self._writing():
            self._output = av.open(file_url(path), "w", format="mp4", options=_MP4_OPTIONS)
            tags = self._tags(reader.container.metadata)
            if comment and not any(key.lower() == "comment" for key in tags):
                tags["comment"] = comment
            self._output.metadata.update(tags)
            self._add_video_stream(reader)
            self._side_tracks = SideTracks(reader.path, reader.tracks, self._output)
        self.notes: list[str] = []
        if (self.width, self.height) != (reader.width, reader.height):
            self.notes.append("H.264 needs an even width and height, so the last column or row is repeated.")
        self.frames, self.duration = 0, 0.0
        self._durations: dict[int, int] = {}

    def __enter__(self) -> VideoWriter:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self._finish()
        else:
            self._output.close()

    def new_frame(self, gray: GrayFrame) -> tuple[av.VideoFrame, YuvFrame]:
        """A frame for `write` with the luma and the timestamps of `gray`, and its planes; chroma is uninitialised."""
        frame = av.VideoFrame(self.width, self.height, "yuv420p")
        frame.color_range = FULL_RANGE if self.full_range else LIMITED_RANGE
        frame.pts, frame.duration, frame.time_base = gray.pts, gray.duration, self._time_base
        y, u, v = (plane_to_array(plane) for plane in frame.planes)
        height, width = gray.luma.shape
        y[:height, :width] = gray.luma
        y[height:, :width] = gray.luma[-1:]
        y[:, width:] = y[:, width - 1 : width]
        return frame, YuvFrame(y, u, v, self.full_range)

    def write(self, frame: av.VideoFrame) -> None:
        """Encode the next frame, which comes from `new_frame`."""
        pts = frame.pts or 0
        self._durations[pts] = frame.duration
        self.frames += 1
        self.duration = float((pts + frame.duration) * self._time_base)
        with self._writing():
            self._mux(self._picture.encode(frame))

    def write_sound(self, packet: SoundPacket) -> None:
        """Write a packet of sound or of subtitles as `VideoReader.read` yields it."""
        with self._writing():
            self._side_tracks.write(packet)

    def _add_video_stream(self, reader: VideoReader) -> None:
        self._picture = picture = self._output.add_stream(
            "libx264",
            rate=reader.info.rate,
            options=dict(_ENCODER_OPTIONS),
            width=self.width,
            height=self.height,
            time_base=reader.time_base,
        )
        context, source = picture.codec_context, reader.stream
        context.color_range = FULL_RANGE if self.full_range else LIMITED_RANGE
        context.colorspace = BT601_MATRIX
        context.color_primaries, context.color_trc = ColorPrimaries.BT709, shown_transfer(reader.first.color_trc)
        if source.sample_aspect_ratio:
            context.sample_aspect_ratio = source.sample_aspect_ratio
        picture.set_display_matrix(read_display_matrix(reader.first))
        picture.metadata.update(self._tags(source.metadata))

    def _mux(self, packets: Sequence[AnyPacket]) -> None:
        for packet in packets:
            # x264 keeps pts but not durations. With a variable frame rate, FFmpeg would guess the last duration.
            packet.duration = self._durations.pop(packet.pts or 0)
            self._output.mux(packet)

    def _finish(self) -> None:
        with self._writing():
            self._mux(self._picture.encode(None))
            self._side_tracks.finish(self.duration)
            container = self._reader.container
            begin = Fraction(self._start) + Fraction(max(0, container.start_time or 0), av.time_base)
            self._output.set_chapters(cut_chapters(container.chapters(), begin, Fraction(self.duration)))
            self._output.close()
        if self.frames == 0:
            return
        reader = self._reader
        self.notes += picture_losses(reader.stream, reader.first, reader.side_data)
        self.notes += [*self._side_tracks.notes(), *self._lost_tags()]

    def _tags(self, tags: Mapping[str, str]) -> dict[str, str]:
        """The tags to write: all, but for the time code at the film's beginning if a later part is written."""
        return {
            key: value for key, value in readable_tags(tags).items() if self._start == 0 or key.lower() != "timecode"
        }

    def _lost_tags(self) -> list[str]:
        """A sentence on the tags of the source that the written file does not have; none if it has all."""
        source, sides = self._reader, self._side_tracks.written()
        with open_container(self._path) as result:
            picture, *tracks = (one.metadata for one in result.streams if one.type != "data")
            kept = [picture | result.metadata, picture, *tracks]  # MP4 has the time code of a film with its picture
        had = [source.container.metadata, source.stream.metadata, *(one.metadata for one in sides)]
        lost = [
            name for tags, others in zip(had, kept, strict=False) for name in lost_tags(readable_tags(tags), others)
        ]
        names = ", ".join(dict.fromkeys(lost))
        return [f"MP4 has no place for these tags, which are left out: {names}."] if names else []

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except (OSError, av.FFmpegError) as error:
            what = os.strerror(error.errno) if error.errno and error.errno > 0 else str(error)
            problem = Problem.NO_SPACE if error.errno in DISK_FULL else None
            message = f"expected to write the film to {self._path}, got: {what}"
            raise VideoNotWritten(message, problem=problem, path=self._path) from error
