"""The Film tab under AppTest, with stubs for the long jobs, controlled by the test."""

from __future__ import annotations

import re
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from colorizer import Colorizer, Hint, Look, VideoNotWritten, WeightsMissing, load_colorizer
from colorizer.frames.repair import FilmRepair
from colorizer.video import Pace, Progress, VideoEncoding, VideoOptions, VideoResult
from colorizer.video.directing.direction import Direction, FilmKey
from dashboard.server.job_queue import JobQueue
from dashboard.server.jobs import Job
from dashboard.server.settings import MAX_MINUTES, MAX_RUN_MINUTES
from dashboard.shared import missing_model
from dashboard.shared.text import MULTIPLICATION_SIGN
from dashboard.video import work as work_module
from dashboard.video.film import Film
from dashboard.video.runs import FilmPart
from dashboard.video.stage import FRAME_VIEW, VIEW_KEY
from dashboard.video.tab import FILM_KEY, UPLOAD_KEY
from tests.support.film_clip import write_film
from tests.support.films import make_film
from tests.support.paths import SAMPLES
from tests.support.unusual_films import make_long_recording

SOON = 60.0
SECONDS = 5.0
PACE = Pace(0.0, 0.6, keyed=1.2)  # seconds; the stub's

Draw = Callable[..., AppTest]


class Work:
    """Replaces colorize_video: reports one frame and runs until it is released or cancelled."""

    def __init__(self) -> None:
        self.begun, self.opened = threading.Event(), threading.Event()
        self.options: list[VideoOptions] = []
        self.progress = Progress(7, 50, 2.0, 3.5, 12.0, None, 0.7)
        self.notes: tuple[str, ...] = ()
        self.error: Exception | None = None

    def __call__(
        self,
        _source: Path,
        target: Path,
        _colorizer: object,
        options: VideoOptions,
        *,
        progress: Callable[[Progress], None],
        cancelled: Callable[[], bool],
        **_: object,
    ) -> VideoResult:
        self.options.append(options)
        progress(self.progress)
        self.begun.set()
        while not self.opened.wait(0.005) and not cancelled():
            pass
        if self.error is not None:
            raise self.error
        write_film(target, frames=7)
        return VideoResult(7, 0.7, complete=not cancelled(), notes=self.notes)


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Iterator[Work]:
    made = Work()
    monkeypatch.setattr(work_module, "run_isolated", lambda function, *arguments, limits: function(*arguments))  # noqa: ARG005
    monkeypatch.setattr(work_module, "colorize_video", made)
    monkeypatch.setattr(work_module, "measure_pace", lambda *_, **__: PACE)
    yield made
    made.opened.set()


@pytest.fixture
def queue(monkeypatch: pytest.MonkeyPatch) -> JobQueue:
    """A queue of this test."""
    made = JobQueue()
    for module in ("dashboard.video.controls", "dashboard.video.progress"):
        monkeypatch.setattr(f"{module}.job_queue", lambda: made)
    return made


@pytest.fixture
def app(work: Work, queue: JobQueue) -> AppTest:  # noqa: ARG001 - used for their side effects
    def page() -> None:
        from dashboard.video import tab as video

        video.render()

    return run_app(AppTest.from_function(page, default_timeout=60))


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("film") / "film.mp4"
    write_film(path, frames=50, rate=10)
    return path.read_bytes()


@pytest.fixture
def loaded(app: AppTest, data: bytes) -> AppTest:
    """The tab with a film and the estimate of its time."""
    upload(app, "parade.mp4", data)
    expect_paces(app)
    return run_app(app)


def run_app(app: AppTest) -> AppTest:
    app.run()
    assert not app.exception
    return app


def upload(app: AppTest, name: str, data: bytes) -> AppTest:
    app.file_uploader(key=UPLOAD_KEY).set_value((name, data, "video/mp4"))
    return run_app(app)


def press(app: AppTest, key: str) -> AppTest:
    app.button(key=key).click()
    return run_app(app)


def expect_paces(app: AppTest) -> None:
    """Wait for all measurements of the time."""
    assert all(job.wait(SOON) for job in film_of(app).paces.values())


def film_of(app: AppTest) -> Film:
    film: Film = app.session_state[FILM_KEY]
    return film


def texts(app: AppTest) -> str:
    return "\n".join(element.value for element in (*app.caption, *app.markdown))


def drawn(app: AppTest) -> list[str]:
    """The components on the page."""
    return [each.proto.component_name.rpartition("colouriser_")[2] for each in app.get("bidi_component")]


def urls(app: AppTest) -> list[str]:
    """The addresses of the downloads on the page."""
    return [link.proto.url for link in app.get("link_button")]


def finish(app: AppTest, work: Work) -> AppTest:
    """Let the current run end, and draw the tab again."""
    run = film_of(app).latest
    assert run is not None
    work.opened.set()
    assert run.job.wait(SOON)
    return run_app(app)


def test_without_a_film_the_page_says_what_to_do(app: AppTest) -> None:
    for step in ("Drop a film", "Try it", "Colour it", "Download it"):
        assert step in texts(app)
    assert "up to 1 h long" in texts(app)
    assert not app.button


def test_a_film_shows_what_it_is_and_how_long_it_will_take(loaded: AppTest) -> None:
    assert f"Frame at 0:00 of 0:05 · 160 {MULTIPLICATION_SIGN} 120 · 10 frames a second · H.264 · with sound" in texts(
        loaded
    )
    assert "About 30 s of work for 0:05 of film" in texts(loaded)


def test_the_upload_is_kept_on_disk_alone(loaded: AppTest, data: bytes) -> None:
    film = film_of(loaded)
    assert film.source.read_bytes() == data
    assert film_of(run_app(loaded)) is film  # although the upload field has no data any more


def test_the_controls_say_how_it_is_coloured(loaded: AppTest, work: Work) -> None:
    loaded.slider(key="film-amount").set_value(1.5)
    loaded.slider(key="film-bold").set_value(0.25)
    loaded.slider(key="film-warmth").set_value(-0.5)
    loaded.slider(key="video-smoothing").set_value(0.5)
    loaded.slider(key=f"video-part-{film_of(loaded).upload}").set_value((1.0, 3.0))
    run_app(loaded)
    expect_paces(loaded)  # bold colours take longer
    assert "About 12 s of work for 0:02 of film" in texts(run_app(loaded))
    assert loaded.button(key="video-start").label == "Colour this part"
    press(loaded, "video-start")
    assert work.begun.wait(SOON)
    assert work.options == [
        VideoOptions(Look(strength=1.5, vividness=0.25, warmth=-0.5), smoothing=0.5, start=1.0, end=3.0)
    ]


def test_what_is_to_be_repaired_reaches_the_run(loaded: AppTest, work: Work) -> None:
    for key in ("video-dust", "video-scratches", "video-deflicker"):
        loaded.checkbox(key=key).check()
    loaded.radio(key="video-steady").set_value("crop")
    press(run_app(loaded), "video-start")
    assert work.begun.wait(SOON)
    wanted = FilmRepair(dust=True, scratches=True, deflicker=1.0, steady="crop")
    assert work.options == [VideoOptions(repair=wanted)]


def test_a_reference_reaches_the_run_and_is_said_to_fit_or_not(loaded: AppTest, work: Work) -> None:
    picture = (SAMPLES / "colour" / "cat.jpg").read_bytes()
    loaded.file_uploader(key="film-reference-0").set_value(("cat.jpg", picture, "image/jpeg"))
    run_app(loaded)
    assert "cat.jpg" in texts(loaded)
    assert "Little in the picture for colours is like this frame" in texts(loaded)
    expect_paces(loaded)
    press(run_app(loaded), "video-start")
    assert work.begun.wait(SOON)
    assert work.options == [VideoOptions(direction=Direction(reference=sha256(picture).hexdigest()))]
    run_app(loaded)
    assert loaded.button(key="film-reference-remove").disabled


def test_the_estimate_counts_key_frames(loaded: AppTest) -> None:
    film_of(loaded).directing.put_key(FilmKey(seconds=0.0, hints=(Hint(0.5, 0.5, "#aa3311"),)))
    run_app(loaded)
    expect_paces(loaded)
    assert "About 1 min of work for 0:05 of film" in texts(run_app(loaded))


def test_the_frame_that_is_shown_is_repaired(loaded: AppTest) -> None:
    loaded.checkbox(key="video-dust").check()
    run_app(loaded)
    assert list(film_of(loaded).stills) == [(0.0, FilmRepair(dust=True))]


def test_the_whole_film_is_coloured_to_its_very_end(loaded: AppTest, work: Work) -> None:
    press(loaded, "video-start")
    assert work.begun.wait(SOON)
    assert (work.options[0].start, work.options[0].end) == (0.0, None)


def test_an_empty_part_cannot_be_started(loaded: AppTest) -> None:
    loaded.slider(key=f"video-part-{film_of(loaded).upload}").set_value((2.0, 2.0))
    run_app(loaded)
    assert "The chosen part is empty" in texts(loaded)
    assert all(loaded.button(key=key).disabled for key in ("video-try", "video-start"))


def test_while_it_runs_the_page_tells_how_far_it_is(loaded: AppTest, work: Work) -> None:
    press(loaded, "video-start")
    assert work.begun.wait(SOON)
    run_app(loaded)
    assert "3.5 frames a second · 0:02 spent · about 12 s left" in texts(loaded)
    disabled = [*loaded.slider, *loaded.radio, loaded.button(key="video-try"), loaded.button(key="video-start")]
    assert all(widget.disabled for widget in disabled)


def test_the_result_is_played_and_the_controls_can_be_used_again(loaded: AppTest, work: Work) -> None:
    work.notes = ("The sound was *encoded* anew.",)
    press(loaded, "video-start")
    assert work.begun.wait(SOON)
    finish(loaded, work)
    assert "0:01 · 7 frames · coloured by Compact" in texts(loaded)
    assert drawn(loaded) == ["film_compare"]
    assert "The sound was \\*encoded\\* anew." in texts(loaded)
    assert not loaded.warning
    assert not loaded.button(key="video-start").disabled


def test_a_preview_and_a_film_stay_side_by_side(loaded: AppTest, work: Work) -> None:
    work.opened.set()
    for key in ("video-try", "video-start"):
        press(loaded, key)
        finish(loaded, work)
    (views,) = loaded.button_group
    assert views.options == ["Choose a moment", "Preview 0:00-0:01", "Result"]
    assert drawn(loaded) == ["film_compare"]
    links = [urls(loaded)]
    (label,) = [link.proto.label for link in loaded.get("link_button")]
    assert re.fullmatch(r"Download [1-9]\d* kB", label)  # of a film of half a second
    for view in (FilmPart.PREVIEW, FRAME_VIEW):
        loaded.session_state[VIEW_KEY] = view
        run_app(loaded)
        links.append(urls(loaded))
    assert "Frame at 0:00" in texts(loaded)
    assert [len(link) for link in links] == [1, 1, 0]
    assert links[0] != links[1]


def test_the_chosen_moment_is_shown_and_begins_the_preview(loaded: AppTest, work: Work) -> None:
    assert drawn(loaded) == ["compare", "frame_strip"]
    film_of(loaded).moment = 1.5  # as the strip's callback does
    run_app(loaded)
    assert "Frame at 0:02 of 0:05" in texts(loaded)
    press(loaded, "video-try")
    assert work.begun.wait(SOON)
    assert work.options == [VideoOptions(start=1.5, end=4.5)]


def test_while_work_goes_on_the_picture_stays(loaded: AppTest, work: Work) -> None:
    press(loaded, "video-start")
    assert work.begun.wait(SOON)
    run_app(loaded)
    assert drawn(loaded) == ["compare", "frame_strip"]


def test_a_result_with_other_settings_says_so_and_is_made_again(loaded: AppTest, work: Work) -> None:
    film_of(loaded).moment = 2.0  # as the strip's callback does
    press(run_app(loaded), "video-try")
    assert work.begun.wait(SOON)
    finish(loaded, work)
    assert "other settings" not in texts(loaded)
    film_of(loaded).moment = 0.0
    loaded.slider(key="film-warmth").set_value(0.5)
    run_app(loaded)
    assert "This was made with other settings than those chosen now." in texts(loaded)
    press(loaded, "video-again")
    finish(loaded, work)
    assert work.options[1] == VideoOptions(Look(warmth=0.5), start=2.0, end=5.0)
    assert "other settings" not in texts(loaded)


def test_a_stopped_run_leaves_a_film_that_says_it_is_not_whole(loaded: AppTest, work: Work) -> None:
    press(loaded, "video-start")
    assert work.begun.wait(SOON)
    run_app(loaded)
    run = film_of(loaded).latest
    assert run is not None
    press(loaded, "video-stop")
    assert run.job.wait(SOON)
    run_app(loaded)
    assert [shown.value for shown in loaded.warning] == ["You stopped it here. What was done by then is kept."]
    assert drawn(loaded) == ["film_compare"]
    (views,) = loaded.button_group
    assert views.options == ["Choose a moment", "Stopped early 0:00-0:01"]


def test_a_run_that_reached_the_longest_time_says_so(
    loaded: AppTest, queue: JobQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(MAX_RUN_MINUTES.variable, "90")
    vars(queue)["_most_seconds"] = 0.01
    press(loaded, "video-start")
    run = film_of(loaded).latest
    assert run is not None
    assert run.job.wait(SOON)
    run_app(loaded)
    assert "one film may take 1 h 30 min of work" in loaded.warning[0].value


def test_who_waits_sees_how_many_are_before(loaded: AppTest, queue: JobQueue) -> None:
    opened, begun = threading.Event(), threading.Event()

    def hold(job: Any) -> None:
        job.report(Progress(1, 2, 1.0, 1.0, 90.0, None, 0.1))
        begun.set()
        assert opened.wait(SOON)

    for owner in ("bob", "eve"):
        queue.submit(hold, owner=owner)
    assert begun.wait(SOON)
    press(loaded, "video-start")
    assert "2 films are before yours" in texts(loaded)
    assert "needs about 2 min more" in texts(loaded)
    press(loaded, "video-leave")
    assert not film_of(loaded).is_busy
    assert not loaded.button(key="video-start").disabled
    opened.set()


def test_a_queue_that_is_full_is_said_and_asked_again_later(loaded: AppTest, queue: JobQueue, work: Work) -> None:
    opened = threading.Event()
    vars(queue)["_most_waiting"] = 0
    bobs: Job[object, bool] = queue.submit(lambda _: opened.wait(SOON), owner="bob")
    press(loaded, "video-start")
    assert len(loaded.error) == 1
    assert "Expected a place in the queue, got 0 who wait already" in texts(loaded)
    opened.set()
    assert bobs.wait(SOON)
    press(loaded, "video-start")
    while loaded.error:  # the queue notes a moment later that it has a place
        press(loaded, "video-start")
    finish(loaded, work)
    assert not loaded.error


@pytest.mark.parametrize(
    ("error", "words", "details"),
    [
        (VideoNotWritten("expected room"), "The coloured film could not be written. Try again.", "Expected room"),
        (
            RuntimeError("a wire came loose"),
            "Something went wrong that nobody had foreseen. Try again.",
            "RuntimeError",
        ),
    ],
)
def test_a_run_that_failed_says_why(loaded: AppTest, work: Work, error: Exception, words: str, details: str) -> None:
    work.error = error
    press(loaded, "video-start")
    finish(loaded, work)
    assert [shown.value.replace("\\", "") for shown in loaded.error] == [f"parade.mp4: {words}"]
    assert details in texts(loaded)
    assert not loaded.button(key="video-start").disabled


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("letter.mp4", b"Dear grandma", "This is no film that the program can read."),
        ("empty.mp4", b"", "This file is empty."),
        ("grandma.mp4", b"\0\0\0\x10ftypmp42\0\0\0\0\0\0\x10\0mdat", "This film is damaged: its end is missing."),
    ],
)
def test_a_bad_film_is_named_as_its_visitor_does_and_told_in_plain_words(
    app: AppTest, name: str, data: bytes, words: str
) -> None:
    upload(app, name, data)
    assert len(app.error) == 1
    assert app.error[0].value.replace("\\", "").startswith(f"{name}: {words}")
    precise = texts(app).replace("\\", "")
    assert f"got {name}" in precise
    assert "source-" not in precise
    assert tempfile.gettempdir() not in precise
    assert FILM_KEY not in app.session_state


def test_a_film_beyond_the_limit_says_so(app: AppTest, data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(MAX_MINUTES.variable, "0.05")
    upload(app, "parade.mp4", data)
    assert "This film is too long" in app.error[0].value
    assert "Expected a film of at most 0.05 minutes, got one of 0.1 minutes" in texts(app).replace("\\", "")


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A film that does not say how long it is."""
    return make_long_recording(tmp_path_factory.mktemp("recording") / "live.webm").read_bytes()


@pytest.fixture
def unknown(app: AppTest, recording: bytes) -> AppTest:
    """The tab with a film of unknown length and the estimate of its time."""
    upload(app, "live.webm", recording)
    expect_paces(app)
    return run_app(app)


def enter_part(app: AppTest, start: float, end: float | None) -> AppTest:
    upload = film_of(app).upload
    app.number_input(key=f"video-part-start-{upload}").set_value(start)
    app.number_input(key=f"video-part-end-{upload}").set_value(end)
    return run_app(app)


def test_a_film_of_unknown_length_says_so_and_what_a_minute_of_it_takes(unknown: AppTest, work: Work) -> None:
    assert "Frame at 0:00 of a film of unknown length · 96" in texts(unknown)
    assert "About 3 min of work for each minute of film" in texts(unknown)
    work.progress = Progress(1250, None, 2.0, 3.5, None, None, 50.0)
    press(unknown, "video-start")
    assert work.begun.wait(SOON)
    run_app(unknown)
    assert "**1,250 frames done** · 0:50 of film" in texts(unknown)
    assert "3.5 frames a second · 0:02 spent" in texts(unknown)
    assert [field.disabled for field in unknown.number_input if "part" in (field.key or "")] == [True, True]
    assert (work.options[0].start, work.options[0].end) == (0.0, None)
    finish(unknown, work)
    assert drawn(unknown) == ["film_compare"]


def test_a_part_of_a_film_of_unknown_length_is_entered_as_numbers(unknown: AppTest, work: Work) -> None:
    enter_part(unknown, 0.5, 1.5)
    assert "About 3 s of work for 0:01 of film" in texts(unknown)
    assert "Frame at 0:00 of" in texts(unknown)
    press(unknown, "video-start")
    assert work.begun.wait(SOON)
    assert (work.options[0].start, work.options[0].end) == (0.5, 1.5)


def test_an_empty_part_of_it_cannot_be_started(unknown: AppTest) -> None:
    enter_part(unknown, 1.0, 0.5)
    assert "The chosen part is empty" in texts(unknown)
    assert all(unknown.button(key=key).disabled for key in ("video-try", "video-start"))


def test_a_moment_after_its_end_shows_no_frame_and_says_so(unknown: AppTest) -> None:
    unknown.number_input(key=f"video-moment-{film_of(unknown).upload}").set_value(70.0)
    run_app(unknown)
    assert [shown.value for shown in unknown.info] == ["The film has no frame after 1:10."]


@pytest.mark.parametrize("frames", [1, 2])
def test_a_film_of_one_frame_or_two_is_coloured_whole(app: AppTest, work: Work, tmp_path: Path, frames: int) -> None:
    write_film(tmp_path / "short.mp4", frames=frames, rate=25)
    upload(app, "short.mp4", (tmp_path / "short.mp4").read_bytes())
    assert not [slider for slider in app.slider if slider.label == "Part"]
    press(app, "video-start")
    assert work.begun.wait(SOON)
    assert (work.options[0].start, work.options[0].end) == (0.0, None)


def test_what_a_result_cannot_keep_is_said_before_the_work(app: AppTest, tmp_path: Path) -> None:
    path = make_film(tmp_path / "deep.mkv", "-c:v", "libx264", "-pix_fmt", "yuv420p10le", seconds=0.2)
    upload(app, path.name, path.read_bytes())
    words = r"The film has 10 bits per sample; the result has 8\."  # escaped for Markdown
    assert words in texts(app)
    app.radio(key="video-file-kind").set_value(4)  # FFV1
    assert words not in texts(run_app(app))


def test_many_notes_do_not_push_the_film_out_of_sight(loaded: AppTest, work: Work) -> None:
    work.notes = tuple(f"Note {number}." for number in range(5))
    press(loaded, "video-start")
    assert work.begun.wait(SOON)
    finish(loaded, work)
    notes = loaded.expander[0]
    assert [line.value for line in notes.caption] == [note.replace(".", r"\.") for note in work.notes]


def test_what_browsers_cannot_play_is_shown_as_a_picture_and_downloaded(loaded: AppTest, work: Work) -> None:
    work.progress = replace(work.progress, preview=np.zeros((12, 16, 3), np.uint8))
    work.opened.set()
    loaded.radio(key="video-file-kind").set_value(2)
    press(run_app(loaded), "video-start")
    finish(loaded, work)
    assert work.options[0].encoding == VideoEncoding(codec="prores")
    (result,) = film_of(loaded).results.values()
    assert (result.name, result.run.target.suffix) == ("parade_colorized.mov", ".mov")
    assert drawn(loaded) == []
    assert [shown.value for shown in loaded.info] == [
        "Many browsers cannot play ProRes. Download the file to play it; a preview of 3 seconds plays here."
    ]
    assert len(loaded.get("image")) == len(urls(loaded)) == 1
    press(loaded, "video-try")
    finish(loaded, work)
    assert work.options[1].encoding == VideoEncoding()
    assert drawn(loaded) == ["film_compare"]
    assert "other settings" not in texts(loaded)


def test_removing_the_upload_removes_the_files_and_stops_the_run(loaded: AppTest, work: Work) -> None:
    film = film_of(loaded)
    press(loaded, "video-start")
    assert work.begun.wait(SOON)
    run = film.latest
    assert run is not None
    loaded.file_uploader(key=UPLOAD_KEY).set_value(None)
    run_app(loaded)
    assert run.job.done()
    assert not film.source.exists()
    assert not run.target.exists()
    assert "Drop a film" in texts(loaded)


def test_a_missing_model_is_offered_and_the_picture_stays(loaded: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    def load(name: str) -> Colorizer:
        if name == "zhang2016":
            raise WeightsMissing(f"expected the weights of {name}")
        return load_colorizer(name)

    monkeypatch.setattr(missing_model, "cached_colorizer", load)
    loaded.radio(key="film-model").set_value("zhang2016")
    run_app(loaded)
    assert loaded.button(key="film-model-fetch").label == "Fetch 129 MB"
    assert drawn(loaded) == ["compare", "frame_strip"]
