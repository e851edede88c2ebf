"""A picture to point at and to paint on, with colours to choose; by mouse, pen, finger or keyboard."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from colorizer.analysis import Swatch
from colorizer.color.lab import lab_to_hex
from colorizer.edits.hints import AnyHint
from colorizer.edits.strokes import MAX_POINTS, MAX_RADIUS
from dashboard.components.base import COMPONENTS, FRAME_CSS, SHARED_JS, component, register_media
from dashboard.components.picker_markup import HTML, list_words
from dashboard.shared.language import mark

Point = tuple[float, float]  # 0..1 of width and height

LIGHTNESS = 60  # L of colours that are for no place in particular

BY_KEYBOARD = mark(
    "With the keyboard: arrow keys move the crosshair (hold Shift for larger steps), Enter chooses the point."
)
_CSS = (FRAME_CSS, *(COMPONENTS / f"{name}.css" for name in ("spoken", "tools", "zoom", "picker", "picker_tools")))
_SCRIPTS = ("tools", "zoom", "picker_events", "picker_crosshair", "picker_strokes", "picker_tools", "picker")
_JS = (SHARED_JS, *(COMPONENTS / f"{name}.js" for name in _SCRIPTS))


@dataclass(frozen=True, kw_only=True)
class MaskInk:
    """For strokes that are a mask: `fill`, `keep`, the colours, "#rrggbb", of what brush and eraser paint.

    `places`: the mask, as an encoded picture that is laid over the one to paint on; None to see that alone. Strokes
    that neither shows yet are among the hints.
    """

    fill: str
    keep: str
    places: bytes | None = None


@dataclass(frozen=True, kw_only=True)
class Brush:
    """Strokes on the picture, and the tools that come with them.

    `on_stroke`: called with a stroke's points, its radius as a fraction of the picture's longest side, and its colour,
    "#rrggbb". They come from the browser: a `Stroke` checks them. `on_erase`: called with the hint that the user took
    away. `on_undo`, `on_redo`: called for these; `can_undo`, `can_redo`: whether there is something to undo or redo.
    `palette`: the colours offered for strokes; one more field is for any other.
    `mask`: for strokes that are a mask. There is no colour to choose then, and no point; the eraser paints, too, and
    takes nothing away. None for strokes that colour the picture: of these, the picture is to show the effect.
    `source`: another picture, encoded, to take colours from, and `source_label`, what it is.
    """

    on_stroke: Callable[[tuple[Point, ...], float, str], None]
    on_erase: Callable[[AnyHint], None]
    on_undo: Callable[[], None]
    on_redo: Callable[[], None]
    can_undo: bool
    can_redo: bool
    palette: Sequence[Swatch] = ()
    mask: MaskInk | None = None
    source: bytes | None = None
    source_label: str = ""


def draw_picker_component(
    picture: bytes,
    *,
    width: int,
    height: int,
    label: str,
    how: str,
    key: str,
    point: Point | None = None,
    on_point: Callable[[Point], None] | None = None,
    hints: Sequence[AnyHint] = (),
    swatches: Sequence[Swatch] = (),
    on_color: Callable[[str], None] | None = None,
    brush: Brush | None = None,
    room_below: int = 128,
) -> None:
    """Show a picture to point at and, with a brush, to paint on; with the hints placed on it.

    It is as high as what the window has below its top, at least 240 pixels. It zooms by the wheel, two fingers and the
    keys + - 0. What the user does is called in its order before the rerun, each time once, however fast it is done.

    Args:
        picture: an encoded JPEG, PNG or WebP picture of `width` x `height` pixels.
        width: in pixels.
        height: in pixels.
        label: the picture's description for those who cannot see it.
        how: what to do next to choose a point, or what to paint for a mask, in words, shown below the picture.
        key: unique in the app, like any widget's key.
        point: the one that has been chosen, or None.
        on_point: called with the point that the user chose.
        hints: points are shown as dots of their colour, strokes as described for `Brush.mask`.
        swatches: the colours offered for the point, if any; one more field is for any other colour.
        on_color: called with the colour that the user chose for the point, "#rrggbb".
        brush: what can be painted; None for a picture to point at.
        room_below: pixels of the window that stay free below the picture, for tools, `how` and the colours.
    """
    placed = {_name(hint): hint for hint in hints}
    taken = f"{key}-taken"  # the number of the last thing done that was called

    calls: dict[str, Callable[[dict[str, Any]], None]] = {}
    if on_point is not None:
        calls["point"] = lambda event: on_point((event["x"], event["y"]))
    if on_color is not None:
        calls["colour"] = lambda event: on_color(event["colour"])
    if brush is not None:
        calls |= _brush_calls(brush, placed)

    def take_new() -> None:
        """What is sent again, because the page had not seen yet that it was taken, is left out."""
        for event in st.session_state[key]["events"] or ():
            if event["number"] > st.session_state.get(taken, 0):
                st.session_state[taken] = event["number"]
                calls[event["kind"]](event)

    component("picker", html=HTML, css=_CSS, js=_JS)(
        key=key,
        data={
            "key": key,
            "taken": st.session_state.get(taken, 0),
            "picture": {"path": register_media(picture, f"picker.{key}"), "label": label},
            "width": width,
            "height": height,
            "how": how,
            "hints": [
                {"name": name, "points": hint.points, "radius": hint.radius, "colour": hex_color(hint)}
                for name, hint in placed.items()
            ],
            "point": point,
            "swatches": _describe(swatches),
            "brush": None if brush is None else _describe_brush(brush, key),
            "room_below": room_below,
            "words": list_words(),
        },
        on_events_change=take_new,
    )


def _brush_calls(brush: Brush, placed: Mapping[str, AnyHint]) -> dict[str, Callable[[dict[str, Any]], None]]:
    """What is called for each kind of event. `placed`: the hints by what the page calls them."""

    def erase(event: dict[str, Any]) -> None:
        if event["name"] in placed:  # else it has been changed or taken away since the page was drawn
            brush.on_erase(placed[event["name"]])

    return {
        "stroke": lambda event: brush.on_stroke(event["points"], event["radius"], event["colour"]),
        "erase": erase,
        "undo": lambda _: brush.on_undo(),
        "redo": lambda _: brush.on_redo(),
    }


def _describe_brush(brush: Brush, key: str) -> dict[str, Any]:
    source = None
    if brush.source is not None:
        source = {"path": register_media(brush.source, f"picker.{key}.source"), "label": brush.source_label}
    return {
        "mask": None if brush.mask is None else _describe_mask(brush.mask, key),
        "palette": _describe(brush.palette),
        "can_undo": brush.can_undo,
        "can_redo": brush.can_redo,
        "source": source,
        "most_points": MAX_POINTS,
        "largest": MAX_RADIUS,
    }


def _describe_mask(mask: MaskInk, key: str) -> dict[str, Any]:
    places = mask.places and {"path": register_media(mask.places, f"picker.{key}.places"), "label": ""}
    return {"fill": mask.fill, "keep": mask.keep, "places": places}


def _describe(swatches: Sequence[Swatch]) -> list[dict[str, str]]:
    return [{"name": swatch.name, "colour": swatch.color} for swatch in swatches]


def _name(hint: AnyHint) -> str:
    """What the page calls a hint. Equal ones have one name: to take away one of them, or the other, is the same."""
    return f"{hash(hint):x}"


def hex_color(hint: AnyHint) -> str:
    """The colour of a hint, "#rrggbb"."""
    return hint.color if isinstance(hint.color, str) else lab_to_hex(LIGHTNESS, *hint.color)
