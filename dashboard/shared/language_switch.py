"""The switch of the page's language, kept in the page's address (`?lang=de`)."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import streamlit as st

from dashboard.locale.catalogues import ENGLISH, LANGUAGES
from dashboard.server.streamlit_internals import ComponentRenderer
from dashboard.shared.language import LANGUAGE_PARAMETER, current_language, tr
from dashboard.shared.text import css_string

_KEY = "language"
_SCRIPT, _FIELDS = (Path(__file__).with_name(name) for name in ("language.js", "fields.css"))


def draw_language_switch() -> None:
    """Draw the switch, and tell the browser in which language the page is, for screen readers and hyphenation."""
    language = current_language()
    st.menu_button(
        LANGUAGES[language],
        list(LANGUAGES),
        format_func=LANGUAGES.__getitem__,
        icon=":material/language:",
        type="tertiary",
        help=tr("Choose the language of this page"),
        key=_KEY,
        on_click=_switch,
    )
    _page_language()(key="page-language", data={"language": language})
    if language != ENGLISH:
        _translate_fields()


def _translate_fields() -> None:
    """Give Streamlit's own upload fields the words of the language."""
    words = {
        "file": tr("Choose files"),
        "folder": tr("Choose a folder"),
        "limit": tr("Up to {size} MB a file", size=st.get_option("server.maxUploadSize")),
    }
    variables = " ".join(f"--upload-{name}: {css_string(text)};" for name, text in words.items())
    st.html(f"<style>:root {{ {variables} }}</style>")
    st.html(_FIELDS)


def _switch() -> None:
    """Note the new language in the address, and keep what is chosen.

    The browser names a choice by its words, which will be other ones: a value that the program sets is named anew.
    """
    st.query_params[LANGUAGE_PARAMETER] = st.session_state[_KEY]
    for key, value in st.session_state.to_dict().items():
        if key != _KEY and isinstance(value, str):
            st.session_state[key] = value


@cache
def _page_language() -> ComponentRenderer:
    """The component that sets the attribute `lang` of the page. Its script is a file of its own, as the policy asks."""
    return st.components.v2.component("ai_colouriser_language", js=_SCRIPT.read_text(encoding="utf-8"))
