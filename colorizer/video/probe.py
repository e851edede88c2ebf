"""Probe a video file, and explain why it cannot be read if it cannot."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import BinaryIO

import av
from av.container import InputContainer
from av.stream import Disposition
from av.video.stream import VideoStream

from colorizer.errors import InvalidVideo
from colorizer.video.types import VideoInfo

MICROSECOND = Fraction(1, av.time_base)  # seconds; the unit of a container's timestamps in FFmpeg


def probe(path: Path) -> VideoInfo:
    """Read what a video file contains. This is fast, because only the first frame is decoded.

    Raises InvalidVideo if the file is not a video, is damaged or encrypted or has an unknown codec; OSError if it
    cannot be opened.
    """
    with open_container(path) as container:
        stream = find_video_stream(container, path)
        return read_info(container, stream, _decode_first(container, stream, path))


def first_frame(path: Path) -> av.VideoFrame:
    """Decode the film's first frame. Raises as `probe` does."""
    with open_container(path) as container:
        return _decode_first(container, find_video_stream(container, path), path)


def open_container(path: Path) -> InputContainer:
    """Open a video file for reading. Raises InvalidVideo if FFmpeg cannot, OSError if the file cannot be opened."""
    path.open("rb").close()  # raises Python's own error for a missing or unreadable file
    try:
        return av.open(str(path))
    except (av.FFmpegError, OSError) as error:
        if is_mp4(path) and path.stat().st_size:
            what = "an MP4 or MOV file without its index (moov): truncated, or still being written"
        else:
            what = str(error)
        raise InvalidVideo(f"expected a film that can be read, got {path.name}: {what}") from error


def find_video_stream(container: InputContainer, path: Path) -> VideoStream:
    """The video stream, not counting cover images. Raises InvalidVideo if there is none that can be decoded."""
    pictures = [one for one in container.streams.video if not one.disposition & Disposition.attached_pic]
    if not pictures:
        held = ", ".join(stream.type for stream in container.streams) or "none"
        raise InvalidVideo(f"expected a film, got {path.name} without a video stream (streams: {held})")
    if is_encrypted(path):
        raise InvalidVideo(f"expected a film that can be read, got {path.name}, which is encrypted (DRM)")
    best = max(pictures, key=lambda one: one.codec_context is not None)
    if best.codec_context is None:
        raise InvalidVideo(f"expected a video codec that FFmpeg decodes, got {path.name} with an unknown one")
    return best


def read_info(container: InputContainer, stream: VideoStream, first: av.VideoFrame) -> VideoInfo:
    """Describe the video. `first`: a decoded frame of `stream`, because only frames have the rotation."""
    rotation = first.rotation % 360
    sides = (first.width, first.height)
    width, height = sides if rotation % 180 == 0 else sides[::-1]
    duration = float((container.duration or 0) * MICROSECOND)
    if stream.duration is not None and stream.time_base is not None:
        duration = float(stream.duration * stream.time_base)
    rate = Fraction(stream.average_rate or stream.guessed_rate or 25)
    return VideoInfo(
        width=width,
        height=height,
        duration=duration,
        frames=stream.frames or round(duration * rate),
        rate=rate,
        codec=stream.codec_context.codec.canonical_name,
        audio=tuple(one.codec_context.codec.canonical_name for one in container.streams.audio if one.codec_context),
        rotation=rotation,
    )


def _decode_first(container: InputContainer, stream: VideoStream, path: Path) -> av.VideoFrame:
    problem = "no frames"
    try:
        for packet in container.demux(stream):
            try:
                for frame in stream.decode(packet):
                    return frame
            except av.FFmpegError as error:
                problem = str(error)
    except av.FFmpegError as error:
        problem = str(error)
    raise InvalidVideo(
        f"expected a film, got {path.name}, whose frames cannot be decoded: damaged, truncated or encrypted ({problem})"
    )


# The sample entry types of encrypted video: MPEG Common Encryption (ISO/IEC 23001-7) and iTunes.
_ENCRYPTED = (b"encv", b"drmi")

_MAX_INDEX_BYTES = 64 << 20  # the index of a film of many hours has a few million bytes


def is_encrypted(path: Path) -> bool:
    """Whether the file is an MP4 or MOV with a video track that is marked as encrypted. Raises OSError."""
    with path.open("rb") as file:
        index = _read_moov(file)
    return any(name in index for name in _ENCRYPTED)


def is_mp4(path: Path) -> bool:
    """Whether the file begins with a box of an MP4 or MOV. Raises OSError."""
    with path.open("rb") as file:
        return file.read(8)[4:] in (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip")


def _read_moov(file: BinaryIO) -> bytes:
    """The content of the box `moov`, which is the index; empty if there is none."""
    while len(head := file.read(8)) == 8:
        size, kind = int.from_bytes(head[:4], "big"), head[4:]
        skipped = 8
        if size == 1:
            size, skipped = int.from_bytes(file.read(8), "big"), 16
        if kind == b"moov":
            return file.read(min(size - skipped, _MAX_INDEX_BYTES))
        if size < skipped:  # 0: the box extends to the end of the file; another value: not a box
            break
        file.seek(size - skipped, 1)
    return b""
