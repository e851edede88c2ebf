"""The result's tracks beside the picture: sound, subtitles and the cover. One odd track never costs the film."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Protocol

import av
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.stream import Disposition, Stream
from av.subtitles.stream import SubtitleStream
from av.video.stream import VideoStream

from colorizer.video.audio import add_sound_track
from colorizer.video.containers import Container
from colorizer.video.metadata import tags_for
from colorizer.video.probe import open_container
from colorizer.video.sound_start import try_sound
from colorizer.video.subtitles import add_subtitle_track
from colorizer.video.tracks import Tracks, describe
from colorizer.video.types import AnyPacket

# By codec, the names and types of covers among a film's attached files, as Matroska's specification has them.
_COVER_FILES = {
    "mjpeg": ("cover.jpg", "image/jpeg"),
    "png": ("cover.png", "image/png"),
    "bmp": ("cover.bmp", "image/bmp"),
}


class SideTrack(Protocol):
    """A track of the result. `target`: its stream."""

    @property
    def target(self) -> Stream: ...

    def packets(self, packet: AnyPacket) -> list[AnyPacket]:
        """The packets to write for a packet of the source."""

    def finish(self, seconds: float) -> list[AnyPacket]:
        """The packets to write at the end of a film of this length."""

    def notes(self, name: str) -> list[str]:
        """Sentences for the user on what differs; complete after `finish`. `name`: "The sound", say."""


class SideTracks:
    """Writes the sound, the subtitles, the covers and the attached files of the film at `path` into `output`.

    `tracks`: of the film. `container`: the kind of file that `output` is. An error of the file that is written is
    raised; an error of a track leaves that track out.
    """

    def __init__(self, path: Path, tracks: Tracks, output: OutputContainer, container: Container) -> None:
        self._output, self._container = output, container
        kept: tuple[AudioStream | SubtitleStream, ...] = (*tracks.sound, *tracks.subtitles)
        self._sources = {one.index: one for one in kept}
        self._tracks: dict[int, SideTrack] = {}
        self._problems: list[str] = []
        self._packets, self._refused = Counter[int](), Counter[int]()
        starts = try_sound(path, tracks.sound, container)
        for sound in tracks.sound:
            self._add(sound, partial(add_sound_track, sound, starts[sound.index], output, container))
        is_copied = container.subtitles == "copied"
        for subtitles in tracks.subtitles:
            self._add(subtitles, partial(add_subtitle_track, subtitles, output, copied=is_copied))
        for file in tracks.attachments:
            output.add_attachment(file.name or "file", file.mimetype or "application/octet-stream", file.data)
        self._covers = [packet for cover in tracks.covers for packet in self._add_cover(cover, path)]
        self._left_out = tracks.left_out

    def write(self, packet: AnyPacket) -> None:
        """Write a packet of one of the film's tracks, as `VideoReader.read` yields it."""
        if packet.stream_index in self._tracks:
            self._write(packet.stream_index, lambda track: track.packets(packet))

    def finish(self, seconds: float) -> None:
        """Write the ends of all tracks of a film of this length."""
        for cover in self._covers:
            self._output.mux(cover)
        for index in [*self._tracks]:
            self._write(index, lambda track: track.finish(seconds))

    def notes(self) -> list[str]:
        """Sentences on what differs from the source; complete after `finish`."""
        own = [note for index, track in self._tracks.items() for note in track.notes(self._name(index))]
        refused = [
            f"{self._name(index)}: {count} damaged packets, which {self._container.name} does not take, are left out."
            for index, count in self._refused.items()
        ]
        return [*own, *refused, *self._problems, *self._left_out]

    def written(self) -> list[AudioStream | SubtitleStream]:
        """The sources of the result's tracks, in its order."""
        empty = self._tracks if self._container.empty_tracks else ()
        return [one for index, one in self._sources.items() if self._packets[index] or index in empty]

    def _add(self, source: AudioStream | SubtitleStream, make: Callable[[], SideTrack]) -> None:
        try:
            track = make()
        except Exception as error:  # noqa: BLE001 - whatever is wrong with this track, the film and the others are not
            name, codec = self._name(source.index), source.codec_context.codec.canonical_name
            self._problems.append(f"{name} ({codec}) cannot be read and is left out: {error}")
            return
        track.target.metadata.update(tags_for(source.metadata, self._container))
        track.target.disposition = source.disposition
        self._tracks[source.index] = track

    def _add_cover(self, cover: VideoStream, path: Path) -> list[AnyPacket]:
        try:
            packet: AnyPacket = av.Packet(_read_cover(path, cover.index))
        except (av.FFmpegError, ValueError) as error:
            self._problems.append(f"The cover in {describe(cover)} cannot be read and is left out: {error}")
            return []
        if self._container.attachments:
            name, kind = _COVER_FILES[cover.codec_context.codec.canonical_name]
            self._output.add_attachment(name, kind, bytes(packet))
            return []
        packet.pts = packet.dts = 0
        packet.stream = self._output.add_stream_from_template(cover, opaque=True)
        packet.stream.disposition = Disposition.attached_pic
        return [packet]

    def _write(self, index: int, make: Callable[[SideTrack], list[AnyPacket]]) -> None:
        track = self._tracks[index]
        try:
            packets = make(track)
        except Exception as error:  # noqa: BLE001 - as in `_add`
            self._problems += [*track.notes(self._name(index)), f"{self._name(index)} ends too early: {error}"]
            del self._tracks[index]
            return
        for packet in packets:
            packet.stream = track.target
            try:
                self._output.mux(packet)
            except (av.ArgumentError, av.InvalidDataError):  # the muxer's words on a packet; a full disk has others
                self._refused[index] += 1
            else:
                self._packets[index] += 1

    def _name(self, index: int) -> str:
        source = self._sources[index]
        kind = "The sound" if source.type == "audio" else "The subtitles"
        is_only_one = sum(one.type == source.type for one in self._sources.values()) == 1
        return kind if is_only_one else f"{kind} in {describe(source)}"


def _read_cover(path: Path, index: int) -> bytes:
    """The file of a still picture in a film. Raises ValueError or av.FFmpegError if there is none."""
    with open_container(path) as container:
        for packet in container.demux(container.streams[index]):
            if packet.size:
                return bytes(packet)
    raise ValueError("expected a picture, got none")
