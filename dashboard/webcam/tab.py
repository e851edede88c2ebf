"""The Webcam tab: oneself, live, in grey and in colour. The only importer of streamlit_webrtc."""

from __future__ import annotations

import time
from typing import Any

import streamlit as st
from streamlit_webrtc import Translations, WebRtcMode, WebRtcStreamerContext, webrtc_streamer
from streamlit_webrtc.component import compile_state, generate_frontend_component_key

from colorizer import DEFAULT_MODEL, MODELS, ColorizerError
from colorizer.frames.layout import View
from colorizer.frames.live import LiveOptions
from colorizer.frames.smoothing import DEFAULT_AMOUNT
from colorizer.pipeline import MAX_STRENGTH
from dashboard.server.queues import address_in_turn
from dashboard.server.settings import cached_colorizer, show_error
from dashboard.webcam.camera_check import show_camera_problem
from dashboard.webcam.connection import Connection
from dashboard.webcam.ice import ice_servers
from dashboard.webcam.single_picture import offer_single_pictures
from dashboard.webcam.stream import CameraStream, StreamOptions, StreamStatus

Context = WebRtcStreamerContext[Any, Any]

_STREAMER = "webcam"
RESOLUTIONS = ("320x240", "640x480", "1280x720")
DEFAULT_RESOLUTION = "640x480"

# One box for all views: the streamer's frame does not follow a picture that changes its shape while it runs. No
# taller, so that the button and the line below it stay in sight.
_VIDEO_STYLE = {"width": "100%", "aspectRatio": "4 / 3", "maxHeight": "480px"}
_TIMES = "\N{MULTIPLICATION SIGN}"
_WORDS: Translations = {
    "start": "Start",
    "stop": "Stop",
    "select_device": "Choose camera",
    "select_camera": "Choose camera",
    "media_api_not_available": "This page gets no camera: open it over HTTPS, or as localhost, in a current browser.",
    "device_ask_permission": "Please allow the camera: the browser asks for it beside the address.",
    "device_not_available": "No camera could be opened. Plug one in, or close the other program that uses it.",
    "device_access_denied": "The browser refuses the camera. Allow it with the camera sign beside the address.",
}
_NO_CONNECTION = (
    "**No connection for the pictures.** The page is here, but the camera's pictures do not get through: often a "
    "firewall, or a network between this browser and the program. Press Stop and Start to try again; who hosts the "
    "page can name STUN and TURN servers (docs/hosting.md). Single pictures below work without."
)


def render() -> None:
    """Draw the tab."""
    stream: CameraStream = st.session_state.setdefault("webcam-stream", CameraStream())
    stage, controls = st.columns([3, 1], gap="medium")
    with stage:
        try:
            context = _streamer(stream)
        except ColorizerError as error:
            st.error(str(error), icon=":material/error:")
            return
        show_camera_problem(streaming=context.state.playing, key="webcam-check")
        busy = context.state.playing or context.state.signalling
        # Refreshed only while there is something to tell: a visitor of the other tabs has a quiet page.
        st.fragment(_status, run_every=1.0 if busy else None)(stream, context)
    with controls:
        st.selectbox(
            "Camera resolution",
            RESOLUTIONS,
            index=RESOLUTIONS.index(DEFAULT_RESOLUTION),
            format_func=lambda name: name.replace("x", f" {_TIMES} "),
            disabled=busy,
            help="What the camera is asked for. To change it, press Stop first.",
            key="webcam-resolution",
        )
        _controls(stream, playing=context.state.playing)


def _streamer(stream: CameraStream) -> Context:
    width, height = (int(side) for side in st.session_state.get("webcam-resolution", DEFAULT_RESOLUTION).split("x"))
    _hear_the_browser()
    return webrtc_streamer(
        key=_STREAMER,
        mode=WebRtcMode.SENDRECV,
        # Always a list: without one the library asks a public STUN server.
        rtc_configuration={"iceServers": [server.as_configuration() for server in ice_servers()]},
        media_stream_constraints={
            "video": {"width": {"ideal": width}, "height": {"ideal": height}, "frameRate": {"max": 30}},
            "audio": False,
        },
        # Not video_frame_callback: this one sees the frames that are passed over, and can count them.
        queued_video_frames_callback=stream.newest,
        on_video_ended=stream.end,
        video_html_attrs={"autoPlay": True, "controls": False, "muted": True, "style": dict(_VIDEO_STYLE)},
        translations=_WORDS,
        media_toggle_controls=False,
    )


def _hear_the_browser() -> None:
    """Have the streamer's context say what the browser told last; where that is a new offer, in a context of its own.

    The streamer hears it by a callback, which Streamlit does not call in every case (a fragment's run in the midst of
    a change, a run that is cut short): a Stop or a Start was then lost, one in a few hundred on a busy machine.

    It keeps one context for all. A Start right after Stop finds it with the stream that is ending, if the page's run
    for the Stop was cut short by the one for the Start, or that run resets it in the midst of the new signalling: the
    offer is then never answered. The stream that is ending needs no context: the browser's closed connection ends it.
    """
    told = st.session_state.get(generate_frontend_component_key(_STREAMER))
    if told is None:  # the browser has not drawn it yet
        return
    offer, state = told.get("sdpOffer"), compile_state(told)
    if offer and offer != st.session_state.get("webcam-offer"):
        st.session_state[_STREAMER] = WebRtcStreamerContext(worker=None, state=state)
        st.session_state["webcam-offer"] = offer
    elif (context := st.session_state.get(_STREAMER)) is not None:
        context._set_state(state)


def _status(stream: CameraStream, context: Context) -> None:
    """What the stream tells of itself, below the picture."""
    connection: Connection = st.session_state.setdefault("webcam-connection", Connection())
    connection.follow(playing=context.state.playing, signalling=context.state.signalling, now=time.monotonic())
    if connection.failed:
        st.error(_NO_CONNECTION, icon=":material/wifi_off:")
    if not context.state.playing:
        st.caption("Press Start to see yourself in colour. The pictures go to the computer that runs this page only.")
        return
    status = stream.status()
    st.caption(_status_line(status))
    if status.error is not None:
        st.error("**The picture stays grey, for its colours failed.** Try another model, or press Stop and Start.")
        st.code(status.error, language=None, wrap_lines=True)


def _status_line(status: StreamStatus) -> str:
    if status.frames_per_second is None or status.milliseconds is None or status.size is None:
        return "Waiting for the camera's first frame"
    parts = [
        f"{status.frames_per_second:.1f} frames coloured a second",
        f"{status.milliseconds:.0f} ms a frame",
        f"{status.dropped} dropped",
        f"{status.size[0]} {_TIMES} {status.size[1]}",
        "no colours" if status.age is None else f"colours {status.age:.1f} s old",
    ]
    return " · ".join(parts)


@st.fragment
def _controls(stream: CameraStream, *, playing: bool) -> None:
    """A fragment, so that a control touches neither the stream's connection nor the other tabs."""
    model = st.radio(
        "Live model",
        list(MODELS),
        index=list(MODELS).index(DEFAULT_MODEL),
        format_func=lambda name: MODELS[name].title,
        key="webcam-model",
    )
    view = st.selectbox("Live view", list(View), key="webcam-view") or View.COLOURED
    split = 50
    if view == View.SPLIT:
        split = st.slider("Line", 0, 100, 50, format="%d%%", help="Grey is left of it.", key="webcam-split")
    live = LiveOptions(
        strength=st.slider("Live strength", 0.0, MAX_STRENGTH, 1.0, 0.05, key="webcam-strength"),
        vividness=st.slider("Live vividness", 0.0, 1.0, 0.0, 0.05, key="webcam-vividness"),
        smoothing=st.slider(
            "Smoothing",
            0.0,
            1.0,
            DEFAULT_AMOUNT,
            0.05,
            help="Steadies the colours over time. 0 shows each frame's own.",
            key="webcam-smoothing",
        ),
    )
    stream.options = StreamOptions(view, split / 100, live)
    try:
        colorizer = cached_colorizer(model)
    except ColorizerError as error:
        show_error(error, MODELS[model], key="webcam-fetch")
        return
    stream.use(colorizer)
    _snapshot_button(stream, playing=playing)
    offer_single_pictures(colorizer, live)


def _snapshot_button(stream: CameraStream, *, playing: bool) -> None:
    st.link_button(
        "Snapshot",
        # Made when it is asked for.
        address_in_turn(stream.snapshot, "webcam_colorized.png", place="snapshot"),
        icon=":material/photo_camera:",
        type="primary",
        disabled=not playing,
        help="The frame of this moment in colour, as PNG.",
        width="stretch",
        key="webcam-snapshot",
    )
