"""The Film tab alone, with a network that takes its time, and little patience with visitors who are gone.

The browser tests run it. The environment names the seconds that each frame of a film takes longer.
"""

from __future__ import annotations

import os
import threading

import streamlit as st

from colorizer import Colorizer, load_colorizer
from colorizer.arrays import Floats, Pixels
from colorizer.network.predictor import Prediction
from dashboard.server.session import watched_sessions
from dashboard.server.streamlit_internals import session_id
from dashboard.video import tab as video

DELAY = float(os.environ["FRAME_DELAY"])


class Slow:
    """A colorizer that waits before each frame of a film; single pictures come at once."""

    def __init__(self, colorizer: Colorizer) -> None:
        self.spec = colorizer.spec
        self._colorizer = colorizer

    def predict_ab(self, luminance: Floats, *, vividness: float = 0.0) -> Floats:
        threading.Event().wait(DELAY)
        return self._colorizer.predict_ab(luminance, vividness=vividness)

    def predict(self, pixels: Pixels) -> Prediction:
        return self._colorizer.predict(pixels)


@st.cache_resource
def slow() -> Slow:
    return Slow(load_colorizer("compact"))


st.set_page_config(page_title="Video", layout="wide")
watched_sessions().mark_alive(session_id())
vars(video)["cached_colorizer"] = lambda _name: slow()
video.render()
