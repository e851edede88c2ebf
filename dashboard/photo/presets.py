"""The four presets of the Photo tab, and what they make of the photograph, as thumbnails. Independent of Streamlit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, replace

from colorizer import Analysis, Look, images
from colorizer.edits.hints import AnyHint
from colorizer.edits.restoration import Part
from colorizer.resize import fit_within, resize
from dashboard.locale.catalogues import mark

THUMBNAIL_SIDE = 224  # pixels, longest side: sharp on screens with two pixels for one


@dataclass(frozen=True)
class Preset:
    """A look with a name."""

    name: str
    look: Look


PRESETS = (
    Preset(mark("Natural"), Look()),
    Preset(mark("Warm"), Look(warmth=0.4)),
    Preset(mark("Bold"), Look(strength=1.2, vividness=0.6)),
    Preset(mark("Gentle"), Look(strength=0.6)),
)


def find_preset(look: Look) -> int | None:
    """The number of the preset with this look, or None. Sliders have steps, so tiny differences do not count."""
    for number, preset in enumerate(PRESETS):
        pairs = zip(astuple(look), astuple(preset.look), strict=True)
        if all(abs(one - other) < 1e-6 for one, other in pairs):
            return number
    return None


def shrink_analysis(analysis: Analysis, longest: int = THUMBNAIL_SIDE) -> Analysis:
    """The same network run for the picture at thumbnail size: no side is longer than `longest` pixels.

    All that follows from it takes a few milliseconds. An analysis of this size is returned as it is, with what was
    solved for it.
    """
    height, width = analysis.luminance.shape
    if max(height, width, *analysis.picture.pixels.shape[:2]) <= longest:
        return analysis
    small_width, small_height = fit_within(width, height, longest)
    return replace(
        analysis,
        picture=images.shrink(analysis.picture, longest),
        luminance=resize(analysis.luminance, small_width, small_height),
        part=_scale_part(analysis.part, small_height / height, small_width / width),
    )


def draw_presets(analysis: Analysis, hints: Sequence[AnyHint] = ()) -> tuple[bytes, ...]:
    """What each preset makes of the picture, as JPEG thumbnails in the order of PRESETS."""
    small = shrink_analysis(analysis)
    return tuple(images.encode(small.colorize_picture(preset.look, hints), ".jpg") for preset in PRESETS)


def draw_answers(answers: Iterable[Analysis], look: Look, hints: Sequence[AnyHint] = ()) -> tuple[bytes, ...]:
    """What a look makes of each answer of the network for one picture, as JPEG thumbnails."""
    return tuple(images.encode(shrink_analysis(each).colorize_picture(look, hints), ".jpg") for each in answers)


def _scale_part(part: Part, down: float, across: float) -> Part:
    rows, columns = (_scale(each, factor) for each, factor in zip(part, (down, across), strict=True))
    return rows, columns


def _scale(part: slice, factor: float) -> slice:
    """A part of a side, at least one pixel long; the whole side stays the whole side."""
    if part == slice(None):
        return part
    start = int(part.start * factor)
    return slice(start, max(start + 1, round(part.stop * factor)))
