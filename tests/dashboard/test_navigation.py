"""The open tab and the page's address: each follows the other."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import navigation
from dashboard.navigation import TAB_KEY, Tab, tab_label

PATIENCE = 60
every_tab = pytest.mark.parametrize("tab", Tab)


def script() -> None:
    import streamlit as st

    from dashboard.navigation import TAB_KEY, Tab, follow_address, tab_label

    follow_address()
    places = st.tabs([tab_label(tab) for tab in Tab], on_change="rerun", key=TAB_KEY)
    st.session_state["open"] = next(tab for tab, place in zip(Tab, places, strict=True) if place.open)


def visit(**address: str) -> AppTest:
    page = AppTest.from_function(script, default_timeout=PATIENCE)
    for name, value in address.items():
        page.query_params[name] = value
    return page.run()


def press(page: AppTest, tab: Tab) -> AppTest:
    """Do what the browser does when a tab is chosen, or what `open_tab` does."""
    page.session_state[TAB_KEY] = tab_label(tab)
    return page.run()


def open_and_named(page: AppTest) -> tuple[Tab, list[str] | str | None]:
    return page.session_state["open"], page.query_params.get("tab")


@every_tab
def test_a_link_opens_its_tab(tab: Tab) -> None:
    page = visit(tab=tab.value)
    assert page.session_state["open"] == tab


@pytest.mark.parametrize("address", [{}, {"tab": "no such tab"}, {"tab": ""}])
def test_an_address_without_a_tab_opens_photo(address: dict[str, str]) -> None:
    assert visit(**address).session_state["open"] == Tab.PHOTO


def test_the_link_to_a_class_opens_the_game_and_a_named_tab_comes_first() -> None:
    assert visit(**{"class": "ABCDEF"}).session_state["open"] == Tab.GAME
    assert visit(**{"class": "ABCDEF", "tab": "album"}).session_state["open"] == Tab.ALBUM


@every_tab
def test_an_open_tab_is_named_and_leads_back_to_itself(tab: Tab) -> None:
    page = press(visit(tab="webcam"), tab)
    shown, named = open_and_named(page)
    assert shown == tab
    address = {} if named is None else {"tab": str(named[0] if isinstance(named, list) else named)}
    assert visit(**address).session_state["open"] == tab


@every_tab
def test_within_a_class_each_tab_has_its_address(tab: Tab) -> None:
    page = press(visit(**{"class": "ABCDEF"}), tab)
    assert page.query_params["class"]
    again = AppTest.from_function(script, default_timeout=PATIENCE)
    for name, value in page.query_params.items():
        again.query_params[name] = value
    assert again.run().session_state["open"] == tab


def test_the_address_leads_after_back_and_the_choice_does_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    page = press(visit(), Tab.FILM)
    page.query_params["tab"] = "album"  # as if the address were behind the choice
    assert page.run().session_state["open"] == Tab.FILM
    page.query_params["tab"] = "album"
    monkeypatch.setattr(navigation, "is_history_navigation", lambda: True)
    assert page.run().session_state["open"] == Tab.ALBUM


def test_another_language_leaves_the_tab_open() -> None:
    page = press(visit(), Tab.LESSON)
    page.query_params["lang"] = "de"
    assert page.run().session_state["open"] == Tab.LESSON
