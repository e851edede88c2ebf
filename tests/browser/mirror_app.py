"""The dashboard's Photo tab with a mirror on this machine for the network that is fetched; a browser test runs it.

The environment names the mirror's address, and the size and SHA-256 of the file that it serves.
"""

import os
from dataclasses import replace

import streamlit as st

from colorizer import MODELS
from dashboard.photo import tab as photo

spec = MODELS["zhang2016"]
MODELS["zhang2016"] = replace(
    spec,
    weights=replace(
        spec.weights,
        size=int(os.environ["MIRROR_SIZE"]),
        sha256=os.environ["MIRROR_SHA256"],
        urls=(os.environ["MIRROR_URL"],),
    ),
)

st.set_page_config(page_title="Mirror", layout="wide")
photo.render()
