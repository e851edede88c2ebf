"""Subtitles: copied, or texts of any format that FFmpeg reads become those of the file, with their styles."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import cast

import av
from av.container import OutputContainer
from av.subtitles.stream import SubtitleStream
from av.subtitles.subtitle import AssSubtitle, SubtitleSet

from colorizer.video.types import AnyPacket

_TIMED_TEXT = "mov_text"
_TICK = Fraction(1, av.time_base)  # seconds
_FIELDS_BEFORE_TEXT = 8  # of an event in FFmpeg's form of ASS: number, layer, style, name, three margins, effect
_DRAWING = re.compile(rb"\{[^}]*\\p[1-9]")  # ASS draws with text that is no text
_NO_TEXT = b"\0\0"  # a sample of timed text begins with its length (3GPP TS 26.245, 5.17)
_UNKNOWN = 0xFFFFFFFF  # milliseconds; FFmpeg's duration of a text that stays until the next one


@dataclass(frozen=True)
class Subtitle:
    """`text`: in ASS. `begin`, `end`: in ticks of a millionth of a second; `end` None: until the next one."""

    text: bytes
    begin: int
    end: int | None


def add_subtitle_track(
    source: SubtitleStream, output: OutputContainer, *, copied: bool
) -> CopiedSubtitles | SubtitleTrack:
    """Add a track of subtitles to `output`: copied if it takes them, else as text. Raises ValueError if neither can be.

    `copied`: whether it is a file of Matroska, else it is one of MP4 or MOV.
    """
    if not copied:
        return SubtitleTrack(source, output, _TIMED_TEXT)
    try:
        return CopiedSubtitles(source, output)
    except ValueError:  # timed text of MP4
        return SubtitleTrack(source, output, "ass")


class CopiedSubtitles:
    """Copies the packets. Those that are shown from before the film's beginning on are shortened."""

    def __init__(self, source: SubtitleStream, output: OutputContainer) -> None:
        self.target = output.add_stream_from_template(source)

    def packets(self, packet: AnyPacket) -> list[AnyPacket]:
        """The packets to write for a packet of the source."""
        begin, duration = packet.pts or 0, packet.duration or 0
        if begin < 0:
            if begin + duration <= 0:
                return []
            packet.pts = packet.dts = 0
            packet.duration = begin + duration
        return [packet]

    def finish(self, seconds: float) -> list[AnyPacket]:  # noqa: ARG002 - the interface of all tracks
        """The packets to write at the end: none."""
        return []

    def notes(self, name: str) -> list[str]:  # noqa: ARG002
        """Sentences for the user on what differs: none."""
        return []


class SubtitleTrack:
    """Collects the subtitles of a track and writes them at the end, when the film's length is known."""

    def __init__(self, source: SubtitleStream, output: OutputContainer, codec: str) -> None:
        self._decoder = source.codec_context
        self._decoder.open(strict=False)
        if self._decoder.subtitle_header is None:
            raise ValueError("expected subtitles with a style, got none")
        self.target = cast(SubtitleStream, output.add_stream(codec))
        self._has_gaps = codec == _TIMED_TEXT
        self._encoder = self.target.codec_context
        self._encoder.subtitle_header = self._decoder.subtitle_header
        self._subtitles: list[Subtitle] = []
        self._damaged = 0

    def packets(self, packet: AnyPacket) -> list[AnyPacket]:
        """Take a packet of the source; nothing is written yet."""
        try:
            shown = self._decoder.decode2(packet)
        except av.FFmpegError:
            self._damaged += 1
            return []
        texts = [] if shown is None else [one.ass for one in shown if isinstance(one, AssSubtitle)]
        if shown is not None:
            begin = round((packet.pts or 0) * packet.time_base / _TICK) + 1000 * shown.start_display_time
            end = _end_of(packet, shown, begin)
            self._subtitles += [Subtitle(text, begin, end) for text in texts if not _DRAWING.search(text)]
        return []

    def finish(self, seconds: float) -> list[AnyPacket]:
        """The packets of the track of a film of this length."""
        shown = timeline(self._subtitles, round(seconds / _TICK))
        return [self._encode(one) for one in shown if one.text or self._has_gaps]

    def notes(self, name: str) -> list[str]:
        """Sentences for the user. `name`: "The subtitles", say."""
        return [f"{name}: {self._damaged} damaged texts are left out."] if self._damaged else []

    def _encode(self, subtitle: Subtitle) -> AnyPacket:
        length = (subtitle.end or subtitle.begin) - subtitle.begin
        packet: AnyPacket = av.Packet(_NO_TEXT)
        if subtitle.text:
            packet = self._encoder.encode_subtitle(SubtitleSet.create(subtitle.text, 0, length // 1000))
        packet.pts = packet.dts = subtitle.begin
        packet.duration, packet.time_base = length, _TICK
        return packet


def timeline(subtitles: Sequence[Subtitle], length: int) -> Iterator[Subtitle]:
    """The same subtitles one after the other from 0 to `length` ticks, as MP4 wants them.

    Those that are shown at the same time become one of several lines; pauses become subtitles without text.
    """
    waiting = sorted(_clip(subtitles, length), key=lambda one: one.begin, reverse=True)
    if not waiting:
        return
    active: list[Subtitle] = []
    for begin, end in pairwise(sorted({0, length, *(time for one in waiting for time in (one.begin, one.end or 0))})):
        active = [one for one in active if (one.end or 0) > begin]
        while waiting and waiting[-1].begin <= begin:
            active.append(waiting.pop())
        yield Subtitle(_join([one.text for one in active]), begin, end)


def _clip(subtitles: Sequence[Subtitle], length: int) -> Iterator[Subtitle]:
    """Those between 0 and `length`, each with an end."""
    ordered = sorted(subtitles, key=lambda one: one.begin)
    for one, following in zip(ordered, [*(one.begin for one in ordered[1:]), length], strict=True):
        begin, end = max(0, one.begin), min(length, following if one.end is None else one.end)
        if begin < end:
            yield Subtitle(one.text, begin, end)


def _end_of(packet: AnyPacket, shown: SubtitleSet, begin: int) -> int | None:
    if packet.duration:
        return begin + round(packet.duration * packet.time_base / _TICK)
    known = 0 < shown.end_display_time < _UNKNOWN
    return begin + 1000 * (shown.end_display_time - shown.start_display_time) if known else None


def _join(events: list[bytes]) -> bytes:
    """ASS events -> one event with a line for each."""
    texts = [event.split(b",", _FIELDS_BEFORE_TEXT)[-1] for event in events[1:]]
    return rb"\N".join([*events[:1], *texts])
