"""The result of "Real or coloured?": the fooling rate in words, and both versions of each picture."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from dashboard.game.pairs import Pair
from dashboard.game.statistics import Rate, Tally, combine_tallies, explain_interval, format_percent, sort_by_fooling
from dashboard.shared.language import tr, trn
from dashboard.shared.text import escape_markdown


def draw_rate(rate: Rate) -> None:
    """Draw the fooling rate as a large figure: how often our colours were taken for the real ones."""
    st.metric(tr("Fooling rate"), format_percent(rate.share), width="content")


def explain_rate(rate: Rate) -> None:
    """Draw the rate in words, with its interval and what it means."""
    low, high = rate.interval
    st.markdown(
        trn(
            "Our colours were taken for the real ones in **{fooled} of {n} vote**. With this many votes, the true rate "
            "is probably between **{low} and {high}** (95 % interval).",
            "Our colours were taken for the real ones in **{fooled} of {n} votes**. With this many votes, the true "
            "rate is probably between **{low} and {high}** (95 % interval).",
            rate.votes,
            fooled=rate.fooled,
            low=format_percent(low),
            high=format_percent(high),
        )
        + f" {explain_interval(rate)}"
    )


def draw_result(tallies: Sequence[Tally], pair_of: Callable[[int], Pair], ours: str) -> None:
    """Draw the rate of all votes, and below it each picture. `ours`: caption of our version."""
    rate = combine_tallies(tallies)
    draw_rate(rate)
    explain_rate(rate)
    draw_pictures(tallies, pair_of, ours)


def draw_pictures(tallies: Sequence[Tally], pair_of: Callable[[int], Pair], ours: str) -> None:
    """Draw both versions of each picture, those that fooled most first."""
    st.markdown(f"**{tr('Which pictures fooled most')}**")
    for tally in sort_by_fooling(tallies):
        pair = pair_of(tally.picture)
        st.markdown(f"{escape_markdown(pair.name)}: {describe_fooled(tally.rate)}")
        with st.container(horizontal=True, gap="small"):
            for file, caption in ((pair.real, tr("Real colours")), (pair.ours, ours)):
                with st.container(width=min(320, pair.width)):
                    st.image(file, caption=caption, width="stretch", alt=f"{pair.name}, {caption}")


def describe_fooled(rate: Rate) -> str:
    """Text such as "fooled 3 of 12"; for a single vote "fooled" or "not fooled"."""
    if rate.votes == 1:
        return tr("fooled") if rate.fooled else tr("not fooled")
    return tr("fooled {done} of {all}", done=rate.fooled, all=rate.votes)
