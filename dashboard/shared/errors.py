"""How errors are shown on the page, in one place."""

from __future__ import annotations

import errno

import streamlit as st

from colorizer import ColorizerError, DownloadFailed, WeightsMissing
from colorizer.network.registry import ModelSpec
from colorizer.network.weights import fetch_weights
from dashboard.shared.text import capitalize, escape_markdown


def show_error(error: Exception, spec: ModelSpec, *, key: str = "fetch") -> None:
    """Show an error, and offer a remedy where there is one. `key`: of the offered button; each tab has its own.

    For an error that is no ColorizerError the page shows its type too.
    """
    if isinstance(error, WeightsMissing) and spec.weights.urls:
        size = f"{spec.weights.size / 1e6:.0f} MB"
        st.warning(f"**{spec.title} is not on this computer yet.** It is {size}, fetched once and checked.")
        if st.button(f"Fetch {size}", icon=":material/download:", key=key, type="primary"):
            _fetch_with_progress(spec)
        with st.expander("Or put the file there yourself"):
            st.markdown(_as_markdown(error))
    else:
        st.error(_as_markdown(error), icon=":material/error:")


def _fetch_with_progress(spec: ModelSpec) -> None:
    bar = st.progress(0.0, text=f"Fetching {spec.weights.name}")

    def progress(done: int, total: int) -> None:
        bar.progress(
            min(done / total, 1.0), text=f"Fetching {spec.weights.name}: {done / 1e6:.0f} of {total / 1e6:.0f} MB"
        )

    try:
        fetch_weights(spec, progress=progress)
    except ColorizerError as error:
        bar.empty()
        st.error(_as_markdown(error), icon=":material/error:")
    else:
        st.rerun()


def _as_markdown(error: Exception) -> str:
    """The message with its line breaks, escaped so that Markdown shows it as it is; the places of weights are links."""
    is_ours = isinstance(error, WeightsMissing | DownloadFailed)
    if isinstance(error, ColorizerError):
        text = str(error)
    elif isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        text = "the disk of the computer that runs this page is full"
    else:
        text = f"unexpected error: {type(error).__name__}: {error}"
    first, *rest = text.splitlines()
    return "  \n".join(escape_markdown(line, is_ours=is_ours) for line in (capitalize(first), *rest))
