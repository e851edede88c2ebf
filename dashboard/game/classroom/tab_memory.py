"""The keys that the browser remembers for a class, so that the page's address shows no teacher's key.

They are in `sessionStorage`: of one tab of the browser, also after a reload, and gone when the tab is closed. A key in
the address, which a link brings, is taken out of it by the browser and exchanged for another one by the server.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from colorizer import ColorizerError
from dashboard.components.base import component

_SCRIPT = Path(__file__).with_name("tab_memory.js")
_KEY, _KEYS = "class-memory", "class-keys"  # of the component, and of what it has answered


@dataclass
class TabKeys:
    """The keys for one class, each empty if there is none. `failure`: why the teacher's link did not work."""

    code: str
    teacher: str = ""
    player: str = ""
    failure: ColorizerError | None = None


def get_keys(code: str) -> TabKeys | None:
    """The keys for a class, or None until the browser has answered."""
    keys: TabKeys | None = st.session_state.get(_KEYS)
    return keys if keys is not None and keys.code == code else None


def set_keys(keys: TabKeys) -> None:
    """Use these keys in this session; the browser remembers them from the next `draw_tab_memory` on."""
    st.session_state[_KEYS] = keys


def forget_keys() -> None:
    """Forget the keys in this session; the browser is asked again when the visitor comes back to a class."""
    st.session_state.pop(_KEYS, None)


def draw_tab_memory(code: str, *, redeem: Callable[[str], str]) -> None:
    """Exchange the keys for a class with the browser. Draws nothing that can be seen.

    `redeem`: exchanges the key of a teacher's link for one that stays valid, or raises ColorizerError.
    """

    def answered() -> None:
        answer = st.session_state[_KEY]["keys"]
        # What this session knows is newer than what the browser told again before it had heard.
        keys = get_keys(code) or TabKeys(code, str(answer["teacher"]), str(answer["player"]))
        if link := str(answer["link"]):
            try:
                keys.teacher = redeem(link)
            except ColorizerError as error:
                keys.failure = None if keys.teacher else error  # the teacher's own tab needs no link
        set_keys(keys)

    keys = get_keys(code)
    component("tab_memory", js=(_SCRIPT,))(
        key=_KEY,
        data={
            "code": code,
            "known": keys is not None,
            "keys": {"teacher": keys.teacher, "player": keys.player} if keys else {},
        },
        on_keys_change=answered,
    )
