"""AAC in ADTS, as in broadcasts: each packet says its sampling rate and channels (ISO/IEC 13818-7, 6.2)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import av
from av.audio.codeccontext import AudioCodecContext
from av.audio.stream import AudioStream

from colorizer.video.aac import AAC_RATES, SoundConverter, configure_aac
from colorizer.video.types import AnyPacket

_HEADER_SIZE = 7  # bytes, without a checksum
_CHANNELS = (0, 1, 2, 3, 4, 5, 6, 8)  # by the code for them; 0: the packet's content says it


@dataclass(frozen=True)
class AdtsHeader:
    """What an ADTS header says about the packet's sound: codes of its profile, its sampling rate and its channels."""

    profile: int
    rate_code: int
    channel_code: int

    @classmethod
    def read(cls, packet: bytes) -> AdtsHeader | None:
        """The header of a packet; None if it has none."""
        if len(packet) < _HEADER_SIZE or packet[0] != 0xFF or packet[1] & 0xF6 != 0xF0:
            return None
        return cls(packet[2] >> 6, packet[2] >> 2 & 0xF, (packet[2] & 1) << 2 | packet[3] >> 6)

    def add_to(self, raw: bytes) -> bytes:
        """A raw AAC packet with this header."""
        size = len(raw) + _HEADER_SIZE
        bits = 0xFFF1 << 40 | self.profile << 38 | self.rate_code << 34 | self.channel_code << 30
        return (bits | size << 13 | 0x7FF << 2).to_bytes(_HEADER_SIZE, "big") + raw

    @property
    def rate(self) -> int:
        """Hz."""
        return AAC_RATES[min(self.rate_code, len(AAC_RATES) - 1)]

    @property
    def channels(self) -> int:
        return _CHANNELS[self.channel_code] or 2


class AdtsUnifier:
    """Gives all packets of a track of AAC in ADTS the sampling rate and channels of the first one.

    ADTS says them with each packet, MP4 once for the whole track. Packets with others are converted.
    `is_changed`: whether there were any. `damaged`: the number of packets that could not be decoded for that.
    """

    def __init__(self, source: AudioStream) -> None:
        self._source = source
        self._first: AdtsHeader | None = None
        self._converter: SoundConverter | None = None
        self._copied_until = Fraction(-1)  # seconds
        self.is_changed, self.damaged = False, 0

    def unify(self, packet: AnyPacket | None) -> list[AnyPacket]:
        """The packets to write for a packet of the source; None flushes at the end."""
        header = None if packet is None else AdtsHeader.read(bytes(packet))
        self._first = self._first or header
        if packet is not None and self._first is not None and header not in (None, self._first):
            self.is_changed = True
            self._converter = self._converter or SoundConverter(self._source, _encoder_for(self._first))
            return self._convert(packet, self._converter, self._first)
        left = []
        if self._converter is not None and self._first is not None:
            left = self._convert(None, self._converter, self._first)
            self._converter = None
        if packet is None:
            return left
        self._copied_until = _begin(packet)
        return [*(one for one in left if _begin(one) < self._copied_until), packet]

    def _convert(self, packet: AnyPacket | None, converter: SoundConverter, header: AdtsHeader) -> list[AnyPacket]:
        damaged = converter.damaged
        encoded = converter.convert(packet)
        self.damaged += converter.damaged - damaged
        # The first packet of an encoder is only there to start a decoder, which the packets before have done.
        base = Fraction(self._source.time_base or 1)
        return [_with_header(one, header, base) for one in encoded if _begin(one) > self._copied_until]


def _begin(packet: AnyPacket) -> Fraction:
    return (packet.pts or 0) * packet.time_base


def _encoder_for(header: AdtsHeader) -> AudioCodecContext:
    encoder = AudioCodecContext.create("aac", "w")
    configure_aac(encoder, header.rate, header.channels)
    return encoder


def _with_header(packet: AnyPacket, header: AdtsHeader, base: Fraction) -> AnyPacket:
    """An encoded packet as the source's are: with a header, and its times in the unit `base`."""
    complete: AnyPacket = av.Packet(header.add_to(bytes(packet)))
    complete.pts = complete.dts = round(_begin(packet) / base)
    complete.duration = round((packet.duration or 0) * packet.time_base / base)
    complete.time_base = base
    return complete
