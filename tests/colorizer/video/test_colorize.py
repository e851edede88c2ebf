"""Films from beginning to end: progress, cancelling, trimming, and errors. The results are checked with FFmpeg."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest
from PIL import Image

from colorizer import InvalidVideo, load_colorizer
from colorizer.arrays import Floats
from colorizer.video import Progress, VideoOptions, colorize_video, estimate_seconds, probe
from tests.support.films import Tinter, ask, make_film, planes_of_film, run_ffmpeg, sound_hashes, streams_of, times_of
from tests.support.paths import ROOT

H264 = ("-c:v", "libx264", "-g", "25", "-pix_fmt", "yuv420p")


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """Four seconds, a hundred frames, with sound."""
    return make_film(tmp_path / "film.mp4", *H264, "-c:a", "aac", seconds=4)


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "out" / "coloured.mp4"


def files_of(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_what_a_film_is_said_to_be(tmp_path: Path) -> None:
    source = make_film(tmp_path / "film.mkv", "-c:v", "mpeg4", "-c:a", "libopus", rate="30000/1001", size="320x200")
    info = probe(source)
    assert (info.width, info.height, info.codec, info.audio, info.rotation) == (320, 200, "mpeg4", ("opus",), 0)
    assert float(info.rate) == pytest.approx(29.97, abs=0.001)
    assert info.duration == pytest.approx(2, abs=0.1)
    assert info.frames == pytest.approx(60, abs=2)


def test_progress_tells_how_far_it_is(film: Path, target: Path) -> None:
    reports: list[Progress] = []
    result = colorize_video(film, target, Tinter(), progress=reports.append)
    assert [report.frames for report in reports] == list(range(1, 101))
    assert {report.expected_frames for report in reports} == {100}
    spent = [report.seconds_spent for report in reports]
    assert spent == sorted(spent)
    assert reports[0].seconds_left is None
    assert result.frames == 100
    preview = reports[-1].preview
    assert preview is not None
    assert preview.shape == (120, 160, 3)
    assert preview.dtype == np.uint8
    assert np.ptp(preview.astype(int), axis=2).mean() > 5


def test_a_slow_run_knows_its_speed_and_the_time_left(film: Path, target: Path) -> None:
    class Slow(Tinter):
        def predict_ab(self, luminance: Floats, *, vividness: float = 0.0) -> Floats:
            sum(range(600_000))
            return super().predict_ab(luminance, vividness=vividness)

    reports: list[Progress] = []
    colorize_video(film, target, Slow(), VideoOptions(smoothing=0), progress=reports.append)
    known = [report for report in reports if report.frames_per_second is not None]
    assert known
    for report in known:
        assert report.seconds_left is not None
        assert report.frames_per_second is not None
        assert report.seconds_left == pytest.approx((100 - report.frames) / report.frames_per_second)
    assert known[-1].seconds_left == 0


def test_a_film_is_the_same_to_the_byte_with_any_number_of_threads(tmp_path: Path) -> None:
    source = make_film(tmp_path / "film.mp4", *H264, sound=False, seconds=0.6)
    colorizer, made = load_colorizer("compact"), []
    threads = cv2.getNumThreads()
    try:
        for number in (1, 3):
            cv2.setNumThreads(number)
            colorize_video(source, tmp_path / f"{number}.mp4", colorizer)
            made.append((tmp_path / f"{number}.mp4").read_bytes())
    finally:
        cv2.setNumThreads(threads)
    assert made[0] == made[1]


def test_cancelling_keeps_what_is_finished(film: Path, target: Path) -> None:
    reports: list[Progress] = []
    result = colorize_video(film, target, Tinter(), progress=reports.append, cancelled=lambda: reports[-1].frames >= 30)
    assert (result.complete, result.frames) == (False, 30)
    assert times_of(target) == times_of(film)[:30]
    assert files_of(target.parent) == [target.name]
    assert len(planes_of_film(target)) == 30
    sound = sound_hashes(target)
    assert sound == sound_hashes(film)[: len(sound)]


@pytest.mark.parametrize(("start", "end", "first", "last"), [(1.0, 3.0, 25, 75), (2.5, None, 63, 100), (0, 0.5, 0, 13)])
def test_a_part_of_a_film(start: float, end: float | None, first: int, last: int, film: Path, target: Path) -> None:
    reports: list[Progress] = []
    options = VideoOptions(start=start, end=end)
    result = colorize_video(film, target, Tinter(), options, progress=reports.append)
    expected = times_of(film)[first:last]
    assert result.frames == len(expected)
    assert reports[0].expected_frames == pytest.approx(len(expected), abs=1)
    np.testing.assert_allclose(
        [float(time) for time in times_of(target)], [float(time) - start for time in expected], atol=1e-4
    )
    np.testing.assert_allclose(planes_of_film(target), planes_of_film(film)[first:last], atol=40)
    sound = sound_hashes(target)
    everything = sound_hashes(film)
    begin = everything.index(sound[0])
    assert everything[begin : begin + len(sound)] == sound
    assert len(sound) == pytest.approx((min(end or 4, 4) - start) * 48000 / 1024, abs=2)


def test_a_start_behind_the_end_of_the_film(film: Path, target: Path) -> None:
    with pytest.raises(InvalidVideo, match=r"expected pictures from 60 seconds on, got film.mp4 of 4 seconds"):
        colorize_video(film, target, Tinter(), VideoOptions(start=60))
    assert files_of(target.parent) == []


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"start": -1.0}, "start of 0 seconds or more, got -1"),
        ({"start": 2.0, "end": 2.0}, "end after the start at 2 seconds, got 2"),
        ({"smoothing": 1.5}, "smoothing from 0 to 1, got 1.5"),
    ],
)
def test_options_out_of_range(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        VideoOptions(**options)


@pytest.mark.parametrize("stage", ["network", "progress"])
def test_an_exception_in_any_stage_ends_all_and_is_reported(stage: str, film: Path, target: Path) -> None:
    class Failing(Tinter):
        def predict_ab(self, luminance: Floats, *, vividness: float = 0.0) -> Floats:
            if self.predictions == 5 and stage == "network":
                raise RuntimeError("the network has had enough")
            return super().predict_ab(luminance, vividness=vividness)

    def progress(report: Progress) -> None:
        if report.frames == 5 and stage == "progress":
            raise RuntimeError("the page has had enough")

    target.parent.mkdir()
    target.write_bytes(b"of an earlier run")
    with pytest.raises(RuntimeError, match=f"the {stage.replace('progress', 'page')} has had enough"):
        colorize_video(film, target, Failing(), progress=progress)
    assert target.read_bytes() == b"of an earlier run"
    assert files_of(target.parent) == [target.name]


def test_the_estimate_is_of_the_whole_film(film: Path) -> None:
    seconds = estimate_seconds(film, Tinter())
    assert seconds is not None
    assert 0 < seconds < 60
    assert files_of(film.parent) == ["film.mp4"]


def cut(path: Path, share: float) -> Path:
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    return path


@pytest.mark.parametrize(
    ("ending", "options"),
    [("mp4", ("-movflags", "faststart")), ("mkv", ()), ("avi", ())],
)
def test_a_cut_off_film_is_written_as_far_as_it_goes(
    ending: str, options: tuple[str, ...], tmp_path: Path, target: Path
) -> None:
    source = cut(make_film(tmp_path / f"film.{ending}", *H264, "-c:a", "libmp3lame", *options, seconds=6), 0.5)
    result = colorize_video(source, target, Tinter())
    assert not result.complete
    assert any("seconds" in note for note in result.notes)
    assert 40 < result.frames < 120
    assert len(planes_of_film(target)) == result.frames


def test_damage_in_the_middle_costs_a_few_frames(tmp_path: Path, target: Path) -> None:
    source = make_film(tmp_path / "film.ts", *H264, sound=False, seconds=4)
    data = bytearray(source.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 2000] = np.random.default_rng(0).bytes(2000)
    source.write_bytes(data)
    assert colorize_video(source, target, Tinter()).frames > 80


def picture_file(path: Path) -> None:
    path.write_text("a shopping list, not a film", encoding="utf-8")


def sound_only(path: Path) -> None:
    run_ffmpeg("-f", "lavfi", "-i", "sine=duration=1", "-c:a", "aac", path)


def sound_with_cover(path: Path) -> None:
    cover, sound = path.with_name("cover.png"), path.with_name("sound.mp4")
    Image.new("RGB", (64, 64), "red").save(cover)
    sound_only(sound)
    run_ffmpeg("-i", sound, "-i", cover, "-map", "0", "-map", "1", "-c", "copy", "-disposition:v", "attached_pic", path)


def without_index(path: Path) -> None:
    cut(make_film(path, *H264, "-c:a", "aac"), 0.6)


def encrypted(path: Path) -> None:
    key = "76a6c65c5ea762046bd749a2e632ccbb"
    scheme = ("-encryption_scheme", "cenc-aes-ctr", "-encryption_key", key, "-encryption_kid", key[::-1])
    make_film(path, *H264, "-c:a", "aac", *scheme)


def unknown_codec(path: Path) -> None:
    make_film(path, *H264, sound=False)
    path.write_bytes(path.read_bytes().replace(b"avc1", b"zzzz"))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (picture_file, "expected a film that can be read, got film.mp4"),
        (Path.touch, "expected a film that can be read, got film.mp4"),
        (sound_only, r"got film.mp4 without a video stream \(streams: audio\)"),
        (sound_with_cover, "got film.mp4 without a video stream"),
        (without_index, r"without its index \(moov\): truncated"),
        (encrypted, r"encrypted \(DRM\)"),
        (unknown_codec, "expected a video codec that FFmpeg decodes, got film.mp4"),
    ],
)
def test_what_is_no_film(make: object, message: str, tmp_path: Path) -> None:
    source, out = tmp_path / "film.mp4", tmp_path / "out"
    assert callable(make)
    make(source)
    for action in (lambda: probe(source), lambda: colorize_video(source, out / "coloured.mp4", Tinter())):
        with pytest.raises(InvalidVideo, match=message):
            action()
    assert files_of(out) == []


@pytest.mark.parametrize(
    "name",
    ["12:30 Uhr.mp4", "http:film.mp4", "-film.mp4", "50%d.mp4", "concat:a|b.mp4", os.fsdecode(b"Gr\xfc\xdfe.mp4")],
    ids=["colon", "protocol", "dash", "percent", "concat", "latin-1"],
)
def test_a_name_that_means_something_else_to_ffmpeg(name: str, film: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Names relative to the folder, where FFmpeg takes the part before a colon for a protocol."""
    monkeypatch.chdir(film.parent)
    film.rename(name)
    out = f"coloured {name}"
    assert colorize_video(Path(name), Path(out), Tinter(), VideoOptions(end=0.2)).frames == 5
    assert probe(Path(out)).frames == 5
    assert files_of(Path()) == sorted([name, out])


def test_an_unforeseen_error_names_the_film(film: Path, target: Path) -> None:
    class Failing(Tinter):
        def predict_ab(self, luminance: Floats, *, vividness: float = 0.0) -> Floats:
            raise KeyError(vividness, luminance.shape)

    with pytest.raises(KeyError) as raised:
        colorize_video(film, target, Failing())
    assert raised.value.__notes__ == [f"while colouring the film {film}"]
    assert files_of(target.parent) == []


def test_a_film_in_which_ffmpeg_fails_is_not_a_bug(film: Path, target: Path) -> None:
    class Failing(Tinter):
        def predict_ab(self, luminance: Floats, *, vividness: float = 0.0) -> Floats:
            raise av.InvalidDataError(luminance.ndim + int(vividness), "a filter refuses the frame")

    with pytest.raises(InvalidVideo, match=r"got film\.mp4, where FFmpeg fails: a filter refuses the frame"):
        colorize_video(film, target, Failing())


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"nowhere\.mp4"):
        probe(tmp_path / "nowhere.mp4")


FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from typing import Any
from colorizer.errors import VideoNotWritten
from colorizer.video import colorize_video
from tests.support.films import Tinter
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
# No file may grow beyond: the write fails as on a full disk.
resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, 30_000))
try:
    colorize_video(Path(sys.argv[1]), Path(sys.argv[2]), Tinter())
except VideoNotWritten as error:
    print(error)
"""


def test_a_disk_without_room(film: Path, target: Path) -> None:
    command = [sys.executable, "-c", FULL_DISK, str(film), str(target)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=True)
    assert "expected to write the film to" in done.stdout
    assert "File too large" in done.stdout
    assert files_of(target.parent) == []


GROWTH = """
import sys
from pathlib import Path
from typing import Any
from colorizer.video import colorize_video
from tests.support.films import Tinter

def resident():
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024

seen = {}
def progress(report):
    if report.frames % 600 == 0:
        seen[report.frames // 600] = resident()

colorize_video(Path(sys.argv[1]), Path(sys.argv[2]), Tinter(), progress=progress)
print(max(seen.values()) - seen[1], len(seen))
"""


@pytest.mark.slow
def test_memory_does_not_grow_with_the_length(tmp_path: Path) -> None:
    """3000 frames of 160 x 120: the memory after 600 against the maximum of all later looks, in megabytes."""
    source = make_film(tmp_path / "film.mp4", *H264, "-preset", "ultrafast", "-c:a", "aac", seconds=120)
    command = [sys.executable, "-c", GROWTH, str(source), str(tmp_path / "coloured.mp4")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=280, check=True)
    growth, looks = done.stdout.split()
    assert int(looks) == 5
    assert float(growth) < 11  # 4.6 kB for each frame, less than one plane of chroma
    duration = ask(tmp_path / "coloured.mp4", "format=duration")["format"]["duration"]
    assert float(duration) == pytest.approx(120, abs=0.1)
    assert streams_of(tmp_path / "coloured.mp4", "v", "nb_frames")[0]["nb_frames"] == "3000"
