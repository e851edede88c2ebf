"""One frame of a film, to try the settings."""

from __future__ import annotations

import io
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from colorizer import Colorizer, InvalidVideo, Look, load_colorizer
from colorizer.arrays import Floats
from colorizer.frames.repair import FilmRepair
from colorizer.network.predictor import Prediction
from colorizer.video import VideoEncoding, VideoOptions, colorize_video
from colorizer.video.directing.direction import FilmKey
from dashboard.shared.reference import read_reference, takes_little
from dashboard.video.still import SIDE, StillFrame, read_still
from tests.support.film_clip import write_film
from tests.support.films import Tinter, make_film, run_ffmpeg
from tests.support.paths import SAMPLES
from tests.support.unusual_films import make_anamorphic

FRAMES, RATE = 30, 10
FIRST_FRAME = ("-frames:v", "1", "-c:v", "png", "-f", "image2pipe")


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


SQUARE, WIDE, TALL = Fraction(1), Fraction(64, 45), Fraction(8, 9)
EVERY_ORIENTATION = [(WIDE, rotation, mirrored) for rotation in (0, 90, 180, 270) for mirrored in (False, True)]


@pytest.mark.parametrize(
    ("aspect", "rotation", "mirrored"), [*EVERY_ORIENTATION, (SQUARE, 90, True), (TALL, 0, False), (TALL, 90, False)]
)
def test_a_frame_is_shown_as_a_player_shows_it(aspect: Fraction, rotation: int, mirrored: bool, tmp_path: Path) -> None:
    plain, path = tmp_path / "plain.mp4", tmp_path / "film.mp4"
    encoding = ("-c:v", "libx264", "-pix_fmt", "yuv420p", "-vf", f"setsar={aspect}")
    make_film(plain, *encoding, size="90x72", seconds=0.2, sound=False)
    with av.open(plain) as source, av.open(path, "w") as target:
        stream = target.add_stream_from_template(source.streams.video[0], opaque=True)
        stream.set_display_rotation(rotation, hflip=mirrored)
        for packet in source.demux(video=0):
            if packet.dts is not None:
                packet.stream = stream
                target.mux(packet)
    shown = gray_levels(run_ffmpeg("-i", path, *FIRST_FRAME, "-vf", "scale=iw*max(sar\\,1):ih/min(sar\\,1)", "-"))
    still = gray_levels(take(path, 0.0).gray)
    assert still.shape == shown.shape
    assert np.abs(still - shown).mean() < 5
    assert np.abs(still - shown[::-1, ::-1]).mean() > 25  # upside down it is another picture


@pytest.fixture
def dusty(tmp_path: Path) -> Path:
    """A film with a spot in frame 13 alone."""
    path = tmp_path / "dusty.mkv"
    write_film(tmp_path / "clean.mp4", frames=FRAMES, rate=RATE)
    spot = "drawbox=x=60:y=40:w=6:h=5:color=white:t=fill:enable='eq(n,13)'"
    run_ffmpeg("-i", tmp_path / "clean.mp4", "-vf", spot, "-an", "-c:v", "ffv1", path)
    return path


@pytest.mark.parametrize("moment", [0.0, 1.3, 2.9])
def test_a_frame_is_repaired_as_in_the_result(dusty: Path, tmp_path: Path, moment: float) -> None:
    repair = FilmRepair(dust=True)
    still = read_still(dusty, moment, repair)
    assert still is not None
    assert still.seconds == pytest.approx(moment, abs=0.01)
    shown, repaired = gray_levels(still.gray), still.picture.pixels.astype(np.int16)
    assert (np.abs(shown - repaired).max() > 40) == (moment == 1.3), "beside it, it is shown as it was"
    result = tmp_path / "result.mkv"
    encoding = VideoEncoding(codec="ffv1")
    colorize_video(dusty, result, Tinter(), VideoOptions(Look(strength=0), repair=repair, encoding=encoding))
    select = ("-vf", f"select='eq(n,{round(moment * RATE)})'", "-vsync", "0")
    made = gray_levels(run_ffmpeg("-i", result, *select, *FIRST_FRAME, "-"))
    assert np.abs(made - repaired).max() <= 2


def test_a_frame_is_repaired_from_its_neighbours_in_every_way(dusty: Path) -> None:
    repair = FilmRepair(dust=True, scratches=True, deflicker=1.0, steady="crop")
    still = read_still(dusty, 1.3, repair)
    assert still is not None
    assert still.picture.pixels.shape == (120, 160)
    assert read_still(dusty, FRAMES / RATE + 1, repair) is None


def test_a_frame_takes_colours_from_a_reference(colorizer: Colorizer, tmp_path: Path) -> None:
    write_film(tmp_path / "film.mp4", frames=1, width=200, height=150)
    still = take(tmp_path / "film.mp4", 0.0)
    with Image.open(SAMPLES / "colour" / "pagoda.jpg") as picture:
        red, green, blue = picture.convert("RGB").split()
    encoded = io.BytesIO()
    Image.merge("RGB", (blue, green, red)).save(encoded, "PNG")
    like = read_reference("like.png", encoded.getvalue(), 10_000_000)
    other = read_reference("cat.jpg", (SAMPLES / "colour" / "cat.jpg").read_bytes(), 10_000_000)
    plain, alike, unlike = (still.analyze(colorizer, reference) for reference in (None, like, other))
    assert still.analyze(colorizer, like) is alike
    assert plain.soft_hints is None
    assert alike.soft_hints is not None
    assert unlike.soft_hints is not None
    assert (takes_little(alike.soft_hints), takes_little(unlike.soft_hints)) == (False, True)
    assert still.colorize(alike, Look()) != still.colorize(plain, Look())


def test_a_frame_of_an_hdr_film_is_as_light_as_in_the_result(tmp_path: Path) -> None:
    path, result = tmp_path / "hdr.mp4", tmp_path / "result.mp4"
    pq = ("-c:v", "libx264", "-pix_fmt", "yuv420p10le", "-color_trc", "smpte2084", "-colorspace", "bt2020nc")
    make_film(path, *pq, "-color_primaries", "bt2020", seconds=0.2, sound=False)
    colorize_video(path, result, Tinter(), VideoOptions(Look(strength=0)))
    shown = gray_levels(run_ffmpeg("-i", result, *FIRST_FRAME, "-"))
    still = gray_levels(take(path, 0.0).gray)
    assert np.abs(still - shown).mean() < 4
    assert still.mean() > gray_levels(run_ffmpeg("-i", path, *FIRST_FRAME, "-")).mean() + 20


def test_the_picture_of_a_dvd_is_16_to_9(tmp_path: Path) -> None:
    picture = take(make_anamorphic(tmp_path / "dvd.mpg"), 0.0).picture
    assert (picture.width, picture.height) == (SIDE, SIDE * 9 // 16)


def test_the_colours_follow_the_strength_and_the_network_runs_once(
    film: Path, colorizer: Colorizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs, predict = 0, colorizer.predictor.predict

    def count(luminance: Floats, **options: bool) -> Prediction:
        nonlocal runs
        runs += 1
        return predict(luminance, **options)

    monkeypatch.setattr(colorizer.predictor, "predict", count)
    still = take(film, 0.0)
    gray, mild, strong = (
        saturation(still.colorize(still.analyze(colorizer), Look(strength=strength))) for strength in (0.0, 1.0, 2.0)
    )
    assert gray < 1 < mild < strong
    still.colorize(still.analyze(colorizer), Look(vividness=1.0))
    still.correct(still.analyze(colorizer), Look(), FilmKey(seconds=0.0))
    assert runs == 1
