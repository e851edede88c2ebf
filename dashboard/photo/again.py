"""The Photo tab's part in the session's last results: each can be opened again, with its settings."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import streamlit as st

from dashboard.navigation import open_photo
from dashboard.photo.answers import small_answer
from dashboard.photo.files import color_file
from dashboard.photo.photo import Photo
from dashboard.photo.presets import draw_answers
from dashboard.photo.settings import Chosen
from dashboard.server.settings import max_pixels
from dashboard.shared.models import cached_colorizer
from dashboard.shared.recent import forget_result, remember_result

MOST_BYTES = 50_000_000  # of the files that a session keeps for this; of one more, the oldest are forgotten
_KEY = "photo-files"


def remember_photo(photo: Photo, chosen: Chosen) -> None:
    """Put the photograph, as it is now, among the session's last results. The album keeps its own."""
    settings, shown = chosen.settings, photo.shown
    analysis = small_answer(photo, settings.variant)
    if analysis is None or shown is None or photo.opened.keep is not None:
        return
    identity = photo.opened.source
    kept = _keep_file(identity, photo.data)
    read = partial(kept.__getitem__, identity)
    reference = photo.reference.picture
    again = replace(photo.opened, read=read, settings=settings, model=chosen.model, reference=reference)
    key = shown, settings.variant, settings.look, settings.hints
    (thumbnail,) = photo.remember("result", key, partial(draw_answers, [analysis], settings.look, settings.hints))
    made_with = shown.describe(settings), cached_colorizer(shown.model), shown.reference, chosen.label, max_pixels()
    make_file = partial(color_file, read, *made_with)
    remember_result(identity, photo.opened.name, thumbnail, partial(open_photo, again), make_file)


def _keep_file(identity: str, data: bytes) -> dict[str, bytes]:
    kept: dict[str, bytes] = st.session_state.setdefault(_KEY, {})
    kept[identity] = data
    while len(kept) > 1 and sum(map(len, kept.values())) > MOST_BYTES:
        oldest = next(each for each in kept if each != identity)
        del kept[oldest]
        forget_result(oldest)
    return kept
