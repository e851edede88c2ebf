"""What a film's file had and its result has not: found by reading the result, whatever the kinds of both files are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

import av
from av.container import InputContainer
from av.video.stream import VideoStream

from colorizer.frames.color_system import ColorSystem, is_same_system
from colorizer.video.formats import FilmFormat
from colorizer.video.metadata import lost_tags
from colorizer.video.orientation import read_display_matrix
from colorizer.video.reader import VideoReader

_PROGRESSIVE = 1  # FFmpeg's AV_FIELD_PROGRESSIVE; 0: unknown
_ASPECT_TOLERANCE = 1e-3  # files round the ratio's numbers


def lost_tag_names(had: Sequence[Mapping[str, str]], result: InputContainer) -> str:
    """The names of the tags that a result should have and has not, with commas.

    `had`: the tags of the film, of its picture and of its other tracks, in the result's order.
    """
    picture, *tracks = (one.metadata for one in result.streams if one.type not in ("data", "attachment"))
    both = picture | result.metadata  # containers have the time code with the film or with its picture
    kept = [both, both, *tracks]
    lost = [name for tags, others in zip(had, kept, strict=False) for name in lost_tags(tags, others)]
    return ", ".join(dict.fromkeys(lost))


def lost_properties(reader: VideoReader, form: FilmFormat, chapters: int, result: InputContainer) -> list[str]:
    """A sentence on properties of the film that its result does not state; none if it states all.

    `chapters`: how many were to be written.
    """
    picture = result.streams.video[0]
    before, after = (Fraction(one.sample_aspect_ratio or 1) for one in (reader.stream, picture))
    is_turned = read_display_matrix(reader.first) is not None
    lost = {
        "the shape of its pixels": abs(after / before - 1) > _ASPECT_TOLERANCE,
        "its rotation": is_turned and _display_matrix(result, picture) is None,
        "the order of its fields": (
            not form.luma.deinterlaced
            and reader.first.interlaced_frame
            and picture.codec_context.field_order <= _PROGRESSIVE
        ),
        "its chapters": len(result.chapters()) < chapters,
        "its colour system": _loses_colors(reader.first, form, picture),
    }
    names = ", ".join(name for name, is_lost in lost.items() if is_lost)
    return [f"{form.container.name} does not keep these properties of the film: {names}."] if names else []


def _loses_colors(first: av.VideoFrame, form: FilmFormat, picture: VideoStream) -> bool:
    """Whether the result does not say what the film said of its colours. What the film left open does not count."""
    context, system = picture.codec_context, form.system
    found = ColorSystem(
        context.color_primaries if first.color_primaries == system.primaries else system.primaries,
        context.color_trc if first.color_trc == system.transfer else system.transfer,
        context.colorspace if first.colorspace == system.matrix else system.matrix,
    )
    return not is_same_system(found, system)


def _display_matrix(result: InputContainer, picture: VideoStream) -> tuple[int, ...] | None:
    return next((read_display_matrix(frame) for frame in result.decode(picture)), None)
