"""Steps 1, 2 and 5 of the How it works tab: L, a and b, the network's input, and class rebalancing."""

from __future__ import annotations

import numpy as np
import streamlit as st

from colorizer.color.tint import Coloring
from colorizer.network.color_classes import classes_for_half, rebalancing_weights, smooth_prior
from colorizer.network.zhang2016 import color_points
from dashboard.lesson.charts import counts_chart, histogram_rows, weights_chart
from dashboard.lesson.colors import draw_row
from dashboard.lesson.lesson import Lesson, ModelAnswer
from dashboard.shared.language import mark, tr
from dashboard.shared.text import MULTIPLICATION_SIGN, format_number

_STYLE = """<style>
.st-key-how-planes [data-testid="stColumn"], .st-key-how-seen [data-testid="stColumn"] { min-width: 6rem; }
</style>"""
_WEIGHT_FORMULA = r"$w \propto 1 / (\frac{1}{2} p + \frac{1}{2} \cdot \frac{1}{313})$"
_COLORINGS = {
    Coloring.GRAY: mark(
        "This picture is grey: its a and b are 0 everywhere. Its original colours are not stored in the file. "
        "Choose a colour picture to see true colours."
    ),
    Coloring.TINTED: mark(
        "This picture is grey with one tint over it, as of a sepia print or of old paper. The tint says nothing about "
        "the original colours, and the network does not see it. Choose a colour picture to see true colours."
    ),
    Coloring.COLORED: mark("This picture is in colour, so its true a and b are known. The network never sees them."),
}


def draw_split(lesson: Lesson) -> None:
    """Draw step 1: the picture as L, a and b."""
    st.html(_STYLE)
    st.header(tr("1. Every colour is three numbers"), anchor=False)
    st.markdown(
        tr("**L** says how light it is, **a** how green or red, **b** how blue or yellow. A grey picture has only L.")
    )
    captions = (tr("L: lightness"), tr("a: green to red"), tr("b: blue to yellow"))
    draw_row(lesson.name, zip(lesson.planes, captions, strict=True), key="how-planes")
    st.info(tr(_COLORINGS[lesson.coloring]), icon=":material/info:")


def draw_network_input(lesson: Lesson, answer: ModelAnswer) -> None:
    """Draw step 2: the input of the network."""
    st.header(tr("2. The network sees a small grey picture"), anchor=False)
    with st.container(key="how-seen"):
        picture, words = st.columns([1, 2], vertical_alignment="center")
    side = answer.prediction.spec.side
    size = tr("{size} pixels", size=f"{side} {MULTIPLICATION_SIGN} {side}")
    alt = tr("{name} as the network sees it", name=lesson.name)
    picture.image(answer.network_input, caption=size, width="stretch", alt=alt)
    words.markdown(
        tr(
            "The picture is made smaller, to {size}, and the network gets only its L. From very many photographs it "
            "has learnt which colours things usually have: skies, grass, skin. It looked at this picture for "
            "{seconds} s.",
            size=size,
            seconds=format_number(answer.seconds, ".2f"),
        )
    )


def draw_rebalancing(lesson: Lesson, answer: ModelAnswer) -> None:
    """Draw step 5: why a network that learns from all pixels equally predicts grey, and the remedy."""
    st.header(tr("5. Why the plain average is grey"), anchor=False)
    if lesson.truth is None:
        counts, source = (
            answer.counts,
            tr("The first chart counts the colours that the network gave this picture's spots."),
        )
    else:
        counts, source = lesson.truth.counts, tr("The first chart counts this picture's own colours, pixel by pixel.")
    share = counts / counts.sum()
    a, b = (share @ color_points()).tolist()
    average = tr(
        "Their average is a = {a}, b = {b}. Its strength of colour (chroma) is {mean}, while the single colours have "
        "{single} on average. **An average is duller than the colours in it.**",
        a=round(a),
        b=round(b),
        mean=f"{np.hypot(a, b):.0f}",
        single=f"{share @ np.hypot(*color_points().T):.0f}",
    )
    st.markdown(f"{source} {average}")
    st.markdown(
        tr(
            "A few common colours, mostly greyish, outnumber all others. A network that learns from every pixel "
            "equally would therefore predict greyish colours. *Class rebalancing* gives rare colours more **weight** "
            "while the network learns. The second chart shows the weights for this picture alone: {formula}, where "
            "$p$ is the share of a colour.",
            formula=_WEIGHT_FORMULA,
        )
    )
    weight = rebalancing_weights(smooth_prior(share))
    rebalanced = share * weight / (share @ weight)
    data = histogram_rows(counts, weight)
    for column, spec, label, shares in zip(
        st.columns(2, gap="medium"),
        (counts_chart(), weights_chart()),
        (tr("Colours with half of the weight"), tr("The same, rebalanced")),
        (share, rebalanced),
        strict=True,
    ):
        colors = classes_for_half(shares)
        alt = tr("Bars, one for each colour. {label}: {number}", label=label, number=colors)
        column.vega_lite_chart(data, spec, width="stretch", alt=alt)
        about = tr("How many colours, the strongest first, make up half of the total weight.")
        column.metric(label, colors, help=about)
