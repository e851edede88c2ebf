"""The session's last results: what is kept of them, in which order, and how they are opened again."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from dashboard.shared.recent import MOST, THUMBNAIL

PATIENCE = 60


def picture(value: int, width: int = 400, height: int = 300) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(np.full((height, width, 3), value, np.uint8)).save(buffer, "JPEG")
    return buffer.getvalue()


def script() -> None:
    from functools import partial

    import streamlit as st

    from dashboard.shared.recent import draw_recent_results, has_results, remember_result

    for identity, title, data in st.session_state["made"]:
        remember_result(identity, title, data, partial(st.session_state.__setitem__, "opened", identity))
    st.session_state["has results"] = has_results()
    draw_recent_results()


def visit(*made: tuple[str, str, bytes]) -> AppTest:
    page = AppTest.from_function(script, default_timeout=PATIENCE)
    page.session_state["made"] = list(made)
    return page.run()


def kept(page: AppTest) -> dict[str, Any]:
    results: dict[str, Any] = page.session_state["recent"]
    return results


def test_without_a_result_there_is_no_strip() -> None:
    page = visit()
    assert not page.session_state["has results"]
    assert not page.button
    assert not page.markdown


def test_the_newest_comes_first_and_is_opened_by_its_button() -> None:
    page = visit(("one", "one.jpg", picture(50)), ("two", "two.jpg", picture(90)))
    assert page.session_state["has results"]
    assert [button.label for button in page.button] == ["two.jpg", "one.jpg"]
    page.button[1].click().run()
    assert page.session_state["opened"] == "one"


def test_a_result_of_the_same_identity_is_replaced_at_its_place() -> None:
    page = visit(("one", "one.jpg", picture(50)), ("two", "two.jpg", picture(90)))
    before = dict(kept(page))
    page.session_state["made"] = [("one", "better.jpg", picture(200)), ("two", "two.jpg", picture(90))]
    page.run()
    assert [button.label for button in page.button] == ["two.jpg", "better.jpg"]
    assert kept(page)["one"].thumbnail != before["one"].thumbnail
    assert kept(page)["two"].thumbnail == before["two"].thumbnail


def test_what_is_kept_is_bounded() -> None:
    noise = np.random.default_rng(0).integers(0, 256, (1280, 960, 3), np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(noise).save(buffer, "PNG")
    page = visit(*((str(number), f"{number}.png", buffer.getvalue()) for number in range(MOST + 3)))
    assert list(kept(page)) == [str(number) for number in range(3, MOST + 3)]
    for result in kept(page).values():
        with Image.open(io.BytesIO(result.thumbnail)) as thumbnail:
            assert thumbnail.format == "JPEG"
            assert thumbnail.size == (2 * THUMBNAIL[0], 2 * THUMBNAIL[1])
        assert len(result.thumbnail) < 60_000


@pytest.mark.parametrize("title", ["", "a", "*bold*.jpg", "a very long name, as telephones write them.jpg"])
def test_a_title_is_shown_as_it_is_on_one_line(title: str) -> None:
    (button,) = visit(("one", title, picture(50))).button
    words = button.label.replace("\\", "").replace("\N{WORD JOINER}", "")
    assert len(words) <= 16
    assert words.rstrip("\N{HORIZONTAL ELLIPSIS}") == title[: len(words.rstrip("\N{HORIZONTAL ELLIPSIS}"))]
