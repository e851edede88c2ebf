"""The Photo tab: colour one photograph, correct it and download it."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from dashboard.navigation import OpenPhoto
from dashboard.photo.again import remember_photo
from dashboard.photo.panel import choose_settings, draw_actions, draw_bar, draw_losses, list_files
from dashboard.photo.photo import Photo, close_current_photo, current_photo, finish_work, wait_for_gray
from dashboard.photo.rendering import Preparation
from dashboard.photo.settings import Chosen
from dashboard.photo.sources import choose_photo
from dashboard.photo.stage import draw_stage

_STYLES = Path(__file__).with_name("photo.css")


def render() -> None:
    """Draw the tab."""
    st.html(_STYLES)
    opened = choose_photo()
    if opened is None:
        close_current_photo()
    else:
        _show(opened)


@st.fragment
def _show(opened: OpenPhoto) -> None:
    """Draw the picture and its controls. A fragment, so that a control redraws nothing else.

    The picture stands on the page while the network works: first in grey, later as it was before. When the work is
    done, the page runs once more.
    """
    photo = current_photo(opened)
    with st.container(key="photo-work"):
        stage, panel = st.columns([3, 1], gap="medium")
    with panel:
        actions = st.container()
        chosen = choose_settings(photo)
    photo.want(Preparation(chosen.model, chosen.settings.restoration, photo.geometry, photo.reference.picture))
    with stage:
        queue = st.container()  # has its place always, so that nothing below is drawn anew when it is filled
        with queue:
            wait_for_gray(photo)
        draw_stage(photo, chosen)
    files = list_files(photo, chosen)
    with actions:
        draw_actions(photo, chosen, files)
    with panel:
        draw_losses(photo)
    draw_bar(photo, chosen, files)
    _keep(photo, chosen)
    remember_photo(photo, chosen)
    with queue:
        finish_work(photo)


def _keep(photo: Photo, chosen: Chosen) -> None:
    """Give the album the settings that its photograph has got here, when they change."""
    keep, made = photo.opened.keep, (chosen.settings, chosen.model)
    if keep is not None and photo.has_changed("kept", made):
        keep(chosen.settings, chosen.model, photo.reference.picture)
