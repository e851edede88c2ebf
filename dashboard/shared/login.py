"""The login in place of the page, and the logout on it. `dashboard.server.login` says when it is needed."""

from __future__ import annotations

import streamlit as st

from dashboard.server.login import DEFAULT_PROVIDER, is_login_required, list_providers
from dashboard.shared.language import tr
from dashboard.shared.language_switch import draw_language_switch
from dashboard.shared.text import escape_markdown


def require_login() -> None:
    """Draw who is logged in and a button to log out. Draws the login instead, and stops, for other visitors.

    Without a required login it draws nothing.
    """
    if not is_login_required():
        return
    if not st.user.is_logged_in:
        _draw_login()
        st.stop()
    with st.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center"):
        name = st.user.get("email") or st.user.get("name") or tr("Logged in")
        st.markdown(escape_markdown(str(name)), width="content")
        st.button(tr("Log out"), icon=":material/logout:", key="logout", on_click=st.logout)


def _draw_login() -> None:
    st.set_page_config(page_title="AI Colouriser")
    st.title("AI Colouriser")
    draw_language_switch()
    st.markdown(tr("Log in to use this page."))
    for provider in list_providers():
        is_named = provider != DEFAULT_PROVIDER
        st.button(
            tr("Log in with {provider}", provider=escape_markdown(provider.capitalize())) if is_named else tr("Log in"),
            icon=":material/login:",
            type="primary",
            key=f"login-{provider}",
            on_click=st.login,
            args=(provider,) if is_named else (),
        )
