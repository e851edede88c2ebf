"""The session's last results: small pictures at the foot of the page, each of which can be opened again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from colorizer import images
from dashboard.shared.language import tr
from dashboard.shared.text import escape_markdown

MOST = 12  # results of a session
THUMBNAIL = (112, 84)  # pixels on the page; drawn with twice as many
_LONGEST_TITLE = 16  # characters
_KEY = "recent"
_CARDS = Path(__file__).with_name("cards.css")


@dataclass(frozen=True)
class RecentResult:
    """See `remember_result`.

    `thumbnail`: a JPEG of at most twice `THUMBNAIL`. `source`: the hash of the picture that it was made from.
    """

    title: str
    thumbnail: bytes
    source: int
    open_again: Callable[[], None]
    make_file: Callable[[], bytes] | None


def remember_result(
    identity: str,
    title: str,
    picture: bytes,
    open_again: Callable[[], None],
    make_file: Callable[[], bytes] | None = None,
) -> None:
    """Keep a result among the session's last ones, of which the oldest is forgotten.

    Args:
        identity: unique in the session. A result of the same identity is replaced, at its place.
        title: what it is called on the page, for example the file's name.
        picture: the result, or a frame of it, as an encoded picture that this program has made. It is not kept.
        open_again: shows the result again. It is called before the page is drawn anew, as a button's callback is, and
            lives as long as the result is remembered, so it should hold no pixels.
        make_file: returns the content of the picture's file, on any thread; it lives as long. None for no picture.
    """
    results = _results()
    before, source = results.get(identity), hash(picture)
    if before is not None and before.source == source:
        thumbnail = before.thumbnail
    else:
        small = images.crop_to_fill(images.decode(picture), 2 * THUMBNAIL[0], 2 * THUMBNAIL[1])
        thumbnail = images.encode(small, ".jpg")
    results[identity] = RecentResult(title, thumbnail, source, open_again, make_file)
    while len(results) > MOST:
        del results[next(iter(results))]


def forget_result(identity: str) -> None:
    """Drop a result that cannot be opened any more. Does nothing if it is not remembered."""
    _results().pop(identity, None)


def has_results() -> bool:
    """Whether the session has a result that can be opened again."""
    return bool(_results())


def recent_results() -> list[tuple[str, RecentResult]]:
    """The session's last results, each behind its identity, the newest first."""
    return list(reversed(_results().items()))


def draw_recent_results() -> None:
    """Draw the strip, the newest result first; nothing if there is none."""
    results = recent_results()
    if not results:
        return
    st.html(_CARDS)
    with st.container(key="recent", gap="xsmall"):
        st.markdown(f"**{tr('Recent results')}**")
        with st.container(horizontal=True, gap="small"):
            for number, (identity, result) in enumerate(results):
                _draw_card(number, identity, result)


def _draw_card(number: int, identity: str, result: RecentResult) -> None:
    with st.container(width=THUMBNAIL[0], gap="xsmall", key=f"recent-card-{number}"):
        st.image(result.thumbnail, width="stretch", alt=tr("{name}, coloured", name=result.title))
        st.button(
            escape_markdown(_shorten(result.title)),
            help=tr("Open {name} again", name=escape_markdown(result.title)),
            key=f"recent-open-{identity}",
            type="tertiary",
            on_click=result.open_again,
            width="stretch",
        )


def _shorten(title: str) -> str:
    if len(title) <= _LONGEST_TITLE:
        return title
    return f"{title[: _LONGEST_TITLE - 1]}\N{HORIZONTAL ELLIPSIS}"


def _results() -> dict[str, RecentResult]:
    results: dict[str, RecentResult] = st.session_state.setdefault(_KEY, {})
    return results
