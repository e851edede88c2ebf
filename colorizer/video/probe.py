"""Probe a video file, and explain why it cannot be read if it cannot."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import cast

import av
from av.container import Flags, InputContainer
from av.video.stream import VideoStream

from colorizer.errors import InvalidVideo, Problem
from colorizer.images.kinds import EMPTY, Medium, read_kind
from colorizer.video.limits import DEFAULT_LIMITS, VideoLimits, limit_decoder
from colorizer.video.losses import picture_losses
from colorizer.video.orientation import read_display_matrix, read_orientation
from colorizer.video.parts import damage_of, is_mp4, mp4_boxes
from colorizer.video.survey import Survey, frame_rate, survey
from colorizer.video.tracks import choose_tracks, find_pictures
from colorizer.video.types import VideoInfo

TOO_LITTLE_MEMORY = "expected a film that can be read with the memory that is free, got one that needs more"


def probe(path: Path, limits: VideoLimits = DEFAULT_LIMITS) -> VideoInfo:
    """Read what a video file contains. This is fast, because only the first frame is decoded (see `survey`).

    Raises InvalidVideo if the file is not a video, is damaged or encrypted, has an unknown codec, or exceeds `limits`
    as far as its beginning tells; OSError if it cannot be opened.
    """
    try:
        with open_container(path) as container:
            stream = find_video_stream(container, path, limits)
            found = survey(container, stream, path, limits)
            limits.check(found.packets, found.reached, whole=found.duration)
            return read_info(container, stream, found)
    except MemoryError as error:
        raise InvalidVideo(TOO_LITTLE_MEMORY, problem=Problem.NO_MEMORY) from error


def open_container(path: Path, *, options: dict[str, str] | None = None) -> InputContainer:
    """Open a video file for reading. Raises InvalidVideo if FFmpeg cannot, OSError if the file cannot be opened.

    `options`: FFmpeg's, for the demuxer.
    """
    path.open("rb").close()  # raises Python's own error for a missing or unreadable file
    try:
        # For the errors of metadata see `metadata.readable_tags`.
        container = av.open(file_url(path), metadata_errors="surrogateescape", options=options)
    except (av.FFmpegError, OSError) as error:
        if is_mp4(path) and path.stat().st_size:
            what = "an MP4 or MOV file without its index (moov): truncated, or still being written"
        else:
            what = error.strerror or str(error)
        message = f"expected a film that can be read, got {path.name}: {what}"
        raise InvalidVideo(message, problem=_why_unread(path), path=path) from error
    # Without GENPTS: FFmpeg would take a missing pts from the packet behind a change of clocks.
    container.flags &= ~cast(int, Flags.gen_pts.value)
    return container


def _why_unread(path: Path) -> Problem:
    """The kind of problem of a file that FFmpeg cannot open."""
    kind = read_kind(path)
    if kind is EMPTY:
        return Problem.EMPTY
    if kind.medium is not Medium.FILM:
        return Problem.OTHER_KIND
    return damage_of(path)


def file_url(path: Path) -> str:
    """The path as FFmpeg's protocol for files: it would take the part of a name before a colon for a protocol."""
    return f"file:{path}"


def find_video_stream(container: InputContainer, path: Path, limits: VideoLimits = DEFAULT_LIMITS) -> VideoStream:
    """The best of the moving pictures. Raises InvalidVideo if there is none that can be decoded within the limits."""
    pictures = find_pictures(container)
    if not pictures:
        held = ", ".join(stream.type for stream in container.streams) or "none"
        message = f"expected a film, got {path.name} without a video stream (streams: {held})"
        raise InvalidVideo(message, problem=Problem.NO_PICTURE, path=path)
    if is_encrypted(path):
        message = f"expected a film that can be read, got {path.name}, which is encrypted (DRM)"
        raise InvalidVideo(message, problem=Problem.ENCRYPTED, path=path)
    best = pictures[0]
    if best.codec_context is None:
        message = f"expected a video codec that FFmpeg decodes, got {path.name} with an unknown one"
        raise InvalidVideo(message, problem=Problem.UNSUPPORTED, path=path)
    limit_decoder(best, limits)
    return best


def read_info(container: InputContainer, stream: VideoStream, found: Survey) -> VideoInfo:
    """Describe the video. `found`: its survey, because only decoded frames have the rotation."""
    first = found.first
    rotation, mirrored = read_orientation(read_display_matrix(first))
    sides = (first.width, first.height)
    stands = round(rotation / 90) % 2 == 1
    width, height = sides[::-1] if stands else sides
    aspect = stream.sample_aspect_ratio or Fraction(1)
    return VideoInfo(
        width=width,
        height=height,
        duration=found.duration,
        frames=found.frames,
        rate=frame_rate(stream),
        codec=stream.codec_context.codec.canonical_name,
        audio=tuple(one.codec_context.codec.canonical_name for one in container.streams.audio if one.codec_context),
        rotation=rotation,
        mirrored=mirrored,
        pixel_aspect=1 / aspect if stands else aspect,
        losses=(*picture_losses(stream, first), *choose_tracks(container, stream).left_out),
    )


# The sample entry types of encrypted video: MPEG Common Encryption (ISO/IEC 23001-7) and iTunes.
_ENCRYPTED = (b"encv", b"drmi")

_MAX_INDEX_BYTES = 64 << 20  # the index of a film of many hours has a few million bytes


def is_encrypted(path: Path) -> bool:
    """Whether the file is an MP4 or MOV with a video track that is marked as encrypted. Raises OSError."""
    with path.open("rb") as file:
        for box in mp4_boxes(file):
            if box.kind == b"moov":
                file.seek(box.begin)
                size = _MAX_INDEX_BYTES if box.end is None else box.end - box.begin
                index = file.read(min(_MAX_INDEX_BYTES, size))
                return any(name in index for name in _ENCRYPTED)
    return False
