"""The Webcam tab alone, with a network that fails or idles when told to, and a look into the process.

The browser tests run it.
"""

from __future__ import annotations

import ctypes
import gc
import threading
from pathlib import Path

import streamlit as st

from colorizer import Colorizer, Look, load_colorizer
from colorizer.arrays import Floats
from colorizer.images import Picture
from dashboard.webcam import tab as webcam


class Breakable:
    """A colorizer that fails while `broken` is set, and takes a second longer while `slow` is."""

    def __init__(self, colorizer: Colorizer) -> None:
        self.spec = colorizer.spec
        self.broken, self.slow = threading.Event(), threading.Event()
        self._colorizer = colorizer

    def predict_ab(self, luminance: Floats, *, vividness: float = 0.0) -> Floats:
        if self.broken.is_set():
            raise RuntimeError("a wire came loose")
        if self.slow.is_set():
            threading.Event().wait(1.0)
        return self._colorizer.predict_ab(luminance, vividness=vividness)

    def colorize_picture(self, picture: Picture, look: Look) -> Picture:
        return self._colorizer.colorize_picture(picture, look)


@st.cache_resource
def breakable() -> Breakable:
    return Breakable(load_colorizer("compact"))


def resident_kilobytes() -> int:
    """The process's memory, after what Python and the C library keep in hand has been given back."""
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    (line,) = [row for row in Path("/proc/self/status").read_text("ascii").splitlines() if row.startswith("VmRSS:")]
    return int(line.split()[1])


st.set_page_config(page_title="Webcam", layout="wide")
vars(webcam)["cached_colorizer"] = lambda _name: breakable()
for label, switch in {"Break the network": breakable().broken, "Slow network": breakable().slow}.items():
    if st.checkbox(label):
        switch.set()
    else:
        switch.clear()
if st.checkbox("Slow page"):
    threading.Event().wait(1.5)
st.caption("The tab")  # a run in whose place a newer one is asked for ends here, before it gets to the tab
webcam.render()
if st.button("Measure"):
    st.session_state.measured = st.session_state.get("measured", 0) + 1
    # Threads of Streamlit's own come and go with its sessions; of the stream's and the codecs' none may stay.
    st.text(f"Measurement {st.session_state.measured}: {threading.active_count()} threads, {resident_kilobytes()} kB")
