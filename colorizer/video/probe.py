"""What a film's file holds, and why it cannot be read where it cannot."""

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

MICROSECOND = Fraction(1, 1_000_000)  # what FFmpeg gives a whole file's times in


def probe(path: Path) -> VideoInfo:
    """What the file holds; quick, for nothing but its first picture is decoded.

    Raises InvalidVideo for what is no film, is damaged, encrypted or of an unknown codec; OSError as `open` does.
    """
    with open_container(path) as container:
        stream = find_video_stream(container, path)
        return read_info(container, stream, _decode_first(container, stream, path))


def first_frame(path: Path) -> av.VideoFrame:
    """The film's first picture. Raises as `probe` does."""
    with open_container(path) as container:
        return _decode_first(container, find_video_stream(container, path), path)


def open_container(path: Path) -> InputContainer:
    """Raises InvalidVideo for what is none."""
    path.open("rb").close()  # a missing or forbidden file: Python's own words for it
    try:
        return av.open(str(path))
    except (av.FFmpegError, OSError) as error:
        if is_mp4(path) and path.stat().st_size:
            what = "an MP4 or MOV file without its index (moov): cut off, or still being written"
        else:
            what = str(error)
        raise InvalidVideo(f"expected a film that can be read, got {path.name}: {what}") from error


def find_video_stream(container: InputContainer, path: Path) -> VideoStream:
    """The track of moving pictures. Raises InvalidVideo where there is none that we can decode."""
    pictures = [one for one in container.streams.video if not one.disposition & Disposition.attached_pic]
    if not pictures:
        held = ", ".join(stream.type for stream in container.streams) or "nothing"
        raise InvalidVideo(f"expected a film, got {path.name} without a video stream (it holds: {held})")
    if is_encrypted(path):
        raise InvalidVideo(f"expected a film that can be read, got {path.name}, which is encrypted (DRM)")
    best = max(pictures, key=lambda one: one.codec_context is not None)
    if best.codec_context is None:
        raise InvalidVideo(f"expected a video codec that FFmpeg decodes, got {path.name} with an unknown one")
    return best


def read_info(container: InputContainer, stream: VideoStream, first: av.VideoFrame) -> VideoInfo:
    """`first`: a decoded frame, which knows the rotation."""
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
    problem = "it holds none"
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
        f"expected a film, got {path.name}, in which no picture can be read: damaged, cut off or encrypted ({problem})"
    )


# What the description of an encrypted picture is called: MPEG Common Encryption (ISO/IEC 23001-7), and iTunes.
_ENCRYPTED = (b"encv", b"drmi")

_LARGEST_INDEX = 64 << 20  # bytes; the index of a film of many hours has a few million


def is_encrypted(path: Path) -> bool:
    """Whether the file is an MP4 or MOV with a picture track that is marked as encrypted."""
    with path.open("rb") as file:
        index = _index(file)
    return any(name in index for name in _ENCRYPTED)


def is_mp4(path: Path) -> bool:
    """Whether the file begins like an MP4 or MOV."""
    with path.open("rb") as file:
        return file.read(8)[4:] in (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip")


def _index(file: BinaryIO) -> bytes:
    """The content of the box `moov`, empty where there is none."""
    while len(head := file.read(8)) == 8:
        size, kind = int.from_bytes(head[:4], "big"), head[4:]
        skipped = 8
        if size == 1:
            size, skipped = int.from_bytes(file.read(8), "big"), 16
        if kind == b"moov":
            return file.read(min(size - skipped, _LARGEST_INDEX))
        if size < skipped:  # 0: to the end of the file; less: no box
            break
        file.seek(size - skipped, 1)
    return b""
