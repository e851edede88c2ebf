"""Mux a film's sound tracks: copy the packets if MP4 supports the codec, else re-encode them as AAC."""

from __future__ import annotations

import av
from av.audio.stream import AudioStream
from av.container import OutputContainer

from colorizer.video.types import AnyPacket

# Codecs that the registration authority lists for MP4 (mp4ra.org) and that FFmpeg can write; packets are copied.
_COPIED_CODECS = {"aac", "mp3", "mp2", "ac3", "eac3", "alac", "opus", "flac", "dts"}
# Those of them that some browsers do not play.
_POORLY_SUPPORTED = {"mp2", "ac3", "eac3", "alac", "dts"}
_AAC_RATES = (96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350)  # Hz
_AAC_LAYOUTS = ((1, "mono"), (2, "stereo"), (6, "5.1"), (255, "7.1"))  # maximum number of channels, layout
_AAC_BITS = 96_000  # bits per second and channel; no audible loss


class AudioTrack:
    """One sound track of `source` that is written to `output`. `note`: a sentence for the user, or None."""

    def __init__(self, source: AudioStream, output: OutputContainer) -> None:
        self._source = source
        name = source.codec_context.codec.canonical_name
        self._copies = name in _COPIED_CODECS
        self.note: str | None = None
        if self._copies:
            self._target = output.add_stream_from_template(source)
            if name in _POORLY_SUPPORTED:
                self.note = f"The sound is {name}, copied unchanged; some browsers do not play it."
        else:
            self._target = _add_aac(source, output)
            self.note = f"The sound was {name}, which MP4 does not support, and is now AAC."
        self._target.metadata.update(source.metadata)
        self._target.disposition = source.disposition
        self._damaged = 0

    def packets(self, packet: AnyPacket | None) -> list[AnyPacket]:
        """The packets to write for a packet of the source; None flushes the encoder at the end."""
        if not self._copies:
            frames = [*self._decode(packet), *([None] if packet is None else [])]
            return [encoded for frame in frames for encoded in self._target.encode(frame)]
        if packet is None:
            return []
        packet.stream = self._target
        return [packet]

    def _decode(self, packet: AnyPacket | None) -> list[av.AudioFrame]:
        try:
            return self._source.decode(packet)
        except av.FFmpegError:
            self._damaged += 1
            return []


def _add_aac(source: AudioStream, output: OutputContainer) -> AudioStream:
    context = source.codec_context
    rate = max((rate for rate in _AAC_RATES if rate <= context.sample_rate), default=_AAC_RATES[-1])
    layout = next(name for most, name in _AAC_LAYOUTS if context.layout.nb_channels <= most)
    target = output.add_stream("aac", rate=rate, layout=layout)
    target.bit_rate = _AAC_BITS * target.codec_context.layout.nb_channels
    return target
