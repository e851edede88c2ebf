"""The Webcam tab alone, with a network that fails or idles when told to, and a look into the process.

The browser tests run it.
"""

from __future__ import annotations

import ctypes
import gc
import threading
from pathlib import Path

import streamlit as st

from colorizer import Colorizer, load_colorizer
from colorizer.arrays import Floats
from colorizer.network.predictor import Prediction, Predictor
from dashboard.webcam import tab as webcam


class Breakable(Predictor):
    """A network that fails while `broken` is set, and takes a second longer while `slow` is."""

    def __init__(self, predictor: Predictor) -> None:
        self.spec = predictor.spec
        self.broken, self.slow = threading.Event(), threading.Event()
        self._predictor = predictor

    def predict(self, luminance: Floats, *, distribution: bool = True, features: bool = False) -> Prediction:
        if self.broken.is_set():
            raise RuntimeError("a wire came loose")
        if self.slow.is_set():
            threading.Event().wait(1.0)
        return self._predictor.predict(luminance, distribution=distribution, features=features)


@st.cache_resource
def breakable() -> Breakable:
    return Breakable(load_colorizer("compact").predictor)


@st.cache_resource
def colorizer() -> Colorizer:
    return Colorizer(breakable())


def resident_kilobytes() -> int:
    """The process's memory, after what Python and the C library keep in hand has been given back."""
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    (line,) = [row for row in Path("/proc/self/status").read_text("ascii").splitlines() if row.startswith("VmRSS:")]
    return int(line.split()[1])


st.set_page_config(page_title="Webcam", layout="wide")
vars(webcam)["cached_colorizer"] = lambda _name: colorizer()
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
