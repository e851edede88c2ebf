"""The picture of the Photo tab, with what lies below it: suggestions, the views and the words on it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import streamlit as st

from colorizer import MODELS, ColorizerError, Geometry, Restoration, images
from colorizer.images import Picture
from dashboard.components.compare import compare
from dashboard.components.fixing import draw_controls, draw_picker
from dashboard.locale.catalogues import mark
from dashboard.photo.photo import Photo
from dashboard.photo.rendering import GrayPreview, PreparedPhoto
from dashboard.photo.repairs import draw_repairs
from dashboard.photo.settings import Chosen, get_restoration, put_restoration
from dashboard.photo.suggestions import draw_suggestions
from dashboard.shared.errors import show_error
from dashboard.shared.language import tr
from dashboard.shared.notes import show_notes
from dashboard.shared.reference import takes_little
from dashboard.shared.text import format_number

VIEW, COMPARE, SIDE_BY_SIDE, FIX = "view", "compare", "side", "fix"
ROOM_BELOW = 72  # pixels of the window below the picture, for the views; on a phone the bar lies there
_VIEWS = {COMPARE: mark("Compare"), SIDE_BY_SIDE: mark("Side by side"), FIX: mark("Fix colours")}


def draw_stage(photo: Photo, chosen: Chosen) -> None:
    """Draw the picture as it is wanted. While the network works, it draws what there is, and says so."""
    notice, place = st.container(), st.container()
    if photo.failure is not None:
        with notice:
            _draw_failure(photo, photo.failure)
    if photo.current is None:
        if photo.gray is not None:
            with place:
                _compare(photo, photo.gray, None)
        return
    suggestions = st.container()
    view = _choose_view()
    with place:
        _draw_picture(photo, photo.current, chosen, view)
    if view == FIX and not chosen.paints:
        draw_controls(photo.hints, photo.opened.name, partial(_show_problem, photo))
    with suggestions:
        _draw_suggestions(photo, photo.current)
    _draw_words(photo, photo.current)


def _choose_view() -> str:
    return st.segmented_control(
        tr("View"),
        list(_VIEWS),
        format_func=lambda view: tr(_VIEWS[view]),
        default=COMPARE,
        required=True,
        key=VIEW,
        bind="query-params",
        label_visibility="collapsed",
    )


def _draw_picture(photo: Photo, prepared: PreparedPhoto, chosen: Chosen, view: str) -> None:
    analysis = photo.answer(chosen.settings.variant)
    assert analysis is not None
    colorized = images.encode(analysis.colorize_picture(chosen.settings.look, photo.hints.placed), ".jpg")
    if view == COMPARE and not chosen.paints:
        if chosen.shows_doubt:
            _compare_doubt(photo, prepared, colorized)
        else:
            _compare(photo, prepared.gray, colorized)
        return
    work = st.container()  # has its place also when it is empty, or the picture below would be drawn twice for a moment
    if busy := _describe_work(photo):
        work.markdown(f":material/progress_activity: {busy}")
    size = prepared.gray.shown_width, prepared.gray.shown_height
    if chosen.paints:
        key = f"repairs-{photo.opened.source}"
        draw_repairs(photo, prepared, colorized, partial(_show_problem, photo), key=key)
    elif view == FIX:
        key = f"picker-{photo.opened.source}"
        reference = photo.reference.picture  # to take colours from it by hand
        source = None if reference is None else reference.jpeg
        draw_picker(photo.hints, analysis, colorized, size=size, name=photo.opened.name, key=key, source=source)
    else:
        _draw_side_by_side(photo.opened.name, prepared.gray.data, colorized)


def _draw_side_by_side(name: str, gray: bytes, colorized: bytes) -> None:
    with st.container(key="photo-side"):
        left, right = st.columns(2)
    left.image(gray, caption=tr("Grey"), width="stretch", alt=tr("{name}, grey", name=name))
    right.image(colorized, caption=tr("Coloured"), width="stretch", alt=tr("{name}, coloured", name=name))


def _draw_suggestions(photo: Photo, prepared: PreparedPhoto) -> None:
    def change(geometry: Geometry, restoration: Restoration) -> None:
        photo.set_geometry(geometry)
        put_restoration(restoration)

    key = f"suggestions-{photo.opened.source}"
    draw_suggestions(prepared.finding, photo.geometry, get_restoration(), change, key=key)


def _draw_words(photo: Photo, prepared: PreparedPhoto) -> None:
    """What was coloured, by what, and what became of the file."""
    assert photo.shown is not None
    st.caption(
        tr(
            "{width} \N{MULTIPLICATION SIGN} {height} pixels · coloured in {seconds} s by {model}",
            width=prepared.gray.width,
            height=prepared.gray.height,
            seconds=format_number(prepared.seconds, ".2f"),
            model=MODELS[photo.shown.model].title,
        )
    )
    if prepared.analysis.soft_hints is not None and takes_little(prepared.analysis.soft_hints):
        st.caption(tr("Little in the picture for colours is like this photo, so it takes hardly any from it."))
    show_notes(prepared.notes)


def _draw_failure(photo: Photo, failure: ColorizerError) -> None:
    assert photo.wanted is not None
    show_error(failure, MODELS[photo.wanted.model], key="photo-fetch", name=photo.opened.name)
    if photo.may_succeed:
        st.button(tr("Try again"), icon=":material/refresh:", key="photo-again", on_click=photo.cancel)


def _show_problem(photo: Photo, error: ColorizerError) -> None:
    """Show why hints were refused."""
    assert photo.shown is not None
    show_error(error, MODELS[photo.shown.model], key="photo-hints")


def _compare_doubt(photo: Photo, prepared: PreparedPhoto, colorized: bytes) -> None:
    """In place of the grey picture, show the map of what the network does not know."""

    def draw() -> bytes:
        return images.encode(Picture(prepared.analysis.uncertainty_overlay()), ".jpg")

    doubt = photo.remember("doubt", photo.shown, draw)
    _compare(photo, replace(prepared.gray, data=doubt), colorized, label=tr("Where it is unsure"))
    st.caption(
        tr("Dark blue: one colour is almost certain. Grey: a few are likely. Yellow: it could be almost any colour.")
    )


def _compare(photo: Photo, gray: GrayPreview, colorized: bytes | None, *, label: str | None = None) -> None:
    compare(
        gray.data,
        colorized,
        width=gray.shown_width,
        height=gray.shown_height,
        before_label=label,
        busy=_describe_work(photo),
        sweep=True,
        room_below=ROOM_BELOW,
        key=f"compare-{photo.opened.source}",
    )


def _describe_work(photo: Photo) -> str:
    """What is said while the network works; empty if it does not."""
    return tr("Adding colour") if photo.job is not None else ""
