"""The language of a page: the address before the browser; and the switch."""

from __future__ import annotations

import threading

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.shared.language import current_language, tr


def page() -> None:
    import streamlit as st

    from dashboard.shared.language import tr, trn
    from dashboard.shared.language_switch import draw_language_switch

    draw_language_switch()
    st.markdown(tr("Log in"))
    st.markdown(trn("{n} sound track", "{n} sound tracks", 3))
    st.radio("Colours", ["a", "b"], format_func={"a": tr("Warm"), "b": tr("Bold")}.__getitem__, key="colours")
    st.markdown(st.session_state["colours"])


def open_page(*, address: str = "", browser: str = "") -> AppTest:
    app = AppTest.from_function(page, default_timeout=30)
    if address:
        app.query_params["lang"] = address
    app.context["locale"] = browser or None
    return app.run()


@pytest.mark.parametrize(
    ("address", "browser", "words"),
    [
        ("", "", ["Log in", "3 sound tracks"]),
        ("", "de-AT", ["Anmelden", "3 Tonspuren"]),
        ("es", "de-AT", ["Iniciar sesión", "3 pistas de sonido"]),
        ("en", "es", ["Log in", "3 sound tracks"]),
        ("klingon", "es", ["Iniciar sesión", "3 pistas de sonido"]),
    ],
)
def test_the_address_comes_before_the_browsers_language(address: str, browser: str, words: list[str]) -> None:
    app = open_page(address=address, browser=browser)
    assert not app.exception
    assert [line.value for line in app.markdown][:2] == words


def test_outside_a_page_texts_are_english() -> None:
    found: list[str] = []
    thread = threading.Thread(target=lambda: found.append(current_language() + tr("Log in")))
    thread.start()
    thread.join()
    assert found == ["enLog in"]


def test_the_switch_is_kept_in_the_address_and_keeps_what_is_chosen() -> None:
    app = open_page(browser="en")
    app.radio[0].set_value("b").run()
    app.menu_button(key="language").click("de").run()
    assert not app.exception
    assert app.query_params["lang"] == "de"
    assert app.menu_button[0].label == "Deutsch"
    assert app.radio[0].options == ["Warm", "Kräftig"]
    assert [line.value for line in app.markdown] == ["Anmelden", "3 Tonspuren", "b"]
