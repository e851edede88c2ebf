"""Thumbnails of the photograph to choose by: the presets, and the other colours that the network thinks possible."""

from __future__ import annotations

from functools import partial

import streamlit as st

from colorizer import Analysis
from colorizer.recipe import PhotoSettings
from dashboard.components.choices import Choice, choose_picture
from dashboard.photo.photo import Photo
from dashboard.photo.presets import PRESETS, draw_answers, draw_presets, find_preset, shrink_analysis
from dashboard.photo.settings import VARIANT, put_look
from dashboard.shared.language import tr


def choose_preset(photo: Photo, settings: PhotoSettings, *, key: str) -> None:
    """Draw the presets. In grey until the network has run, so that nothing moves then."""
    thumbnails = _preset_thumbnails(photo, settings)
    if not thumbnails:
        return
    choose_picture(
        [Choice(tr(preset.name), picture) for preset, picture in zip(PRESETS, thumbnails, strict=True)],
        label=tr("Presets"),
        chosen=find_preset(settings.look),
        key=key,
        on_choose=lambda number: put_look(PRESETS[number].look),
    )


def choose_answer(photo: Photo, settings: PhotoSettings) -> None:
    """Draw the other colours, folded, because they take a moment to find."""
    place = st.expander(tr("Other colours"), icon=":material/palette:", key="photo-answers", on_change="rerun")
    if not place.open or photo.current is None:
        return
    with place:
        key = photo.shown, settings.look, settings.hints
        thumbnails = photo.remember("answer thumbnails", key, partial(_draw_answers, photo, settings))
        labels = [tr("First"), *map(str, range(2, len(thumbnails) + 1))]
        choose_picture(
            [Choice(label, picture) for label, picture in zip(labels, thumbnails, strict=True)],
            label=tr("Other colours"),
            chosen=settings.variant,
            key="photo-answer",
            on_choose=partial(st.session_state.__setitem__, VARIANT),
        )


def small_answer(photo: Photo, number: int) -> Analysis | None:
    """`photo.answer` at the size of a thumbnail. What is solved for the picture's luminance serves all answers."""
    answer = photo.answer(number)
    if photo.current is None or answer is None:
        return None
    small = photo.remember("small", photo.shown, partial(shrink_analysis, photo.current.analysis))
    return small.with_shift(answer.shift)


def _draw_answers(photo: Photo, settings: PhotoSettings) -> tuple[bytes, ...]:
    answers = (small_answer(photo, number) for number in range(1 + len(photo.all_answers())))
    return draw_answers([each for each in answers if each is not None], settings.look, settings.hints)


def _preset_thumbnails(photo: Photo, settings: PhotoSettings) -> tuple[bytes, ...]:
    analysis = small_answer(photo, settings.variant)
    if analysis is None:
        return (photo.gray.data,) * len(PRESETS) if photo.gray is not None else ()
    key = photo.shown, settings.variant, settings.hints
    return photo.remember("preset thumbnails", key, partial(draw_presets, analysis, settings.hints))
