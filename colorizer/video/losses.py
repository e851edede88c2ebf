"""What a film's pictures have that those of the result do not."""

from __future__ import annotations

import sys
from collections.abc import Collection, Mapping
from typing import Any, cast

import av
from av.sidedata.sidedata import SideDataContainer
from av.video.stream import VideoStream

from colorizer.frames.pyav import depth_of
from colorizer.frames.tone_mapping import special_transfer
from colorizer.video.formats import LumaFormat

_CAPTIONS, _SPHERICAL, _STEREO = "A53_CC", "SPHERICAL", "STEREO3D"
_HDR_DATA = {"MASTERING_DISPLAY_METADATA", "CONTENT_LIGHT_LEVEL", "DYNAMIC_HDR_PLUS", "DOVI_RPU_BUFFER"}
_FLAT_STEREO = 0  # FFmpeg's AV_STEREO3D_2D
_FOR_SCREENS = LumaFormat()


def read_side_data(frame: av.VideoFrame) -> Mapping[str, Any]:
    """What a decoded frame carries beside its picture, by FFmpeg's name.

    PyAV 18.1 does not list data whose kind it does not know, such as EXIF; nothing is known then.
    """
    try:
        data = cast(SideDataContainer, frame.side_data)  # PyAV's stub names another type
    except ValueError:
        return {}
    return {one.type.name: one for one in data}


def picture_losses(
    stream: VideoStream, first: av.VideoFrame, seen: Collection[str] = (), luma: LumaFormat = _FOR_SCREENS
) -> list[str]:
    """Sentences for the user. `first`: the first frame of `stream`. `seen`: names of what later frames carry.

    `luma`: what the result has.
    """
    bits, transfer = depth_of(first), special_transfer(first.color_trc)
    side_data = read_side_data(first)
    carried = {*seen, *side_data}
    lost = {
        f"The film is in {transfer}; its light is converted for ordinary screens.": (
            transfer is not None and luma.tone_mapped
        ),
        "The film's data on the display that its HDR was made with are left out.": (
            not luma.tone_mapped and bool(_HDR_DATA & carried)
        ),
        f"The film has {bits} bits per sample; the result has {luma.bits}.": bits > luma.bits,
        "The film is interlaced; the result is not.": first.interlaced_frame and luma.deinterlaced,
        "The film's transparency is left out; the result has none.": _has_alpha(stream, first),
        "The mark that the film is a 360-degree view is left out.": _SPHERICAL in side_data,
        "The mark that the film is in 3D is left out.": _is_stereo(side_data.get(_STEREO)),
        "The closed captions in the film's pictures are left out.": _CAPTIONS in carried,
    }
    return [sentence for sentence, is_lost in lost.items() if is_lost]


def _has_alpha(stream: VideoStream, first: av.VideoFrame) -> bool:
    """Whether the frames, or a second stream of WebM, which FFmpeg's own decoders do not read, have transparency."""
    return any(part.is_alpha for part in first.format.components) or stream.metadata.get("alpha_mode") == "1"


def _is_stereo(data: Any) -> bool:
    return data is not None and int.from_bytes(bytes(data)[:4], sys.byteorder) != _FLAT_STEREO
