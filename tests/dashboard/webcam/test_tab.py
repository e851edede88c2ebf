"""The Webcam tab under AppTest, with a stub for the streamer, which needs a browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import av
import pytest
from streamlit.testing.v1 import AppTest
from streamlit_webrtc.component import WebRtcStreamerState, generate_frontend_component_key

from colorizer import Colorizer, Look, WeightsMissing, load_colorizer
from colorizer.frames.layout import View
from colorizer.frames.live import LiveOptions
from dashboard.webcam import streamer as streamer_module
from dashboard.webcam import tab as webcam
from dashboard.webcam.camera_check import PROBLEMS
from dashboard.webcam.ice import IceServer
from dashboard.webcam.stream import CameraStream, StreamStatus
from dashboard.webcam.streamer import CONNECT_SECONDS, Connection
from tests.support.coroutines import run_coroutine

Draw = Callable[[], AppTest]


class State:
    playing = False
    signalling = False


class Streamer:
    """Replaces webrtc_streamer: records its arguments and has the state that the test sets."""

    def __init__(self) -> None:
        self.state = State()
        self.options: dict[str, Any] = {}

    def __call__(self, **options: Any) -> Streamer:
        self.options = options
        return self

    def _get_worker(self) -> None:
        """As of a context without a stream."""

    def send(self, count: int) -> list[av.VideoFrame]:
        frames = [av.VideoFrame(64, 48, "yuv420p") for _ in range(count)]
        shown: list[av.VideoFrame] = run_coroutine(self.options["queued_video_frames_callback"](frames))
        return shown


@pytest.fixture
def streamer(monkeypatch: pytest.MonkeyPatch) -> Streamer:
    made = Streamer()
    monkeypatch.setattr(streamer_module, "webrtc_streamer", made)
    monkeypatch.setattr(streamer_module, "ice_servers", list)
    monkeypatch.setattr(webcam, "show_camera_problem", lambda **_: None)
    return made


@pytest.fixture
def app(streamer: Streamer) -> AppTest:  # noqa: ARG001 - used for its side effect
    def page() -> None:
        from dashboard.webcam import tab as webcam

        webcam.render()

    drawn = AppTest.from_function(page, default_timeout=60).run()
    assert not drawn.exception
    return drawn


def stream_of(app: AppTest) -> CameraStream:
    stream: CameraStream = app.session_state["webcam-stream"]
    return stream


def test_no_server_is_asked_unless_one_is_named(
    app: AppTest, streamer: Streamer, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert streamer.options["rtc_configuration"] == {"iceServers": []}
    monkeypatch.setattr(streamer_module, "ice_servers", lambda: [IceServer(("stun:one.example",))])
    app.run()
    assert streamer.options["rtc_configuration"] == {"iceServers": [{"urls": ["stun:one.example"]}]}


def test_the_camera_is_asked_for_the_chosen_resolution_and_for_no_sound(app: AppTest, streamer: Streamer) -> None:
    def asked() -> tuple[int, int]:
        video = streamer.options["media_stream_constraints"]["video"]
        return video["width"]["ideal"], video["height"]["ideal"]

    assert asked() == (640, 480)
    assert streamer.options["media_stream_constraints"]["audio"] is False
    for name in ("320x240", "1280x720"):
        app.selectbox(key="webcam-resolution").set_value(name).run()
        assert asked() == tuple(int(side) for side in name.split("x"))


def test_controls_act_on_the_running_stream(app: AppTest, streamer: Streamer) -> None:
    streamer.state.playing = True
    app.run()
    stream = stream_of(app)
    app.slider(key="webcam-strength").set_value(1.5).run()
    app.slider(key="webcam-vividness").set_value(0.25).run()
    app.slider(key="webcam-warmth").set_value(-0.5).run()
    app.slider(key="webcam-smoothing").set_value(0.0).run()
    app.selectbox(key="webcam-view").set_value(View.SPLIT).run()
    app.slider(key="webcam-split").set_value(20).run()
    assert stream_of(app) is stream
    options = stream.options
    assert options.live == LiveOptions(Look(strength=1.5, vividness=0.25, warmth=-0.5), smoothing=0.0)
    assert (options.view, options.split, options.mirrored) == (View.SPLIT, 0.2, True)
    app.toggle(key="webcam-mirror").set_value(False).run()
    assert not stream.options.mirrored
    assert app.selectbox(key="webcam-resolution").disabled


def test_frames_take_the_way_through_the_stream_and_show_in_words_and_numbers(app: AppTest, streamer: Streamer) -> None:
    streamer.state.playing = True
    app.run()
    assert [caption.value for caption in app.caption] == ["Waiting for the camera's first picture.", "No picture yet"]
    (shown,) = streamer.send(3)
    assert (shown.width, shown.height) == (64, 48)
    app.run()
    words, line = [caption.value for caption in app.caption]
    assert re.fullmatch(r"\d+ pictures? a second\..*|The colours come in a moment\.", words)
    assert re.fullmatch(
        r"[\d.]+ frames coloured a second · \d+ ms a frame · 2 dropped · 64 \N{MULTIPLICATION SIGN} 48 · "
        r"(no colours|colours [\d.]+ s old)",
        line,
    )
    streamer.options["on_video_ended"]()


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (StreamStatus(None, None, 0, None, None, None), "Waiting for the camera's first picture."),
        (StreamStatus(12.4, 60.0, 3, (640, 480), None, None), "The colours come in a moment."),
        (StreamStatus(12.4, 60.0, 3, (640, 480), 0.2, None), "12 pictures a second."),
        (StreamStatus(0.7, 60.0, 3, (640, 480), 0.9, None), "1 picture a second."),
        (
            StreamStatus(15.0, 9.0, 3, (640, 480), 2.6, None),
            "15 pictures a second. The colours are 3 seconds behind the picture: the model is slow here.",
        ),
    ],
)
def test_how_it_goes_is_said_in_plain_words(status: StreamStatus, words: str) -> None:
    assert webcam._plain_status(status) == words


def test_a_failure_shows_its_message(app: AppTest, streamer: Streamer, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("no *memory* left")

    streamer.state.playing = True
    monkeypatch.setattr(stream_of(app), "_colorize", fail)
    streamer.send(1)
    app.run()
    (error,), (code,) = app.error, app.code
    assert "stays grey" in error.value
    assert code.value == "RuntimeError: no *memory* left"


def test_no_connection_says_so_and_what_to_do(
    app: AppTest, streamer: Streamer, monkeypatch: pytest.MonkeyPatch
) -> None:
    streamer.state.signalling = True
    app.run()
    assert not app.error
    monkeypatch.setattr("dashboard.webcam.streamer.CONNECT_SECONDS", -1.0)
    app.run()
    (error,) = app.error
    assert "No connection" in error.value
    assert "STUN and TURN" in error.value
    streamer.state.playing = True
    app.run()
    assert not app.error


@pytest.mark.parametrize("before", [(True, False), (False, True), (False, False)])
@pytest.mark.parametrize("told", [(True, ""), (False, ""), (False, "an offer")])
def test_the_state_is_what_the_browser_told_last(
    app: AppTest, before: tuple[bool, bool], told: tuple[bool, str]
) -> None:
    """Streamlit may leave out the callback that sets it."""
    playing, offer = told
    context = streamer_module.Context(worker=None, state=WebRtcStreamerState(*before))
    app.session_state["webcam"] = context
    app.session_state["webcam-offer"] = "an offer"
    app.session_state[generate_frontend_component_key("webcam")] = {"playing": playing, "sdpOffer": offer}
    assert not app.run().exception
    assert app.session_state["webcam"] is context
    assert context.state == (playing, bool(offer))


def test_a_new_offer_gets_a_context_of_its_own(app: AppTest) -> None:
    context = streamer_module.Context(worker=None, state=WebRtcStreamerState(playing=True, signalling=False))
    app.session_state["webcam"] = context
    app.session_state[generate_frontend_component_key("webcam")] = {"playing": False, "sdpOffer": "another"}
    assert not app.run().exception
    assert app.session_state["webcam"] is not context
    assert app.session_state["webcam"].state == (False, True)


def test_while_a_models_file_is_missing_the_one_before_goes_on(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> Colorizer:
        if name == "zhang2016":
            raise WeightsMissing(f"expected the weights of {name}")
        return load_colorizer(name)

    monkeypatch.setattr("dashboard.shared.missing_model.cached_colorizer", missing)
    used: list[str] = []
    monkeypatch.setattr(stream_of(app), "set_model", lambda colorizer: used.append(colorizer.spec.name))
    app.radio(key="webcam-model").set_value("zhang2016").run()
    assert not app.exception
    assert used == ["compact"]
    assert app.slider(key="webcam-strength")


def test_every_problem_with_the_camera_says_what_is_wrong_and_what_to_do() -> None:
    assert set(PROBLEMS) == {"insecure", "unsupported", "denied", "missing"}
    for message in PROBLEMS.values():
        assert re.fullmatch(r"\*\*[^*]+[.,]\*\* .+", message)


def test_a_connection_that_comes_about_in_time_is_no_failure() -> None:
    connection = Connection()
    connection.follow(playing=False, signalling=True, now=0.0)
    connection.follow(playing=False, signalling=True, now=CONNECT_SECONDS)
    assert not connection.failed
    connection.follow(playing=True, signalling=True, now=CONNECT_SECONDS + 1)
    connection.follow(playing=False, signalling=False, now=CONNECT_SECONDS + 99)
    assert not connection.failed


def test_a_connection_given_up_stays_failed_until_the_next_start() -> None:
    connection = Connection()
    connection.follow(playing=False, signalling=True, now=0.0)
    for now in (CONNECT_SECONDS + 1, CONNECT_SECONDS + 60):
        connection.follow(playing=False, signalling=False, now=now)
        assert connection.failed
    connection.follow(playing=False, signalling=True, now=100.0)
    assert not connection.failed


def test_stopping_a_start_early_is_no_failure() -> None:
    connection = Connection()
    connection.follow(playing=False, signalling=True, now=0.0)
    connection.follow(playing=False, signalling=False, now=1.0)
    assert not connection.failed
