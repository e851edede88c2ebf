"""The picture of a film that is written: its encoder, or one after the other, and the packets that they make."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import av
from av.codec.context import CodecContext, Flags
from av.container import OutputContainer
from av.filter import Graph
from av.video.codeccontext import VideoCodecContext
from av.video.stream import VideoStream

from colorizer.errors import InvalidSetting
from colorizer.frames.pyav import FULL_RANGE, LIMITED_RANGE
from colorizer.video.deinterlace import is_bottom_field_first
from colorizer.video.formats import FilmFormat
from colorizer.video.orientation import read_display_matrix
from colorizer.video.reader import VideoReader
from colorizer.video.types import AnyPacket, EncodedPacket

# What FFmpeg raises for a film that is not for an encoder or a file; a full disk, say, raises others.
_REFUSALS = (av.ArgumentError, av.InvalidDataError, av.PatchWelcomeError, av.ExternalError, av.UnknownError)
_PROGRESSIVE, _TOP_FIRST, _BOTTOM_FIRST = 1, 2, 3  # FFmpeg's AVFieldOrder: AV_FIELD_PROGRESSIVE, _TT and _BB
_BOTTOM_IS_SHOWN_FIRST = (3, 4)  # AV_FIELD_BB and AV_FIELD_TB, whose fields are stored in the other order


class PictureTrack:
    """Encodes frames of `width` x `height` in `form` and writes them into `output`, marked as the film in `reader`.

    The encoder can begin anew at a shot, so that the packets of each shot depend on its own frames alone.
    """

    def __init__(self, output: OutputContainer, reader: VideoReader, form: FilmFormat, width: int, height: int) -> None:
        self._output, self._reader, self._form, self._size = output, reader, form, (width, height)
        self._field_order = _field_order(reader, form)
        rate, base = reader.info.rate, reader.time_base
        self.stream = stream = cast(
            VideoStream,
            output.add_stream(
                form.codec.encoder, rate=rate, options=form.options, width=width, height=height, time_base=base
            ),
        )
        self._flags = stream.codec_context.flags
        self._configure(stream.codec_context)
        stream.set_display_matrix(read_display_matrix(reader.first))
        self._encoder: VideoCodecContext | None = stream.codec_context
        self._durations: dict[int, int] = {}  # by pts, of the frames that the encoder holds
        self._given = 0  # frames that it got
        self._last_dts: int | None = None
        self._marker: Graph | None = None

    def open(self) -> None:
        """Open the encoder and begin the file. Raises InvalidSetting if FFmpeg refuses."""
        try:
            self.stream.codec_context.open()
            self._output.start_encoding()
        except _REFUSALS as error:
            form, (width, height) = self._form, self._size
            kind = f"{form.codec.name}, {form.bits} bits, {form.subsampling}, in {self._reader.target.name}"
            film = f"{width} x {height} pixels at {self._reader.info.rate} frames a second"
            raise InvalidSetting(f"expected a film that can be {kind}, got {film}, which FFmpeg refuses") from error

    def encode(self, frame: av.VideoFrame, *, interlaced: bool) -> list[EncodedPacket]:
        """Encode the next frame, write the packets that are ready, and return them."""
        self._durations[frame.pts or 0] = frame.duration
        self._given += 1
        if self._encoder is None:
            self._encoder = self._new_encoder()
        return self._write(self._encoder.encode(self._mark_fields(frame) if interlaced else frame))

    def end_shot(self) -> list[EncodedPacket]:
        """Write the packets that the encoder still holds, and return them. The next frame begins a new encoder."""
        encoder, self._encoder = self._encoder, None
        given, self._given = self._given, 0
        if encoder is None or not encoder.is_open:
            return []
        times = sorted(self._durations)
        packets = encoder.encode(None)
        if given <= self._form.codec.delay:
            for packet, pts in zip(packets, times, strict=True):
                packet.dts = pts - (times[-1] - times[0])
        return self._write(packets)

    def mux(self, packet: AnyPacket) -> None:
        """Write a packet that was encoded, with its times."""
        # An encoder begins with a dts before its first pts, where the one before may not have ended.
        if self._last_dts is not None and packet.dts is not None:
            packet.dts = max(packet.dts, self._last_dts + 1)
        self._last_dts = packet.dts
        packet.stream = self.stream
        self._output.mux(packet)

    def _write(self, packets: Sequence[AnyPacket]) -> list[EncodedPacket]:
        written = []
        for packet in packets:
            # x264 keeps pts but not durations. With a variable frame rate, FFmpeg would guess the last duration.
            packet.duration = self._durations.pop(packet.pts or 0)
            dts = packet.pts if packet.dts is None else packet.dts
            plain = _without_marks(packet) if packet.is_disposable else packet
            written.append(EncodedPacket(plain, packet.pts or 0, dts or 0, packet.duration, packet.is_keyframe))
            self.mux(plain)
        return written

    def _new_encoder(self) -> VideoCodecContext:
        """An encoder as that of the stream, which makes the same packets of the same frames."""
        context = cast(VideoCodecContext, CodecContext.create(self._form.codec.encoder, "w"))
        (context.width, context.height), context.time_base = self._size, self._reader.time_base
        context.framerate, context.options = self._reader.info.rate, self._form.options
        own = self.stream.codec_context
        context.bit_rate, context.bit_rate_tolerance = own.bit_rate or 0, own.bit_rate_tolerance or 0
        self._configure(context)
        return context

    def _configure(self, context: VideoCodecContext) -> None:
        form, source = self._form, self._reader.stream
        context.flags = self._flags
        context.pix_fmt = form.pixel_format
        context.color_range = FULL_RANGE if form.full_range else LIMITED_RANGE
        context.colorspace = form.system.matrix
        context.color_primaries, context.color_trc = form.system.primaries, form.system.transfer
        if source.sample_aspect_ratio:
            context.sample_aspect_ratio = source.sample_aspect_ratio
        if tag := form.tag:
            context.codec_tag = tag
        if self._field_order is not None:
            context.field_order = self._field_order
            if self._field_order != _PROGRESSIVE:
                context.flags |= Flags.interlaced_dct

    def _mark_fields(self, frame: av.VideoFrame) -> av.VideoFrame:
        """The frame, sharing its memory, marked as interlaced, which PyAV has no attribute for."""
        if self._marker is None:
            self._marker = graph = Graph()
            source = graph.add_buffer(
                width=frame.width, height=frame.height, format=frame.format, time_base=self._reader.time_base
            )
            order = "bff" if self._field_order in _BOTTOM_IS_SHOWN_FIRST else "tff"
            graph.link_nodes(source, graph.add("setfield", order), graph.add("buffersink")).configure()
        self._marker.vpush(frame)
        return self._marker.vpull()


def _without_marks(packet: AnyPacket) -> AnyPacket:
    """A packet that is not marked as disposable, which nobody needs, and which would be lost where packets are kept."""
    plain: AnyPacket = av.Packet(bytes(packet))
    plain.pts, plain.dts, plain.time_base = packet.pts, packet.dts, packet.time_base
    plain.duration, plain.is_keyframe = packet.duration, packet.is_keyframe
    return plain


def _field_order(reader: VideoReader, form: FilmFormat) -> int | None:
    """AVFieldOrder of the result; None for a codec or a source that says nothing of fields."""
    if not form.codec.keeps_fields:
        return None
    said = reader.stream.codec_context.field_order
    if reader.first.interlaced_frame and said <= _PROGRESSIVE:
        return _BOTTOM_FIRST if is_bottom_field_first(reader.first) else _TOP_FIRST
    return said or None
