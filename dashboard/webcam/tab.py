"""The Webcam tab: the visitor's camera, coloured live."""

from __future__ import annotations

import time

import streamlit as st

from colorizer import DEFAULT_MODEL, MODELS, ColorizerError
from colorizer.edits.look import MAX_STRENGTH, Look
from colorizer.frames.layout import View
from colorizer.frames.live import LiveOptions
from dashboard.server.queues import queued_download_url
from dashboard.shared.controls import choose_smoothing
from dashboard.shared.errors import show_error
from dashboard.shared.models import cached_colorizer
from dashboard.webcam.camera_check import show_camera_problem
from dashboard.webcam.single_picture import offer_single_pictures
from dashboard.webcam.stream import CameraStream, StreamOptions, StreamStatus
from dashboard.webcam.streamer import DEFAULT_RESOLUTION, RESOLUTIONS, Connection, Context, draw_streamer

MULTIPLICATION_SIGN = "\N{MULTIPLICATION SIGN}"
_NO_CONNECTION = (
    "**No connection for the camera's pictures.** The page itself works, but a firewall or the network blocks the live "
    "picture. Press Stop and Start to try again. *Single pictures* works without a live connection. The person who "
    "runs this page can set up STUN and TURN servers (see docs/hosting.md)."
)


def render() -> None:
    """Draw the tab."""
    stream: CameraStream = st.session_state.setdefault("webcam-stream", CameraStream())
    stage, controls = st.columns([3, 1], gap="medium")
    with stage:
        try:
            context = draw_streamer(stream)
        except ColorizerError as error:
            st.error(str(error), icon=":material/error:")
            return
        show_camera_problem(streaming=context.state.playing, key="webcam-check")
        busy = context.state.playing or context.state.signalling
        # Refreshed only during a stream, so that the page is idle for visitors of the other tabs.
        st.fragment(_draw_status, run_every=1.0 if busy else None)(stream, context)
    with controls:
        st.selectbox(
            "Camera resolution",
            RESOLUTIONS,
            index=RESOLUTIONS.index(DEFAULT_RESOLUTION),
            format_func=lambda name: name.replace("x", f" {MULTIPLICATION_SIGN} "),
            disabled=busy,
            help="The picture size that the camera is asked for. Press Stop before you change it.",
            key="webcam-resolution",
        )
        _draw_controls(stream, playing=context.state.playing)


def _draw_status(stream: CameraStream, context: Context) -> None:
    """Draw the state of the stream below the picture."""
    connection: Connection = st.session_state.setdefault("webcam-connection", Connection())
    connection.follow(playing=context.state.playing, signalling=context.state.signalling, now=time.monotonic())
    if connection.failed:
        st.error(_NO_CONNECTION, icon=":material/wifi_off:")
    if not context.state.playing:
        st.caption("Press Start to see yourself in colour. The pictures go only to the computer that runs this page.")
        return
    status = stream.status()
    st.caption(_status_line(status))
    if status.error is not None:
        st.error("**The colours failed, so the picture stays grey.** Try another model, or press Stop and Start.")
        st.code(status.error, language=None, wrap_lines=True)


def _status_line(status: StreamStatus) -> str:
    if status.frames_per_second is None or status.milliseconds is None or status.size is None:
        return "Waiting for the camera's first frame"
    parts = [
        f"{status.frames_per_second:.1f} frames coloured a second",
        f"{status.milliseconds:.0f} ms a frame",
        f"{status.dropped} dropped",
        f"{status.size[0]} {MULTIPLICATION_SIGN} {status.size[1]}",
        "no colours" if status.age is None else f"colours {status.age:.1f} s old",
    ]
    return " · ".join(parts)


@st.fragment
def _draw_controls(stream: CameraStream, *, playing: bool) -> None:
    """Draw the controls. A fragment, so that a control disturbs neither the stream nor the other tabs."""
    model = st.radio(
        "Live model",
        list(MODELS),
        index=list(MODELS).index(DEFAULT_MODEL),
        format_func=lambda name: MODELS[name].title,
        key="webcam-model",
    )
    view = st.selectbox("Live view", list(View), key="webcam-view") or View.COLORIZED
    split = 50
    if view == View.SPLIT:
        text = "The picture is grey to the left of the line."
        split = st.slider("Line", 0, 100, 50, format="%d%%", help=text, key="webcam-split")
    live = LiveOptions(
        look=Look(
            strength=st.slider("Live strength", 0.0, MAX_STRENGTH, 1.0, 0.05, key="webcam-strength"),
            vividness=st.slider("Live vividness", 0.0, 1.0, 0.0, 0.05, key="webcam-vividness"),
        ),
        smoothing=choose_smoothing(key="webcam-smoothing"),
    )
    stream.options = StreamOptions(view, split / 100, live)
    try:
        colorizer = cached_colorizer(model)
    except ColorizerError as error:
        show_error(error, MODELS[model], key="webcam-fetch")
        return
    stream.set_model(colorizer)
    _snapshot_button(stream, playing=playing)
    offer_single_pictures(colorizer, live)


def _snapshot_button(stream: CameraStream, *, playing: bool) -> None:
    st.link_button(
        "Snapshot",
        queued_download_url(stream.snapshot, "webcam_colorized.png", place="snapshot"),
        icon=":material/photo_camera:",
        type="primary",
        disabled=not playing,
        help="Saves the current frame in colour as a PNG file.",
        width="stretch",
        key="webcam-snapshot",
    )
