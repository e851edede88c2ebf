"""What becomes of a file that is given as a reference, without the page."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from colorizer import InvalidImage
from dashboard.components import reference_field as module
from dashboard.components.reference_field import ReferenceField
from dashboard.shared.reference import ReferencePicture

PICTURE = ReferencePicture("digest", "a.jpg", np.zeros((2, 2, 3), np.uint8), b"", 4)


class PageRunsAnewError(BaseException):
    """In place of Streamlit's own, which ends a run of the page's script."""


def read_with(field: ReferenceField, end: Callable[[], ReferencePicture], monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the field read what it wants, whose work in the queue has this end."""
    monkeypatch.setattr(module, "run_queued", lambda _: end())
    field.read()


def raising(error: BaseException) -> Callable[[], ReferencePicture]:
    def end() -> ReferencePicture:
        raise error

    return end


@pytest.fixture
def field() -> ReferenceField:
    return ReferenceField(wanted=("a.jpg", lambda: b""))


def test_what_was_read_is_the_reference(field: ReferenceField, monkeypatch: pytest.MonkeyPatch) -> None:
    read_with(field, lambda: PICTURE, monkeypatch)
    assert field == ReferenceField(PICTURE, tries=1)
    read_with(field, raising(AssertionError("expected nothing to read")), monkeypatch)
    field.clear()
    assert field == ReferenceField(tries=1)


def test_who_wants_the_file_gets_it(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[tuple[ReferencePicture, bytes]] = []
    field = ReferenceField(keep=lambda *file: kept.append(file), wanted=("a.jpg", lambda: b"file"))
    monkeypatch.setattr(module, "read_reference", lambda name, data, _: (name, data) == ("a.jpg", b"file") and PICTURE)
    monkeypatch.setattr(module, "run_queued", lambda work: work())
    field.read()
    assert (field.picture, kept) == (PICTURE, [(PICTURE, b"file")])


def test_what_cannot_be_used_is_named_until_another_one_can(
    field: ReferenceField, monkeypatch: pytest.MonkeyPatch
) -> None:
    error = InvalidImage("expected a picture, got none")
    read_with(field, raising(error), monkeypatch)
    assert field == ReferenceField(problem=("a.jpg", error), tries=1)
    field.wanted = "b.jpg", lambda: b""
    read_with(field, lambda: PICTURE, monkeypatch)
    assert field == ReferenceField(PICTURE, tries=2)


def test_if_the_page_runs_anew_meanwhile_it_is_read_then(
    field: ReferenceField, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(PageRunsAnewError):
        read_with(field, raising(PageRunsAnewError()), monkeypatch)
    read_with(field, lambda: PICTURE, monkeypatch)
    assert field.picture == PICTURE


def test_a_bug_does_not_end_every_run_of_the_page(field: ReferenceField, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(LookupError):
        read_with(field, raising(LookupError()), monkeypatch)
    read_with(field, raising(AssertionError("expected nothing to read")), monkeypatch)
    assert field.picture is None
