"""What all tabs share: limits, and how an error reads."""

from __future__ import annotations

import errno
import re
import threading
import time
from collections.abc import Callable

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from colorizer import MODELS, ColorizerError, InvalidSetting, WeightsMissing, load_colorizer
from colorizer.images import DEFAULT_MAX_PIXELS
from colorizer.network.registry import ModelSpec
from dashboard.server.jobs import AnyJob, JobQueue, QueueFull
from dashboard.server.queues import job_queue, photo_queue
from dashboard.server.session_folders import GRACE_SECONDS, session_folders
from dashboard.server.settings import (
    DEFAULT_MAX_BYTES,
    DEFAULT_MAX_FILES,
    JOBS_VARIABLE,
    MAX_ALBUM_MEGABYTES_VARIABLE,
    MAX_MEGAPIXELS_VARIABLE,
    MAX_MINUTES_VARIABLE,
    MAX_PHOTOS_VARIABLE,
    MAX_QUEUE_VARIABLE,
    PHOTOS_AT_ONCE_VARIABLE,
    max_album_bytes,
    max_film_seconds,
    max_photos,
    max_pixels,
)

MEANINGFUL = re.compile(r"[*_\[\]<>$#~|:]")  # to Markdown or to Streamlit
ESCAPED = re.compile(r"\\([^\w\s]|_)")


def show_error_page(error: Exception, spec: ModelSpec) -> AppTest:
    def page(error, spec):  # type: ignore[no-untyped-def]  # it runs alone, without this file's imports
        from dashboard.shared.errors import show_error

        show_error(error, spec)

    app = AppTest.from_function(page, args=(error, spec), default_timeout=30).run()
    assert not app.exception
    return app


def unescape(markdown: str) -> str:
    return ESCAPED.sub(r"\1", markdown)


@pytest.mark.parametrize(
    ("named", "pixels"),
    [("1", 1_000_000), ("0.5", 500_000), ("12.5", 12_500_000), ("1e3", 10**9), (" 20 ", 20_000_000)],
)
def test_the_limit_is_in_megapixels(named: str, pixels: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(MAX_MEGAPIXELS_VARIABLE, named)
    assert max_pixels() == pixels


def test_the_limit_unless_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(MAX_MEGAPIXELS_VARIABLE, raising=False)
    assert max_pixels() == DEFAULT_MAX_PIXELS


@pytest.mark.parametrize("named", ["", "many", "0", "-5", "nan", "inf", "-inf", "1e-7", "50 MP", "0x10", "1e999"])
@pytest.mark.parametrize(
    ("variable", "read"),
    [
        (MAX_MEGAPIXELS_VARIABLE, max_pixels),
        (MAX_MINUTES_VARIABLE, max_film_seconds),
        (MAX_PHOTOS_VARIABLE, max_photos),
        (MAX_ALBUM_MEGABYTES_VARIABLE, max_album_bytes),
    ],
)
def test_a_limit_that_is_none_is_refused(
    variable: str, read: Callable[[], float], named: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, named)
    with pytest.raises(ValueError, match=f"expected {variable} .*got {re.escape(repr(named))}"):
        read()


@pytest.mark.parametrize(("photos", "megabytes"), [("12", "0.5"), (None, None)])
def test_the_limits_of_an_album(photos: str | None, megabytes: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable, named in ((MAX_PHOTOS_VARIABLE, photos), (MAX_ALBUM_MEGABYTES_VARIABLE, megabytes)):
        monkeypatch.setenv(variable, named) if named else monkeypatch.delenv(variable, raising=False)
    assert (max_photos(), max_album_bytes()) == ((12, 500_000) if photos else (DEFAULT_MAX_FILES, DEFAULT_MAX_BYTES))


@pytest.mark.parametrize(("named", "seconds"), [("1", 60), ("0.5", 30), ("90", 5400), (None, 3600)])
def test_the_longest_film_is_in_minutes(named: str | None, seconds: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(MAX_MINUTES_VARIABLE, raising=False)
    if named is not None:
        monkeypatch.setenv(MAX_MINUTES_VARIABLE, named)
    assert max_film_seconds() == seconds


@pytest.mark.parametrize("named", ["0", "0.5", "-1", "two", "inf"])
@pytest.mark.parametrize(
    ("variable", "queue"),
    [
        (JOBS_VARIABLE, job_queue),
        (PHOTOS_AT_ONCE_VARIABLE, photo_queue),
        (MAX_QUEUE_VARIABLE, job_queue),
        (MAX_QUEUE_VARIABLE, photo_queue),
    ],
)
def test_a_number_below_one_is_refused(
    variable: str, queue: Callable[[], JobQueue], named: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, named)
    st.cache_resource.clear()
    with pytest.raises(InvalidSetting, match=rf"expected {variable} .* of at least 1, got {re.escape(repr(named))}"):
        queue()


@pytest.mark.parametrize("queue", [job_queue, photo_queue])
def test_as_many_wait_as_the_environment_says(queue: Callable[[], JobQueue], monkeypatch: pytest.MonkeyPatch) -> None:
    for variable, named in ((JOBS_VARIABLE, "1"), (PHOTOS_AT_ONCE_VARIABLE, "1"), (MAX_QUEUE_VARIABLE, "2")):
        monkeypatch.setenv(variable, named)
    st.cache_resource.clear()
    opened = threading.Event()
    jobs: list[AnyJob] = [queue().submit(lambda _: opened.wait(60), owner="ann") for _ in range(4)]
    assert [isinstance(job.exception(), QueueFull) for job in jobs] == [False, False, False, True]
    opened.set()
    assert all(job.wait(60) for job in jobs)
    st.cache_resource.clear()


@pytest.mark.parametrize(("named", "at_once"), [("2", 2), (None, 1)])
def test_as_many_jobs_run_at_once_as_the_environment_says(
    named: str | None, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(JOBS_VARIABLE, raising=False)
    if named is not None:
        monkeypatch.setenv(JOBS_VARIABLE, named)
    job_queue.clear()
    queue, opened = job_queue(), threading.Event()
    assert job_queue() is queue
    jobs: list[AnyJob] = [queue.submit(lambda _: opened.wait(60), owner="ann") for _ in range(3)]
    assert [queue.jobs_ahead_of(job) for job in jobs[at_once:]] == [jobs[:number] for number in range(at_once, 3)]
    opened.set()
    assert all(job.wait(60) for job in jobs)
    job_queue.clear()


def test_when_a_session_is_gone_its_jobs_end_before_its_folder_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dashboard.server.session_folders.is_connected", lambda _: False)
    session_folders.clear()
    folders, begun, received = session_folders(), threading.Event(), list[bool]()
    folder = folders.folder("ann")

    def work(job: AnyJob) -> None:
        begun.set()
        while not job.should_stop():
            threading.Event().wait(0.005)
        received.append(folder.exists())

    job_queue().submit(work, owner="ann")
    assert begun.wait(60)
    folders.remove_gone(time.monotonic() + GRACE_SECONDS + 1)
    assert received == [True]
    assert not folder.exists()
    folders.close()
    session_folders.clear()


@pytest.mark.parametrize(
    "message",
    [
        "Expected *this* and __that__, got [a link](https://example.org)",
        "Expected $x^2$, got <b>bold</b> and :red[colour] and :material/error:",
        "Expected ~~struck~~ | a table # a heading",
        "Expected C:\\Users\\grandma\\model to exist",
        "Expected C:\\_models\\_mine_ to exist",
    ],
)
def test_nothing_in_an_error_is_taken_for_markdown(message: str) -> None:
    (error,) = show_error_page(ColorizerError(message), MODELS["compact"]).error
    assert not MEANINGFUL.search(ESCAPED.sub("", error.value))
    assert unescape(error.value) == message


def test_an_error_begins_with_a_capital_and_keeps_its_lines() -> None:
    app = show_error_page(ColorizerError("expected one\n  of two\n  of three"), MODELS["zhang2016"])
    assert [error.value for error in app.error] == ["Expected one  \nof two  \nof three"]
    assert not app.button
    assert not app.warning


def test_a_full_disk_is_said_to_be_full() -> None:
    (full,) = show_error_page(OSError(errno.ENOSPC, "No space left on device"), MODELS["compact"]).error
    assert "it is full" in full.value
    (other,) = show_error_page(OSError(errno.EIO, "I/O error"), MODELS["compact"]).error
    assert "unforeseen" in other.value


def test_missing_weights_can_be_fetched() -> None:
    spec = MODELS["zhang2016"]
    app = show_error_page(WeightsMissing("expected weights in the folder model; there are none\n  https://a_b"), spec)
    (warning,), (button,) = app.warning, app.button
    assert spec.title in warning.value
    (by_hand,) = app.expander[0].markdown
    assert by_hand.value == "Expected weights in the folder model; there are none  \nhttps\\://a\\_b"
    assert button.label == "Fetch 129 MB"
    assert not app.error


def test_missing_built_in_weights_cannot_be_fetched() -> None:
    app = show_error_page(WeightsMissing("expected it in the repository"), MODELS["compact"])
    assert len(app.error) == 1
    assert not app.button


def test_the_real_message_reads_well(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLORIZER_MODEL_DIR", str(tmp_path))
    spec = MODELS["zhang2016"]
    with pytest.raises(WeightsMissing) as raised:
        load_colorizer(spec.name)
    (by_hand,) = show_error_page(raised.value, spec).expander[0].markdown
    assert f"`python -m colorizer models fetch {spec.name}`" in by_hand.value  # code, as it stands
    text = unescape(by_hand.value)
    assert str(tmp_path) in text
    for url in spec.weights.urls:
        assert url in text
