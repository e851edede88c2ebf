"""Try the beginning of a film's sound tracks: whether MP4 takes the packets as they are, and what they decode to."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import av
from av.audio.stream import AudioStream

from colorizer.video.probe import open_container
from colorizer.video.types import AnyPacket

# Codecs that the registration authority lists for MP4 (mp4ra.org) and that players know from MP4 files. FFmpeg writes
# more of them, such as PCM, which few players know. Whether it writes a certain track is tried.
_COPIED_CODECS = {"aac", "mp3", "mp2", "ac3", "eac3", "alac", "opus", "flac", "dts"}
_TRIED_PACKETS = 8  # of each track; the muxer of E-AC-3 wants more than one
_READ_PACKETS = 2000  # of all tracks, about half a minute, for a track that begins late


@dataclass(frozen=True)
class SoundStart:
    """What the beginning of a sound track is.

    `can_copy`: whether MP4 takes its packets. `rate`, in Hz, and `channels`: of the decoded sound; 0 if it cannot be
    decoded, for the reason `problem`.
    """

    can_copy: bool
    rate: int
    channels: int
    problem: str = ""


def try_sound(path: Path, tracks: Sequence[AudioStream]) -> dict[int, SoundStart]:
    """Read the first packets of the sound tracks of the film at `path`. Returns the tracks' starts by stream index.

    Raises InvalidVideo or OSError if the file cannot be opened a second time.
    """
    if not tracks:
        return {}
    with open_container(path) as container:
        packets = _read_packets(container, [one.index for one in tracks])
        streams = {one.index: one for one in container.streams.audio}
        return {index: _try(streams[index], first) for index, first in packets.items()}


def _read_packets(container: av.container.InputContainer, indices: list[int]) -> dict[int, list[AnyPacket]]:
    packets: dict[int, list[AnyPacket]] = {index: [] for index in indices}
    try:
        for number, packet in enumerate(container.demux()):
            if packet.size and packet.stream_index in packets and len(packets[packet.stream_index]) < _TRIED_PACKETS:
                packets[packet.stream_index].append(packet)
            if number >= _READ_PACKETS or all(len(some) == _TRIED_PACKETS for some in packets.values()):
                break
    except av.FFmpegError:
        pass  # what was read until then is tried; the film's reader names the damage
    return packets


def _try(stream: AudioStream, packets: list[AnyPacket]) -> SoundStart:
    context, problem = stream.codec_context, ""
    rate, channels = context.sample_rate, context.layout.nb_channels
    for packet in packets:
        try:
            frames = stream.decode(packet)
        except av.FFmpegError as error:
            problem = error.strerror or str(error)
            continue
        if frames:
            rate, channels, problem = frames[0].sample_rate, frames[0].layout.nb_channels, ""
            break
    can_copy = context.codec.canonical_name in _COPIED_CODECS and _can_mux(stream, packets)
    return SoundStart(can_copy, *((0, 0) if problem else (rate, channels)), problem)


def _can_mux(stream: AudioStream, packets: list[AnyPacket]) -> bool:
    """Whether FFmpeg writes the packets into an MP4 file; the file is in memory and dropped."""
    try:
        with av.open(io.BytesIO(), "w", format="mp4") as output:
            target = output.add_stream_from_template(stream)
            output.start_encoding()
            for packet in packets:
                packet.stream = target
                output.mux(packet)
    except (av.FFmpegError, ValueError):
        return False
    return True
