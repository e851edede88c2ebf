"""A picture to point at, with colours to choose for the point; by mouse, finger or keyboard."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from colorizer.analysis import Swatch
from colorizer.edits.hints import Hint
from dashboard.components.base import COMPONENTS, FRAME_CSS, SHARED_JS, component, register_media
from dashboard.shared.language import mark, tr

Point = tuple[float, float]  # 0..1 of width and height

BY_KEYBOARD = mark(
    "With the keyboard: arrow keys move the crosshair (hold Shift for larger steps), Enter chooses the point."
)

# The picture and all words are put in by the script, through properties, never as markup.
_HTML = """
<div class="frame" hidden role="application" tabindex="0" aria-describedby="how">
  <div class="layer shown"></div>
  <div class="layer marks" aria-hidden="true"></div>
  <div class="crosshair" aria-hidden="true"></div>
</div>
<p class="how" id="how"></p>
<div class="colours" role="group" hidden>
  <label class="own"><input type="color"><span aria-hidden="true"></span></label>
</div>
<p class="spoken" aria-live="polite"></p>
<p class="failure" role="alert"></p>
"""


def draw_picker_component(
    picture: bytes,
    *,
    width: int,
    height: int,
    label: str,
    how: str,
    point: Point | None,
    key: str,
    on_point: Callable[[Point], None],
    hints: Sequence[Hint] = (),
    swatches: Sequence[Swatch] = (),
    on_color: Callable[[str], None] | None = None,
    room_below: int = 128,
) -> None:
    """Show a picture to point at, with the hints placed on it.

    It is as high as what the window has below its top, at least 240 pixels.

    Args:
        picture: an encoded JPEG, PNG or WebP picture of `width` x `height` pixels.
        width: in pixels.
        height: in pixels.
        label: the picture's description for those who cannot see it.
        how: what to do next, in words, shown below it.
        point: the one that has been chosen, or None.
        key: unique in the app, like any widget's key.
        on_point: called with the point that the user chose, before the rerun.
        hints: shown as dots of their colour.
        swatches: the colours offered for the point, if any; one more field is for any other colour.
        on_color: called with the colour that the user chose, "#rrggbb".
        room_below: pixels of the window that stay free below the picture, for `how` and the colours.
    """

    def read_state(name: str) -> Any:
        return st.session_state[key][name]

    callbacks: dict[str, Any] = {
        "on_point_change": lambda: on_point((read_state("point")["x"], read_state("point")["y"]))
    }
    if on_color is not None:
        callbacks["on_colour_change"] = lambda: on_color(read_state("colour"))
    component(
        "picker",
        html=_HTML,
        css=(FRAME_CSS, COMPONENTS / "spoken.css", COMPONENTS / "picker.css"),
        js=(SHARED_JS, COMPONENTS / "picker.js"),
    )(
        key=key,
        data={
            "picture": {"path": register_media(picture, f"picker.{key}"), "label": label},
            "ratio": width / height,
            "how": how,
            "marks": [{"x": hint.x, "y": hint.y, "colour": _css_color(hint)} for hint in hints],
            "point": point,
            "swatches": [{"name": swatch.name, "colour": swatch.color} for swatch in swatches],
            "room_below": room_below,
            "words": {
                "colours": tr("Colours for the point"),
                "own": tr("Any colour"),
                "any": tr("Any"),
                "place": tr("{x} from the left, {y} from the top"),
                "failure": tr("The picture could not be shown. Reload the page to try again."),
            },
        },
        **callbacks,
    )


def _css_color(hint: Hint) -> str:
    return hint.color if isinstance(hint.color, str) else "lab(60 {} {})".format(*hint.color)
