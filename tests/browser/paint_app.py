"""A small app around the picture to paint on; the browser tests run it.

The picture is grey, with a blue square. Strokes colour what they cover, at once and without a network. The address may
ask for strokes on a mask that has a bar already, and for a red picture to take colours from.
"""

import io

import numpy as np
import streamlit as st
from PIL import Image

from colorizer.analysis import Swatch
from colorizer.color.lab import lab_to_rgb
from colorizer.edits.hints import from_json, to_json
from colorizer.edits.repair_mask import KEEP
from colorizer.edits.strokes import Stroke, paint
from dashboard.components.hints import Hints, make_brush
from dashboard.components.picker import MaskInk, draw_picker_component
from dashboard.photo.repairs import draw_marks

WIDTH, HEIGHT = 600, 400
SQUARE = slice(40, 120), slice(420, 540)  # rows, columns
FOUND = slice(20, 60), slice(30, 240)  # the same, of what a mask has from the start
MASK_FILL = "#e02020"


def encode(pixels: np.ndarray) -> bytes:
    encoded = io.BytesIO()
    Image.fromarray(pixels).save(encoded, "PNG")
    return encoded.getvalue()


st.set_page_config(page_title="Paint", layout="wide")
hints: Hints = st.session_state.setdefault("hints", Hints())
st.session_state.setdefault(Hints().reach_key, 0.0)
is_mask = "mask" in st.query_params
lab = np.full((HEIGHT, WIDTH, 3), (60, 0, 0), np.float32)
lab[SQUARE] = 45, 20, -60
strokes = [hint for hint in hints.placed if isinstance(hint, Stroke)]
mask = None
if is_mask:
    found = np.zeros((HEIGHT, WIDTH), bool)
    found[FOUND] = True
    marks, _ = draw_marks(found, strokes, found.shape)
    mask = MaskInk(fill=MASK_FILL, keep=KEEP, places=marks)
else:
    lab[..., 1:] = paint(np.ascontiguousarray(lab[..., 1:]), strokes)
red = encode(np.full((60, 90, 3), (200, 30, 30), np.uint8)) if "source" in st.query_params else None
draw_picker_component(
    encode(lab_to_rgb(lab)),
    width=WIDTH,
    height=HEIGHT,
    label="Wall, coloured",
    how="Click where a colour is wrong.",
    point=hints.point,
    key="paint",
    on_point=hints.aim,
    hints=() if is_mask else hints.placed,  # a mask's are in its marks
    swatches=(Swatch("Plum", "#8e4585"),) if hints.point else (),
    on_color=hints.choose_color,
    brush=make_brush(
        hints,
        palette=(Swatch("Red", "#d02020"), Swatch("Green", "#20a020")),
        mask=mask,
        source=red,
        source_label="Reference",
    ),
    room_below=184,
)
assert from_json(to_json(hints.placed)) == hints.placed
st.text(f"Placed: {len(hints.placed)}")
st.text(to_json(hints.placed))
if hints.problem is not None:
    st.error(str(hints.problem))
st.button("Rerun")
st.markdown("A line below the picture.\n\n" * 40)  # so that there is something to scroll to
