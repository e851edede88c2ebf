"""Try the beginning of a film's sound tracks: whether a file takes the packets as they are, and what they decode to."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import av
from av.audio.stream import AudioStream

from colorizer.video.containers import MXF, Container
from colorizer.video.probe import open_container
from colorizer.video.types import AnyPacket

_TRIED_PACKETS = 8  # of each track; the muxer of E-AC-3 wants more than one
_READ_PACKETS = 2000  # of all tracks, about half a minute, for a track that begins late


@dataclass(frozen=True)
class SoundStart:
    """What the beginning of a sound track is.

    `can_copy`: whether the file takes its packets. `rate`, in Hz, and `channels`: of the decoded sound; 0 if it cannot
    be decoded, for the reason `problem`. `bits`: of its samples.
    """

    can_copy: bool
    rate: int
    channels: int
    problem: str = ""
    bits: int = 16


def try_sound(path: Path, tracks: Sequence[AudioStream], target: Container) -> dict[int, SoundStart]:
    """Read the first packets of the sound tracks of the film at `path`. Returns the tracks' starts by stream index.

    `target`: the kind of file that is written.

    Raises InvalidVideo or OSError if the file cannot be opened a second time.
    """
    if not tracks:
        return {}
    with open_container(path) as container:
        packets = _read_packets(container, [one.index for one in tracks])
        streams = {one.index: one for one in container.streams.audio}
        return {index: _try(streams[index], first, target) for index, first in packets.items()}


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


def _try(stream: AudioStream, packets: list[AnyPacket], target: Container) -> SoundStart:
    context, problem, bits = stream.codec_context, "", 16
    rate, channels = context.sample_rate, context.layout.nb_channels
    for packet in packets:
        try:
            frames = stream.decode(packet)
        except av.FFmpegError as error:
            problem = error.strerror or str(error)
            continue
        if frames:
            rate, channels, problem = frames[0].sample_rate, frames[0].layout.nb_channels, ""
            bits = 8 * frames[0].format.bytes
            break
    is_held = target.sound is None or context.codec.canonical_name in target.sound
    can_copy = is_held and target.sound_rate in (0, context.sample_rate) and _can_mux(stream, packets, target)
    return SoundStart(can_copy, *((0, 0) if problem else (rate, channels)), problem, bits)


def _can_mux(stream: AudioStream, packets: list[AnyPacket], target: Container) -> bool:
    """Whether FFmpeg writes the packets into a file of the kind `target`; the file is in memory and dropped.

    MXF has no files of sound alone; its few codecs count as written.
    """
    if target is MXF:
        return True
    try:
        with av.open(io.BytesIO(), "w", format=target.muxer) as output:
            copy = output.add_stream_from_template(stream)
            output.start_encoding()
            for packet in packets:
                packet.stream = copy
                output.mux(packet)
    except (av.FFmpegError, ValueError):
        return False
    return True
