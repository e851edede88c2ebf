"""A film's sound tracks: the packets are copied where the file takes them, else encoded again as AAC or PCM."""

from __future__ import annotations

from av.audio.stream import AudioStream
from av.container import OutputContainer

from colorizer.video.aac import SoundConverter, configure_aac, configure_pcm
from colorizer.video.adts import AdtsUnifier
from colorizer.video.containers import MP4, Container
from colorizer.video.sound_start import SoundStart
from colorizer.video.types import AnyPacket

_POORLY_SUPPORTED = {"mp2", "ac3", "eac3", "alac", "dts"}  # codecs of MP4 that some browsers do not play


def add_sound_track(
    source: AudioStream, start: SoundStart, output: OutputContainer, container: Container
) -> CopiedSound | EncodedSound:
    """Add a sound track to `output`, a file of the kind `container`. Raises ValueError if it cannot be read."""
    if start.can_copy:
        return CopiedSound(source, output, container)
    if start.rate > 0 and start.channels > 0:
        return EncodedSound(source, start, output, container)
    raise ValueError(start.problem or "its beginning holds no sound")


class EncodedSound:
    """Decodes the packets and encodes them as the container wants it."""

    def __init__(self, source: AudioStream, start: SoundStart, output: OutputContainer, container: Container) -> None:
        if container.other_sound == "aac":
            self.target = output.add_stream("aac")
            configure_aac(self.target.codec_context, start.rate, start.channels)
        else:
            self.target = output.add_stream("pcm_s16le" if start.bits <= 16 else "pcm_s24le")
            configure_pcm(self.target.codec_context, container.sound_rate or start.rate, start.channels)
        self._codec, self._container = _codec_name(source), container
        self._converter = SoundConverter(source, self.target.codec_context)

    def packets(self, packet: AnyPacket) -> list[AnyPacket]:
        """The packets to write for a packet of the source."""
        return self._converter.convert(packet)

    def finish(self, seconds: float) -> list[AnyPacket]:  # noqa: ARG002 - the interface of all tracks
        """The packets to write at the end."""
        return self._converter.convert(None)

    def notes(self, name: str) -> list[str]:
        """Sentences for the user on what differs. `name`: "The sound", say."""
        target = self._container
        now = f"is now {target.other_sound.upper()}"
        reason = f"{name} was {self._codec}, which {target.name} does not support in this form, and {now}."
        converter = self._converter
        return [reason, *_conversion_notes(name, converter.is_changed, converter.damaged)]


class CopiedSound:
    """Copies the packets; timestamps are made to rise.

    Of the sound that an edit list of the film hides, a file without edit lists gets one packet before what is heard,
    which decoders need.
    """

    def __init__(self, source: AudioStream, output: OutputContainer, container: Container) -> None:
        self.target = output.add_stream_from_template(source)
        self._codec, self._is_for_browsers = _codec_name(source), container is MP4
        self._adts = None if self._codec != "aac" or source.codec_context.extradata else AdtsUnifier(source)
        self._last_dts: int | None = None
        self._ends_at = 0
        self._shows_all = not container.edit_lists
        self._hidden: AnyPacket | None = None

    def packets(self, packet: AnyPacket) -> list[AnyPacket]:
        """The packets to write for a packet of the source."""
        if self._shows_all and packet.is_discard:
            self._hidden = packet
            return []
        if (hidden := self._hidden) is not None:
            self._hidden = None
            return self._let_rise([hidden, packet])
        return self._let_rise([packet] if self._adts is None else self._adts.unify(packet))

    def finish(self, seconds: float) -> list[AnyPacket]:  # noqa: ARG002 - the interface of all tracks
        """The packets to write at the end."""
        return [] if self._adts is None else self._let_rise(self._adts.unify(None))

    def notes(self, name: str) -> list[str]:
        """Sentences for the user on what differs. `name`: "The sound", say."""
        poor = self._is_for_browsers and self._codec in _POORLY_SUPPORTED
        copied = [f"{name} is {self._codec}, copied unchanged; some browsers do not play it."] if poor else []
        adts = self._adts
        return copied if adts is None else [*copied, *_conversion_notes(name, adts.is_changed, adts.damaged)]

    def _let_rise(self, packets: list[AnyPacket]) -> list[AnyPacket]:
        """Move packets that do not come after those before them to their end."""
        for packet in packets:
            dts = packet.dts or 0
            if self._last_dts is not None and dts <= self._last_dts:
                late = max(self._ends_at, self._last_dts + 1) - dts
                packet.dts, packet.pts = dts + late, (packet.pts or 0) + late
            self._last_dts = packet.dts or 0
            self._ends_at = self._last_dts + (packet.duration or 0)
        return packets


def _codec_name(source: AudioStream) -> str:
    return str(source.codec_context.codec.canonical_name)


def _conversion_notes(name: str, is_changed: bool, damaged: int) -> list[str]:
    changed = f"{name} changes its channels or sampling rate within the film; now it has those of its beginning."
    skipped = f"{name}: {damaged} damaged packets could not be decoded and were skipped."
    return [*([changed] if is_changed else []), *([skipped] if damaged else [])]
