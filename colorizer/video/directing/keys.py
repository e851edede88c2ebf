"""The key frames of a shot: from what the user decided to the colours that are carried."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path

from colorizer import images
from colorizer.arrays import Floats
from colorizer.color import lab
from colorizer.edits.look import Look
from colorizer.edits.reference import Reference
from colorizer.errors import InvalidImage, Problem
from colorizer.frames.keyframes import KeyFrame, align_still
from colorizer.picture import Picture, is_gray
from colorizer.pipeline import Colorizer
from colorizer.video.directing.direction import FilmKey
from colorizer.video.directing.shots import SHARE_OF_FRAME
from colorizer.video.directing.source import FilmFrame, ShotSource
from colorizer.video.directing.tone import ShotTone

_LONGEST_FRAME = 1.0  # second that the last frame of a film may be shown
_SAME_FRAME = "The key frames at {:g} and {:g} seconds are of the same frame; only the second one counts."
_MISFIT = "The picture for {:g} seconds shows something else than the film does then; it is stretched over the frame."


@dataclass
class ShotKeys:
    """`frames`: the key frames by the number of the frame in the shot, from 0. `notes`: sentences for the user."""

    frames: dict[int, KeyFrame] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def make_keys(
    keys: Sequence[FilmKey],
    source: ShotSource,
    tone: ShotTone,
    look: Look,
    colorizer: Colorizer,
    pictures: Mapping[str, Path],
    reference: Reference | None = None,
) -> ShotKeys:
    """The key frames of a shot. A key frame is the frame that is shown at its time.

    `keys`: those of the shot. `tone`, `look`: the shot's. `pictures`: the files of stills by their SHA-256.
    `reference`: of the film, for the colours of key frames that are corrected.
    Raises as `check_stills`.
    """
    made, times = ShotKeys(), dict[int, float]()
    wanted = sorted(keys, key=lambda key: key.seconds)
    found = _find_frames([key.seconds for key in wanted], source.read(tone), source.frame)
    for key, at in zip_longest(wanted, found):
        if at is None:
            made.notes.append(f"The key frame at {key.seconds:g} seconds lies behind the film's end and is left out.")
            continue
        number, frame = at
        if number in times:
            made.notes.append(_SAME_FRAME.format(times[number], key.seconds))
        times[number] = key.seconds
        if key.picture:
            still = align_still(_read_still(key, pictures), lab.luminance(frame.gray()))
            if not still.fits:
                made.notes.append(_MISFIT.format(key.seconds))
            colors = still.key
        else:
            colors = KeyFrame.from_ab(_correct(key, frame, look, colorizer, reference))
        made.frames[number] = KeyFrame.from_ab(tone.crop(colors.ab), tone.crop(colors.weight))
    return made


def check_stills(keys: Iterable[FilmKey], pictures: Mapping[str, Path]) -> None:
    """Raises InvalidImage for a still that cannot be read or has no colours, OSError.

    `pictures`: as for `make_keys`.
    """
    for key in keys:
        if key.picture and is_gray(_read_still(key, pictures).pixels):
            path, problem = pictures[key.picture], Problem.NO_COLOR
            message = f"expected a still with colours for {key.seconds:g} seconds, got the grey picture {path.name}"
            raise InvalidImage(message, problem=problem, path=path)


def read_picture(path: Path, purpose: str) -> Picture:
    """A picture that directs a film. `purpose`: names it for messages. Raises InvalidImage, OSError."""
    try:
        return images.decode(path.read_bytes())
    except InvalidImage as error:
        raise InvalidImage(f"{purpose}, {path.name}: {error}", problem=error.problem, path=path) from error


def _read_still(key: FilmKey, pictures: Mapping[str, Path]) -> Picture:
    return read_picture(pictures[key.picture], f"the picture for {key.seconds:g} seconds")


def _correct(key: FilmKey, frame: FilmFrame, look: Look, colorizer: Colorizer, reference: Reference | None) -> Floats:
    """The ab (h, w, 2) of the frame, coloured as a photograph."""
    look = key.look or look
    needs_distribution = look.vividness > 0 or key.variant > 0
    analysis = colorizer.analyze(
        frame.gray(), restoration=key.restoration, reference=reference, distribution=needs_distribution
    )
    return analysis.variant(key.variant).ab(look, key.hints)


def _find_frames(times: Sequence[float], frames: Iterable[FilmFrame], frame: float) -> Iterator[tuple[int, FilmFrame]]:
    """For each of rising times, the frame that is shown then, and its number; fewer where the film ends before.

    `frame`: seconds that one is shown on average. One that begins up to a quarter of that later counts, as for the
    starts of shots.
    """
    wanted = list(times)
    last: tuple[int, FilmFrame] | None = None
    for number, at in enumerate(frames):
        while last is not None and wanted and wanted[0] + frame * SHARE_OF_FRAME < at.seconds:
            yield last
            wanted.pop(0)
        if not wanted:
            return
        last = number, at
    if last is not None:
        yield from (last for time in wanted if time <= last[1].seconds + _LONGEST_FRAME)
