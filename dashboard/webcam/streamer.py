"""The streamer of streamlit-webrtc as this page draws it. The only importer of that package."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import streamlit as st
from streamlit_webrtc import Translations, WebRtcMode, WebRtcStreamerContext, webrtc_streamer

from dashboard.server.budgets import STREAMS
from dashboard.server.ledger import LEDGER
from dashboard.server.session import current_visitor, measure_visitor
from dashboard.server.streamlit_internals import count_streams, note_stream, read_streamer_state, set_streamer_state
from dashboard.shared.language import tr
from dashboard.webcam.ice import ice_servers
from dashboard.webcam.stream import CameraStream

Context = WebRtcStreamerContext[Any, Any]

_STREAMER = "webcam"

RESOLUTIONS = ("320x240", "640x480", "1280x720")

DEFAULT_RESOLUTION = "640x480"

# One box for all views: the streamer's frame does not follow a picture that changes its shape while it runs. No
# taller, so that the button and the line below it stay in sight.
_VIDEO_STYLE = {"width": "100%", "aspectRatio": "4 / 3", "maxHeight": "480px"}


def _words() -> Translations:
    return {
        "start": tr("Start"),
        "stop": tr("Stop"),
        "select_device": tr("Choose camera"),
        "select_camera": tr("Choose camera"),
        "media_api_not_available": tr(
            "This page gets no camera: open it over HTTPS, or as localhost, in a current browser."
        ),
        "device_ask_permission": tr("Please allow the camera: the browser asks for it beside the address."),
        "device_not_available": tr("No camera could be opened. Plug one in, or close the other program that uses it."),
        "device_access_denied": tr("The browser refuses the camera. Allow it with the camera sign beside the address."),
    }


def draw_streamer(stream: CameraStream) -> Context:
    """Draw the streamer. Raises OverBudget for a new stream where the visitor, or the address, has too many."""
    width, height = (int(side) for side in st.session_state.get("webcam-resolution", DEFAULT_RESOLUTION).split("x"))
    _sync_browser_state()
    context = webrtc_streamer(
        key=_STREAMER,
        mode=WebRtcMode.SENDRECV,
        # Always a list: without one the library asks a public STUN server.
        rtc_configuration={"iceServers": [server.as_configuration() for server in ice_servers()]},
        media_stream_constraints={
            "video": {"width": {"ideal": width}, "height": {"ideal": height}, "frameRate": {"max": 30}},
            "audio": False,
        },
        # Not video_frame_callback: this one sees the frames that are passed over, and can count them.
        queued_video_frames_callback=stream.colorize_newest,
        on_video_ended=stream.end,
        video_html_attrs={
            "autoPlay": True,
            "controls": False,
            "muted": True,
            "playsInline": True,  # or an iPhone shows it alone on the screen
            "style": dict(_VIDEO_STYLE),
        },
        translations=_words(),
        media_toggle_controls=False,
    )
    note_stream(context)
    return context


def _sync_browser_state() -> None:
    """Set the streamer's context to the state that the browser sent last; a new offer gets a new context.

    streamlit-webrtc learns that state from a callback, which Streamlit does not call in every case (a fragment's run
    during a change, a run that is cut short). Without this, one Stop or Start in a few hundred was lost on a busy
    machine.

    streamlit-webrtc keeps one context. A Start right after Stop may find it with the stream that is ending; the new
    offer is then never answered. The old stream needs no context: the browser's closed connection ends it.
    """
    received = read_streamer_state(_STREAMER)
    if received is None:
        return
    offer, state = received
    if offer and offer != st.session_state.get("webcam-offer"):
        _require_budget()
        st.session_state[_STREAMER] = WebRtcStreamerContext(worker=None, state=state)
        st.session_state["webcam-offer"] = offer
    elif (context := st.session_state.get(_STREAMER)) is not None:
        set_streamer_state(context, state)


def _require_budget() -> None:
    visitor = current_visitor()
    LEDGER.require(STREAMS, visitor, measured=measure_visitor(visitor, count_streams))


CONNECT_SECONDS = 8.0  # a connection within one network takes one or two


@dataclass
class Connection:
    """How far a start has come: `since` when it is under way (monotonic), `failed` if the last one came to nothing."""

    since: float | None = None
    failed: bool = False

    def follow(self, *, playing: bool, signalling: bool, now: float) -> None:
        """Take in what the streamer says at the time `now`."""
        if playing:
            self.since, self.failed = None, False
        elif signalling:
            if self.since is None:
                self.since = now
            self.failed = now - self.since > CONNECT_SECONDS
        elif self.since is not None:  # given up, by the browser or by the visitor: a word only if it had taken long
            self.failed = now - self.since > CONNECT_SECONDS
            self.since = None
