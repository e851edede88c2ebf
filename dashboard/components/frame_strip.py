"""Frames of a film side by side and a slider below them, to choose a moment by mouse, finger or keyboard."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from dashboard.components.base import COMPONENTS, SHARED_JS, component, register_media
from dashboard.shared.language import tr
from dashboard.shared.text import format_clock

_HTML = """
<div class="frames" role="radiogroup"></div>
<div class="fine"><input type="range" min="0" step="0.1"><output></output></div>
"""


@dataclass(frozen=True)
class Frames:
    """Frames of equal size, side by side in one encoded `picture`, JPEG, PNG or WebP.

    `seconds`: the time of each, rising. `ratio`: of one frame, width : height.
    """

    picture: bytes
    seconds: tuple[float, ...]
    ratio: float


def frame_strip(
    moment: float, frames: Frames | None, *, length: float, pending: bool, key: str, on_moment: Callable[[float], None]
) -> None:
    """Draw the frames and the slider.

    Args:
        moment: the chosen one, in seconds from the film's beginning.
        frames: those to choose by; None: the slider alone.
        length: the latest moment that can be chosen, in seconds.
        pending: whether the frames are still to come; their place is kept.
        key: unique in the app, like any widget's key.
        on_moment: called with the moment that the user chose, before the rerun.
    """

    def notify() -> None:
        chosen = st.session_state[key]["moment"]
        if isinstance(chosen, int | float) and 0 <= chosen <= length:
            on_moment(float(chosen))

    component(
        "frame_strip", html=_HTML, css=(COMPONENTS / "frame_strip.css",), js=(SHARED_JS, COMPONENTS / "frame_strip.js")
    )(
        key=key,
        data={
            "moment": moment,
            "length": length,
            "pending": pending,
            "frames": None
            if frames is None
            else {
                "path": register_media(frames.picture, f"frame_strip.{key}"),
                "seconds": frames.seconds,
                "clocks": [format_clock(seconds) for seconds in frames.seconds],
                "ratio": frames.ratio,
            },
            "words": {"frames": tr("Moment of the film"), "fine": tr("Moment, to a tenth of a second")},
        },
        on_moment_change=notify,
    )
