"""A page with two films side by side; the environment names their files, and the address the kind of comparison."""

from __future__ import annotations

import os
from pathlib import Path

import streamlit as st

from dashboard.components.film_compare import film_compare
from dashboard.server.downloads import DOWNLOADS
from dashboard.server.streamlit_internals import session_id

before, after = st.query_params.get("before", "LATER"), os.environ["AFTER"]


def address(path: str) -> str:
    return DOWNLOADS.url(Path(path), "film.mp4", owner=session_id())


st.set_page_config(page_title="Films", layout="wide")
film_compare(
    address(os.environ[before]) if before in os.environ else None,
    address(after),
    before_start=1.0 if before == "LATER" else 0.0,
    key="films",
)
st.button("Rerun")
