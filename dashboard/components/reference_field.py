"""The field for a reference: drop a colour picture into it, or choose one of the session's results."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import streamlit as st

from colorizer import DEFAULT_MODEL, MODELS, images
from dashboard.components.choices import Choice, choose_picture
from dashboard.server.settings import max_pixels
from dashboard.shared.dropped import reading, small_field, take_upload
from dashboard.shared.errors import show_error
from dashboard.shared.language import tr
from dashboard.shared.recent import recent_results
from dashboard.shared.reference import THUMBNAIL_SIDE, ReferencePicture, read_reference
from dashboard.shared.text import escape_markdown
from dashboard.shared.waiting import run_queued

_COLUMNS = 4  # of results to choose from
_STYLES = Path(__file__).with_name("reference_field.css")


@dataclass
class ReferenceField:
    """The reference of a photograph, an album or a film.

    `picture`: None without one. `keep`: gets each picture that was read and the content of its file, in the queue.
    `wanted`: the name of what was chosen and is still to be read, and what reads its file, in the queue. `problem`: why
    the last one, of this name, could not be used. `tries`: how many were read.
    """

    picture: ReferencePicture | None = None
    keep: Callable[[ReferencePicture, bytes], None] | None = None
    wanted: tuple[str, Callable[[], bytes]] | None = None
    problem: tuple[str, Exception] | None = None
    tries: int = 0

    def clear(self) -> None:
        """Go on without a reference."""
        self.picture = self.wanted = self.problem = None

    def read(self) -> None:
        """Read what was chosen. The page waits for its turn; if the page runs anew meanwhile, it begins again."""
        if self.wanted is None:
            return
        (name, read), most = self.wanted, max_pixels()
        with reading(self, name), st.spinner(tr("Reading the picture")):
            self.picture, self.problem = run_queued(lambda: self._take(name, read(), most)), None

    def _take(self, name: str, data: bytes, most_pixels: int) -> ReferencePicture:
        picture = read_reference(name, data, most_pixels)
        if self.keep is not None:
            self.keep(picture, data)
        return picture


def choose_reference(
    field: ReferenceField, *, key: str, leave_out: str = "", disabled: bool = False
) -> ReferencePicture | None:
    """Draw the field, or the reference with a button to remove it. Returns the reference.

    `key`: begins the keys of its widgets. `leave_out`: the identity of a result that is no choice, because it is what
    is to be coloured. `disabled`: whether nothing can be changed now.
    """
    st.html(_STYLES)
    with st.container(key=f"{key}-reference", gap="xsmall"):
        with st.container():  # has its place always, so that nothing below is drawn anew when it is filled
            field.read()
        if field.picture is None:
            _draw_field(field, key, leave_out, disabled=disabled)
        else:
            _draw_reference(field, field.picture, key, disabled=disabled)
    return field.picture


def _draw_reference(field: ReferenceField, picture: ReferencePicture, key: str, *, disabled: bool) -> None:
    st.markdown(f":small[{tr('Colours like this picture')}]")
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"{key}-reference-card"):
        st.image(picture.thumbnail, width=THUMBNAIL_SIDE // 2, alt=tr("The picture that colours are taken from"))
        st.markdown(f":small[{escape_markdown(picture.name)}]", width="stretch")
        st.button(
            tr("Remove"),
            icon=":material/close:",
            disabled=disabled,
            key=f"{key}-reference-remove",
            on_click=field.clear,
        )


def _draw_field(field: ReferenceField, key: str, leave_out: str, *, disabled: bool) -> None:
    upload_key = f"{key}-reference-{field.tries}"  # a field that has been read is replaced by an empty one
    with small_field(tr("Choose a picture"), key=f"{key}-reference"):
        st.file_uploader(
            tr("Colours like this picture"),
            type=[suffix.lstrip(".") for suffix in images.READABLE_SUFFIXES],
            help=tr(
                "Drop a colour picture of the same place, people or things here. Where both pictures are alike, yours "
                "gets its colours; a picture of something else does no harm."
            ),
            disabled=disabled,
            key=upload_key,
            on_change=partial(_take_upload, field, upload_key),
        )
    if not disabled:
        _offer_results(field, key, leave_out)
    if field.problem is not None:
        name, error = field.problem
        show_error(error, MODELS[DEFAULT_MODEL], key=f"{key}-reference-fetch", name=name)


def _take_upload(field: ReferenceField, key: str) -> None:
    if upload := take_upload(key):
        field.wanted = upload


def _offer_results(field: ReferenceField, key: str, leave_out: str) -> None:
    """Draw the session's results that have a file to take colours from, folded, the newest first."""
    offered = [
        (each, each.make_file)
        for identity, each in recent_results()
        if each.make_file is not None and identity != leave_out
    ]
    if not offered:
        return

    def choose(number: int) -> None:
        result, make_file = offered[number]
        field.wanted = result.title, make_file

    words = tr("One of your results")
    with st.popover(words, icon=":material/photo_library:", width="stretch"):
        choose_picture(
            [Choice(each.title, each.thumbnail) for each, _ in offered],
            label=words,
            chosen=None,
            columns=_COLUMNS,
            key=f"{key}-reference-result-{field.tries}",
            on_choose=choose,
        )
