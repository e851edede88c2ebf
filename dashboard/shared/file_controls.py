"""Controls for an old photograph and for the files of results, shared by the tabs for photographs.

`key`: begins the keys of the widgets; each tab has its own. `folded`: whether they lie in an expander; otherwise below
a heading, for a place that is folded itself.
"""

from __future__ import annotations

import streamlit as st

from colorizer import Restoration
from colorizer.errors import InvalidSetting
from colorizer.images.caption import MAX_CHARACTERS, check_caption
from colorizer.images.encoding import SUBSAMPLINGS, EncodeOptions
from dashboard.server.streamlit_internals import DeltaGenerator
from dashboard.shared.language import tr


def choose_restoration(*, key: str, folded: bool = True) -> Restoration:
    """Draw the check boxes for an old photograph."""
    with _section(tr("Old photograph"), folded):
        unfade = st.checkbox(
            tr("Take out tint and fading"),
            help=tr(
                "Sepia, yellowed paper, a dye that has gone: gives all three colours of the scan the widest range "
                "that one of them has kept. Changes the lightness; a grey scan stays as it is."
            ),
            key=f"{key}-unfade",
            persist_state="page",
        )
        levels = st.checkbox(
            tr("Automatic levels"),
            help=tr("Makes the darkest parts black and the lightest white. Changes the lightness."),
            key=f"{key}-levels",
            persist_state="page",
        )
        crop_border = st.checkbox(
            tr("Leave a white border grey"),
            help=tr(
                "Where paper goes round all four sides, the program looks at the picture alone, and the paper stays "
                "grey. Nothing is cut off."
            ),
            key=f"{key}-border",
            persist_state="page",
        )
    return Restoration(unfade=unfade, levels=levels, crop_border=crop_border)


def choose_encoding(*, key: str, folded: bool = True) -> EncodeOptions:
    """Draw how JPEG files are to be written."""
    usual = EncodeOptions()
    with _section(tr("JPEG files"), folded):
        quality = st.slider(
            tr("Quality"),
            1,
            100,
            usual.quality,
            help=tr("More keeps finer detail, in a larger file."),
            key=f"{key}-quality",
            persist_state="page",
        )
        subsampling = st.segmented_control(
            tr("Colour detail"),
            SUBSAMPLINGS,
            default=usual.subsampling,
            required=True,
            help=tr(
                "4:4:4 keeps as much of the colours as of the lightness, 4:2:2 half as much across, 4:2:0 half as "
                "much across and down. Less makes the file smaller."
            ),
            key=f"{key}-subsampling",
            persist_state="page",
        )
    return EncodeOptions(quality, subsampling)


def choose_marks(*, key: str) -> tuple[str, bool]:
    """Draw both ways to say that a program made the colours: the caption, and whether there is a label."""
    return choose_caption(key=f"{key}caption"), choose_label(key=f"{key}label")


def choose_label(*, key: str, disabled: bool = False) -> bool:
    """Draw the check box; returns whether files tell that their colours are made by a program, and how."""
    return st.checkbox(
        tr("Note in the file that its colours are made by a program"),
        value=True,
        help=tr(
            "Other programs and libraries of pictures read this note. It also says with which settings the colours "
            "were made, so that the same file can be made again. It contains no names, places or times."
        ),
        disabled=disabled,
        key=key,
        persist_state="page",
    )


def choose_caption(*, key: str) -> str:
    """Draw the field for a caption; returns one that can be drawn, or nothing."""
    text = st.text_input(
        tr("Caption below the picture"),
        max_chars=MAX_CHARACTERS,
        placeholder=tr("None"),
        help=tr('In a white border, which files to download get; for example "Colours added by a program".'),
        key=key,
        persist_state="page",
    )
    try:
        check_caption(text)
    except InvalidSetting as error:
        st.error(tr("This caption has a sign that cannot be drawn, or too many. Choose another one."))
        st.caption(str(error))
        return ""
    return text


def _section(title: str, folded: bool) -> DeltaGenerator:
    if folded:
        return st.expander(title)
    place = st.container(gap="xsmall")
    place.markdown(f"**{title}**")
    return place
