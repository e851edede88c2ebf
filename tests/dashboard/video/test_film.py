"""A film on disk, its runs and results, with the real network and real files."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import pytest

from colorizer import Colorizer, InvalidVideo, Look, VideoNotWritten, load_colorizer
from colorizer.video import Progress, VideoOptions, VideoResult, colorize_video, survey
from dashboard.server.job_queue import JobQueue
from dashboard.server.jobs import JobState
from dashboard.video import work as work_module
from dashboard.video.film import Film, FilmPart, FilmRun, limit_to_first_seconds, save_upload
from tests.support.film_clip import write_film
from tests.support.unusual_films import RECORDED, make_long_recording, make_recording

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


def frames_of(path: Path) -> int:
    with av.open(path) as container:
        return sum(1 for _ in container.decode(video=0))


def test_an_upload_lies_on_disk_and_is_looked_into(film: Film, data: bytes, tmp_path: Path) -> None:
    assert film.source.parent == tmp_path
    assert film.source.suffix == ".mp4"
    assert film.source.read_bytes() == data
    assert (film.info.width, film.info.height, film.info.audio) == (160, 120, ("aac",))
    assert film.info.duration == pytest.approx(5.0, abs=0.1)
    assert film.target_name == "grandma 1932_colorized.mp4"


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
    assert film.collect_result() is FilmPart.WHOLE
    assert film.results == {FilmPart.WHOLE: run}
    assert film.latest is None
    assert run.job.result().frames == frames_of(run.target) == 50
    assert isinstance(run.job.progress, Progress)


def test_a_trial_is_of_the_first_three_seconds_of_the_part(film: Film, starter: Starter) -> None:
    run = starter.finish(FilmPart.TRIAL, VideoOptions(start=1.0))
    assert film.collect_result() is FilmPart.TRIAL
    assert frames_of(run.target) == 30


@pytest.mark.parametrize(
    ("start", "end", "trial_end"), [(0.0, None, 3.0), (2.0, None, 5.0), (2.0, 9.0, 5.0), (2.0, 4.0, 4.0)]
)
def test_a_trial_ends_with_the_part(start: float, end: float | None, trial_end: float) -> None:
    options = limit_to_first_seconds(VideoOptions(Look(strength=0.5), start=start, end=end), 3.0)
    assert options == VideoOptions(Look(strength=0.5), start=start, end=trial_end)


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
    assert film.collect_result() is FilmPart.BEGINNING
    assert not run.job.result().complete
    assert frames_of(run.target) == run.job.result().frames == 1


@pytest.mark.usefixtures("in_process")
def test_a_newer_result_takes_the_place_of_its_kind_alone(
    film: Film, starter: Starter, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace_colorize_video(monkeypatch, VideoResult(5, 0.5, complete=True))
    first, trial, second = (starter.start(kind) for kind in (FilmPart.WHOLE, FilmPart.TRIAL, FilmPart.WHOLE))
    for run in (first, trial, second):
        assert run.job.wait(SOON)
        film.latest = run
        film.collect_result()
    assert film.results == {FilmPart.TRIAL: trial, FilmPart.WHOLE: second}
    assert [run.target.exists() for run in (first, trial, second)] == [False, True, True]


@pytest.mark.usefixtures("in_process")
def test_a_beginning_takes_no_whole_films_place(film: Film, starter: Starter, monkeypatch: pytest.MonkeyPatch) -> None:
    replace_colorize_video(monkeypatch, VideoResult(50, 5.0, complete=True))
    whole = starter.finish(FilmPart.WHOLE)
    film.collect_result()
    replace_colorize_video(monkeypatch, VideoResult(7, 0.7, complete=False))
    beginning = starter.finish(FilmPart.WHOLE)
    assert film.collect_result() is FilmPart.BEGINNING
    assert film.results == {FilmPart.WHOLE: whole, FilmPart.BEGINNING: beginning}
    assert whole.target.exists()


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
    starter.finish(FilmPart.TRIAL)
    assert film.collect_result() is FilmPart.TRIAL
    assert film.latest is None


@pytest.mark.usefixtures("in_process")
def test_the_pace_is_estimated_once(film: Film, starter: Starter, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Path] = []
    opened = threading.Event()

    def estimate(source: Path, _: Colorizer, options: VideoOptions, *, folder: Path, **__: object) -> float:
        assert options == VideoOptions()
        assert folder.parent == source.parent  # removed with the session
        asked.append(source)
        assert opened.wait(SOON)
        return 10.0

    def pace() -> float | None:
        return film.estimate_pace(starter.colorizer, queue=starter.queue, owner="ann")

    monkeypatch.setattr(work_module, "estimate_seconds", estimate)
    assert [pace(), pace()] == [None, None]
    opened.set()
    assert film.estimates["compact"].wait(SOON)
    assert film.length is not None
    assert pace() == pytest.approx(10.0 / film.length)
    assert asked == [film.source]


@pytest.fixture
def recording(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> Film:
    """A film that does not say how long it is."""
    path = make_long_recording(tmp_path_factory.mktemp("recording") / "live.webm")
    return save_upload(path.read_bytes(), name=path.name, upload="1", folder=tmp_path, max_seconds=60)


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
    assert film.collect_result() is FilmPart.WHOLE
    assert run.job.result().frames == frames_of(run.target) == 50
    assert run.job.progress is not None
    assert run.job.progress.expected_frames is None
    assert run.job.progress.film_seconds == pytest.approx(2.0, abs=0.05)


@pytest.mark.usefixtures("in_process")
def test_the_pace_of_a_film_of_unknown_length_is_that_of_its_first_minute(
    recording: Film, colorizer: Colorizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[VideoOptions] = []

    def estimate(_: Path, __: Colorizer, options: VideoOptions, **___: object) -> float:
        asked.append(options)
        return 90.0

    monkeypatch.setattr(work_module, "estimate_seconds", estimate)
    queue = JobQueue()
    recording.estimate_pace(colorizer, queue=queue, owner="ann")
    assert recording.estimates["compact"].wait(SOON)
    assert recording.estimate_pace(colorizer, queue=queue, owner="ann") == 1.5
    assert asked == [VideoOptions(end=60.0)]


@pytest.mark.parametrize(("start", "most"), [(0.0, 22), (1.0, 12)])
def test_a_run_stops_at_the_limit_whatever_length_the_film_claims(
    film: Film, starter: Starter, start: float, most: int
) -> None:
    film.max_seconds = 1.2  # the film has five; one more is tolerated, because headers are not exact
    run = starter.finish(FilmPart.WHOLE, VideoOptions(start=start))
    assert film.collect_result() is FilmPart.BEGINNING
    result = run.job.result()
    assert most < result.frames == frames_of(run.target) <= most + 1
    assert not result.complete
    assert "The film is longer than 1.2 seconds; only this first part is read." in result.notes


@pytest.mark.usefixtures("in_process")
def test_an_estimate_that_failed_says_why(film: Film, starter: Starter, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = threading.Event()

    def fail(*_: object, **__: object) -> float:
        assert opened.wait(SOON)
        raise InvalidVideo("expected pictures")

    monkeypatch.setattr(work_module, "estimate_seconds", fail)
    assert film.estimate_pace(starter.colorizer, queue=starter.queue, owner="ann") is None
    opened.set()
    assert film.estimates["compact"].wait(SOON)
    with pytest.raises(InvalidVideo, match="expected pictures"):
        film.estimate_pace(starter.colorizer, queue=starter.queue, owner="ann")


def test_deleting_stops_what_runs_and_removes_all_files(film: Film, starter: Starter, tmp_path: Path) -> None:
    starter.finish(FilmPart.TRIAL)
    film.collect_result()
    run = starter.start(FilmPart.WHOLE)
    film.delete()
    assert run.job.done()
    assert list(tmp_path.iterdir()) == []
