"""A small app around the compare slider; the browser tests run it.

Before is a plain grey; after is red, then blue after a press of the button, with a green spot. The address may name
another size. The buttons below take the colours away for a while, and copy the picture.
"""

import io

import streamlit as st
from PIL import Image, ImageDraw

from dashboard.components.compare import compare
from dashboard.components.copy_button import copy_button

WIDTH, HEIGHT = (int(st.query_params.get(name, usual)) for name, usual in (("width", 600), ("height", 400)))
SPOT = (0.70, 0.15, 0.75, 0.25)  # left, top, right, bottom, in shares of the width and height


def encode_plain(color: tuple[int, int, int], spot: tuple[int, int, int], kind: str = "PNG") -> bytes:
    """An encoded picture of one colour with a spot of another."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), color)
    box = [round(share * side) for share, side in zip(SPOT, (WIDTH, HEIGHT, WIDTH, HEIGHT), strict=True)]
    ImageDraw.Draw(picture).rectangle((box[0], box[1], box[2], box[3]), fill=spot)
    encoded = io.BytesIO()
    picture.save(encoded, kind)
    return encoded.getvalue()


st.set_page_config(page_title="Compare", layout="wide")
after_is_blue = st.button("Turn blue")
after = encode_plain((0, 0, 255) if after_is_blue else (255, 0, 0), (0, 160, 0))
is_busy = st.session_state.get("busy", "busy" in st.query_params)
if not st.checkbox("Hide the picture"):
    compare(
        encode_plain((128, 128, 128), (90, 90, 90)),
        None if is_busy else after,
        width=WIDTH,
        height=HEIGHT,
        busy="Adding colour" if is_busy else "",
        sweep=True,
        key="picture",
    )
st.button("Rerun")
st.button("Begin", on_click=lambda: st.session_state.update(busy=True))
st.button("Finish", on_click=lambda: st.session_state.update(busy=False))
copy_button(after, key="copy")
copy_button(encode_plain((0, 0, 255), (0, 0, 255), "JPEG"), label="Copy the JPEG", key="copy-jpeg")
copy_button("downloads/nowhere", label="Copy nothing", key="copy-nothing")
st.session_state.run = st.session_state.get("run", 0) + 1
st.markdown(f"Run {st.session_state.run}")
st.markdown("A line below the picture.\n\n" * 40)  # so that there is something to scroll to
