"""The Photo tab's part in the session's last results: each can be opened again, with its settings."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import streamlit as st

from colorizer.recipe import PhotoSettings
from dashboard.navigation import open_photo
from dashboard.photo.photo import Photo
from dashboard.photo.presets import draw_answers
from dashboard.shared.recent import forget_result, remember_result

MOST_BYTES = 50_000_000  # of the files that a session keeps for this; of one more, the oldest are forgotten
_KEY = "photo-files"


def remember_photo(photo: Photo, settings: PhotoSettings, model: str) -> None:
    """Put the photograph, as it is now, among the session's last results. The album keeps its own."""
    analysis = photo.answer(settings.variant)
    if analysis is None or photo.opened.keep is not None:
        return
    identity = photo.opened.source
    _keep_file(identity, photo.data)
    again = replace(photo.opened, read=partial(_read_file, identity), settings=settings, model=model)
    key = photo.shown, settings.variant, settings.look, settings.hints
    (thumbnail,) = photo.remember("result", key, partial(draw_answers, [analysis], settings.look, settings.hints))
    remember_result(identity, photo.opened.name, thumbnail, partial(open_photo, again))


def _keep_file(identity: str, data: bytes) -> None:
    kept: dict[str, bytes] = st.session_state.setdefault(_KEY, {})
    kept[identity] = data
    while len(kept) > 1 and sum(map(len, kept.values())) > MOST_BYTES:
        oldest = next(each for each in kept if each != identity)
        del kept[oldest]
        forget_result(oldest)


def _read_file(identity: str) -> bytes:
    kept: dict[str, bytes] = st.session_state[_KEY]
    return kept[identity]
