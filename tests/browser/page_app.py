"""The program as it is, with a test's page in place of its own; the environment names the page."""

from __future__ import annotations

import os

import streamlit as st

from dashboard.server.downloads import ROUTES
from dashboard.server.housekeeping import housekeeping
from dashboard.server.security import MIDDLEWARE
from dashboard.webcam.streamer_style import STREAMER_STYLE

app = st.App(os.environ["PAGE"], routes=ROUTES, middleware=(*MIDDLEWARE, STREAMER_STYLE), lifespan=housekeeping)
