"""Loaded models, one of each for all sessions."""

from __future__ import annotations

import streamlit as st

from colorizer import Colorizer, load_colorizer


@st.cache_resource(show_spinner=False)
def cached_colorizer(name: str) -> Colorizer:
    """One colorizer of each model for all sessions; an error is not kept, so the next rerun tries again."""
    return load_colorizer(name)
