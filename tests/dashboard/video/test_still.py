"""One frame of a film, to try the settings."""

from __future__ import annotations

import io
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from colorizer import Colorizer, InvalidVideo, Look, load_colorizer
from dashboard.video.still import SIDE, StillFrame, read_still
from tests.support.film_clip import write_film

FRAMES, RATE = 30, 10


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("film") / "film.mp4"
    write_film(path, frames=FRAMES, rate=RATE)
    return path


@pytest.fixture(scope="module")
def colorizer() -> Colorizer:
    return load_colorizer("compact")


def take(path: Path, seconds: float) -> StillFrame:
    still = read_still(path, seconds)
    assert still is not None
    return still


def gray_levels(data: bytes) -> np.ndarray[tuple[int, ...], np.dtype[np.int16]]:
    with Image.open(io.BytesIO(data)) as picture:
        return np.asarray(picture.convert("L")).astype(np.int16)


def saturation(data: bytes) -> float:
    with Image.open(io.BytesIO(data)) as picture:
        return float(np.ptp(np.asarray(picture.convert("RGB")).astype(np.int16), axis=-1).mean())


@pytest.mark.parametrize("number", [0, 13, 29])
def test_it_is_the_first_frame_from_that_time_on(film: Path, number: int) -> None:
    still = take(film, max(0.0, (number - 0.5) / RATE))
    with av.open(film) as container:
        frames = [frame.to_ndarray(format="gray").astype(np.int16) for frame in container.decode(video=0)]
    distances = [float(np.abs(gray_levels(still.gray) - frame).mean()) for frame in frames]
    assert int(np.argmin(distances)) == number
    assert distances[number] < 4  # JPEG, and two conversions from luma to grey


def test_after_the_last_frame_there_is_none(film: Path) -> None:
    assert read_still(film, FRAMES / RATE + 1) is None


def test_what_is_no_film_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "letter.mp4"
    path.write_bytes(b"Dear grandma")
    with pytest.raises(InvalidVideo):
        read_still(path, 0.0)


def test_a_large_frame_is_made_small_for_the_page(tmp_path: Path) -> None:
    path = tmp_path / "large.mp4"
    write_film(path, frames=1, width=1280, height=720)
    picture = take(path, 0.0).picture
    assert (picture.width, picture.height) == (SIDE, 540)


def test_a_film_that_was_turned_stands_upright(film: Path, tmp_path: Path) -> None:
    path = tmp_path / "turned.mp4"
    with av.open(film) as source, av.open(path, "w") as target:
        stream = target.add_stream_from_template(source.streams.video[0])
        stream.set_display_rotation(90)
        for packet in source.demux(video=0):
            if packet.dts is not None:
                packet.stream = stream
                target.mux(packet)
    assert take(path, 0.0).picture.width == 120


def test_the_colours_follow_the_strength_and_the_network_runs_once(film: Path, colorizer: Colorizer) -> None:
    still = take(film, 0.0)
    gray, mild, strong = (
        saturation(still.colorize(colorizer, Look(strength=strength))) for strength in (0.0, 1.0, 2.0)
    )
    assert gray < 1 < mild < strong
    (prediction,) = still.predictions.values()
    still.colorize(colorizer, Look(vividness=1.0))
    assert list(still.predictions.values()) == [prediction]
