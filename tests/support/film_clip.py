"""A short film as an archive might publish it: a pan over a grey photograph, with a tone as its sound."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
from PIL import Image

from tests.support.paths import SAMPLES

SAMPLE_RATE = 44_100
PITCH = 440.0  # Hz


def write_film(path: Path, *, frames: int = 30, width: int = 160, height: int = 120, rate: int = 10) -> None:
    """Write H.264 and AAC in the container of the path's suffix, for instance .mp4."""
    with Image.open(SAMPLES / "pagoda.jpg") as picture:
        scene = np.asarray(picture.convert("L").resize((width + frames, height), Image.Resampling.BICUBIC))
    with av.open(path, "w") as target:
        video = target.add_stream("libx264", rate=rate)
        video.width, video.height, video.pix_fmt = width, height, "yuv420p"
        audio = target.add_stream("aac", rate=SAMPLE_RATE, layout="mono")
        for left in range(frames):
            view = np.ascontiguousarray(scene[:, left : left + width])
            target.mux(video.encode(av.VideoFrame.from_ndarray(view, format="gray")))
        times = np.arange(frames * SAMPLE_RATE // rate) / SAMPLE_RATE
        tone = (0.3 * np.sin(2 * np.pi * PITCH * times)).astype(np.float32)
        sound = av.AudioFrame.from_ndarray(tone[np.newaxis], format="fltp", layout="mono")
        sound.sample_rate = SAMPLE_RATE
        target.mux(audio.encode(sound))
        for stream in (audio, video):
            target.mux(stream.encode(None))
