"""How errors are shown on the page: plain words in the visitor's language, and the precise text below them."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from colorizer import ColorizerError, DownloadFailed, WeightsMissing
from colorizer.network.registry import ModelSpec
from colorizer.network.weights import fetch_weights
from dashboard.server import plain_words
from dashboard.shared.language import current_language, tr
from dashboard.shared.text import capitalize, escape_markdown, format_size


def show_error(error: Exception, spec: ModelSpec, *, key: str = "fetch", name: str = "") -> None:
    """Show an error, and offer a remedy where there is one. `key`: of the offered button; each tab has its own.

    `name`: the visitor's for the file that the error is about, if it is about one. For an error that is no
    ColorizerError the details have its type.
    """
    if isinstance(error, WeightsMissing) and spec.weights.urls:
        size = format_size(spec.weights.size)
        st.warning(
            tr("**{model} is not on this computer yet.** It is {size}, fetched once.", model=spec.title, size=size)
        )
        if st.button(tr("Fetch {size}", size=size), icon=":material/download:", key=key, type="primary"):
            fetch_with_progress(spec, _show_plainly)
        with st.expander(tr("Or put the file there yourself")):
            st.markdown(details(error))
    else:
        _show_plainly(error, name)


def explain(error: BaseException, name: str = "") -> str:
    """An error in plain words of the visitor's language, behind the `name` of its file if given. No Markdown."""
    words = plain_words.explain(error, current_language())
    return f"{name}: {words}" if name else words


def details(error: BaseException, name: str = "") -> str:
    """The precise text on an error, as Markdown that shows it as it is; the places of weights are links in it.

    `name`: the visitor's for the file that the error is about. Paths of this computer are left out.
    """
    is_ours = isinstance(error, WeightsMissing | DownloadFailed)
    first, *rest = plain_words.describe(error, name).splitlines() or [""]
    return "  \n".join(escape_markdown(line, is_ours=is_ours) for line in (capitalize(first), *rest))


def show_with_details(words: str, error: Exception, name: str = "") -> None:
    """Show `words`, Markdown, as an error, and below them the details of `error`."""
    st.error(words, icon=":material/error:")
    with st.expander(tr("Details")):
        st.markdown(details(error, name))


def _show_plainly(error: Exception, name: str = "") -> None:
    show_with_details(escape_markdown(explain(error, name)), error, name)


def fetch_with_progress(spec: ModelSpec, show_failure: Callable[[ColorizerError], None]) -> None:
    """Fetch the file of a model and show how far it is. Then the page runs again, or the failure is shown."""
    bar = st.progress(0.0)

    def show(done: int, total: int) -> None:
        words = tr("Fetching: {done} of {total}", done=format_size(done), total=format_size(total))
        bar.progress(min(done / total, 1.0), text=words)

    show(0, spec.weights.size)
    try:
        fetch_weights(spec, progress=show)
    except ColorizerError as error:
        bar.empty()
        show_failure(error)
    else:
        st.rerun()
