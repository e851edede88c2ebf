"""The teacher's link for another device. It is copied and not shown, because the page may be projected."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from dashboard.components.base import COMPONENTS, component
from dashboard.game.classroom.control import ClassroomControl
from dashboard.shared.language import tr

_HERE = Path(__file__).parent
_LINK_KEY = "class-link"  # code of the class, and the key in its newest link

_HTML = """
<button type="button"></button>
<p role="status"></p>
"""


def _words() -> dict[str, str]:
    return {
        "copy": tr("Copy the link"),
        "copied": tr("Copied. Send it to yourself, and to nobody else."),
        "failed": tr("This browser does not let the page copy. Open the page with another browser."),
    }


def draw_device_link(control: ClassroomControl, code: str, address: str) -> None:
    """Draw a button that makes a link, then one that copies it. Raises ClassroomEnded.

    `address`: of the page, as other devices reach it.
    """
    st.markdown(
        tr(
            "With a link of your own you open this page on another device, or again after you have closed it. It "
            "works **once**. It is copied and not shown, so that nobody reads it from the projector."
        )
    )
    made: tuple[str, str] | None = st.session_state.get(_LINK_KEY)
    has_link = made is not None and made[0] == code
    if st.button(
        tr("Make a new link") if has_link else tr("Make a link"), icon=":material/link:", key="class-link-make"
    ):
        made, has_link = (code, control.make_link_key()), True
        st.session_state[_LINK_KEY] = made
    if has_link and made is not None:
        styles = (COMPONENTS / "button.css", _HERE / "device_link.css")
        component("device_link", html=_HTML, css=styles, js=(_HERE / "device_link.js",))(
            key="class-link-copy", data={"address": address, "code": code, "key": made[1], "words": _words()}
        )
