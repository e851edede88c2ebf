"""The photograph of a session: what is worked on, what is shown meanwhile, and what a failure leaves."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from colorizer import Geometry, Hint, InvalidImage, Look, Restoration, WeightsInvalid
from colorizer.recipe import PhotoSettings
from dashboard.components.hints import Hints
from dashboard.navigation import OpenPhoto
from dashboard.photo import photo as module
from dashboard.photo.photo import Photo
from dashboard.photo.rendering import Preparation
from dashboard.server.job_queue import QueueFull
from dashboard.server.jobs import Job
from dashboard.shared.reference import ReferencePicture

FIRST = Preparation("compact", Restoration(), Geometry())
LEVELS = replace(FIRST, restoration=Restoration(levels=True))
OTHER_MODEL = replace(FIRST, model="zhang2016")


class Work:
    """In place of the queue and the network: jobs that run when a test says so."""

    def __init__(self) -> None:
        self.jobs: list[Job[Any, Any]] = []
        self.error: Exception | None = None

    def submit(self, work: Any) -> Job[Any, Any]:
        self.jobs.append(Job(work, "ann"))
        return self.jobs[-1]

    def prepare(self, _: bytes, restoration: Restoration, colorizer: str, *__: Any, report: Any, **___: Any) -> Any:
        report(f"grey of {colorizer}")
        if self.error is not None:
            raise self.error
        return SimpleNamespace(gray="grey", analysis=(colorizer, restoration), original_size=(300, 200), finding=None)


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Work:
    made = Work()
    monkeypatch.setattr(module, "submit_photo", made.submit)
    monkeypatch.setattr(module, "prepare", made.prepare)
    monkeypatch.setattr(module, "cached_colorizer", lambda name: name)
    return made


@pytest.fixture
def photo() -> Photo:
    return Photo(OpenPhoto("a", "a.jpg", lambda: b""), b"", Geometry(), Hints())


def shown(photo: Photo) -> object:
    """In place of an analysis: from which model and restoration it is."""
    return photo.answer(0)


def test_the_same_wish_begins_work_once_and_another_one_ends_it(work: Work, photo: Photo) -> None:
    for _ in range(3):
        photo.want(FIRST)
    assert len(work.jobs) == 1
    photo.want(LEVELS)
    assert len(work.jobs) == 2
    assert work.jobs[0].should_stop()
    assert not work.jobs[1].should_stop()


def test_it_is_grey_while_the_network_runs_and_then_in_colour(work: Work, photo: Photo) -> None:
    photo.want(FIRST)
    assert photo.gray is None
    work.jobs[0].report("grey")
    assert str(photo.gray) == "grey"
    assert photo.answer(0) is None
    work.jobs[0].run()
    photo.want(FIRST)
    assert photo.job is None
    assert shown(photo) == ("compact", Restoration())


def test_the_old_picture_stays_until_the_new_one_is_there(work: Work, photo: Photo) -> None:
    photo.want(FIRST)
    work.jobs[0].run()
    photo.want(LEVELS)
    assert photo.shown == FIRST
    assert shown(photo) == ("compact", Restoration())
    work.jobs[1].run()
    photo.want(LEVELS)
    assert photo.shown == LEVELS


def test_models_can_be_compared_without_new_work_but_other_pixels_are_dropped(work: Work, photo: Photo) -> None:
    for wanted in (FIRST, OTHER_MODEL, FIRST, OTHER_MODEL):
        photo.want(wanted)
        if photo.job is not None:
            work.jobs[-1].run()
            photo.collect()
        assert photo.shown == wanted
    assert len(work.jobs) == 2
    photo.want(LEVELS)
    work.jobs[-1].run()
    photo.collect()
    assert set(photo.prepared) == {LEVELS}


def test_a_reference_is_part_of_what_is_prepared_and_stays_with_another_model(work: Work, photo: Photo) -> None:
    pixels = np.zeros((2, 2, 3), np.uint8)
    one, same, other = (ReferencePicture(digest, digest, pixels, b"", 4) for digest in ("one", "one", "other"))
    for reference, model, jobs in (
        (None, "compact", 1),
        (one, "compact", 2),
        (same, "compact", 2),
        (one, "zhang2016", 3),
        (one, "compact", 3),
        (other, "compact", 4),
        (None, "compact", 5),
    ):
        photo.want(replace(FIRST, model=model, reference=reference))
        if photo.job is not None:
            photo.job.run()
            photo.collect()
        assert photo.shown is not None
        assert (photo.shown.model, photo.shown.reference, len(work.jobs)) == (model, reference, jobs)


def test_a_file_says_what_its_picture_was_prepared_with() -> None:
    reference = ReferencePicture("digest", "a.jpg", np.zeros((2, 2, 3), np.uint8), b"", 4)
    made = replace(LEVELS, geometry=Geometry(quarter_turns=1), reference=reference)
    chosen = PhotoSettings(look=Look(strength=0.5), caption="Grandma", reference="of the next picture")
    assert made.describe(chosen) == replace(
        chosen, restoration=Restoration(levels=True), geometry=Geometry(quarter_turns=1), reference="digest"
    )
    assert FIRST.describe(chosen).reference == ""


def test_what_is_opened_anew_brings_its_settings() -> None:
    def read() -> bytes:
        return b""

    upload, again = OpenPhoto("a", "a.jpg", read), OpenPhoto("a", "a.jpg", read)
    from_album, reopened = (OpenPhoto("album/a", "a.jpg", read, PhotoSettings()) for _ in range(2))
    assert again.goes_on(upload)
    assert from_album.goes_on(from_album)
    assert not reopened.goes_on(from_album)
    assert not from_album.goes_on(upload)


def test_a_failure_stays_until_one_tries_again_and_keeps_the_old_picture(work: Work, photo: Photo) -> None:
    photo.want(FIRST)
    work.jobs[0].run()
    work.error = QueueFull("expected a place, got none")
    photo.want(LEVELS)
    work.jobs[1].run()
    for _ in range(2):
        photo.want(LEVELS)
    assert (photo.failure, photo.shown, len(work.jobs)) == (work.error, FIRST, 2)
    assert photo.may_succeed
    work.error = None
    photo.cancel()
    photo.want(LEVELS)
    work.jobs[2].run()
    photo.want(LEVELS)
    assert (photo.failure, photo.shown) == (None, LEVELS)


def test_a_damaged_file_is_not_tried_again(work: Work, photo: Photo) -> None:
    work.error = InvalidImage("expected a picture, got none")
    photo.want(FIRST)
    work.jobs[0].run()
    photo.want(FIRST)
    assert photo.failure is work.error
    assert not photo.may_succeed


def test_a_model_that_cannot_be_loaded_is_a_failure(work: Work, photo: Photo, monkeypatch: pytest.MonkeyPatch) -> None:
    error = WeightsInvalid("expected a file, got another")

    def fail(_: str) -> None:
        raise error

    monkeypatch.setattr(module, "cached_colorizer", fail)
    photo.want(FIRST)
    assert (photo.failure, work.jobs) == (error, [])


def test_work_that_was_given_up_begins_again(work: Work, photo: Photo) -> None:
    photo.want(FIRST)
    work.jobs[0].cancel()  # as for a session that seemed to have ended
    photo.want(FIRST)
    assert len(work.jobs) == 2
    assert photo.job is work.jobs[1]


def test_hints_go_with_a_turn(work: Work, photo: Photo) -> None:
    photo.want(FIRST)
    work.jobs[0].run()
    photo.collect()
    photo.hints = Hints((Hint(0.25, 0.1, "#aa3311"),), (0.25, 0.1))
    photo.set_geometry(Geometry(quarter_turns=1))
    (hint,) = photo.hints.placed
    assert isinstance(hint, Hint)
    assert (hint.x, hint.y) == pytest.approx((0.9, 0.25))
    assert photo.hints.point is None


def test_what_was_drawn_is_drawn_again_for_another_key_alone(photo: Photo) -> None:
    made = iter("abc")
    assert [photo.remember("thumbnails", key, lambda: next(made)) for key in (1, 1, 2, 2, 1)] == list("aabbc")


def test_the_first_value_is_no_change(photo: Photo) -> None:
    assert [photo.has_changed("settings", key) for key in (1, 1, 2, 2, 1)] == [False, False, True, False, True]
