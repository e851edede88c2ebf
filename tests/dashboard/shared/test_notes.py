"""Notes under a result."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest


def show(notes: list[str]) -> AppTest:
    def page(notes: list[str]) -> None:
        from dashboard.shared.notes import show_notes

        show_notes(notes)

    return AppTest.from_function(page, args=(notes,)).run()


def test_each_note_is_a_sentence_with_nothing_that_markdown_would_read() -> None:
    app = show(["the *second* page is left out", "The sound is AAC now."])
    assert [line.value for line in app.caption] == [
        "The \\*second\\* page is left out.",
        "The sound is AAC now.",
    ]


@pytest.mark.parametrize(
    ("count", "labels"), [(0, []), (1, ["1 note on what differs"]), (20, ["20 notes on what differs"])]
)
def test_they_lie_in_an_expander_that_says_how_many_there_are(count: int, labels: list[str]) -> None:
    app = show([f"note {number}" for number in range(count)])
    assert len(app.caption) == count
    assert [label in expander.label for label, expander in zip(labels, app.expander, strict=True)] == [True] * len(
        labels
    )
