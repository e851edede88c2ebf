"""Controls that several tabs share. `key`: of the widget; each tab has its own."""

from __future__ import annotations

import streamlit as st

from colorizer import DEFAULT_MODEL, MODELS, Restoration
from colorizer.edits.look import MAX_STRENGTH
from colorizer.errors import InvalidSetting
from colorizer.frames.smoothing import DEFAULT_AMOUNT
from colorizer.images.caption import MAX_CHARACTERS, check_caption
from colorizer.images.encoding import SUBSAMPLINGS, EncodeOptions


def choose_model(*, key: str, disabled: bool = False) -> str:
    """Draw the choice of a model; returns its name in `MODELS`."""
    return st.radio(
        "Model",
        list(MODELS),
        index=list(MODELS).index(DEFAULT_MODEL),
        format_func=lambda name: MODELS[name].title,
        captions=[spec.summary for spec in MODELS.values()],
        disabled=disabled,
        key=key,
        persist_state="page",
    )


def choose_strength(*, key: str, disabled: bool = False) -> float:
    """Draw the slider; returns 0 (grey) .. 2."""
    return st.slider(
        "Strength",
        0.0,
        MAX_STRENGTH,
        1.0,
        0.05,
        help="0 is grey, 1 is what the network predicts, more is more vivid.",
        disabled=disabled,
        key=key,
        persist_state="page",
    )


def choose_vividness(*, key: str, disabled: bool = False) -> float:
    """Draw the slider; returns 0 (most faithful) .. 1 (most vivid)."""
    return st.slider(
        "Vividness",
        0.0,
        1.0,
        0.0,
        0.05,
        help="0 plays safe: where the network is unsure, colours are muted. 1 takes the likeliest colours.",
        disabled=disabled,
        key=key,
        persist_state="page",
    )


def choose_warmth(*, key: str) -> float:
    """Draw the slider; returns -1 (cool) .. 1 (warm)."""
    return st.slider(
        "Warmth",
        -1.0,
        1.0,
        0.0,
        0.05,
        help="Below 0 as under a cloudy sky, above 0 as in the evening sun.",
        key=key,
        persist_state="page",
    )


def choose_smoothing(*, key: str, disabled: bool = False) -> float:
    """Draw the slider; returns 0 (each frame's own colours) .. 1 (steadiest)."""
    return st.slider(
        "Smoothing",
        0.0,
        1.0,
        DEFAULT_AMOUNT,
        0.05,
        help="Keeps the colours steady over time. At 0 each frame has its own colours, which may flicker.",
        disabled=disabled,
        key=key,
        persist_state="page",
    )


def choose_restoration(*, key: str) -> Restoration:
    """Draw the check boxes for an old photograph; `key` begins their keys."""
    with st.expander("Old photograph"):
        unfade = st.checkbox(
            "Take out tint and fading",
            help="Sepia, yellowed paper, a dye that has gone: gives all three colours of the scan the widest range "
            "that one of them has kept. Changes the lightness; a grey scan stays as it is.",
            key=f"{key}-unfade",
            persist_state="page",
        )
        levels = st.checkbox(
            "Automatic levels",
            help="Makes the darkest parts black and the lightest white. Changes the lightness.",
            key=f"{key}-levels",
            persist_state="page",
        )
        crop_border = st.checkbox(
            "Hide a white border from the network",
            help="Where paper goes round all four sides, the network sees the picture alone. Nothing is cut off.",
            key=f"{key}-border",
            persist_state="page",
        )
    return Restoration(unfade=unfade, levels=levels, crop_border=crop_border)


def choose_encoding(*, key: str) -> EncodeOptions:
    """Draw how JPEG files are to be written; `key` begins the keys of the two."""
    usual = EncodeOptions()
    with st.expander("JPEG files"):
        quality = st.slider(
            "Quality",
            1,
            100,
            usual.quality,
            help="More keeps finer detail, in a larger file. Of WebP and AVIF, too.",
            key=f"{key}-quality",
            persist_state="page",
        )
        subsampling = st.segmented_control(
            "Colour detail",
            SUBSAMPLINGS,
            default=usual.subsampling,
            required=True,
            help="4:4:4 keeps as much of the colours as of the lightness, 4:2:2 half as much across, 4:2:0 half as "
            "much across and down. Less makes the file smaller.",
            key=f"{key}-subsampling",
            persist_state="page",
        )
    return EncodeOptions(quality, subsampling)


def choose_label(*, key: str, disabled: bool = False) -> bool:
    """Draw the check box; returns whether files tell that their colours are made by a program, and how."""
    return st.checkbox(
        "Note in the file that its colours are made by a program",
        value=True,
        help="Other programs and libraries of pictures read this note. It also says with which settings the colours "
        "were made, so that the same file can be made again. It contains no names, places or times.",
        disabled=disabled,
        key=key,
        persist_state="page",
    )


def choose_marks(*, key: str) -> tuple[str, bool]:
    """Draw both ways to say that a program made the colours: the caption, and whether there is a label."""
    return choose_caption(key=f"{key}caption"), choose_label(key=f"{key}label")


def choose_caption(*, key: str) -> str:
    """Draw the field for a caption; returns one that can be drawn, or nothing."""
    text = st.text_input(
        "Caption below the picture",
        max_chars=MAX_CHARACTERS,
        placeholder="None",
        help='In a white border, which files to download get; for example "Colours added by a program".',
        key=key,
        persist_state="page",
    )
    try:
        check_caption(text)
    except InvalidSetting as error:
        st.error(str(error), icon=":material/error:")
        return ""
    return text
