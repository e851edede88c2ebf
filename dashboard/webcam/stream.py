"""One visitor's camera stream: coloured on a thread of streamlit-webrtc, controlled from the page.

Nothing here calls Streamlit, because the frames arrive on a thread that Streamlit does not know.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from dataclasses import dataclass, field

import av
import numpy as np

from colorizer import Colorizer, ColorizerError, Look, images
from colorizer.arrays import Floats
from colorizer.color import lab
from colorizer.color.merge import merge
from colorizer.edits.look import apply_look
from colorizer.frames.layout import View, draw_view, mirror, view_size
from colorizer.frames.live import LiveColorizer, LiveColors, LiveOptions
from colorizer.frames.pyav import frame_to_yuv, new_frame
from colorizer.frames.yuv import YuvFrame, copy_gray, to_gray_pixels
from colorizer.images import Picture

LOGGER = logging.getLogger(__name__)

_WINDOW_SECONDS = 3.0  # the shown rates are means over this time
_ERROR_SECONDS = 5.0  # how long an error stays on the page after the last frame that failed


@dataclass(frozen=True)
class StreamOptions:
    """The values of the page's controls.

    `split`: share of the width, 0..1, that stays grey in the split view. `mirrored`: left and right are exchanged, in
    every view and in the snapshot.
    """

    view: View = View.COLORIZED
    split: float = 0.5
    live: LiveOptions = field(default_factory=LiveOptions)
    mirrored: bool = False


@dataclass(frozen=True)
class StreamStatus:
    """Statistics of the last `_WINDOW_SECONDS`; None if there were no frames.

    `milliseconds`: mean time to colour a frame. `dropped`: number of skipped frames since the start. `size`: width and
    height. `age`: seconds since the frame that the current colours were predicted for. `error`: the last message.
    """

    frames_per_second: float | None
    milliseconds: float | None
    dropped: int
    size: tuple[int, int] | None
    age: float | None
    error: str | None


@dataclass(frozen=True)
class _LastFrame:
    """The camera's last frame and its colours, kept for a snapshot."""

    source: YuvFrame
    ab: Floats | None
    look: Look


class CameraStream:
    """Colours a stream of frames. The page may set `options` and read `status` at any time, from any thread."""

    def __init__(self) -> None:
        self.options = StreamOptions()
        self._model: str | None = None
        self._live: LiveColorizer | None = None
        self._scratch: YuvFrame | None = None
        self._lock = threading.Lock()
        self._last_frame: _LastFrame | None = None
        self.reset()

    def reset(self) -> None:
        """Clear the statistics."""
        with self._lock:
            self._is_over = False
            self._done: deque[tuple[float, float]] = deque()  # when each frame was done, and how long it took
            self._dropped = 0
            self._age: float | None = None
            self._size: tuple[int, int] | None = None
            self._error: tuple[float, str] | None = None

    def set_model(self, colorizer: Colorizer) -> None:
        """Use this model from the next frame on."""
        if colorizer.spec.name != self._model:
            self.end()
            self._live = LiveColorizer(colorizer.predict_ab, side=colorizer.spec.side)
            self._model = colorizer.spec.name

    def end(self) -> None:
        """End the worker's thread. The object can be used for another stream."""
        with self._lock:
            self._is_over = True
        if self._live is not None:
            self._live.close()

    async def colorize_newest(self, frames: list[av.VideoFrame]) -> list[av.VideoFrame]:
        """Colour the newest of the frames that arrived since the last call, and count the others as dropped."""
        with self._lock:
            starts = self._is_over
        if starts:
            self.reset()
        with self._lock:
            self._dropped += len(frames) - 1
        return [self.video_frame_callback(frames[-1])]

    def video_frame_callback(self, frame: av.VideoFrame) -> av.VideoFrame:
        """The frame that the page shows for a camera's frame. On an error it is grey, and `status` has the message."""
        started = time.monotonic()
        camera = frame_to_yuv(frame)
        source = mirror(camera) if self.options.mirrored else camera
        try:
            shown = self._colorize(source)
        except Exception as error:  # noqa: BLE001 - otherwise the picture would freeze without a message
            self._note_error(error)
            shown = new_frame(source.width, source.height, source.full_range)
            copy_gray(source, frame_to_yuv(shown))
        self._note_frame(started, (source.width, source.height))
        return shown

    def status(self) -> StreamStatus:
        now = time.monotonic()
        with self._lock:
            recent = [one for one in self._done if one[0] > now - _WINDOW_SECONDS]
            span = now - recent[0][0] if recent else 0.0
            return StreamStatus(
                frames_per_second=len(recent) / span if span > 0 else None,
                milliseconds=1e3 * sum(seconds for _, seconds in recent) / len(recent) if recent else None,
                dropped=self._dropped,
                size=self._size if recent else None,
                age=self._age if recent else None,
                error=self._error[1] if self._error is not None and self._error[0] > now - _ERROR_SECONDS else None,
            )

    def snapshot(self) -> bytes:
        """The last frame in colour as a PNG file, computed like a photograph. Raises ColorizerError without a frame."""
        shown = self._last_frame
        if shown is None:
            raise ColorizerError("expected a frame from the camera to take the picture of, got none yet")
        ab = np.zeros((1, 1, 2), np.float32) if shown.ab is None else shown.ab
        pixels = to_gray_pixels(shown.source)
        return images.encode(Picture(merge(pixels, apply_look(ab, lab.luminance(pixels), shown.look))), ".png")

    def _colorize(self, source: YuvFrame) -> av.VideoFrame:
        options, live = self.options, self._live
        if live is None:
            raise ColorizerError("expected a model before the first frame, got none")
        size = view_size(options.view, source.width, source.height)
        shown = new_frame(*size, source.full_range)
        straight = options.view == View.COLORIZED
        colorized = frame_to_yuv(shown) if straight else self._scratch_frame(source)
        colors = live.colorize(source, colorized, options.live)
        if not straight:
            draw_view(options.view, source, colorized, frame_to_yuv(shown), split=options.split)
        self._note_colors(colors, source, options.live.look)
        return shown

    def _scratch_frame(self, source: YuvFrame) -> YuvFrame:
        scratch = self._scratch
        if scratch is None or scratch.y.shape != source.y.shape or scratch.full_range != source.full_range:
            scratch = self._scratch = YuvFrame.empty(source.width, source.height, full_range=source.full_range)
        return scratch

    def _note_colors(self, colors: LiveColors | None, source: YuvFrame, look: Look) -> None:
        self._last_frame = _LastFrame(source, None if colors is None else colors.ab, look)
        with self._lock:
            self._age = None if colors is None else time.monotonic() - colors.taken_at

    def _note_frame(self, started: float, size: tuple[int, int]) -> None:
        now = time.monotonic()
        with self._lock:
            self._size = size
            self._done.append((now, now - started))
            while self._done[0][0] < now - _WINDOW_SECONDS:
                self._done.popleft()

    def _note_error(self, error: Exception) -> None:
        message = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        with self._lock:
            is_new = self._error is None or self._error[1] != message
            self._error = (time.monotonic(), message)
            self._age = None
        if is_new:  # not once for every frame
            LOGGER.error("A camera frame could not be coloured", exc_info=error)
