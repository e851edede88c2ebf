"""What lies to the right of the picture: files to save, presets, sliders, and everything else below "More"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import streamlit as st

from colorizer import Look
from colorizer.recipe import PhotoSettings
from dashboard.components.copy_button import copy_button
from dashboard.components.reference_field import choose_reference
from dashboard.components.save import SavedFile, save_buttons
from dashboard.photo.answers import choose_answer, choose_preset
from dashboard.photo.files import FILE_KINDS, ColorizedPhoto, FileKind, encode_file
from dashboard.photo.photo import Photo
from dashboard.photo.repairs import painted
from dashboard.photo.settings import (
    AMOUNT,
    BOLD,
    DOUBT,
    ENCODING,
    MARKS,
    MODEL,
    PAINTS,
    RESTORATION,
    VARIANT,
    WARMTH,
    Chosen,
    put_settings,
)
from dashboard.photo.stage import FIX, VIEW
from dashboard.photo.suggestions import draw_geometry_controls
from dashboard.server.queues import queued_download_url
from dashboard.server.settings import max_pixels
from dashboard.shared.controls import choose_model, choose_strength, choose_vividness, choose_warmth
from dashboard.shared.file_controls import choose_encoding, choose_marks, choose_restoration
from dashboard.shared.language import tr
from dashboard.shared.notes import show_notes
from dashboard.shared.reference import digest_of


def choose_settings(photo: Photo) -> Chosen:
    """Draw the sliders and what is below them."""
    strength = choose_strength(key=AMOUNT, in_address=True)
    warmth = choose_warmth(key=WARMTH, in_address=True)
    reference = choose_reference(photo.reference, key="photo", leave_out=photo.opened.source)
    with st.expander(tr("More"), icon=":material/tune:"):
        vividness = choose_vividness(key=BOLD, in_address=True)
        model = choose_model(key=MODEL, in_address=True)
        restoration = replace(choose_restoration(key=RESTORATION, folded=False), strokes=painted(photo.repairs))
        paints = st.toggle(
            tr("Change by hand what is repaired"),
            help=tr(
                "Marks what is filled. The picture gets a brush for damage that was not found, and an eraser for what "
                "was taken for damage and is none."
            ),
            key=PAINTS,
            persist_state="page",
        )
        draw_geometry_controls(photo.geometry, photo.set_geometry, key=f"geometry-{photo.opened.source}")
        encoding = choose_encoding(key=ENCODING, folded=False)
        caption, label = choose_marks(key=MARKS)
        shows_doubt = st.toggle(tr("Show where the program is unsure"), key=DOUBT, persist_state="page")
    st.button(
        tr("Reset"),
        icon=":material/restart_alt:",
        help=tr("Everything as it was when the picture came."),
        key="photo-reset",
        on_click=partial(_reset, photo),
        width="stretch",
    )
    settings = PhotoSettings(
        geometry=photo.geometry,
        look=Look(strength=strength, vividness=vividness, warmth=warmth),
        hints=tuple(photo.hints.placed),
        restoration=restoration,
        encoding=encoding,
        variant=st.session_state.get(VARIANT, 0),
        reference=digest_of(reference),
        caption=caption,
    )
    return Chosen(settings, model, label, shows_doubt, paints)


def draw_actions(photo: Photo, chosen: Chosen, files: Sequence[SavedFile]) -> None:
    """Draw the files to save, the copy and the presets. They are there at once, and work as soon as there is colour."""
    save_buttons(files, key="photo-save")
    if photo.gray is not None:
        copy_button(files[0].address if files else photo.gray.data, key="photo-copy")
    with st.container(key="photo-presets"):
        choose_preset(photo, chosen.settings, key="photo-preset")
    choose_answer(photo, chosen.settings)


def draw_bar(photo: Photo, chosen: Chosen, files: Sequence[SavedFile]) -> None:
    """Draw the bar at the bottom of a narrow window: what is needed most, wherever the page is scrolled to.

    In wider windows the styles of the tab hide it.
    """
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="photo-bar"):
        with st.popover(tr("Presets"), width="stretch"):
            choose_preset(photo, chosen.settings, key="photo-bar-preset")
        fix = partial(st.session_state.__setitem__, VIEW, FIX)
        st.button(tr("Fix"), key="photo-bar-fix", on_click=fix, width="stretch")
        save_buttons([*(replace(file, label=tr("Download")) for file in files[:1]), *files[1:]], key="photo-bar-save")


def draw_losses(photo: Photo) -> None:
    """Say what each kind of file cannot store."""
    if photo.current is not None:
        show_notes(photo.current.losses)


def list_files(photo: Photo, chosen: Chosen) -> list[SavedFile]:
    """The files that can be saved, at full size; none before there is colour."""
    analysis = photo.answer(chosen.settings.variant)
    if analysis is None or photo.shown is None:
        return []
    settings = photo.shown.describe(chosen.settings)
    made = ColorizedPhoto(photo.data, analysis, settings, chosen.label, max_pixels())
    return [_offer(photo.opened.name, made, kind) for kind in FILE_KINDS]


def _offer(name: str, made: ColorizedPhoto, kind: FileKind) -> SavedFile:
    file = kind.name(name)
    address = queued_download_url(partial(encode_file, made, kind), file, place=f"photo-{kind.label}")
    return SavedFile(tr(kind.label), address, file)


def _reset(photo: Photo) -> None:
    put_settings(PhotoSettings())
    photo.hints.clear()
    photo.repairs.clear()
    photo.reference.clear()
    photo.geometry = PhotoSettings().geometry
