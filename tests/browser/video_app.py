"""The Film tab alone, with a network that takes its time, and little patience with visitors who are gone.

The browser tests run it. The environment names the seconds that each frame of a film takes longer.
"""

from __future__ import annotations

import os
import threading

import streamlit as st

from colorizer import Colorizer, load_colorizer
from colorizer.arrays import Floats
from colorizer.network.predictor import Prediction, Predictor
from dashboard.server.session import watched_sessions
from dashboard.server.streamlit_internals import session_id
from dashboard.video import tab as video

DELAY = float(os.environ["FRAME_DELAY"])


class Slow(Predictor):
    """A network that waits before each frame of a film, which needs no distribution; single pictures come at once."""

    def __init__(self, predictor: Predictor) -> None:
        self.spec = predictor.spec
        self._predictor = predictor

    def predict(self, luminance: Floats, *, distribution: bool = True, features: bool = False) -> Prediction:
        if not distribution:
            threading.Event().wait(DELAY)
        return self._predictor.predict(luminance, distribution=distribution, features=features)


@st.cache_resource
def slow() -> Colorizer:
    return Colorizer(Slow(load_colorizer("compact").predictor))


st.set_page_config(page_title="Video", layout="wide")
watched_sessions().mark_alive(session_id())
vars(video)["cached_colorizer"] = lambda _name: slow()
video.render()
