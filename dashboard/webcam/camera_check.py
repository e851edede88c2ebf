"""Check whether the visitor's browser offers a camera, and explain what to do if it does not."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from dashboard.components.base import component
from dashboard.shared.language import mark, tr

_SCRIPT = Path(__file__).with_name("camera_check.js")

# By the problem that camera_check.js reports: what is wrong, and what to do.
PROBLEMS = {
    "insecure": mark(
        "**This page was not opened over HTTPS.** Browsers allow the camera only on secure pages. Open it as "
        "`https://…`, or, on the computer that runs it, as `http://localhost:8501`."
    ),
    "unsupported": mark(
        "**This browser gives web pages no camera access.** Open the page in a current version of Chrome, Edge, "
        "Firefox or Safari, not inside another app."
    ),
    "denied": mark(
        "**The browser blocks the camera on this page.** Allow it with the camera icon beside the address, "
        "then press Start."
    ),
    "missing": mark(
        "**No camera was found.** Plug one in, or allow it in the system's privacy settings. This page notices by "
        "itself."
    ),
}


def show_camera_problem(*, streaming: bool, key: str) -> None:
    """Draw a message if the camera cannot be used. It follows changes of devices and permissions.

    `streaming`: the camera is on, so no message is drawn; the check goes on.
    """
    result = component("camera_check", js=(_SCRIPT,))(
        key=key, default={"problem": ""}, on_problem_change=_ignore_change
    )
    if not streaming and (problem := result.problem):
        st.error(tr(PROBLEMS[problem]), icon=":material/videocam_off:")


def _ignore_change() -> None:
    """Do nothing. Streamlit keeps a component's state only if it has a callback."""
