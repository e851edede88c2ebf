"""Films made from a direction: looks, key frames and levels of shots, and runs that go on after an interruption."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from colorizer import Colorizer, Hint, InvalidImage, InvalidSetting, Look, Restoration, load_colorizer
from colorizer.arrays import Floats
from colorizer.color import lab
from colorizer.network.weights import file_sha256
from colorizer.video import Progress, VideoEncoding, VideoOptions, VideoResult, colorize_video, estimate_seconds
from colorizer.video.directing.direction import Direction, FilmKey
from colorizer.video.directing.finished import discard_shots
from colorizer.video.directing.shots import Shot, make_same, shots_at
from colorizer.video.label import read_film_recipe
from tests.support.films import Tinter, ask, planes_of_film, run_ffmpeg, times_of
from tests.support.shot_films import make_shots

NOTHING: Mapping[str, Path] = MappingProxyType({})
CUTS = (1.0, 2.0)


@pytest.fixture(scope="module")
def compact() -> Colorizer:
    return load_colorizer("compact")


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """Three seconds at 25 frames a second; a shot in each."""
    return make_shots(tmp_path / "film.mp4")


@pytest.fixture
def slow_film(tmp_path: Path) -> Path:
    """The same with 10 frames a second, for runs of the network."""
    return make_shots(tmp_path / "slow.mp4", rate=10)


def directed(**fields: object) -> VideoOptions:
    return VideoOptions(direction=Direction(**{"shots": shots_at(CUTS), **fields}))  # type: ignore[arg-type]


def chroma(path: Path, shot: int, length: int = 25) -> NDArray[np.float64]:
    """The mean U and V of the frames of a shot of that length, from 0; 128 is grey."""
    planes = [planes_of_film(path, plane)[length * shot : length * (shot + 1)] for plane in "uv"]
    return np.array([plane.mean() for plane in planes])


def still_of(film: Path, frame: int, path: Path, tint: tuple[int, int, int]) -> Path:
    """A frame of the film in a colour, with another size, as a paint program would write it."""
    luma = planes_of_film(film)[frame]
    light = cv2.resize(luma, (320, 240), interpolation=cv2.INTER_CUBIC).astype(np.float32)
    rgb = np.clip(light[..., np.newaxis] / 128 * np.asarray(tint, np.float32), 0, 255)
    Image.fromarray(rgb.astype(np.uint8)).save(path)
    return path


def test_every_shot_has_its_own_look(film: Path, tmp_path: Path) -> None:
    gray, warm = Look(strength=0), Look(warmth=0.8)
    shots = shots_at(CUTS)
    shots = make_same((shots[0], replace(shots[1], look=gray), replace(shots[2], look=warm)), 1, 3)
    options = VideoOptions(look=Look(strength=1.5), direction=Direction(shots=shots))
    result = colorize_video(film, tmp_path / "out.mp4", Tinter(), options)
    assert (result.frames, result.complete, result.notes) == (75, True, ())
    assert times_of(tmp_path / "out.mp4") == times_of(film)
    np.testing.assert_array_equal(chroma(tmp_path / "out.mp4", 1), [128, 128])
    first, last = chroma(tmp_path / "out.mp4", 0), chroma(tmp_path / "out.mp4", 2)
    np.testing.assert_allclose(first - 128, last - 128, atol=3)
    assert abs(first - 128).max() > 5


def test_without_shots_a_film_is_as_with_one(film: Path, tmp_path: Path) -> None:
    """One list of one shot changes nothing that is seen; none at all is the film as it was made before."""
    for name, options in (("none", VideoOptions()), ("one", directed(shots=shots_at([])))):
        colorize_video(film, tmp_path / f"{name}.mp4", Tinter(), replace(options, label=False))
    none, one = ((tmp_path / f"{name}.mp4").read_bytes() for name in ("none", "one"))
    assert none == one


def test_shots_of_any_codec_are_joined_so_that_all_frames_can_be_decoded(film: Path, tmp_path: Path) -> None:
    shots = shots_at(number / 25 for number in (1, 2, 3, 25, 26, 60))  # some of one frame
    options = VideoOptions(direction=Direction(shots=shots))
    colorize_video(film, tmp_path / "out.mp4", Tinter(), options)
    assert times_of(tmp_path / "out.mp4") == times_of(film)
    luma, original = planes_of_film(tmp_path / "out.mp4"), planes_of_film(film)
    np.testing.assert_allclose(luma, original, atol=40)
    packets = ask(tmp_path / "out.mp4", "packet=dts,flags", "-select_streams", "v")["packets"]
    decoded = [int(packet["dts"]) for packet in packets]
    assert decoded == sorted(set(decoded))
    assert sum("K" in packet["flags"] for packet in packets) == len(shots)


class Counting(Tinter):
    """Colours that tell the shot: each frame has those of its mean lightness."""

    def predict_ab(self, luminance: Floats, *, vividness: float = 0.0) -> Floats:
        super().predict_ab(luminance, vividness=vividness)
        return np.full((56, 56, 2), (float(luminance.mean()) - 50, 20), np.float32)


def run(film: Path, target: Path, options: VideoOptions, folder: Path | None, stop: int | None = None) -> VideoResult:
    frames: list[Progress] = []
    return colorize_video(
        *(film, target, Counting(), options),
        progress=frames.append,
        cancelled=lambda: stop is not None and len(frames) == stop,
        shots_folder=folder,
    )


@pytest.mark.parametrize("stop", [10, 25, 26, 60])
def test_a_run_that_was_stopped_goes_on_and_gives_the_same_film(stop: int, film: Path, tmp_path: Path) -> None:
    folder, options = tmp_path / "shots", directed()
    run(film, tmp_path / "whole.mp4", options, None)
    assert not run(film, tmp_path / "part.mp4", options, folder, stop).complete
    finished = sorted(path.name for path in folder.iterdir())
    assert len(finished) == (stop - 1) // 25
    colorizer = Counting()
    colorize_video(film, tmp_path / "again.mp4", colorizer, options, shots_folder=folder)
    assert (tmp_path / "again.mp4").read_bytes() == (tmp_path / "whole.mp4").read_bytes()
    every = Counting()
    colorize_video(film, tmp_path / "every.mp4", every, options)
    assert colorizer.predictions <= every.predictions * (3 - len(finished)) / 3 + 1
    assert {path.name for path in folder.iterdir()} >= set(finished)
    assert len(list(folder.iterdir())) == 3
    discard_shots(folder)
    assert not folder.exists()


@pytest.mark.parametrize(("suffix", "codec"), [(".mkv", "ffv1"), (".mov", "prores"), (".mp4", "hevc")])
def test_a_stopped_run_goes_on_in_formats_for_restorers(suffix: str, codec: str, film: Path, tmp_path: Path) -> None:
    options = replace(directed(), label=False, encoding=VideoEncoding(codec))
    run(film, tmp_path / f"whole{suffix}", options, None)
    run(film, tmp_path / f"part{suffix}", options, tmp_path / "shots", 60)
    run(film, tmp_path / f"again{suffix}", options, tmp_path / "shots")
    hashes = [run_ffmpeg("-i", tmp_path / f"{name}{suffix}", "-f", "framemd5", "-") for name in ("whole", "again")]
    assert hashes[0] == hashes[1]
    assert hashes[0].count(b"\n0, ") == 75


def test_a_shot_that_was_changed_is_made_anew_and_no_other(film: Path, tmp_path: Path) -> None:
    folder, options = tmp_path / "shots", directed()
    run(film, tmp_path / "first.mp4", options, folder)
    shots = (*shots_at(CUTS)[:2], Shot(start=2.0, look=Look(strength=0.5)))
    changed = VideoOptions(direction=Direction(shots=shots))
    before = {path.name for path in folder.iterdir()}
    run(film, tmp_path / "second.mp4", changed, folder)
    assert len({path.name for path in folder.iterdir()} - before) == 1
    run(film, tmp_path / "fresh.mp4", changed, None)
    assert (tmp_path / "second.mp4").read_bytes() == (tmp_path / "fresh.mp4").read_bytes()
    colorizer = Counting()
    colorize_video(film, tmp_path / "third.mp4", colorizer, changed, shots_folder=folder)
    assert colorizer.predictions == 0


def test_a_finished_shot_that_was_cut_off_is_made_anew(film: Path, tmp_path: Path) -> None:
    folder = tmp_path / "shots"
    run(film, tmp_path / "first.mp4", directed(), folder)
    for path, size in zip(sorted(folder.iterdir()), (0, 1000, 5), strict=True):
        path.write_bytes(path.read_bytes()[:size])
    run(film, tmp_path / "second.mp4", directed(), folder)
    assert (tmp_path / "second.mp4").read_bytes() == (tmp_path / "first.mp4").read_bytes()


def test_another_film_under_the_same_name_shares_nothing(film: Path, tmp_path: Path) -> None:
    run(film, tmp_path / "first.mp4", directed(), tmp_path / "shots")
    make_shots(film, names=("coffee", "cat", "pagoda"))
    run(film, tmp_path / "second.mp4", directed(), tmp_path / "shots")
    run(film, tmp_path / "fresh.mp4", directed(), None)
    assert (tmp_path / "second.mp4").read_bytes() == (tmp_path / "fresh.mp4").read_bytes()


def test_levels_are_fixed_for_each_shot(tmp_path: Path) -> None:
    """A pale shot becomes black and white, all its frames by one curve, also while a white square passes."""
    square = "drawbox=x=60:y=40:w=30:h=30:color=white:t=fill:enable='between(n,10,20)'"
    pale = f"[v0]lutyuv=y='80+val*0.3'[p];[v1]{square}[q];[p][q]concat=n=2[film]"
    lossless = ("-c:v", "libx264", "-qp", "0", "-pix_fmt", "yuv420p")
    film = make_shots(tmp_path / "pale.mp4", *lossless, joined=pale, names=("cat", "pagoda"))
    options = VideoOptions(
        direction=Direction(shots=shots_at([1.0]), restoration=Restoration(levels=True)), label=False
    )
    colorize_video(film, tmp_path / "out.mp4", Tinter(), options)
    luma, original = planes_of_film(tmp_path / "out.mp4").astype(int), planes_of_film(film).astype(int)
    assert np.ptp(original[:25]) < 100
    assert np.percentile(luma[:25], 2) < 45
    assert np.percentile(luma[:25], 98) > 190
    for shot in (slice(0, 25), slice(25, 50)):  # one curve: what is as light in two frames, is in both results
        values = [
            [luma[shot][frame][abs(original[shot][frame] - level) <= 1].mean() for frame in (2, 13, 22)]
            for level in (110, 130)
        ]
        np.testing.assert_allclose(np.ptp(values, axis=1), 0, atol=4)


def test_a_still_and_a_correction_colour_their_shots_alone(slow_film: Path, tmp_path: Path, compact: Colorizer) -> None:
    still = still_of(slow_film, 24, tmp_path / "hand.png", (190, 110, 90))
    name = file_sha256(still)
    keys = (
        FilmKey(seconds=2.4, picture=name),
        FilmKey(seconds=1.0, hints=(Hint(0.5, 0.5, "#2040c0", reach=1.0),)),
    )
    colorize_video(slow_film, tmp_path / "plain.mp4", compact, directed())
    result = colorize_video(slow_film, tmp_path / "keyed.mp4", compact, directed(keys=keys), pictures={name: still})
    assert result.notes == ()
    plain, keyed = tmp_path / "plain.mp4", tmp_path / "keyed.mp4"
    for plane in "yuv":
        np.testing.assert_array_equal(planes_of_film(plain, plane)[:10], planes_of_film(keyed, plane)[:10])
    for frame in (10, 15):  # bluer, where the correction is
        blue, before = (planes_of_film(path, "u")[frame, 25:35, 35:45].mean() for path in (keyed, plain))
        assert blue > before + 4
    rgb = np.asarray(Image.open(still).convert("RGB"))
    wanted = lab.rgb_to_lab(rgb)[..., 1:].mean(axis=(0, 1))
    assert wanted[0] > 10
    for frame in (20, 24, 29):  # backwards and forwards
        seen = lab.rgb_to_lab(frame_rgb(keyed, frame))[..., 1:].mean(axis=(0, 1))
        assert np.linalg.norm(seen - wanted) < 12
    again = colorize_video(slow_film, tmp_path / "again.mp4", compact, directed(keys=keys), pictures={name: still})
    assert again == result
    assert (tmp_path / "again.mp4").read_bytes() == keyed.read_bytes()
    recipe = read_film_recipe(keyed)
    assert recipe.settings_as(VideoOptions) == directed(keys=keys)
    assert "hand.png" not in recipe.to_json()


def frame_rgb(path: Path, frame: int) -> NDArray[np.uint8]:
    raw = run_ffmpeg(
        "-i", path, "-vf", f"select=eq(n\\,{frame})", "-vframes", "1", "-f", "rawvideo", "-pix_fmt", "rgb24", "-"
    )
    return np.frombuffer(raw, np.uint8).reshape(120, 160, 3)


def test_a_part_that_begins_behind_a_key_frame_has_its_colours(
    slow_film: Path, tmp_path: Path, compact: Colorizer
) -> None:
    still = still_of(slow_film, 10, tmp_path / "red.png", (210, 90, 80))
    name = file_sha256(still)
    options = directed(keys=(FilmKey(seconds=1.0, picture=name),))
    colorize_video(slow_film, tmp_path / "whole.mp4", compact, options, pictures={name: still})
    part = replace(options, start=1.6, end=2.2)
    colorize_video(slow_film, tmp_path / "part.mp4", compact, part, pictures={name: still})
    for plane in "uv":
        whole, found = (planes_of_film(tmp_path / f"{one}.mp4", plane) for one in ("whole", "part"))
        assert abs(whole[16:20].astype(int) - found[:4]).mean() < 2  # as far as encoding lets them be the same


def test_key_frames_that_do_not_fit_are_named(slow_film: Path, tmp_path: Path, compact: Colorizer) -> None:
    other = still_of(slow_film, 5, tmp_path / "other.png", (200, 100, 100))
    name = file_sha256(other)
    keys = (FilmKey(seconds=2.5, picture=name), FilmKey(seconds=60.0, look=Look(strength=0)))
    result = colorize_video(slow_film, tmp_path / "out.mp4", compact, directed(keys=keys), pictures={name: other})
    assert any("The picture for 2.5 seconds shows something else" in note for note in result.notes)
    assert any("key frame at 60 seconds lies behind the film's end" in note for note in result.notes)


def test_what_was_said_of_finished_shots_is_said_again(slow_film: Path, tmp_path: Path, compact: Colorizer) -> None:
    other, folder = still_of(slow_film, 25, tmp_path / "other.png", (200, 100, 100)), tmp_path / "shots"
    pictures = {file_sha256(other): other}
    keys = (FilmKey(seconds=0.5, picture=file_sha256(other)), FilmKey(seconds=1.5), FilmKey(seconds=1.51))
    options, frames = directed(keys=keys), list[Progress]()
    whole = colorize_video(slow_film, tmp_path / "whole.mp4", compact, options, pictures=pictures)
    assert len(whole.notes) == 2
    colorize_video(
        *(slow_film, tmp_path / "out.mp4", compact, options),
        progress=frames.append,
        cancelled=lambda: len(frames) == 25,
        pictures=pictures,
        shots_folder=folder,
    )
    assert len(list(folder.iterdir())) == 2
    for _ in range(2):  # also where all shots are finished
        again = colorize_video(
            slow_film, tmp_path / "out.mp4", compact, options, pictures=pictures, shots_folder=folder
        )
        assert again.notes == whole.notes


def test_two_key_frames_of_one_frame_are_named(slow_film: Path, tmp_path: Path, compact: Colorizer) -> None:
    keys = (FilmKey(seconds=2.5, look=Look(strength=0)), FilmKey(seconds=2.51, look=Look(strength=1)))
    result = colorize_video(slow_film, tmp_path / "out.mp4", compact, directed(keys=keys))
    assert any("The key frames at 2.5 and 2.51 seconds are of the same frame" in note for note in result.notes)


@pytest.mark.parametrize("kind", ["grey", "text"])
def test_a_still_that_is_no_key_frame_is_refused_before_any_work(kind: str, film: Path, tmp_path: Path) -> None:
    still, progress = tmp_path / "hand.png", list[Progress]()
    if kind == "grey":
        Image.new("RGB", (40, 30), (90, 90, 90)).save(still)
    else:
        still.write_text("no picture")
    name = file_sha256(still)
    options, files = directed(keys=(FilmKey(seconds=2.5, picture=name),)), {name: still}
    with pytest.raises(InvalidImage) as raised:
        colorize_video(film, tmp_path / "out.mp4", Tinter(), options, pictures=files, progress=progress.append)
    assert "for 2.5 seconds" in str(raised.value)
    assert "hand.png" in str(raised.value)
    assert not progress


def test_a_picture_that_is_not_given(film: Path, tmp_path: Path) -> None:
    for fields in ({"keys": (FilmKey(seconds=0.0, picture="a" * 64),)}, {"reference": "a" * 64}):
        with pytest.raises(InvalidSetting, match=f"expected the file of the picture with the SHA-256 {'a' * 64}"):
            colorize_video(film, tmp_path / "out.mp4", Tinter(), directed(**fields))
    assert not (tmp_path / "out.mp4").exists()


def test_a_reference_gives_its_colours_to_the_whole_film(film: Path, tmp_path: Path, compact: Colorizer) -> None:
    still = still_of(film, 12, tmp_path / "reference.png", (200, 110, 90))
    name = file_sha256(still)
    film = make_shots(tmp_path / "slow.mp4", rate=4)
    options = VideoOptions(direction=Direction(reference=name))
    colorize_video(film, tmp_path / "plain.mp4", compact)
    colorize_video(film, tmp_path / "out.mp4", compact, options, pictures={name: still})
    shift = [
        abs(chroma(tmp_path / "out.mp4", shot, 4) - chroma(tmp_path / "plain.mp4", shot, 4)).sum() for shot in range(3)
    ]
    assert shift[0] > 6
    assert shift[0] > 2 * max(shift[1:])  # other scenes change little


def test_the_time_that_a_directed_film_takes_is_estimated(film: Path, tmp_path: Path) -> None:
    assert estimate_seconds(film, Tinter(), directed(), folder=tmp_path) is not None
    assert sorted(path.name for path in tmp_path.iterdir()) == ["film.mp4"]
