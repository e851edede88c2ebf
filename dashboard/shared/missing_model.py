"""A model whose file is not on this computer: a dialog over the page offers to fetch it, and the page stays as it is.

`choose_model` calls it, so every tab has it that lets a visitor choose a model.
"""

from __future__ import annotations

from functools import partial

import streamlit as st

from colorizer import DEFAULT_MODEL, MODELS, ColorizerError, WeightsMissing
from colorizer.network.registry import ModelSpec
from dashboard.shared.errors import details, fetch_with_progress, show_with_details
from dashboard.shared.language import tr
from dashboard.shared.models import cached_colorizer
from dashboard.shared.text import format_size


def working_model(wanted: str, *, key: str) -> str:
    """The model that a tab works with: `wanted`, or the one before as long as the file of `wanted` is missing.

    In that case a dialog opens. `key`: of the widget that chose `wanted`; it gets the model before back when the
    visitor closes the dialog. Other errors of a model are for the tab to show: it gets them when it uses the model.
    """
    remembered = f"{key}-working"
    try:
        cached_colorizer(wanted)
    except WeightsMissing as error:
        if not MODELS[wanted].weights.urls:  # it comes with the program, so there is nothing to fetch
            return wanted
        before: str = st.session_state.get(remembered, DEFAULT_MODEL)
        _open_dialog(MODELS[wanted], error, key=key, before=before)
        return before
    except ColorizerError:
        return wanted
    st.session_state[remembered] = wanted
    return wanted


def _open_dialog(spec: ModelSpec, error: WeightsMissing, *, key: str, before: str) -> None:
    give_up = partial(st.session_state.__setitem__, key, before)
    dialog = st.dialog(tr("This model is not here yet"), icon=":material/download:", on_dismiss=give_up)
    dialog(_offer)(spec, error, MODELS[before], key=key, give_up=give_up)


def _offer(spec: ModelSpec, error: WeightsMissing, before: ModelSpec, *, key: str, give_up: partial[None]) -> None:
    """Draw the dialog. It is a fragment: its buttons run it alone."""
    size = format_size(spec.weights.size)
    st.markdown(
        tr(
            "**{model}** needs a file of {size}, which is fetched once and checked. Until then your picture stays as "
            "it is.",
            model=spec.title,
            size=size,
        )
    )
    with st.container(horizontal=True):
        fetch = st.button(tr("Fetch {size}", size=size), icon=":material/download:", type="primary", key=f"{key}-fetch")
        if st.button(tr("Keep {model}", model=before.title), key=f"{key}-keep", on_click=give_up):
            st.rerun()
    if fetch:
        fetch_with_progress(spec, _show_failure)
    with st.expander(tr("Put the file there yourself")):
        st.markdown(details(error))


def _show_failure(error: ColorizerError) -> None:
    words = tr(
        "The file could not be fetched. Check that the computer that runs this page is connected to the "
        "internet, and try again. Or ask the person who looks after it to put the file there."
    )
    show_with_details(words, error)
