"""Write a film: encode H.264 and mux it with the source's sound tracks into an MP4 file that browsers play."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import av
from av.video.reformatter import ColorPrimaries, ColorTrc

from colorizer.errors import VideoNotWritten
from colorizer.frames.pyav import FULL_RANGE, LIMITED_RANGE, plane_to_array
from colorizer.frames.yuv import YuvFrame
from colorizer.video.audio import AudioTrack
from colorizer.video.reader import VideoReader
from colorizer.video.types import AnyPacket, GrayFrame, SoundPacket

# Constant quality without visible loss; the fast preset leaves most of the processor to the network.
_ENCODER_OPTIONS = {"crf": "18", "preset": "veryfast"}
# The index is at the beginning of the file, so that a film plays while it is still loading. The start times of tracks
# are stored in units of 1/90000 of a second instead of the usual 1/1000.
_MP4_OPTIONS = {"movflags": "faststart", "movie_timescale": "90000"}
# FFmpeg's AVCOL_SPC_SMPTE170M, the BT.601 matrix that `YuvColorizer` uses. PyAV does not name it: its `Colorspace` has
# the numbers of swscale instead.
_BT601_MATRIX = 6


class VideoWriter:
    """Writes an MP4 file with the frame rate, aspect ratio, rotation and metadata of the film in `reader`.

    To be used in a `with` block. `notes`: sentences on what differs from the source. `frames`: written so far.
    `duration`: of these frames, in seconds.
    Every method raises VideoNotWritten if the file cannot be written, for example because the disk is full.
    """

    def __init__(self, path: Path, reader: VideoReader) -> None:
        self._path = path
        self.width, self.height = reader.width + reader.width % 2, reader.height + reader.height % 2
        self.full_range, self._time_base = reader.full_range, reader.time_base
        with self._writing():
            self._output = av.open(str(path), "w", format="mp4", options=_MP4_OPTIONS)
            self._output.metadata.update(reader.container.metadata)
            self._add_video_stream(reader)
            self._tracks = {stream.index: AudioTrack(stream, self._output) for stream in reader.audio}
        self.notes = [track.note for track in self._tracks.values() if track.note is not None]
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
        """Write a sound packet as `VideoReader.read` yields it."""
        with self._writing():
            self._output.mux(self._tracks[packet.stream_index].packets(packet))

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
        context.colorspace = _BT601_MATRIX
        context.color_primaries, context.color_trc = ColorPrimaries.BT709, ColorTrc.BT709  # nearest to sRGB
        if source.sample_aspect_ratio:
            context.sample_aspect_ratio = source.sample_aspect_ratio
        if reader.info.rotation:
            picture.set_display_rotation(reader.info.rotation)
        picture.metadata.update(source.metadata)

    def _mux(self, packets: Sequence[AnyPacket]) -> None:
        for packet in packets:
            # x264 keeps pts but not durations. With a variable frame rate, FFmpeg would guess the last duration.
            packet.duration = self._durations.pop(packet.pts or 0)
            self._output.mux(packet)

    def _finish(self) -> None:
        with self._writing():
            self._mux(self._picture.encode(None))
            for track in self._tracks.values():
                self._output.mux(track.packets(None))
            self._output.close()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except (OSError, av.FFmpegError) as error:
            what = os.strerror(error.errno) if error.errno and error.errno > 0 else str(error)
            raise VideoNotWritten(f"expected to write the film to {self._path}, got: {what}") from error
