"""One visitor's stream, fed with frames as a decoder makes them."""

from __future__ import annotations

import io
import logging

import av
import numpy as np
import pytest
from PIL import Image

from colorizer import Colorizer, ColorizerError, Look, load_colorizer
from colorizer.arrays import Floats, Plane
from colorizer.color import lab
from colorizer.frames.layout import View, view_size
from colorizer.frames.live import LiveOptions
from colorizer.frames.pyav import frame_to_yuv
from colorizer.frames.yuv import to_gray_pixels
from dashboard.webcam import stream as module
from dashboard.webcam.stream import CameraStream, StreamOptions
from tests.support.coroutines import run_coroutine
from tests.support.paths import SAMPLES

SAMPLE = SAMPLES / "coffee.jpg"
STEADY = LiveOptions(smoothing=0)


def frame(width: int = 640, height: int = 480) -> av.VideoFrame:
    """A sample with a tint, to tell the camera's own colour from ours."""
    with Image.open(SAMPLE) as picture:
        gray = np.asarray(picture.convert("L").resize((width, height)))
    made = av.VideoFrame.from_ndarray(np.repeat(gray[..., np.newaxis], 3, axis=2), format="rgb24").reformat(
        format="yuv420p"
    )
    frame_to_yuv(made).u[:] = 90
    return made


class Broken:
    """A colorizer whose network fails for as long as `message` is set."""

    def __init__(self, colorizer: Colorizer) -> None:
        self.spec = colorizer.spec
        self._colorizer = colorizer
        self.message: str | None = "no memory left"

    def predict_ab(self, luminance: Floats, *, vividness: float = 0.0) -> Floats:
        if self.message is not None:
            raise RuntimeError(self.message)
        return self._colorizer.predict_ab(luminance, vividness=vividness)


@pytest.fixture(scope="module")
def compact() -> Colorizer:
    return load_colorizer("compact")


@pytest.fixture(autouse=True)
def set_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each frame wait for its own colours, however busy the machine is."""
    monkeypatch.setattr("colorizer.frames.live.PATIENCE", 10.0)


@pytest.fixture
def stream(compact: Colorizer) -> CameraStream:
    made = CameraStream()
    made.set_model(compact)
    made.options = StreamOptions(live=STEADY)
    return made


def test_a_frame_comes_back_in_colour(stream: CameraStream, compact: Colorizer) -> None:
    source = frame()
    shown = stream.video_frame_callback(source)
    assert (shown.width, shown.height, shown.format.name) == (640, 480, "yuv420p")
    exact = compact.colorize(to_gray_pixels(frame_to_yuv(source)))
    off = np.abs(shown.to_ndarray(format="rgb24").astype(int) - exact)
    assert off.mean() < 3  # FFmpeg's own way to RGB enlarges chroma by nearest neighbour
    assert np.ptp(exact.astype(int), axis=2).mean() > 5
    assert (frame_to_yuv(source).u == 90).all(), "the camera's frame may be needed by the decoder"


@pytest.mark.parametrize("view", list(View))
def test_every_view_has_its_size(stream: CameraStream, view: View) -> None:
    stream.options = StreamOptions(view=view, live=STEADY)
    shown = stream.video_frame_callback(frame())
    assert (shown.width, shown.height) == view_size(view, 640, 480)


def test_a_mirror_turns_the_picture_and_the_snapshot_but_not_the_order_of_a_view(stream: CameraStream) -> None:
    def luma(*, mirrored: bool) -> tuple[Plane, Plane]:
        stream.options = StreamOptions(View.PAIR, live=LiveOptions(Look(strength=0), smoothing=0), mirrored=mirrored)
        shown = frame_to_yuv(stream.video_frame_callback(frame())).y
        with Image.open(io.BytesIO(stream.snapshot())) as picture:
            return shown, np.asarray(picture.convert("L"))

    (straight, snapshot), (turned, turned_snapshot) = luma(mirrored=False), luma(mirrored=True)
    for panel, turned_panel in zip(np.split(straight, 2, axis=1), np.split(turned, 2, axis=1), strict=True):
        assert np.abs(np.fliplr(panel).astype(int) - turned_panel).mean() < 1
        assert np.abs(panel.astype(int) - turned_panel).mean() > 5
    np.testing.assert_array_equal(np.fliplr(snapshot), turned_snapshot)


def test_warmth_changes_colours_and_not_lightness(stream: CameraStream) -> None:
    blue = []
    for warmth in (-1.0, 0.0, 1.0):
        stream.options = StreamOptions(live=LiveOptions(Look(warmth=warmth), smoothing=0))
        shown = stream.video_frame_callback(frame())
        blue.append(float(frame_to_yuv(shown).u.mean()))
        lightness = lab.luminance(np.asarray(shown.to_ndarray(format="rgb24"), np.uint8))
        assert np.abs(lightness - lab.luminance(to_gray_pixels(frame_to_yuv(frame())))).mean() < 1
    assert blue == sorted(blue, reverse=True)
    assert blue[0] - blue[2] > 5


def test_the_options_of_the_moment_count(stream: CameraStream) -> None:
    spreads = []
    for strength in (0.0, 0.5, 1.0, 2.0):
        stream.options = StreamOptions(live=LiveOptions(Look(strength=strength), smoothing=0))
        planes = frame_to_yuv(stream.video_frame_callback(frame()))
        spreads.append(np.abs(planes.v.astype(int) - 128).mean())
    assert spreads[0] == 0
    assert spreads == sorted(spreads)
    assert spreads[-1] > 2


def test_the_status_counts_what_was_processed_and_what_was_dropped(stream: CameraStream) -> None:
    assert stream.status().frames_per_second is None
    for waiting in (1, 3, 2):
        (shown,) = run_coroutine(stream.colorize_newest([frame() for _ in range(waiting)]))
        assert shown.width == 640
    status = stream.status()
    assert status.dropped == 3
    assert status.size == (640, 480)
    assert status.frames_per_second is not None
    assert status.frames_per_second > 0
    assert status.milliseconds is not None
    assert status.milliseconds > 0
    assert status.age is not None
    assert status.age >= 0
    assert status.error is None


def test_a_new_stream_counts_anew(stream: CameraStream) -> None:
    run_coroutine(stream.colorize_newest([frame(), frame()]))
    stream.end()
    run_coroutine(stream.colorize_newest([frame()]))
    assert stream.status().dropped == 0


def test_a_failure_shows_the_grey_frame_and_its_message_and_passes(
    compact: Colorizer, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream, broken = CameraStream(), Broken(compact)
    stream.set_model(broken)  # type: ignore[arg-type]
    source = frame()
    with caplog.at_level(logging.ERROR):
        for _ in range(3):
            shown = stream.video_frame_callback(source)
    assert (frame_to_yuv(shown).u == 128).all()
    np.testing.assert_array_equal(frame_to_yuv(shown).y, frame_to_yuv(source).y)
    assert stream.status().error == "RuntimeError: no memory left"
    assert [record.message for record in caplog.records] == ["A camera frame could not be coloured"], "once"
    broken.message = None
    assert (frame_to_yuv(stream.video_frame_callback(source)).u != 128).any()
    monkeypatch.setattr(module, "_ERROR_SECONDS", 0.0)
    assert stream.status().error is None


def test_without_a_model_the_frame_is_grey() -> None:
    stream = CameraStream()
    assert (frame_to_yuv(stream.video_frame_callback(frame())).u == 128).all()
    assert stream.status().error is not None


def test_the_snapshot_is_the_exact_colours_of_the_last_frame(stream: CameraStream) -> None:
    with pytest.raises(ColorizerError, match="expected a frame"):
        stream.snapshot()
    source = frame()
    stream.options = StreamOptions(view=View.ROW, live=STEADY)
    stream.video_frame_callback(source)
    picture = Image.open(io.BytesIO(stream.snapshot()))
    assert (picture.format, picture.size) == ("PNG", (640, 480))
    pixels = np.asarray(picture)
    assert np.ptp(pixels.astype(int), axis=2).mean() > 5
    light = lab.luminance(to_gray_pixels(frame_to_yuv(source)))
    assert np.quantile(np.abs(lab.luminance(pixels) - light), 0.99) < 1


def test_frames_of_other_formats_and_ranges(stream: CameraStream) -> None:
    for name in ("yuvj420p", "rgb24", "nv12", "yuyv422"):
        shown = stream.video_frame_callback(frame().reformat(format=name))
        assert shown.format.name == "yuv420p"
        assert (frame_to_yuv(shown).u != 128).any()
    assert stream.status().error is None


def test_another_model_takes_over(stream: CameraStream, compact: Colorizer) -> None:
    stream.video_frame_callback(frame())
    broken = Broken(compact)
    stream.set_model(broken)  # type: ignore[arg-type]  # the same name: nothing changes
    stream.video_frame_callback(frame())
    assert stream.status().error is None
