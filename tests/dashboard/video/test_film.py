"""A film on disk, its runs and results, with the real network and real files."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import av
import pytest
from hypothesis import given
from hypothesis import strategies as st

from colorizer import Colorizer, InvalidVideo, Look, Restoration, VideoNotWritten, load_colorizer
from colorizer.frames.repair import FilmRepair
from colorizer.images.naming import result_names
from colorizer.video import Pace, Progress, VideoOptions, VideoResult, colorize_video, survey
from colorizer.video.directing.direction import Direction, FilmKey
from colorizer.video.directing.shots import Shot, shots_at
from dashboard.server.disk import DiskFull
from dashboard.server.job_queue import JobQueue
from dashboard.server.jobs import JobState
from dashboard.server.workers.run import WorkerStopped
from dashboard.video import film as film_module
from dashboard.video import work as work_module
from dashboard.video.film import Film
from dashboard.video.runs import (
    FilmPart,
    FilmResult,
    FilmRun,
    RunTooLong,
    StopReason,
    describe_in_name,
    preview_part,
)
from dashboard.video.upload import save_upload
from tests.support.film_clip import write_film
from tests.support.unusual_films import RECORDED, make_recording

SOON = 60.0
NAME = "grandma 1932.mp4"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """An uploaded film of five seconds."""
    path = tmp_path_factory.mktemp("film") / NAME
    write_film(path, frames=50, rate=10)
    return path.read_bytes()


@pytest.fixture(scope="module")
def colorizer() -> Colorizer:
    return load_colorizer("compact")


@pytest.fixture
def film(data: bytes, tmp_path: Path) -> Film:
    return save_upload(data, name=NAME, upload="1", folder=tmp_path, max_seconds=60)


class Starter:
    """Starts runs of a film, with the real work or with work that a test controls."""

    def __init__(self, film: Film, colorizer: Colorizer) -> None:
        self.film, self.colorizer = film, colorizer
        self.queue = JobQueue()

    def start(self, kind: FilmPart, options: VideoOptions | None = None) -> FilmRun:
        self.film.start(kind, self.colorizer, options or VideoOptions(), queue=self.queue, owner="ann")
        assert self.film.latest is not None
        return self.film.latest

    def finish(self, kind: FilmPart, options: VideoOptions | None = None) -> FilmRun:
        run = self.start(kind, options)
        assert run.job.wait(SOON)
        return run


@pytest.fixture
def starter(film: Film, colorizer: Colorizer) -> Starter:
    return Starter(film, colorizer)


@pytest.fixture
def in_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the work run in this process, so that a test can put its own in its place."""
    monkeypatch.setattr(work_module, "run_isolated", lambda function, *arguments, limits: function(*arguments))  # noqa: ARG005


def replace_colorize_video(monkeypatch: pytest.MonkeyPatch, result: VideoResult | Exception) -> None:
    """Let runs write a small file and end with this result or error."""

    def write_few_bytes(_source: Path, target: Path, *_: object, **__: object) -> VideoResult:
        if isinstance(result, Exception):
            raise result
        target.write_bytes(b"frames")
        return result

    monkeypatch.setattr(work_module, "colorize_video", write_few_bytes)


def collect(film: Film) -> FilmResult:
    result = film.collect_result()
    assert result is not None
    return result


def frames_of(path: Path) -> int:
    with av.open(path) as container:
        return sum(1 for _ in container.decode(video=0))


def test_an_upload_lies_on_disk_and_is_looked_into(film: Film, data: bytes, tmp_path: Path) -> None:
    assert film.source.parent == tmp_path
    assert film.source.suffix == ".mp4"
    assert film.source.read_bytes() == data
    assert (film.info.width, film.info.height, film.info.audio) == (160, 120, ("aac",))
    assert film.info.duration == pytest.approx(5.0, abs=0.1)


def test_what_is_no_film_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(InvalidVideo):
        save_upload(b"Dear grandma", name="letter.mp4", upload="1", folder=tmp_path, max_seconds=60)
    assert list(tmp_path.iterdir()) == []


def test_a_film_beyond_the_limit_is_refused_and_leaves_no_file(data: bytes, tmp_path: Path) -> None:
    with pytest.raises(InvalidVideo, match=r"at most 0.05 minutes, got one of 0.1 minutes\nCut it"):
        save_upload(data, name=NAME, upload="1", folder=tmp_path, max_seconds=3)
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_takes_no_more_says_so(data: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(VideoNotWritten, match=r"of free disk space .*, got: No space left on device"):
        save_upload(data, name=NAME, upload="1", folder=tmp_path, max_seconds=60)
    assert list(tmp_path.iterdir()) == []


def test_the_whole_film_comes_out_with_all_its_frames(film: Film, starter: Starter) -> None:
    run = starter.finish(FilmPart.WHOLE)
    result = collect(film)
    assert film.results == {FilmPart.WHOLE: result}
    assert film.latest is None
    assert (result.kind, result.name, result.span) == (FilmPart.WHOLE, "grandma 1932_colorized.mp4", "")
    assert (result.end.video.frames, result.end.stop) == (frames_of(run.target), None) == (50, None)
    assert isinstance(run.job.progress, Progress)


def test_a_preview_is_of_three_seconds_from_the_moment_on(film: Film, starter: Starter) -> None:
    run = starter.finish(FilmPart.PREVIEW, preview_part(VideoOptions(), 1.0, film.length))
    result = collect(film)
    assert (result.kind, result.span) == (FilmPart.PREVIEW, "0:01-0:04")
    assert result.name == "grandma 1932_preview_0.01-0.04_colorized.mp4"
    assert frames_of(run.target) == 30


@pytest.mark.parametrize(
    ("moment", "length", "part"),
    [
        (0.0, 60.0, (0, 3)),
        (20.5, 60.0, (20.5, 23.5)),
        (59.0, 60.0, (57, 60)),
        (0.5, 2.0, (0, 3)),
        (70.0, None, (70, 73)),
    ],
)
def test_a_preview_begins_at_the_moment_and_has_its_length(
    moment: float, length: float | None, part: tuple[float, float]
) -> None:
    options = preview_part(VideoOptions(Look(strength=0.5), start=30, end=40), moment, length)
    assert options == VideoOptions(Look(strength=0.5), start=part[0], end=part[1])


@pytest.mark.usefixtures("in_process")
def test_a_run_reads_as_busy_until_it_is_over(film: Film, starter: Starter, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = threading.Event()

    def wait_for_it(_: Path, target: Path, *__: object, **___: object) -> VideoResult:
        assert opened.wait(SOON)
        target.write_bytes(b"frames")
        return VideoResult(1, 0.1, complete=True)

    monkeypatch.setattr(work_module, "colorize_video", wait_for_it)
    run = starter.start(FilmPart.WHOLE)
    assert film.is_busy
    assert film.collect_result() is None
    assert starter.start(FilmPart.WHOLE) is run  # the same click, which came twice
    assert film.latest is run
    opened.set()
    assert run.job.wait(SOON)
    assert not film.is_busy


@pytest.mark.usefixtures("in_process")
def test_a_stopped_run_keeps_what_is_done(film: Film, starter: Starter, monkeypatch: pytest.MonkeyPatch) -> None:
    first_frame, stopped = threading.Event(), threading.Event()

    def watched(
        *arguments: Any, progress: Callable[[Progress], None], cancelled: Callable[[], bool], **others: Any
    ) -> VideoResult:
        def report(so_far: Progress) -> None:
            progress(so_far)
            first_frame.set()
            assert stopped.wait(SOON)

        return colorize_video(*arguments, progress=report, cancelled=cancelled, **others)

    monkeypatch.setattr(work_module, "colorize_video", watched)
    run = starter.start(FilmPart.WHOLE)
    assert first_frame.wait(SOON)
    run.job.cancel()
    stopped.set()
    assert run.job.wait(SOON)
    result = collect(film)
    assert (result.kind, result.end.stop) == (FilmPart.BEGINNING, StopReason.VISITOR)
    assert (result.name, result.span) == ("grandma 1932_stopped_0.00-0.00_colorized.mp4", "0:00-0:00")
    assert frames_of(run.target) == result.end.video.frames == 1


@pytest.mark.usefixtures("in_process")
def test_what_a_stopped_run_has_finished_is_not_estimated_again(
    film: Film, starter: Starter, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = VideoOptions(start=0.5, direction=Direction(shots=shots_at([1.0, 2.0, 3.0])))
    assert film.what_is_left("compact", options) == options
    replace_colorize_video(monkeypatch, VideoResult(18, 1.8, complete=False))  # up to 2.3 seconds
    starter.finish(FilmPart.WHOLE, options)
    collect(film)
    assert film.what_is_left("compact", options) == replace(options, start=2.0)
    for other in (
        replace(options, start=0.6),
        replace(options, smoothing=0.1),
        replace(options, direction=Direction()),
    ):
        assert film.what_is_left("compact", other) == other
    assert film.what_is_left("zhang2016", options) == options


@pytest.mark.usefixtures("in_process")
def test_a_newer_result_takes_the_place_of_its_kind_alone(
    film: Film, starter: Starter, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace_colorize_video(monkeypatch, VideoResult(5, 0.5, complete=True))
    runs, names = [], []
    for kind in (FilmPart.WHOLE, FilmPart.PREVIEW, FilmPart.WHOLE):
        runs.append(starter.finish(kind))
        names.append(collect(film).name)
    assert {kind: result.run for kind, result in film.results.items()} == {
        FilmPart.PREVIEW: runs[1],
        FilmPart.WHOLE: runs[2],
    }
    assert [run.target.exists() for run in runs] == [False, True, True]
    assert len(set(names)) == 3, names  # the first may lie in the visitor's folder


@pytest.mark.usefixtures("in_process")
def test_a_beginning_takes_no_whole_films_place(film: Film, starter: Starter, monkeypatch: pytest.MonkeyPatch) -> None:
    replace_colorize_video(monkeypatch, VideoResult(50, 5.0, complete=True))
    starter.finish(FilmPart.WHOLE)
    whole = collect(film)
    replace_colorize_video(monkeypatch, VideoResult(7, 0.7, complete=False))
    starter.finish(FilmPart.WHOLE)
    beginning = collect(film)
    assert (beginning.kind, beginning.end.stop) == (FilmPart.BEGINNING, StopReason.SOURCE)
    assert film.results == {FilmPart.WHOLE: whole, FilmPart.BEGINNING: beginning}
    assert whole.run.target.exists()


@pytest.mark.usefixtures("in_process")
@pytest.mark.parametrize("is_kept", [True, False])
def test_a_run_that_takes_too_long_says_so(
    film: Film, starter: Starter, monkeypatch: pytest.MonkeyPatch, is_kept: bool
) -> None:
    def run_until_stopped(
        _: Path, target: Path, *__: object, cancelled: Callable[[], bool], **___: object
    ) -> VideoResult:
        while not cancelled():
            pass
        if not is_kept:
            raise WorkerStopped("expected to read the file to its end, got stopped")
        target.write_bytes(b"frames")
        return VideoResult(7, 0.7, complete=False)

    monkeypatch.setattr(work_module, "colorize_video", run_until_stopped)
    starter.queue = JobQueue(most_seconds=0.01)
    run = starter.finish(FilmPart.WHOLE)
    if is_kept:
        assert collect(film).end.stop is StopReason.TIME
    else:
        assert isinstance(run.job.exception(), RunTooLong)


@pytest.mark.usefixtures("in_process")
def test_a_run_for_which_the_disk_is_full_says_so(
    film: Film, starter: Starter, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace_colorize_video(monkeypatch, VideoResult(7, 0.7, complete=False))
    monkeypatch.setattr(film_module, "watch_free_space", lambda _: lambda: DiskFull("expected more"))
    starter.finish(FilmPart.WHOLE)
    assert collect(film).end.stop is StopReason.DISK


@pytest.mark.usefixtures("in_process")
def test_a_result_knows_the_settings_that_would_make_it_again(
    film: Film, starter: Starter, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace_colorize_video(monkeypatch, VideoResult(30, 3.0, complete=True))
    options = VideoOptions(Look(strength=1.5, warmth=0.2), start=1.0, end=4.0)
    starter.finish(FilmPart.PREVIEW, options)
    result = collect(film)
    assert result.is_made_with("compact", replace(options, start=0.0, end=None))  # of another part
    assert not result.is_made_with("zhang2016", options)
    assert not result.is_made_with("compact", replace(options, look=Look()))
    assert not result.is_made_with("compact", replace(options, smoothing=0.0))
    assert not result.is_made_with("compact", replace(options, direction=Direction(shots=shots_at([1.0]))))


@given(name=st.text(min_size=1, max_size=300), spans=st.lists(st.tuples(st.floats(0, 9000), st.floats(0, 9000))))
def test_no_two_results_of_a_film_have_one_file_name(name: str, spans: list[tuple[float, float]]) -> None:
    parts = [(kind, VideoOptions(start=start), duration) for start, duration in spans for kind in FilmPart]
    named = [describe_in_name(name, *part) for part in parts]
    names = [path.name for path in result_names((path, ".mp4") for path in named)]
    assert len(set(names)) == len(parts)
    assert all(each.endswith("_colorized.mp4") and len(each.encode(errors="surrogatepass")) <= 255 for each in names)


def test_a_run_that_left_the_queue_leaves_nothing(film: Film, starter: Starter) -> None:
    gate = threading.Event()
    starter.queue.submit(lambda _: gate.wait(SOON), owner="bob")
    run = starter.start(FilmPart.WHOLE)
    run.job.cancel()
    gate.set()
    assert film.collect_result() is None
    assert (film.latest, film.results) == (None, {})


@pytest.mark.usefixtures("in_process")
def test_a_failure_stays_until_the_next_run(film: Film, starter: Starter, monkeypatch: pytest.MonkeyPatch) -> None:
    replace_colorize_video(monkeypatch, VideoNotWritten("expected room"))
    run = starter.finish(FilmPart.WHOLE)
    assert film.collect_result() is None
    assert film.latest is run
    assert run.job.state is JobState.FAILED
    replace_colorize_video(monkeypatch, VideoResult(5, 0.5, complete=True))
    starter.finish(FilmPart.PREVIEW)
    assert collect(film).kind is FilmPart.PREVIEW
    assert film.latest is None


@pytest.mark.usefixtures("in_process")
def test_the_pace_is_measured_once_for_all_that_takes_equally_long(
    film: Film, starter: Starter, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[VideoOptions] = []

    def measure(source: Path, _: Colorizer, options: VideoOptions, *, folder: Path, **__: object) -> Pace:
        assert folder.parent == source.parent  # removed with the session
        asked.append(options)
        return Pace(1.0, 0.25)

    def pace(options: VideoOptions) -> Pace:
        job = film.measure_pace(starter.colorizer, options, queue=starter.queue, owner="ann")
        assert job.wait(SOON)
        return job.result()

    monkeypatch.setattr(work_module, "measure_pace", measure)
    warm = VideoOptions(Look(warmth=0.5), smoothing=0.5, start=1.0, end=2.0)
    assert pace(warm) == pace(VideoOptions()) == Pace(1.0, 0.25)
    assert asked == [replace(warm, start=0.0, end=None)]  # of the whole film, whatever takes no longer
    slow = [
        VideoOptions(Look(vividness=0.5)),
        VideoOptions(smoothing=0.0),
        VideoOptions(repair=FilmRepair(dust=True)),
        VideoOptions(direction=Direction(keys=(FilmKey(seconds=1.0),))),
        VideoOptions(direction=Direction(shots=(Shot(start=0.0, restoration=Restoration(levels=True)),))),
    ]
    for options in slow:
        pace(options)
    assert asked[1:] == slow


@pytest.mark.usefixtures("in_process")
@pytest.mark.parametrize("suffix", RECORDED)
def test_a_film_of_unknown_length_comes_out_whole(
    suffix: str, tmp_path: Path, colorizer: Colorizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(survey, "_MAX_PACKETS", 10)  # a longer film, in little time
    data = make_recording(tmp_path / f"live{suffix}").read_bytes()
    film = save_upload(data, name=f"live{suffix}", upload="1", folder=tmp_path, max_seconds=60)
    assert film.length is None
    run = Starter(film, colorizer).finish(FilmPart.WHOLE)
    result = collect(film)
    assert result.kind is FilmPart.WHOLE
    assert result.end.video.frames == frames_of(run.target) == 50
    assert run.job.progress is not None
    assert run.job.progress.expected_frames is None
    assert run.job.progress.film_seconds == pytest.approx(2.0, abs=0.05)


@pytest.mark.parametrize(("start", "most"), [(0.0, 22), (1.0, 12)])
def test_a_run_stops_at_the_limit_whatever_length_the_film_claims(
    film: Film, starter: Starter, start: float, most: int
) -> None:
    film.max_seconds = 1.2  # the film has five; one more is tolerated, because headers are not exact
    run = starter.finish(FilmPart.WHOLE, VideoOptions(start=start))
    result = collect(film)
    assert (result.kind, result.end.stop) == (FilmPart.BEGINNING, StopReason.LIMIT)
    assert most < result.end.video.frames == frames_of(run.target) <= most + 1
    assert "The film is longer than 1.2 seconds; only this first part is read." in result.end.video.notes


@pytest.mark.usefixtures("in_process")
def test_a_measurement_gives_way_to_another_one_and_to_a_run(
    film: Film, starter: Starter, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = threading.Event()
    monkeypatch.setattr(work_module, "measure_pace", lambda *_, **__: opened.wait(SOON) and Pace(1.0, 0.25))
    replace_colorize_video(monkeypatch, VideoResult(5, 0.5, complete=True))
    first, second = (
        film.measure_pace(starter.colorizer, options, queue=starter.queue, owner="ann")
        for options in (VideoOptions(), VideoOptions(smoothing=0.0))
    )
    assert (first.should_stop(), second.should_stop()) == (True, False)
    starter.start(FilmPart.WHOLE)
    assert second.should_stop()
    assert film.paces == {}
    opened.set()


@pytest.mark.usefixtures("in_process")
def test_a_measurement_that_failed_says_why(film: Film, starter: Starter, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> Pace:
        raise InvalidVideo("expected pictures")

    monkeypatch.setattr(work_module, "measure_pace", fail)
    job = film.measure_pace(starter.colorizer, VideoOptions(), queue=starter.queue, owner="ann")
    assert job.wait(SOON)
    with pytest.raises(InvalidVideo, match="expected pictures"):
        job.result()


def test_deleting_stops_what_runs_and_removes_all_files(film: Film, starter: Starter, tmp_path: Path) -> None:
    starter.finish(FilmPart.PREVIEW)
    film.collect_result()
    run = starter.start(FilmPart.WHOLE)
    film.delete()
    assert run.job.done()
    assert list(tmp_path.iterdir()) == []
