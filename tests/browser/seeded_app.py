"""The dashboard's How it works tab with another file for the network that is fetched; a browser test runs it.

The environment names the folder where it lies, as always, and its size and SHA-256.
"""

import os
from dataclasses import replace

import streamlit as st

from colorizer import MODELS
from dashboard.lesson import tab as how

spec = MODELS["zhang2016"]
weights = replace(spec.weights, size=int(os.environ["SEEDED_SIZE"]), sha256=os.environ["SEEDED_SHA256"])
MODELS["zhang2016"] = replace(spec, weights=weights)

st.set_page_config(page_title="Seeded", layout="wide")
how.render()
