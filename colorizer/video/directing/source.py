"""The frames of one shot, read apart from the film's run: to measure it, and to look ahead in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from colorizer.arrays import Floats, Pixels
from colorizer.frames.repair import FilmRepair
from colorizer.frames.yuv import YuvFrame, shrink_luminance, to_gray_pixels
from colorizer.video.directing.shots import Shots, number_at
from colorizer.video.directing.tone import NO_TONE, ShotTone
from colorizer.video.limits import VideoLimits
from colorizer.video.orientation import make_upright
from colorizer.video.reader import VideoReader
from colorizer.video.repair import repair_frames
from colorizer.video.types import GrayFrame, VideoInfo


@dataclass(frozen=True)
class FilmFrame:
    """A frame of a shot. `seconds`: from the film's beginning. `stored`: its luma, as stored."""

    seconds: float
    stored: YuvFrame
    info: VideoInfo

    def luminance(self, side: int) -> Floats:
        """L 0..100 as a player shows it, shrunk to a square (side, side), float32."""
        return make_upright(shrink_luminance(self.stored, side), self.info)

    def gray(self) -> Pixels:
        """The picture as a player shows it, but for its pixels' aspect: (H, W) uint8."""
        return make_upright(to_gray_pixels(self.stored), self.info)


@dataclass(frozen=True)
class ShotSource:
    """The shot `number`, from 1, of a film. `frame`: seconds that a frame is shown on average."""

    path: Path
    shots: Shots
    number: int
    frame: float
    repair: FilmRepair
    limits: VideoLimits

    @property
    def start(self) -> float:
        return self.shots[self.number - 1].start

    @property
    def end(self) -> float | None:
        """In seconds; None: that of the film."""
        return self.shots[self.number].start if self.number < len(self.shots) else None

    def read(self, tone: ShotTone = NO_TONE) -> Iterator[FilmFrame]:
        """The frames of the shot, repaired and in its tone, in order. Raises InvalidVideo, OSError."""
        begin, starts = max(0.0, self.start - self.frame), [shot.start for shot in self.shots]
        with VideoReader(self.path, self.limits) as reader:
            for item in repair_frames(reader.read(begin, self.end), self.repair):
                if not isinstance(item, GrayFrame):
                    continue
                seconds = begin + float(item.pts * reader.time_base)
                if number_at(starts, seconds, frame=self.frame) == self.number:
                    shown = tone.apply(item, full_range=reader.full_range)
                    luma = YuvFrame.of_luma(shown.luma, full_range=reader.full_range)
                    yield FilmFrame(seconds, luma, reader.info)
