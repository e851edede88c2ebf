"""The About dialog: the version, and the licences of the program, its models, samples, fonts and libraries."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib.metadata import PackageNotFoundError, metadata

import streamlit as st

from colorizer import MODELS, __version__
from dashboard.shared.language import mark, tr
from dashboard.shared.samples import draw_credits
from dashboard.shared.text import escape_markdown

# The distributions in requirements.txt and requirements-library.txt.
LIBRARIES = (
    "av", "ifaddr", "imagecodecs", "numpy", "opencv-python-headless", "pi-heif", "pillow", "platformdirs", "pooch",
    "requests", "scipy", "segno", "simplejpeg", "starlette", "streamlit", "streamlit-webrtc", "tifffile", "tqdm",
    "zipstream-ng",
)  # fmt: skip
# Streamlit serves them, so that the page asks no other server for them.
_FONTS = (
    ("Source Sans, Source Serif, Source Code", "SIL Open Font License 1.1"),
    ("Material Symbols", "Apache-2.0"),
    ("KaTeX", "MIT, SIL Open Font License 1.1"),
)
_LONGEST_LICENSE = 60  # characters; some distributions have the whole text in this place

_INTRODUCTION = mark(
    "Version {version}. The program puts colour into black-and-white photographs and films on an ordinary computer. "
    "It is free: you may use, change and share it under the MIT licence."
)


def draw_about() -> None:
    """Draw all of it."""
    st.markdown(tr(_INTRODUCTION, version=__version__))
    st.header(tr("Models"), anchor=False)
    _draw_list((spec.title, spec.license) for spec in MODELS.values())
    st.header(tr("Samples"), anchor=False)
    draw_credits()
    st.header(tr("Fonts"), anchor=False)
    _draw_list(_FONTS)
    st.header(tr("Libraries"), anchor=False)
    _draw_list((f"{name} {version}", license) for name, version, license in installed_libraries())


def _draw_list(rows: Iterable[tuple[str, str]]) -> None:
    """Draw what there is, each with its licence."""
    st.markdown("\n".join(f"- **{escape_markdown(name)}:** {escape_markdown(license)}" for name, license in rows))


@cache
def installed_libraries() -> tuple[tuple[str, str, str], ...]:
    """Name, version and licence of each of `LIBRARIES` that is installed; an empty licence is not named there."""
    found = list[tuple[str, str, str]]()
    for name in LIBRARIES:
        try:
            told = metadata(name)
        except PackageNotFoundError:
            continue
        named = next((told[key] for key in ("License-Expression", "License") if key in told), "")
        classifiers = [each.rpartition(" :: ")[2] for each in told.get_all("Classifier", ()) if "License ::" in each]
        is_short = "\n" not in named and 0 < len(named) <= _LONGEST_LICENSE
        found.append((name, told["Version"], named if is_short else ", ".join(classifiers)))
    return tuple(found)
