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
        ":material/info: The \\*second\\* page is left out.",
        ":material/info: The sound is AAC now.",
    ]


@pytest.mark.parametrize(("count", "expanders"), [(0, 0), (3, 0), (4, 1), (20, 1)])
def test_more_than_three_lie_in_an_expander(count: int, expanders: int) -> None:
    app = show([f"note {number}" for number in range(count)])
    assert len(app.caption) == count
    assert len(app.expander) == expanders
