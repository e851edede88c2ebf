"""Suggestions for the photograph of a print, as chips, and the controls of its geometry.

The state is the geometry and the restoration alone: chips and sliders show what is in them, whoever set it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from enum import Enum, auto
from functools import partial

import streamlit as st

from colorizer import Geometry, Restoration
from colorizer.edits.print_finding import PrintFinding
from dashboard.shared.language import mark, tr

MAX_SLIDER_ANGLE = 10.0  # degrees; a print that is tilted further is found by a suggestion
SMALLEST_CROP = 5.0  # percent of a side
WHOLE = (0.0, 100.0)  # percent of a side

Change = Callable[[Geometry, Restoration], None]


class Suggestion(Enum):
    """What one chip does. A chip that is on is undone by a second click."""

    CUT_OUT = auto()  # make the print an upright rectangle, without what lies around it
    CUT_BORDER = auto()  # leave the picture alone, without the print's border
    TAKE_TINT_OUT = auto()


TINT_WORDS = {
    "sepia": mark("This print is brown: take the tint out"),
    "yellowed": mark("The paper has yellowed: take the tint out"),
    "tinted": mark("This print has a tint: take it out"),
}
TILTED = mark("This print looks tilted: straighten it and cut it out")
UPRIGHT = mark("Cut off what lies around the print")
BORDERED = mark("Cut off the border of the print")


def list_suggestions(finding: PrintFinding) -> list[Suggestion]:
    """The suggestions for a picture, of which several can be followed."""
    return [
        *([Suggestion.CUT_OUT] if finding.outline else []),
        *([Suggestion.CUT_BORDER] if finding.picture else []),
        *([Suggestion.TAKE_TINT_OUT] if finding.tint else []),
    ]


def find_followed(finding: PrintFinding, geometry: Geometry, restoration: Restoration) -> list[Suggestion]:
    """The suggestions that the settings follow."""
    place = replace(geometry, angle=0.0)
    border, outline = (
        each is not None and place == each.turned(geometry.quarter_turns) for each in (finding.picture, finding.outline)
    )
    corners = finding.outline.corners if finding.outline else None
    followed = {
        Suggestion.CUT_OUT: outline or border or (corners is not None and geometry.corners == corners),
        Suggestion.CUT_BORDER: border,
        Suggestion.TAKE_TINT_OUT: restoration.unfade,
    }
    return [each for each in list_suggestions(finding) if followed[each]]


def follow(
    finding: PrintFinding, geometry: Geometry, restoration: Restoration, wanted: Collection[Suggestion]
) -> tuple[Geometry, Restoration]:
    """The settings that follow the suggestions in `wanted`; the picture stays turned as it is."""
    before = find_followed(finding, geometry, restoration)
    clicked = set(before) ^ set(wanted)
    restoration = replace(restoration, unfade=restoration.unfade ^ (Suggestion.TAKE_TINT_OUT in clicked))
    if Suggestion.CUT_BORDER in clicked:
        found = finding.picture if Suggestion.CUT_BORDER in wanted else finding.outline
    elif Suggestion.CUT_OUT in clicked:
        found = finding.outline if Suggestion.CUT_OUT in wanted else None
    else:
        return geometry, restoration
    return (found or Geometry()).turned(geometry.quarter_turns), restoration


def describe(suggestion: Suggestion, finding: PrintFinding) -> str:
    """The words of a chip."""
    if suggestion is Suggestion.TAKE_TINT_OUT:
        return f":material/invert_colors_off: {tr(TINT_WORDS[finding.tint or 'tinted'])}"
    if suggestion is Suggestion.CUT_BORDER:
        return f":material/crop_free: {tr(BORDERED)}"
    is_tilted = finding.outline is not None and finding.outline.corners is not None
    return f":material/crop_rotate: {tr(TILTED)}" if is_tilted else f":material/crop: {tr(UPRIGHT)}"


def draw_suggestions(
    finding: PrintFinding, geometry: Geometry, restoration: Restoration, change: Change, *, key: str
) -> None:
    """Draw the suggestions for a picture, if there are any, as chips; those that the settings follow are on.

    `change`: called with the new settings when one is clicked, in the widget's callback.
    """
    if not (options := list_suggestions(finding)):
        return

    def clicked() -> None:
        change(*follow(finding, geometry, restoration, st.session_state[key]))

    st.session_state[key] = find_followed(finding, geometry, restoration)
    st.pills(
        tr("Suggestions"),
        options,
        selection_mode="multi",
        format_func=partial(describe, finding=finding),
        help=tr("Click one to follow it. Click it again to undo it."),
        key=key,
        on_change=clicked,
    )


def draw_geometry_controls(geometry: Geometry, change: Callable[[Geometry], None], *, key: str) -> None:
    """Draw the controls to turn, straighten and crop. `change`: called in a widget's callback. `key`: begins theirs."""
    with st.container(horizontal=True):
        for title, icon, turned in (
            (tr("Turn left"), ":material/rotate_left:", geometry.turned(-1)),
            (tr("Turn right"), ":material/rotate_right:", geometry.turned(1)),
            (tr("Whole picture"), ":material/restart_alt:", Geometry()),
        ):
            st.button(
                title, icon=icon, key=f"{key}-{icon}", on_click=change, args=(turned,), disabled=turned == geometry
            )
    _draw_angle(geometry, change, f"{key}-angle")
    _draw_span(tr("Left and right edge"), geometry, change, f"{key}-across", first=0)
    _draw_span(tr("Upper and lower edge"), geometry, change, f"{key}-down", first=1)


def _draw_angle(geometry: Geometry, change: Callable[[Geometry], None], key: str) -> None:
    def moved() -> None:
        change(replace(geometry, angle=float(st.session_state[key])))

    st.session_state[key] = min(MAX_SLIDER_ANGLE, max(-MAX_SLIDER_ANGLE, geometry.angle))
    st.slider(tr("Straighten"), -MAX_SLIDER_ANGLE, MAX_SLIDER_ANGLE, step=0.1, format="%.1f°", key=key, on_change=moved)


def _draw_span(title: str, geometry: Geometry, change: Callable[[Geometry], None], key: str, *, first: int) -> None:
    """The slider of two opposite edges of the crop: the numbers `first` and `first` + 2 of it."""
    start, stop = (100 * each for each in geometry.crop[first::2])

    def moved() -> None:
        low, high = st.session_state[key]
        low = min(low, 100 - SMALLEST_CROP)
        crop = list(geometry.crop)
        crop[first::2] = low / 100, max(high, low + SMALLEST_CROP) / 100
        left, top, right, bottom = crop
        change(replace(geometry, crop=(left, top, right, bottom)))

    st.session_state[key] = (start, stop)
    st.slider(title, *WHOLE, step=0.5, format="%.1f %%", key=key, on_change=moved)
