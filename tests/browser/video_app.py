"""The Film tab alone, with a gate before its network, and little patience with visitors who are gone.

The browser tests run it. The environment names the folder of the gate, which stands before the frames of films alone:
single pictures come at once. It also names the seconds that each frame takes longer, for there to be a speed to tell.
"""

from __future__ import annotations

import os
import threading
from pathlib import Path

import streamlit as st

from colorizer import Colorizer, load_colorizer
from colorizer.arrays import Floats
from colorizer.network.predictor import Prediction
from dashboard.server.session import watched_sessions
from dashboard.server.streamlit_internals import session_id
from dashboard.video import tab as video
from tests.browser import gate

DELAY = float(os.environ["FRAME_DELAY"])


class Slow(gate.GatedPredictor):
    """A network that also waits before each frame of a film, which needs no distribution."""

    def predict(self, luminance: Floats, *, distribution: bool = True, features: bool = False) -> Prediction:
        if not distribution:
            threading.Event().wait(DELAY)
        return super().predict(luminance, distribution=distribution, features=features)


@st.cache_resource
def slow() -> Colorizer:
    folder = Path(os.environ[gate.VARIABLE])
    return Colorizer(Slow(load_colorizer("compact").predictor, folder, singles=False))


st.set_page_config(page_title="Video", layout="wide")
watched_sessions().mark_alive(session_id())
vars(video)["cached_colorizer"] = lambda _name: slow()
video.render()
