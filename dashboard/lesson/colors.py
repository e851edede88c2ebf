"""Steps 3 and 4 of the How it works tab: from the colour distribution of a spot to the coloured picture."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

import numpy as np
import streamlit as st

from colorizer.color.lab import lab_to_hex
from colorizer.network.zhang2016 import ANNEALED_MEAN_TEMPERATURE, color_points
from dashboard.components.picker import BY_KEYBOARD, draw_picker_component
from dashboard.lesson.charts import distribution_chart, distribution_rows
from dashboard.lesson.lesson import Lesson, Result, Spot
from dashboard.shared.language import tr
from dashboard.shared.text import MULTIPLICATION_SIGN, format_number

LIKELIEST = 4  # number of colours listed beside the chart
MIN_TEMPERATURE = 0.02  # here the likeliest colour has almost all of the probability

# On a phone Streamlit stacks columns. Pictures that belong together stay two in a row.
_STYLE = """<style>
.st-key-how-merge [data-testid="stColumn"] { min-width: calc(50% - 1rem); }
@media (min-width: 640px) { .st-key-how-merge [data-testid="stColumn"] { min-width: 6rem; } }
.how-swatches { display: flex; flex-wrap: wrap; gap: 0.5rem; }
.how-swatches div { width: 3.25rem; font-size: 0.875rem; text-align: center; }
.how-swatches span { display: block; height: 2rem; border-radius: 0.375rem; }
</style>"""


@st.fragment
def draw_colors(lesson: Lesson, model: str) -> None:
    """Draw steps 3 and 4. A fragment, so that a new point or temperature redraws only these steps."""
    st.html(_STYLE)
    st.header(tr("3. For every spot it rates 313 colours"), anchor=False)
    st.markdown(
        tr(
            "The network does not name one colour. It says how likely each of 313 colours is. **Point at the "
            "picture:** the larger a dot, the likelier that colour is at this spot."
        )
    )
    st.markdown(
        tr(
            "Then the program must choose one colour. **Temperature 1** takes the average of all: safe but dull, "
            "because red and green average to brown. **Near 0** takes only the likeliest: vivid but blotchy, and grey "
            "where grey is the likeliest. The inventors of the method chose {temperature}. They call the result the "
            "*annealed mean*.",
            temperature=format_number(ANNEALED_MEAN_TEMPERATURE, ".2f"),
        )
    )
    temperature = st.slider(
        tr("Temperature: from vivid to dull"),
        MIN_TEMPERATURE,
        1.0,
        round(ANNEALED_MEAN_TEMPERATURE, 2),
        0.02,
        key="how-temperature",
        persist_state="page",
    )
    result, spot = lesson.result(model, temperature), lesson.spot(model, temperature)
    picture, plot = st.columns(2, gap="medium")
    with picture:
        _draw_picture(lesson, result)
    with plot:
        alt = tr("The 313 colours as dots, from green to red and from blue to yellow. The likeliest are listed below.")
        chart = distribution_chart(with_truth=spot.truth is not None)
        st.vega_lite_chart(distribution_rows(spot), chart, width="stretch", alt=alt)
        _draw_swatches(spot)
    _draw_merge(lesson, result, len(lesson.answers[model].prediction.ab))


def _draw_picture(lesson: Lesson, result: Result) -> None:
    draw_picker_component(
        result.colorized,
        width=lesson.picture.width,
        height=lesson.picture.height,
        label=tr("{name}, coloured. Arrow keys move the crosshair, Enter chooses the point.", name=lesson.name),
        how=f"{tr('Click or tap anywhere.')} {tr(BY_KEYBOARD)}",
        point=lesson.point,
        key="how-picker",
        on_point=lesson.aim,
    )
    st.caption(
        tr(
            "How strong the picture's colours are (mean chroma): {chroma}. How much they differ (their spread): "
            "{spread}.",
            chroma=format_number(result.chroma, ".1f"),
            spread=format_number(result.spread, ".1f"),
        )
    )


def _draw_swatches(spot: Spot) -> None:
    """List the likeliest colours in numbers, also for visitors who cannot see the dots or point at them."""
    likeliest = np.argsort(-spot.probabilities, kind="stable")[:LIKELIEST]
    rows = [(f"{spot.probabilities[index]:.1%}", color_points()[index]) for index in likeliest]
    rows.append((tr("mean"), spot.mean))
    if spot.truth is not None:
        rows.append((tr("true"), spot.truth))
    boxes = "".join(
        f'<div role="listitem"><span style="background:{color}"></span>{escape(words)}</div>'
        for words, color in ((words, lab_to_hex(spot.lightness, *ab.tolist())) for words, ab in rows)
    )
    label = escape(tr("Likeliest colours"))
    st.html(f'<div class="how-swatches" role="list" aria-label="{label}">{boxes}</div>')
    a, b = spot.mean.tolist()
    st.caption(
        tr(
            "Row {row}, column {column} of the network's answer. Above are its likeliest colours, as light as the "
            "picture is there, and the average of all: a = {a}, b = {b}.",
            row=spot.row + 1,
            column=spot.column + 1,
            a=round(a),
            b=round(b),
        )
    )


def _draw_merge(lesson: Lesson, result: Result, side: int) -> None:
    """Draw step 4: from the network's resolution back to the picture's."""
    st.header(tr("4. Small colours, sharp lightness"), anchor=False)
    size = f"{side} {MULTIPLICATION_SIGN} {side}"
    st.markdown(
        tr(
            "The network gives colours for only {size} spots. Their a and b are stretched over the picture and "
            "combined with its own L, which does not change. The edges are in L, so the picture looks sharp. "
            ":small[The Photo tab does a little more: it fits the colours to those edges. For that tab the Compact "
            "model has a second answer, with one colour for each spot.]",
            size=size,
        )
    )
    steps = (
        (result.cells, tr("a and b, {size}", size=size)),
        (result.stretched, tr("a and b, stretched")),
        (lesson.planes[0], tr("L, full size")),
        (result.colorized, tr("together")),
    )
    draw_row(lesson.name, steps, key="how-merge")


def draw_row(name: str, pictures: Iterable[tuple[bytes, str]], *, key: str) -> None:
    """Draw pictures with their captions side by side, on a phone too."""
    pictures = list(pictures)
    with st.container(key=key):
        for column, (picture, caption) in zip(st.columns(len(pictures)), pictures, strict=True):
            column.image(picture, caption=caption, width="stretch", alt=f"{name}, {caption}")
