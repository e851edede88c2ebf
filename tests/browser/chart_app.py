"""What the tabs may draw and the photograph's does not: a chart to click at, a table, a formula, a film."""

from __future__ import annotations

import os
from pathlib import Path

import altair as alt
import streamlit as st

rows = [{"a": number, "b": number**2 % 17, "colour": ("#a03020", "#2030a0")[number % 2]} for number in range(20)]
chart = alt.Chart(alt.Data(values=rows)).mark_circle(size=400)
points = chart.encode(x="a:Q", y="b:Q", color=alt.Color("colour:N", scale=None))
choice = st.altair_chart(points.add_params(alt.selection_point(name="choice")), on_select="rerun", key="chart")
st.text(f"Chosen: {len(choice['selection']['choice'])}")
st.dataframe(rows)
st.latex("x^2")
st.video(Path(os.environ["FILM"]))
