"""One frame of a film as a picture, repaired, to try the settings before the film is coloured."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import numpy as np

from colorizer import Analysis, Colorizer, Look, images
from colorizer.color.merge import merge
from colorizer.frames.keyframes import KeyFrame
from colorizer.frames.repair import FilmRepair
from colorizer.frames.yuv import YuvFrame, to_gray_pixels
from colorizer.images import Picture
from colorizer.resize import resize
from colorizer.video.directing.direction import FilmKey
from colorizer.video.display import to_display
from colorizer.video.limits import DEFAULT_LIMITS, VideoLimits
from colorizer.video.reader import VideoReader
from colorizer.video.repair import repair_frames
from colorizer.video.types import GrayFrame
from dashboard.shared.reference import ReferencePicture, digest_of

SIDE = 960  # pixels, longest side of the picture that is sent to the page
NEIGHBORS = 8  # frames before, and as many after, from which a frame is repaired; a run takes up to 38
_NO_REPAIR = FilmRepair()


@dataclass
class StillFrame:
    """A frame, repaired, at most `SIDE` pixels wide and high, with what the network finds in it.

    `gray`: the frame as it was, in grey, as JPEG. `seconds`: when it is first shown, from the film's beginning.
    `analyses`: by the model's name and the reference's digest.
    """

    picture: Picture
    gray: bytes
    seconds: float
    analyses: dict[tuple[str, str], Analysis] = field(default_factory=dict)

    def colorize(self, analysis: Analysis, look: Look, key: KeyFrame | None = None) -> bytes:
        """The frame in colour, as JPEG. `analysis`: of it. `key`: the colours to have."""
        if key is None:
            return images.encode(analysis.colorize_picture(look), ".jpg")
        weight = key.weight[..., np.newaxis]
        ab = key.ab * weight + resize(analysis.ab(look), *key.weight.shape[::-1]) * (1 - weight)
        return images.encode(Picture(merge(self.picture.pixels, ab)), ".jpg")

    def correct(self, analysis: Analysis, look: Look, key: FilmKey) -> bytes:
        """The frame with the corrections of a key frame, as JPEG. `analysis`: of it. `look`: the shot's."""
        return images.encode(analysis.variant(key.variant).colorize_picture(key.look or look, key.hints), ".jpg")

    def analyze(self, colorizer: Colorizer, reference: ReferencePicture | None = None) -> Analysis:
        """The frame as a photograph. The network runs once for each model and reference."""
        name = colorizer.spec.name, digest_of(reference)
        if name not in self.analyses:
            made = None if reference is None else reference.study(colorizer)
            self.analyses[name] = colorizer.analyze(self.picture.pixels, reference=made)
        return self.analyses[name]


def read_still(
    path: Path, seconds: float, repair: FilmRepair = _NO_REPAIR, limits: VideoLimits = DEFAULT_LIMITS
) -> StillFrame | None:
    """Read the first frame at or after `seconds`, and repair it. Returns None if there is none. Raises InvalidVideo."""
    with VideoReader(path, limits) as reader:
        around = 0 if repair.is_off else NEIGHBORS
        begin = max(0.0, seconds - around / float(reader.info.rate))
        wait = int((seconds - begin) / reader.time_base)  # times count from where reading began
        near = list(_read_around(reader, begin, wait, around))
        place = next((number for number, frame in enumerate(near) if frame.pts >= wait), None)
        if place is None:
            return None
        frame = near[place]
        before = _show(frame, reader)
        repaired = next(islice(repair_frames(iter(near), repair), place, None))
        picture = _show(repaired, reader) if isinstance(repaired, GrayFrame) and not repair.is_off else before
        return StillFrame(picture, images.encode(before, ".jpg"), begin + float(frame.pts * reader.time_base))


def _read_around(reader: VideoReader, begin: float, wait: int, after: int) -> Iterator[GrayFrame]:
    """The frames from `begin` on, in seconds, to `after` of them behind the first one from `wait` on, in ticks."""
    for item in reader.read(begin):
        if isinstance(item, GrayFrame):
            yield item
            after -= item.pts >= wait
            if after < 0:
                return


def _show(frame: GrayFrame, reader: VideoReader) -> Picture:
    gray = to_gray_pixels(YuvFrame.of_luma(frame.luma, full_range=reader.full_range))
    return Picture(to_display(gray, reader.info, SIDE))
