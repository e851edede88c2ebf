"""Which of a film's tracks the result keeps, and the names of those that it leaves out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from av.audio.stream import AudioStream
from av.container import InputContainer
from av.stream import AttachmentStream, Discard, Disposition, Stream
from av.subtitles.stream import SubtitleStream
from av.video.stream import VideoStream

from colorizer.video.containers import MP4, Container
from colorizer.video.metadata import readable_tags

_STILLS = Disposition.attached_pic | Disposition.timed_thumbnails


@dataclass(frozen=True)
class Tracks:
    """The tracks of a film that its result keeps. `left_out`: for each of the others a sentence for the user.

    `covers`: still pictures that stand for the film, in a format that MP4 holds. `sound`: those for which FFmpeg has a
    decoder. `subtitles`: texts that it decodes, or all where they are copied. `attachments`: files.
    """

    picture: VideoStream
    sound: tuple[AudioStream, ...]
    subtitles: tuple[SubtitleStream, ...]
    covers: tuple[VideoStream, ...]
    attachments: tuple[AttachmentStream, ...]
    left_out: tuple[str, ...]


def choose_tracks(container: InputContainer, picture: VideoStream, target: Container = MP4) -> Tracks:
    """The tracks to keep beside `picture` in a file of the kind `target`. Every other stream is named."""
    sound = tuple(one for one in container.streams.audio if one.codec_context is not None)
    subtitles = tuple(one for one in container.streams.subtitles if _holds_subtitles(target, one))
    covers = tuple(one for one in container.streams.video if _is_cover(one) and target.holds_covers)
    attachments = tuple(one for one in container.streams.attachments if target.attachments)
    kept = {one.index for one in (picture, *sound, *subtitles, *covers, *attachments)}
    others = [one for one in container.streams if one.index not in kept and not _is_named_elsewhere(one)]
    return Tracks(picture, sound, subtitles, covers, attachments, tuple(_left_out(one, target) for one in others))


def without_sides(tracks: Tracks) -> Tracks:
    """The picture alone, for a film that is laid over another one; nothing counts as left out."""
    return Tracks(tracks.picture, (), (), (), (), ())


def find_pictures(container: InputContainer) -> list[VideoStream]:
    """The moving pictures, the best first: decodable, marked as default, large; then the order of the file."""
    pictures = [one for one in container.streams.video if not one.disposition & _STILLS]
    return sorted(pictures, key=_preference, reverse=True)


def describe(stream: Stream) -> str:
    """A track's number in the file, from 1, with its language and title if it has them."""
    tags = readable_tags(stream.metadata)
    names = [tags.get("language", "und"), tags.get("title", "")]
    known = ", ".join(name for name in names if name not in ("", "und"))
    return f"track {stream.index + 1} ({known})" if known else f"track {stream.index + 1}"


def _preference(stream: VideoStream) -> tuple[bool, bool, int]:
    context: Any = stream.codec_context
    if context is None:
        return False, False, 0
    return True, bool(stream.disposition & Disposition.default), context.width * context.height


def _holds_subtitles(target: Container, stream: SubtitleStream) -> bool:
    context: Any = stream.codec_context
    if context is None or target.subtitles == "none":
        return False
    return target.subtitles == "copied" or bool(context.codec.text_sub)


def _is_cover(stream: VideoStream) -> bool:
    context: Any = stream.codec_context
    is_cover = stream.disposition & _STILLS == Disposition.attached_pic
    return is_cover and context is not None and context.codec.canonical_name in ("mjpeg", "png", "bmp")


def _is_named_elsewhere(stream: Stream) -> bool:
    """MP4 and MOV hold chapters and the time code as tracks, which FFmpeg also reads as chapters and as a tag."""
    is_chapters = stream.discard == Discard.all and (stream.type == "data" or bool(stream.disposition & _STILLS))
    return is_chapters or (stream.type == "data" and "timecode" in stream.metadata)


def _left_out(stream: Stream, target: Container) -> str:
    which, context = describe(stream), stream.codec_context
    known = f", {context.codec.canonical_name}," if context is not None else ""
    if isinstance(stream, VideoStream):
        if stream.disposition & _STILLS:
            return f"A still picture{known} in {which} is left out."
        size = f" of {stream.width} x {stream.height} pixels" if context is not None else ""
        return f"The film has a second picture{size} in {which}; only one is coloured, and this one is left out."
    if isinstance(stream, AudioStream):
        return f"The sound in {which} has a format that FFmpeg does not decode and is left out."
    if isinstance(stream, SubtitleStream):
        if context is not None:
            if target.subtitles == "none":
                return f"The subtitles{known} in {which} are left out, because {target.name} does not hold them."
            return f"The subtitles{known} in {which} are pictures, which {target.name} does not hold, and are left out."
        return f"The subtitles in {which} have a format that FFmpeg does not decode and are left out."
    if isinstance(stream, AttachmentStream):
        return f"The attached file {readable_tags(stream.metadata).get('filename', 'without a name')} is left out."
    name = getattr(stream, "name", None)
    return f"The data in {which}{f', {name},' if name else ''} are left out."
