"""Places of a photograph to repair: what was found is marked, and more is painted or kept by hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
import streamlit as st

from colorizer import ColorizerError, Stroke, images
from colorizer.arrays import Mask
from colorizer.edits.repair_mask import KEEP, edit_mask
from colorizer.edits.standouts import grow
from colorizer.images import Picture
from dashboard.components.hints import Hints, make_brush
from dashboard.components.picker import MaskInk, draw_picker_component
from dashboard.photo.photo import Photo
from dashboard.photo.rendering import PreparedPhoto
from dashboard.shared.language import tr

FILL = "#d03030"  # of what is filled, and of the strokes for it
_OPACITY = 0.7  # of the marks: what is below them can be told


def painted(repairs: Hints) -> tuple[Stroke, ...]:
    """The strokes, as `Restoration` has them."""
    return tuple(each for each in repairs.placed if isinstance(each, Stroke))


def draw_repairs(
    photo: Photo, prepared: PreparedPhoto, colorized: bytes, show_error: Callable[[ColorizerError], None], *, key: str
) -> None:
    """Draw the picture to paint on: grey, as it was, with marks on what is filled, or in colour, as it becomes.

    `colorized`: the latter, encoded, of the size of the preview.
    """
    strokes, gray = painted(photo.repairs), prepared.gray
    place = st.container()
    with st.container(horizontal=True, vertical_alignment="center"):
        is_marked = st.toggle(tr("Mark what is filled"), value=True, key=f"{key}-marked", persist_state="page")
        st.button(
            tr("Clear"),
            icon=":material/delete:",
            help=tr("Takes back all that was painted and erased here."),
            key=f"{key}-clear",
            on_click=photo.repairs.clear,
            disabled=not strokes,
        )
    marked = None
    if is_marked:
        draw = partial(draw_marks, prepared.analysis.damage, strokes, (gray.shown_height, gray.shown_width))
        marked, has_marks = photo.remember("marks", (photo.shown, strokes), draw)
        st.caption(
            tr("Red: filled from what is around it. All else stays as it is.")
            if has_marks
            else tr("Nothing is filled yet. Switch on a kind of repair, or paint over damage.")
        )
    with place:
        draw_picker_component(
            colorized if marked is None else gray.data,
            width=gray.shown_width,
            height=gray.shown_height,
            label=tr("{name}, to paint over what is to be repaired", name=photo.opened.name),
            how=tr("Paint over damage. It is filled from what is around it, and all else stays as it is."),
            key=key,
            hints=_pending(photo, strokes) if marked is None else (),
            brush=make_brush(photo.repairs, mask=MaskInk(fill=FILL, keep=KEEP, places=marked)),
        )
    if photo.repairs.problem is not None:
        show_error(photo.repairs.problem)


def draw_marks(found: Mask | None, strokes: Sequence[Stroke], shape: tuple[int, int]) -> tuple[bytes, bool]:
    """A PNG of `shape` (h, w) with FILL where a photograph is filled, else transparent, and whether it is anywhere.

    `found`: where damage was found, (h, w) bool, or None. Marks are a pixel wider all around, to be seen.
    """
    mask = edit_mask(np.zeros(shape, np.bool_) if found is None else found, strokes)
    pixels = np.empty((*shape, 3), np.uint8)
    pixels[:] = tuple(bytes.fromhex(FILL[1:]))
    alpha = grow(mask.astype(np.uint8)) * np.uint8(255 * _OPACITY)
    return images.encode(Picture(pixels, alpha), ".png"), bool(mask.any())


def _pending(photo: Photo, strokes: Sequence[Stroke]) -> list[Stroke]:
    """The strokes that the picture on the page does not show the effect of yet."""
    done = photo.shown.restoration.strokes if photo.shown is not None else ()
    return [stroke for stroke in strokes if stroke not in done]
