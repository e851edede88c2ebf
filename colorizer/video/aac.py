"""Convert sound packets of any codec to AAC or PCM of one rate and layout, whatever changes within the track."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import av
from av.audio.codeccontext import AudioCodecContext
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream

from colorizer.video.types import AnyPacket

# Sampling rates in Hz; the position of each is its code in MPEG-4 (ISO/IEC 14496-3, table 1.18).
AAC_RATES = (96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350)
_LAYOUTS = ((1, "mono"), (2, "stereo"), (6, "5.1"), (255, "7.1"))  # maximum number of channels, layout
_BITS = 96_000  # bits per second and channel; no audible loss
_AAC_FORMAT, _FRAME_SIZE = "fltp", 1024  # the samples that FFmpeg's encoder takes, and how many at once
_PCM_LAYOUTS = {1: "mono", 2: "stereo", 3: "2.1", 4: "4.0", 5: "5.0", 6: "5.1", 7: "6.1", 8: "7.1"}  # by channels
# FFmpeg's filter `aresample` fills pauses with silence and drops what overlaps, so that the sound stays with the
# picture; pauses and overlaps below a tenth of a second are rounding or jitter.
_STAY_WITH_TIMESTAMPS = {"async": "1", "min_hard_comp": "0.1"}
_MAX_SHIFT = 10  # seconds; longer pauses stay pauses between packets, and after a longer step back the sound goes on


def configure_aac(encoder: AudioStream | AudioCodecContext, rate: int, channels: int) -> None:
    """Set an unopened AAC encoder to what is nearest to sound of `rate` Hz with so many `channels`."""
    context: Any = encoder
    context.format = _AAC_FORMAT
    context.rate = max((one for one in AAC_RATES if one <= rate), default=AAC_RATES[-1])
    context.layout = next(layout for most, layout in _LAYOUTS if channels <= most)
    context.bit_rate = _BITS * context.layout.nb_channels


def configure_pcm(encoder: AudioStream | AudioCodecContext, rate: int, channels: int) -> None:
    """Set an unopened PCM encoder to sound of `rate` Hz with so many `channels`."""
    context: Any = encoder
    context.rate, context.layout = rate, _PCM_LAYOUTS.get(channels, f"{channels} channels")


class SoundConverter:
    """Decodes the packets of `source` and encodes them with `encoder`, which is configured as above.

    `damaged`: the number of packets that could not be decoded. `is_changed`: whether rate, layout or sample format
    have changed within the track.
    """

    def __init__(self, source: AudioStream, encoder: AudioCodecContext) -> None:
        self._source, self._encoder = source, encoder
        self.damaged, self.is_changed = 0, False
        self._shape: tuple[int, str, str] | None = None
        self._to_encoder, self._on_time = self._format_resampler(), self._time_resampler()
        self._ends_at: Fraction | None = None

    def convert(self, packet: AnyPacket | None) -> list[AnyPacket]:
        """The encoded packets that are ready after a packet of the source; None flushes at the end."""
        try:
            frames = self._source.decode(packet)
        except av.FFmpegError:
            self.damaged += 1
            frames = []
        encoded = [one for frame in frames for one in self._encode(frame)]
        if packet is None:
            encoded += [one for frame in (*self._flush(), None) for one in self._encoder.encode(frame)]
        return encoded

    def _encode(self, frame: av.AudioFrame) -> list[AnyPacket]:
        before = self._place(frame)
        shape = (frame.sample_rate, frame.layout.name, frame.format.name)
        if self._shape not in (None, shape):
            self.is_changed = True
            before += self._retime(self._to_encoder.resample(None))
        if shape != self._shape:
            self._shape, self._to_encoder = shape, self._format_resampler()
        ready = [*before, *self._retime(self._to_encoder.resample(frame))]
        return [one for frame in ready for one in self._encoder.encode(frame)]

    def _place(self, frame: av.AudioFrame) -> list[av.AudioFrame]:
        """Give the frame a time if it has none or one far back. Returns, after a long pause, the rest before it."""
        tick = Fraction(1, frame.sample_rate)
        begin = None if frame.pts is None else frame.pts * Fraction(frame.time_base or tick)
        end, left = self._ends_at, list[av.AudioFrame]()
        if end is not None and (begin is None or end - begin > _MAX_SHIFT):
            begin = end
        elif end is not None and begin is not None and begin - end > _MAX_SHIFT:
            left, self._shape = self._flush(), None
        begin = begin or Fraction(0)
        frame.time_base, frame.pts = tick, round(begin / tick)
        self._ends_at = begin + frame.samples * tick
        return left

    def _flush(self) -> list[av.AudioFrame]:
        left = [*self._retime(self._to_encoder.resample(None)), *self._on_time.resample(None)]
        self._on_time = self._time_resampler()
        return left

    def _retime(self, frames: list[av.AudioFrame]) -> list[av.AudioFrame]:
        """Frames of the encoder's format -> the same sound without gaps and overlaps."""
        tick = Fraction(1, self._encoder.rate)
        for frame in frames:
            frame.pts, frame.time_base = round((frame.pts or 0) * Fraction(frame.time_base or tick) / tick), tick
        return [moved for frame in frames for moved in self._on_time.resample(frame)]

    def _format_resampler(self) -> AudioResampler:
        return AudioResampler(self._encoder.format, self._encoder.layout, self._encoder.rate)

    def _time_resampler(self) -> AudioResampler:
        encoder = self._encoder  # with a frame size, because else PyAV passes frames of the right format through
        return AudioResampler(encoder.format, encoder.layout, encoder.rate, _FRAME_SIZE, _STAY_WITH_TIMESTAMPS)
