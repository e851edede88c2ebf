"""The colours of a directed film, shot by shot."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from colorizer.arrays import Floats
from colorizer.edits.look import Look
from colorizer.edits.reference import Reference
from colorizer.edits.restoration import Restoration
from colorizer.errors import InvalidSetting
from colorizer.frames.keyframes import ShotColors
from colorizer.frames.keyframes.shot_colors import FramePredictor
from colorizer.frames.steady import SteadyColors
from colorizer.pipeline import Colorizer
from colorizer.video.colors import ReferencePredictor, VideoColors
from colorizer.video.directing.direction import FilmKey
from colorizer.video.directing.keys import check_stills, make_keys, read_picture
from colorizer.video.directing.shots import SHARE_OF_FRAME, Shot, number_at, settings_of, shots_at
from colorizer.video.directing.source import ShotSource
from colorizer.video.directing.tone import NO_TONE, ShotTone, is_measured, measure_tone
from colorizer.video.limits import VideoLimits
from colorizer.video.types import VideoInfo, VideoOptions

_NEUTRAL = Look()
_MIN_STEP = 1e-4  # seconds from a frame to the next, as for the times that a reader gives


class FrameColors(Protocol):
    """Gives the ab (h, w, 2) of frames in order, from their luminance (side, side) float32, 0..100."""

    def next_ab(self, luminance: Floats, *, seconds: float) -> Floats: ...


@dataclass(frozen=True)
class PreparedShot:
    """How the frames of a shot are coloured. `look`: what is still to be applied to their colours."""

    colors: FrameColors
    look: Look
    tone: ShotTone = NO_TONE

    def next_ab(self, luminance: Floats, *, seconds: float) -> Floats:
        """The next frame's ab (h, w, 2). `luminance`: (side, side) float32, 0..100, of the upright frame in the shot's
        tone. `seconds`: since the frame before, above 0."""
        side = len(luminance)
        return self.tone.embed(self.colors.next_ab(self.tone.crop(luminance), seconds=seconds), side)


class Director:
    """Prepares the shots of one film, one after the other; closing it deletes temporary files. For one thread.

    `info`: of the film. `pictures`: the files of stills by their SHA-256. `folder`: of temporary files; the system's by
    default. `notes`: sentences for the user by the numbers of the shots that they are on.
    Raises InvalidSetting for a picture without a file, and for key frames as `check_stills`.
    """

    def __init__(
        self,
        path: Path,
        info: VideoInfo,
        colorizer: Colorizer,
        options: VideoOptions,
        pictures: Mapping[str, Path],
        *,
        limits: VideoLimits,
        folder: Path | None = None,
    ) -> None:
        self._path, self._colorizer, self._options, self._pictures = path, colorizer, options, pictures
        self._limits, self._folder = limits, folder
        self._frame = float(1 / info.rate)
        self.shots = options.direction.shots or shots_at(())
        self._starts = [shot.start for shot in self.shots]
        self.notes: dict[int, tuple[str, ...]] = {}
        for name in options.direction.pictures():
            if name not in pictures:
                raise InvalidSetting(f"expected the file of the picture with the SHA-256 {name}, got none")
        check_stills(options.direction.keys, pictures)  # before hours of work on the shots before theirs
        self._reference = self._read_reference()
        self._files = ExitStack()

    def __enter__(self) -> Director:
        return self

    def __exit__(self, *_: object) -> None:
        self._files.close()

    def number_at(self, seconds: float) -> int:
        """The number, from 1, of the shot with the frame at that time of the film."""
        return number_at(self._starts, seconds, frame=self._frame)

    def settings(self, number: int) -> Shot:
        """The look and restoration of a shot."""
        shot = settings_of(self.shots, number)
        restoration = self._options.direction.restoration if shot.restoration is None else shot.restoration
        return replace(shot, look=shot.look or self._options.look, restoration=restoration)

    def keys(self, number: int) -> tuple[FilmKey, ...]:
        """The key frames of a shot."""
        return tuple(key for key in self._options.direction.keys if self.number_at(key.seconds) == number)

    def prepare(self, number: int, seconds: float) -> PreparedShot:
        """Get a shot ready from the frame at `seconds` of the film on, and let the shot before go.

        Raises what `make_keys` raises, InvalidVideo, OSError.
        """
        self._files.close()
        shot = self.settings(number)
        look, restoration = shot.look or _NEUTRAL, shot.restoration or Restoration()
        source = ShotSource(self._path, self.shots, number, self._frame, self._options.repair, self._limits)
        tone = measure_tone(source.read(), restoration) if is_measured(restoration) else NO_TONE
        if keys := self.keys(number):
            made = make_keys(keys, source, tone, look, self._colorizer, self._pictures, self._reference)
            self.notes[number] = tuple(made.notes)
            if made.frames:
                predictor, automatic = self._predictor(look)
                colors = ShotColors(
                    predictor, made.frames, look=automatic, smoothing=self._options.smoothing, folder=self._folder
                )
                shot_colors = PreparedShot(self._files.enter_context(colors), _NEUTRAL, tone)
                self._run_in(colors, shot_colors, source, seconds)
                return shot_colors
        return PreparedShot(self._automatic(look), look, tone)

    def _run_in(self, colors: ShotColors, shot: PreparedShot, source: ShotSource, seconds: float) -> None:
        """Let a shot with key frames know what comes, and what was before a part of it that begins at `seconds`."""
        side = self._colorizer.spec.side
        if colors.frames_ahead:
            colors.look_ahead(shot.tone.crop(frame.luminance(side)) for frame in source.read(shot.tone))
        if seconds <= source.start + self._frame:
            return
        last = source.start - self._frame
        for frame in source.read(shot.tone):
            if frame.seconds >= seconds - self._frame * SHARE_OF_FRAME:
                return
            shot.next_ab(frame.luminance(side), seconds=max(frame.seconds - last, _MIN_STEP))
            last = frame.seconds

    def _automatic(self, look: Look) -> FrameColors:
        if self._reference is None:
            return VideoColors(self._colorizer, vividness=look.vividness, smoothing=self._options.smoothing)
        predictor = ReferencePredictor(self._colorizer.predictor, self._reference, look.vividness)
        return SteadyColors(predictor.predict_ab, self._options.smoothing)

    def _predictor(self, look: Look) -> tuple[FramePredictor, Look]:
        """What predicts the automatic colours of a shot with key frames, and the look that they get then."""
        if self._reference is None:
            return self._colorizer.predictor, look
        predictor = ReferencePredictor(self._colorizer.predictor, self._reference, look.vividness)
        return predictor, replace(look, vividness=0.0)

    def _read_reference(self) -> Reference | None:
        name = self._options.direction.reference
        return (
            self._colorizer.make_reference(read_picture(self._pictures[name], "the reference").to_array())
            if name
            else None
        )
