"""Whether the visitor's browser will hand out a camera, and what to do where it will not."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from streamlit.components.v2.types import ComponentRenderer

# By what camera_check.js finds: what is wrong, and what to do.
PROBLEMS = {
    "insecure": (
        "**This page did not come over HTTPS,** and browsers hand out the camera to safe pages only. Open it as "
        "`https://…`, or on the computer that runs it as `http://localhost:8501`."
    ),
    "unsupported": (
        "**This browser has no camera access for pages.** Open the page in a current Chrome, Edge, Firefox or Safari, "
        "not inside another app."
    ),
    "denied": (
        "**The browser refuses the camera to this page.** Allow it with the camera sign beside the address, "
        "then press Start."
    ),
    "missing": (
        "**No camera was found.** Plug one in, or switch it on in the system's privacy settings; this page notices "
        "by itself."
    ),
}


def show_camera_problem(*, streaming: bool, key: str) -> None:
    """Draw the message for what is in the way of a camera, if anything is; follows plugs and permissions.

    `streaming`: the camera is on, so nothing can be; it is watched all the same.
    """
    result = _component()(key=key, default={"problem": ""}, on_problem_change=_ignore_change)
    if not streaming and (problem := result.problem):
        st.error(PROBLEMS[problem], icon=":material/videocam_off:")


def _ignore_change() -> None:
    """Streamlit keeps only state that has a callback."""


@cache
def _component() -> ComponentRenderer:
    """The registered component; its file is read on first use."""
    script = (Path(__file__).parent / "camera_check.js").read_text(encoding="utf-8")
    return st.components.v2.component("ai_colouriser_camera_check", js=script)
