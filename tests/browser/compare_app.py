"""A small app around the compare slider; the browser tests run it.

Before is a plain grey; after is red, then blue after a press of the button.
"""

import io

import streamlit as st
from PIL import Image

from dashboard.components.compare import compare

WIDTH, HEIGHT = 600, 400


def plain_picture(color: tuple[int, int, int]) -> bytes:
    """An encoded picture of one colour."""
    encoded = io.BytesIO()
    Image.new("RGB", (WIDTH, HEIGHT), color).save(encoded, "PNG")
    return encoded.getvalue()


st.set_page_config(page_title="Compare", layout="wide")
after_is_blue = st.button("Turn blue")
if not st.checkbox("Hide the picture"):
    compare(
        plain_picture((128, 128, 128)),
        plain_picture((0, 0, 255) if after_is_blue else (255, 0, 0)),
        width=WIDTH,
        height=HEIGHT,
        key="picture",
    )
st.button("Rerun")
st.session_state.run = st.session_state.get("run", 0) + 1
st.markdown(f"Run {st.session_state.run}")
st.markdown("A line below the picture.\n\n" * 40)  # so that there is something to scroll to
