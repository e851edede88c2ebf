"""The "Real or coloured?" tab alone, in a process that kills itself as soon as a file says so.

The browser tests run it. The environment names the file.
"""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path

import streamlit as st

from dashboard.game import tab as game

KILL_FILE = Path(os.environ["KILL_FILE"])


def wait_for_death() -> None:
    while not KILL_FILE.exists():
        threading.Event().wait(0.02)
    KILL_FILE.unlink()
    os.kill(os.getpid(), signal.SIGKILL)


@st.cache_resource
def mortal() -> None:
    threading.Thread(target=wait_for_death, daemon=True).start()


mortal()
st.set_page_config(page_title="Real or coloured?", layout="wide")
game.render()
