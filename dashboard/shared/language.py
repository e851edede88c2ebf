"""The words of the page in the visitor's language.

It is the one in the page's address (`?lang=de`), else the browser's. `dashboard.locale` has the catalogues.
"""

from __future__ import annotations

from functools import lru_cache

import streamlit as st

from dashboard.locale.catalogues import ENGLISH, choose_language, mark, translate, translate_count
from dashboard.server.streamlit_internals import is_page_script, session_id

__all__ = ["LANGUAGE_PARAMETER", "current_language", "mark", "tr", "trn"]

LANGUAGE_PARAMETER = "lang"


def tr(text: str, **values: object) -> str:
    """The visitor's words for an English text of the page, with `values` put into its braces: `tr("{n} files", n=3)`.

    `text` must be a literal, or come from a table whose literals are in `mark`, so that the catalogues can be extracted
    from the source.
    """
    return translate(current_language(), text, **values)


def trn(singular: str, plural: str, n: int, **values: object) -> str:
    """The same for a text that counts: `trn("{n} file of {name}", "{n} files of {name}", n, name=name)`.

    `singular` and `plural` must be literals. `n` is among the values.
    """
    return translate_count(current_language(), singular, plural, n, **values)


def current_language() -> str:
    """The code of the visitor's language, one of `LANGUAGES`. English outside a page's script, as on a worker thread.

    The browser's own language comes before the header Accept-Language, which Streamlit keeps from the first connection.
    """
    if not is_page_script():
        return ENGLISH
    asked, browser = st.query_params.get(LANGUAGE_PARAMETER, ""), st.context.locale or ""
    return choose_language(asked, browser, _accepted_languages(session_id()))


@lru_cache(maxsize=1000)
def _accepted_languages(_session: str) -> str:
    """The header of a session, which stays the same. Streamlit makes all headers anew whenever one is asked for."""
    return st.context.headers.get("Accept-Language", "")
