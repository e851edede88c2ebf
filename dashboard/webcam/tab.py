"""The Webcam tab: the visitor's camera, coloured live."""

from __future__ import annotations

import time

import streamlit as st

from colorizer import DEFAULT_MODEL, MODELS, ColorizerError, Look
from colorizer.frames.layout import View
from colorizer.frames.live import LiveOptions
from dashboard.server.queues import queued_download_url
from dashboard.shared.controls import (
    choose_model,
    choose_smoothing,
    choose_strength,
    choose_vividness,
    choose_warmth,
)
from dashboard.shared.errors import show_error
from dashboard.shared.language import mark, tr, trn
from dashboard.shared.models import cached_colorizer
from dashboard.shared.text import MULTIPLICATION_SIGN, format_number
from dashboard.webcam.camera_check import show_camera_problem
from dashboard.webcam.single_picture import offer_single_pictures
from dashboard.webcam.stream import CameraStream, StreamOptions, StreamStatus
from dashboard.webcam.streamer import DEFAULT_RESOLUTION, RESOLUTIONS, Connection, Context, draw_streamer

_LATE_SECONDS = 1.0  # colours of this age are seen to lag behind a movement
_VIEWS = {
    View.COLORIZED: mark("Coloured"),
    View.PAIR: mark("Grey and coloured"),
    View.SPLIT: mark("Split"),
    View.ROW: mark("Original, grey, coloured"),
}
_NO_CONNECTION = mark(
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
            show_error(error, MODELS[DEFAULT_MODEL])
            return
        show_camera_problem(streaming=context.state.playing, key="webcam-check")
        busy = context.state.playing or context.state.signalling
        # Refreshed only during a stream, so that the page is idle for visitors of the other tabs.
        st.fragment(_draw_status, run_every=1.0 if busy else None)(stream, context)
    with controls:
        st.selectbox(
            tr("Camera resolution"),
            RESOLUTIONS,
            index=RESOLUTIONS.index(DEFAULT_RESOLUTION),
            format_func=lambda name: name.replace("x", f" {MULTIPLICATION_SIGN} "),
            disabled=busy,
            help=tr("The picture size that the camera is asked for. Press Stop before you change it."),
            key="webcam-resolution",
        )
        _draw_controls(stream, playing=context.state.playing)


def _draw_status(stream: CameraStream, context: Context) -> None:
    """Draw the state of the stream below the picture."""
    connection: Connection = st.session_state.setdefault("webcam-connection", Connection())
    connection.follow(playing=context.state.playing, signalling=context.state.signalling, now=time.monotonic())
    if connection.failed:
        st.error(tr(_NO_CONNECTION), icon=":material/wifi_off:")
    if not context.state.playing:
        st.caption(
            tr("Press Start to see yourself in colour. The pictures go only to the computer that runs this page.")
        )
        return
    status = stream.status()
    st.caption(_plain_status(status))
    if status.error is not None:
        st.error(tr("**The colours failed, so the picture stays grey.** Try another model, or press Stop and Start."))
    with st.expander(tr("Details")):
        st.caption(_technical_status(status))
        if status.error is not None:
            st.code(status.error, language=None, wrap_lines=True)


def _plain_status(status: StreamStatus) -> str:
    """How the stream goes, in words for everyone."""
    if status.frames_per_second is None:
        return tr("Waiting for the camera's first picture.")
    if status.age is None:
        return tr("The colours come in a moment.")
    rate = trn("{n} picture a second", "{n} pictures a second", max(1, round(status.frames_per_second)))
    if status.age < _LATE_SECONDS:
        return f"{rate}."
    late = tr(
        "The colours are {seconds} seconds behind the picture: the model is slow here.", seconds=round(status.age)
    )
    return f"{rate}. {late}"


def _technical_status(status: StreamStatus) -> str:
    """The same in numbers, for who looks for the bottleneck."""
    if status.frames_per_second is None or status.milliseconds is None or status.size is None:
        return tr("No picture yet")
    parts = [
        tr("{rate} frames coloured a second", rate=format_number(status.frames_per_second, ".1f")),
        tr("{milliseconds} ms a frame", milliseconds=f"{status.milliseconds:.0f}"),
        tr("{count} dropped", count=status.dropped),
        f"{status.size[0]} {MULTIPLICATION_SIGN} {status.size[1]}",
        _technical_age(status.age),
    ]
    return " · ".join(parts)


def _technical_age(age: float | None) -> str:
    return tr("no colours") if age is None else tr("colours {seconds} s old", seconds=format_number(age, ".1f"))


@st.fragment
def _draw_controls(stream: CameraStream, *, playing: bool) -> None:
    """Draw the controls. A fragment, so that a control disturbs neither the stream nor the other tabs."""
    snapshot = st.container()  # what one comes for is on top, and known last
    mirrored = st.toggle(
        tr("Mirror"),
        value=True,
        help=tr("Shows you as a mirror does. The snapshot is what you see. Switch it off to read a page in your hand."),
        key="webcam-mirror",
    )
    view = st.selectbox(tr("View"), list(View), format_func=lambda each: tr(_VIEWS[each]), key="webcam-view")
    view = view or View.COLORIZED
    split = 50
    if view == View.SPLIT:
        text = tr("The picture is grey to the left of the line.")
        split = st.slider(tr("Line"), 0, 100, 50, format="%d%%", help=text, key="webcam-split")
    look = Look(
        strength=choose_strength(key="webcam-strength"),
        vividness=choose_vividness(key="webcam-vividness"),
        warmth=choose_warmth(key="webcam-warmth"),
    )
    smoothing = choose_smoothing(key="webcam-smoothing")
    model = choose_model(key="webcam-model")
    stream.options = StreamOptions(view, split / 100, LiveOptions(look, smoothing), mirrored)
    try:
        colorizer = cached_colorizer(model)
    except ColorizerError as error:
        show_error(error, MODELS[model], key="webcam-fetch")
        return
    stream.set_model(colorizer)
    with snapshot:
        _snapshot_button(stream, playing=playing)
    offer_single_pictures(colorizer, look, mirrored=mirrored)


def _snapshot_button(stream: CameraStream, *, playing: bool) -> None:
    st.link_button(
        tr("Snapshot"),
        queued_download_url(stream.snapshot, "webcam_colorized.png", place="snapshot"),
        icon=":material/photo_camera:",
        type="primary",
        disabled=not playing,
        help=tr("Saves the picture that you see, in colour, as a PNG file."),
        width="stretch",
        key="webcam-snapshot",
    )
