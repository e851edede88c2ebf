"""Steps 1, 2 and 5 of the How it works tab: L, a and b, the network's input, and class rebalancing."""

from __future__ import annotations

import numpy as np
import streamlit as st

from colorizer.network.color_classes import classes_for_half, rebalancing_weights, smooth_prior
from colorizer.network.zhang2016 import color_points
from dashboard.lesson.charts import COUNTS, WEIGHTS, histogram_rows
from dashboard.lesson.colors import draw_row
from dashboard.lesson.lesson import Lesson, ModelAnswer
from dashboard.shared.text import MULTIPLICATION_SIGN

_STYLE = """<style>
.st-key-how-planes [data-testid="stColumn"], .st-key-how-seen [data-testid="stColumn"] { min-width: 6rem; }
</style>"""


def draw_split(lesson: Lesson) -> None:
    """Draw step 1: the picture as L, a and b."""
    st.html(_STYLE)
    st.subheader("1. Every colour is three numbers", anchor=False)
    st.markdown(
        "**L** says how light it is, **a** how green or red, **b** how blue or yellow. A grey picture has only L."
    )
    captions = ("L: lightness", "a: green to red", "b: blue to yellow")
    draw_row(lesson.name, zip(lesson.planes, captions, strict=True), key="how-planes")
    if lesson.truth is None:
        st.info(
            "This picture is grey: its a and b are 0 everywhere. Its original colours are not stored in the file. "
            "Choose a colour picture to see true colours.",
            icon=":material/info:",
        )
    else:
        st.info(
            "This picture is in colour, so its true a and b are known. The network never sees them.",
            icon=":material/info:",
        )


def draw_network_input(lesson: Lesson, answer: ModelAnswer) -> None:
    """Draw step 2: the input of the network."""
    st.subheader("2. The network sees a small grey picture", anchor=False)
    with st.container(key="how-seen"):
        picture, words = st.columns([1, 2], vertical_alignment="center")
    side = answer.prediction.spec.side
    size = f"{side} {MULTIPLICATION_SIGN} {side} pixels"
    picture.image(answer.network_input, caption=size, width="stretch", alt=f"{lesson.name} as the network sees it")
    words.markdown(
        f"The picture is made smaller, to {size}, and the network gets only its L. From very many photographs it has "
        "learnt which colours things usually have: skies, grass, skin. "
        f"It looked at this picture for {answer.seconds:.2f} s."
    )


def draw_rebalancing(lesson: Lesson, answer: ModelAnswer) -> None:
    """Draw step 5: why a network that learns from all pixels equally predicts grey, and the remedy."""
    st.subheader("5. Why the plain average is grey", anchor=False)
    if lesson.truth is None:
        counts, source = answer.counts, "the colours that the network gave this picture's spots"
    else:
        counts, source = lesson.truth.counts, "this picture's own colours, pixel by pixel"
    share = counts / counts.sum()
    a, b = (share @ color_points()).tolist()
    st.markdown(
        f"The first chart counts {source}. Their average is a = {round(a)}, b = {round(b)}. Its strength of colour "
        f"(chroma) is {np.hypot(a, b):.0f}, while the single colours have {share @ np.hypot(*color_points().T):.0f} on "
        "average. **An average is duller than the colours in it.**"
    )
    st.markdown(
        "A few common colours, mostly greyish, outnumber all others. A network that learns from every pixel equally "
        "would therefore predict greyish colours. *Class rebalancing* gives rare colours more **weight** while the "
        "network learns. The second chart shows the weights for this picture alone: "
        r"$w \propto 1 / (\frac{1}{2} p + \frac{1}{2} \cdot \frac{1}{313})$, where $p$ is the share of a colour."
    )
    weight = rebalancing_weights(smooth_prior(share))
    rebalanced = share * weight / (share @ weight)
    data = histogram_rows(counts, weight)
    for column, spec, label, shares in zip(
        st.columns(2, gap="medium"),
        (COUNTS, WEIGHTS),
        ("Colours with half of the weight", "The same, rebalanced"),
        (share, rebalanced),
        strict=True,
    ):
        colors = classes_for_half(shares)
        column.vega_lite_chart(data, spec, width="stretch", alt=f"Bars, one for each colour. {label}: {colors}")
        column.metric(label, colors, help="How many colours, the strongest first, make up half of the total weight.")
