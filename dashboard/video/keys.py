"""The key frames of a film on the page: coloured stills and corrections, carried through their shots."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from colorizer import images
from colorizer.color import lab
from colorizer.video.directing.direction import FilmKey
from dashboard.server.settings import max_pixels
from dashboard.shared.language import tr, trn
from dashboard.shared.text import escape_markdown, format_number
from dashboard.video.colored_still import examine_still
from dashboard.video.film import Film
from dashboard.video.still import StillFrame
from dashboard.video.uploads import drop_file

_THUMBNAIL = 64  # pixels, width on the page


def draw_keys(film: Film, still: StillFrame | None) -> None:
    """Draw the key frames of the shot that is shown, and how to make one. `still`: the frame that is shown."""
    directing = film.directing
    st.markdown(f"**{tr('Key frames')}**")
    st.caption(
        tr(
            "Colours that you give to one frame are carried through its shot, forwards and backwards. The preview "
            "shows it."
        )
    )
    for key in directing.keys_of(directing.number_at(film.moment)):
        _draw_row(film, key)
    if still is None:
        return
    key_here = film.directing.key_at(still.seconds)
    is_still = key_here is not None and bool(key_here.picture)
    toggle = f"video-correct-{film.upload}"
    st.session_state[toggle] = film.directing.is_correcting and not is_still
    st.toggle(
        tr("Correct the frame that is shown"),
        help=tr("The frame above can be pointed at and painted on, as a photo under Fix colours."),
        disabled=film.is_busy or is_still,
        key=toggle,
        on_change=lambda: setattr(film.directing, "is_correcting", st.session_state[toggle]),
    )
    drop_file(
        film,
        tr("Drop a coloured still of the frame that is shown"),
        [suffix.lstrip(".") for suffix in images.READABLE_SUFFIXES],
        partial(_read_still, film, still),
        help=tr(
            "For instance this frame, coloured in a paint program. Only its colours are taken. Where it is "
            "transparent, the program decides."
        ),
        key="video-drop-still",
    )


def _read_still(film: Film, still: StillFrame, name: str, data: bytes) -> Callable[[], None]:
    """Look at a dropped still; then the frame becomes a key frame. Raises ColorizerError."""
    facts = examine_still(data, lab.luminance(still.picture.pixels), max_pixels())

    def take() -> None:
        digest = film.directing.keep_still(name, data, facts)
        film.directing.put_key(FilmKey(seconds=still.seconds, picture=digest))

    return take


def _draw_row(film: Film, key: FilmKey) -> None:
    directing = film.directing
    still = directing.stills[key.picture] if key.picture else None
    first_time = max(0.0, key.seconds - directing.frame / 4)  # the frame that is shown is the first one behind a moment
    with st.container(horizontal=True, vertical_alignment="center"):
        if still is not None:
            st.image(still.facts.thumbnail, width=_THUMBNAIL, alt=still.title)
            what = tr("Still {name}", name=escape_markdown(still.title))
        else:
            what = trn("{n} correction", "{n} corrections", len(key.hints))
        st.markdown(f"{format_number(key.seconds, '.2f')} s · {what}", width="content")
        st.button(
            tr("Show"),
            icon=":material/visibility:",
            on_click=partial(setattr, film, "moment", first_time),
            key=f"video-key-show-{key.seconds}",
        )
        st.button(
            tr("Remove"),
            icon=":material/close:",
            disabled=film.is_busy,
            on_click=partial(directing.remove_key, key.seconds),
            key=f"video-key-remove-{key.seconds}",
        )
    if still is not None and not still.facts.fits:
        st.warning(
            tr("This still shows something else than the frame does; it is stretched over the frame."),
            icon=":material/warning:",
        )
