"""The How it works tab: every step of the method for one picture, with the real intermediate results."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from colorizer import MODELS, Colorizer, ColorizerError, images
from dashboard.lesson.colors import draw_colors
from dashboard.lesson.lesson import Lesson, ModelAnswer
from dashboard.lesson.steps import draw_network_input, draw_rebalancing, draw_split
from dashboard.server.settings import max_pixels
from dashboard.server.workers.run import run_isolated
from dashboard.shared.controls import choose_model
from dashboard.shared.errors import show_error
from dashboard.shared.language import tr
from dashboard.shared.models import cached_colorizer
from dashboard.shared.samples import draw_credits, load_credits, read_color_sample
from dashboard.shared.waiting import run_queued

LESSON_KEY = "lesson"


@st.fragment
def render() -> None:
    """Draw the tab. A fragment, so that a choice here redraws no other tab."""
    st.markdown(
        tr(
            "How does a computer put colour into a grey picture? Choose a picture and follow it, step by step. "
            "Everything you see here is computed from your picture, just now."
        )
    )
    choice, models = st.columns([3, 2], gap="large")
    with choice:
        source, name, read = _choose_picture()
    with models:
        model = choose_model(key="how-model")
    try:
        lesson = _current_lesson(source, name, read)
        draw_split(lesson)
        answer = _run_model(lesson, cached_colorizer(model))
    except ColorizerError as error:
        show_error(error, MODELS[model], key="how-fetch", name=name)
    else:
        draw_network_input(lesson, answer)
        draw_colors(lesson, model)
        draw_rebalancing(lesson, answer)


def _choose_picture() -> tuple[str, str, Callable[[], bytes]]:
    """The unique identifier of the chosen picture, its name, and a function that reads its file."""
    titles = {row["file"]: row["title"] for row in load_credits()}
    uploaded = st.file_uploader(
        tr("Drop a picture here, in colour or grey"),
        type=[suffix.lstrip(".") for suffix in images.READABLE_SUFFIXES],
        help=tr(
            "With a colour picture you can compare: the page shows its true colours. The network does not see them."
        ),
        key="how-upload",
    )
    sample = st.radio(
        tr("Or take one of these"),
        list(titles),
        format_func=titles.__getitem__,
        horizontal=True,
        disabled=uploaded is not None,
        key="how-sample",
        persist_state="page",
    )
    draw_credits()
    if uploaded is not None:
        return f"upload/{uploaded.file_id}", uploaded.name, uploaded.getvalue
    return f"sample/{sample}", titles[sample], partial(read_color_sample, sample)


def _current_lesson(source: str, name: str, read: Callable[[], bytes]) -> Lesson:
    lesson: Lesson | None = st.session_state.get(LESSON_KEY)
    with st.container():  # reserves the place, so that a spinner does not move what is below
        if lesson is None or lesson.source != source:
            st.session_state.pop(LESSON_KEY, None)  # before the next one is decoded, so that only one is in memory
            data, limit = read(), max_pixels()
            with st.spinner(tr("Reading the picture")):
                lesson = run_queued(partial(run_isolated, Lesson.from_file, source, name, data, limit))
            st.session_state[LESSON_KEY] = lesson
    return lesson


def _run_model(lesson: Lesson, colorizer: Colorizer) -> ModelAnswer:
    with st.container():
        if colorizer.spec.name not in lesson.answers:
            with st.spinner(tr("{model} looks at the picture", model=colorizer.spec.title)):
                run_queued(partial(lesson.run_model, colorizer))
    return lesson.run_model(colorizer)
