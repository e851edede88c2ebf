"""Steps 3 and 4 of the How it works tab: from a spot's distribution to the picture in colour."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import streamlit as st

from colorizer.color.lab import lab_to_hex
from colorizer.network.zhang2016 import ANNEALED_MEAN_TEMPERATURE, color_points
from dashboard.components.picker import BY_KEYBOARD, draw_picker_component
from dashboard.lesson.charts import DISTRIBUTION, DISTRIBUTION_AND_TRUTH, distribution_rows
from dashboard.lesson.lesson import Lesson, Result, Spot
from dashboard.shared.text import MULTIPLICATION_SIGN

LIKELIEST = 4  # colours named beside the chart
MIN_TEMPERATURE = 0.02  # a temperature at which the likeliest colour takes all but everything

POINT_HOW = f"Click or tap anywhere. {BY_KEYBOARD}"

_CHART_ALT = "The 313 colours as dots, from green to red and from blue to yellow. Below are the likeliest in numbers."

# On a phone Streamlit puts columns under each other; pictures that belong together stay two by two.
_STYLE = """<style>
.st-key-how-merge [data-testid="stColumn"] { min-width: calc(50% - 1rem); }
@media (min-width: 640px) { .st-key-how-merge [data-testid="stColumn"] { min-width: 6rem; } }
.how-swatches { display: flex; flex-wrap: wrap; gap: 0.5rem; }
.how-swatches div { width: 3.25rem; font-size: 0.875rem; text-align: center; }
.how-swatches span { display: block; height: 2rem; border-radius: 0.375rem; }
</style>"""


@st.fragment
def draw_colors(lesson: Lesson, model: str) -> None:
    """Steps 3 and 4, which follow from a point and a temperature: a fragment, so that they alone are drawn anew."""
    st.html(_STYLE)
    st.subheader("3. For every spot it weighs 313 colours", anchor=False)
    st.markdown(
        "It does not name one colour; it says how likely each of 313 is. **Point at the picture:** the larger a dot, "
        "the likelier that colour is there."
    )
    st.markdown(
        "Then we must settle on one. **Temperature 1** takes the mean of all: safe, but dull, for red and green "
        "together make brown. **Near 0** takes the likeliest alone: vivid, or grey where grey is the likeliest, and "
        f"blotchy. The inventors chose {ANNEALED_MEAN_TEMPERATURE:.2f}, the *annealed mean*."
    )
    temperature = st.slider(
        "Temperature: from vivid to dull",
        MIN_TEMPERATURE,
        1.0,
        round(ANNEALED_MEAN_TEMPERATURE, 2),
        0.02,
        key="how-temperature",
        persist_state="page",
    )
    result, spot = lesson.result(model, temperature), lesson.spot(model, temperature)
    picture, chart = st.columns(2, gap="medium")
    with picture:
        _draw_picture(lesson, result)
    with chart:
        spec = DISTRIBUTION if spot.truth is None else DISTRIBUTION_AND_TRUTH
        st.vega_lite_chart(distribution_rows(spot), spec, width="stretch", alt=_CHART_ALT)
        _draw_swatches(spot)
    _draw_merge(lesson, result, len(lesson.answers[model].prediction.ab))


def _draw_picture(lesson: Lesson, result: Result) -> None:
    draw_picker_component(
        result.colorized,
        width=lesson.picture.width,
        height=lesson.picture.height,
        label=f"{lesson.name}, coloured. Arrow keys move the crosshair, Enter points.",
        how=POINT_HOW,
        point=lesson.point,
        key="how-picker",
        on_point=lesson.aim,
    )
    st.caption(
        f"How strong the picture's colours are (mean chroma): {result.chroma:.1f}. "
        f"How much they differ (their spread): {result.spread:.1f}."
    )


def _draw_swatches(spot: Spot) -> None:
    """The chart in numbers, for those who cannot see its dots or point at them too."""
    likeliest = np.argsort(-spot.probabilities, kind="stable")[:LIKELIEST]
    rows = [(f"{spot.probabilities[index]:.1%}", color_points()[index]) for index in likeliest]
    rows.append(("mean", spot.mean))
    if spot.truth is not None:
        rows.append(("true", spot.truth))
    boxes = "".join(
        f'<div role="listitem"><span style="background:{lab_to_hex(spot.lightness, *ab.tolist())}"></span>{words}</div>'
        for words, ab in rows
    )
    st.html(f"<div class='how-swatches' role='list' aria-label='Likeliest colours'>{boxes}</div>")
    a, b = spot.mean.tolist()
    st.caption(
        f"Row {spot.row + 1}, column {spot.column + 1} of the network's answer: its likeliest colours, as light as the "
        f"picture is there, and their mean, a = {round(a)}, b = {round(b)}."
    )


def _draw_merge(lesson: Lesson, result: Result, side: int) -> None:
    """Step 4: from the network's pixels back to the picture's."""
    st.subheader("4. Small colours, sharp lightness", anchor=False)
    st.markdown(
        f"The network answers for {side} {MULTIPLICATION_SIGN} {side} spots only. Their a and b are stretched over the "
        "picture and laid under its own L, which nobody has touched. The edges are in L: that is why it looks sharp. "
        ":small[The Photo tab does a little more: it leads the colours along those edges, and Compact has a second "
        "answer for it, one colour for each spot.]"
    )
    steps = (
        (result.cells, f"a and b, {side} {MULTIPLICATION_SIGN} {side}"),
        (result.stretched, "a and b, stretched"),
        (lesson.planes[0], "L, full size"),
        (result.colorized, "together"),
    )
    draw_row(lesson.name, steps, key="how-merge")


def draw_row(name: str, pictures: Iterable[tuple[bytes, str]], *, key: str) -> None:
    """Pictures with their captions side by side, on a phone too."""
    pictures = list(pictures)
    with st.container(key=key):
        for column, (picture, caption) in zip(st.columns(len(pictures)), pictures, strict=True):
            column.image(picture, caption=caption, width="stretch", alt=f"{name}, {caption}")
