"""Controls for an old photograph and for the files of results, shared by the tabs for photographs.

`key`: begins the keys of the widgets; each tab has its own. `folded`: whether they lie in an expander; otherwise below
a heading, for a place that is folded itself.
"""

from __future__ import annotations

from typing import Any

import streamlit as st

from colorizer import Restoration
from colorizer.errors import InvalidSetting
from colorizer.images.caption import MAX_CHARACTERS, check_caption
from colorizer.images.encoding import SUBSAMPLINGS, EncodeOptions
from dashboard.server.streamlit_internals import DeltaGenerator
from dashboard.shared.language import mark, tr

RESTORATION_SWITCHES = {  # by the field of `Restoration`, which ends the key of the widget: label and explanation
    "scratches": (
        mark("Repair scratches"),
        mark(
            "Finds thin lines that do not belong to the picture, and fills them from what is beside them; all else "
            "stays as it is. Look at the result: it may take a wire or a pole for a scratch."
        ),
    ),
    "dust": (
        mark("Repair dust and spots"),
        mark(
            "Finds small spots and fibres, and fills them from what is around them; all else stays as it is. Look at "
            "the result: it may take a star or a button for dust."
        ),
    ),
    "folds": (
        mark("Repair folds"),
        mark("Finds creases across the picture, and fills them from what is beside them; all else stays as it is."),
    ),
    "descreen": (
        mark("Take out printed dots"),
        mark("For pictures from newspapers and books. Without a regular pattern of dots, nothing changes."),
    ),
    "unfade": (
        mark("Take out tint and fading"),
        mark(
            "Sepia, yellowed paper, a dye that has gone: gives all three colours of the scan the widest range "
            "that one of them has kept. Changes the lightness; a grey scan stays as it is."
        ),
    ),
    "levels": (
        mark("Automatic levels"),
        mark("Makes the darkest parts black and the lightest white. Changes the lightness."),
    ),
    "crop_border": (
        mark("Leave a white border grey"),
        mark(
            "Where paper goes round all four sides, the program looks at the picture alone, and the paper stays "
            "grey. Nothing is cut off."
        ),
    ),
}


def choose_restoration(*, key: str, folded: bool = True) -> Restoration:
    """Draw the check boxes for an old photograph."""
    with _section(tr("Old photograph"), folded):
        switches: dict[str, Any] = {
            name: st.checkbox(tr(label), help=tr(explanation), key=f"{key}-{name}", persist_state="page")
            for name, (label, explanation) in RESTORATION_SWITCHES.items()
        }
    return Restoration(**switches)


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
