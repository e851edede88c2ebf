"""The webcam callback against the reference recipe with the same network: milliseconds per frame of 640 x 480.

Both take the decoder's YUV planes and return planes for the encoder.
"""

from __future__ import annotations

from functools import partial

import cv2
import numpy as np

from benchmarks import recipe
from benchmarks.timing import photograph, time_fastest
from colorizer import Colorizer, load_colorizer
from colorizer.arrays import Floats, Pixels
from colorizer.frames.layout import View, draw_view, view_size
from colorizer.frames.live import LiveColorizer, LiveOptions
from colorizer.frames.smoothing import Smoother
from colorizer.frames.yuv import YuvColorizer, YuvFrame, shrink_luminance

WIDTH, HEIGHT = 640, 480
LIMITED_TO_FULL = 255 / 219


def camera_frame() -> YuvFrame:
    """A seeded grey picture as YUV planes of limited range."""
    planes = YuvFrame.empty(WIDTH, HEIGHT)
    planes.y[:] = np.rint(16 + photograph(HEIGHT, WIDTH)[..., 0] / LIMITED_TO_FULL).astype(np.uint8)
    planes.u[:] = planes.v[:] = 128
    return planes


def recipe_callback(frame: YuvFrame, colorizer: Colorizer, ab: Floats | None = None) -> Pixels:
    """The usual callback: planes to RGB, to grey, the recipe, back to planes (I420 in one array).

    `ab`: used instead of a prediction, to time everything but the network.
    """
    planes = np.concatenate([plane.reshape(-1) for plane in (frame.y, frame.u, frame.v)]).reshape(-1, WIDTH)
    rgb = cv2.cvtColor(planes, cv2.COLOR_YUV2RGB_I420)
    gray = cv2.cvtColor(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
    predict = colorizer.predict_ab if ab is None else lambda _luminance: ab
    colorized = recipe.colorize(np.asarray(gray, np.uint8), predict, colorizer.spec.side)
    return np.asarray(cv2.cvtColor(colorized, cv2.COLOR_RGB2YUV_I420), np.uint8)


def compare_callbacks(runs: int) -> None:
    colorizer = load_colorizer("compact")
    frame, out, options = camera_frame(), YuvFrame.empty(WIDTH, HEIGHT), LiveOptions()
    side = colorizer.spec.side
    luminance = shrink_luminance(frame, side)
    ab = colorizer.predict_ab(luminance)
    # With long patience, every run waits for the network, even on a busy machine.
    live = LiveColorizer(colorizer.predict_ab, side=side, patience=60)
    yuv_colorizer, smoother = YuvColorizer(), Smoother()
    bare = LiveColorizer(lambda _luminance, *, vividness: ab, side=side)  # noqa: ARG005 - the network left out
    pair = YuvFrame.empty(*view_size(View.PAIR, WIDTH, HEIGHT))
    seconds = time_fastest(
        {
            "ours": partial(live.colorize, frame, out, options),
            "recipe": partial(recipe_callback, frame, colorizer),
            "ours, network left out": partial(bare.colorize, frame, out, options),
            "recipe, network left out": partial(recipe_callback, frame, colorizer, ab),
            "luminance, made small": partial(shrink_luminance, frame, side),
            "network": partial(colorizer.predict_ab, luminance),
            "smoothing": partial(smoother.smooth, ab, luminance, seconds=1 / 15),
            "painting the planes": partial(yuv_colorizer.colorize, frame, ab, out),
            "view of two (not in the callback's sum)": partial(draw_view, View.PAIR, frame, out, pair),
        },
        4 * runs,
    )
    live.close()
    bare.close()
    _print_comparison(seconds)


def _print_comparison(seconds: dict[str, float]) -> None:
    print(f"The camera's callback with `compact`, {WIDTH} x {HEIGHT}, ms a frame\n")
    print("| | ours | recipe | times faster |")
    print("|---|---|---|---|")
    for title, suffix in (("whole", ""), ("outside the network", ", network left out")):
        ours, theirs = seconds[f"ours{suffix}"], seconds[f"recipe{suffix}"]
        print(f"| {title} | {ours * 1e3:.1f} | {theirs * 1e3:.1f} | {theirs / ours:.1f} |")
    print("\n| step | ms | share of the callback |")
    print("|---|---|---|")
    for name in list(seconds)[4:]:
        print(f"| {name} | {seconds[name] * 1e3:.2f} | {100 * seconds[name] / seconds['ours']:.0f} % |")
