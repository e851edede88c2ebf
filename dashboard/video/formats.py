"""The kinds of files that a film can become: one for everybody, and those for editing and archives, folded away."""

from __future__ import annotations

from dataclasses import dataclass, replace

import streamlit as st

from colorizer.video import TARGET_SUFFIX, VideoEncoding, VideoInfo
from colorizer.video.codecs import CODECS
from dashboard.shared.language import mark, tr


@dataclass(frozen=True)
class FileKind:
    """`summary`: for those who choose. `suffix`: of its files."""

    title: str
    summary: str
    encoding: VideoEncoding
    suffix: str


KINDS = (
    FileKind(
        mark("MP4"),
        mark("For browsers, phones and televisions. Take this one if you are not sure."),
        VideoEncoding(),
        TARGET_SUFFIX,
    ),
    FileKind(
        mark("HEVC, 10 bits"),
        mark("A small file with finer shades, where the film has them. For newer players and editing programs."),
        VideoEncoding(codec="hevc", bits=10),
        TARGET_SUFFIX,
    ),
    FileKind(
        mark("ProRes"),
        mark("For editing programs such as Final Cut, Premiere and Resolve. A large file."),
        VideoEncoding(codec="prores"),
        ".mov",
    ),
    FileKind(
        mark("DNxHR"),
        mark("For editing programs such as Media Composer and Resolve. A large file."),
        VideoEncoding(codec="dnxhr"),
        ".mov",
    ),
    FileKind(
        mark("FFV1"),
        mark("For archives: every grey value stays exactly as it was in the film. A very large file."),
        VideoEncoding(codec="ffv1"),
        ".mkv",
    ),
)
_BY_ENCODING = {kind.encoding: kind for kind in KINDS}


def choose_encoding(info: VideoInfo, *, key: str, disabled: bool) -> VideoEncoding:
    """Draw the kinds of files that the film can become. `key`: begins the keys of the widgets."""
    offered = [number for number, kind in enumerate(KINDS) if _is_possible(kind.encoding, info)]
    number = st.radio(
        tr("Kind of file"),
        offered,
        format_func=lambda number: tr(KINDS[number].title),
        captions=[tr(KINDS[number].summary) for number in offered],
        disabled=disabled,
        key=f"{key}-kind",
        persist_state="page",
    )
    color_only = st.checkbox(
        tr("Only the colours, without the picture"),
        help=tr(
            "The picture is grey all over. Laid over the original in an editing program, in the blend mode Colour, it "
            "gives the coloured film."
        ),
        disabled=disabled,
        key=f"{key}-only",
        persist_state="page",
    )
    return replace(KINDS[number].encoding, color_only=color_only)


def put_encoding(encoding: VideoEncoding, *, key: str) -> None:
    """Set the choice as an encoding is that `is_offered`. Call it before the choice is drawn."""
    st.session_state[f"{key}-kind"] = KINDS.index(kind_of(encoding))
    st.session_state[f"{key}-only"] = encoding.color_only


def is_offered(encoding: VideoEncoding) -> bool:
    """Whether the page has controls for an encoding."""
    return replace(encoding, color_only=False) in _BY_ENCODING


def kind_of(encoding: VideoEncoding) -> FileKind:
    """The kind of a file in an encoding that `is_offered`."""
    return _BY_ENCODING[replace(encoding, color_only=False)]


def is_for_browsers(encoding: VideoEncoding) -> bool:
    """Whether all browsers play it. `encoding`: one that `is_offered`."""
    return kind_of(encoding) is KINDS[0]


def _is_possible(encoding: VideoEncoding, info: VideoInfo) -> bool:
    """Whether the frames of a film are large enough."""
    if encoding.codec is None:
        return True
    width, height = (info.width, info.height) if info.rotation % 180 == 0 else (info.height, info.width)
    smallest = CODECS[encoding.codec].smallest
    return width >= smallest[0] and height >= smallest[1]
