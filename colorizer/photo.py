"""From the bytes of a photograph's file to those of its result: the one way, for one file and for a million."""

from __future__ import annotations

from collections.abc import Callable

from colorizer import images
from colorizer.edits.reference import Reference
from colorizer.picture import Picture
from colorizer.pipeline import Colorizer
from colorizer.recipe import LabeledPhoto, PhotoSettings, encode_result
from colorizer.recipe.signing import Credentials, check_signable


def colorize_bytes(
    data: bytes,
    suffix: str,
    colorizer: Colorizer,
    settings: PhotoSettings,
    *,
    reference: Reference | None = None,
    label: bool = True,
    credentials: Credentials | None = None,
    decode: Callable[[bytes], Picture] = images.decode,
) -> LabeledPhoto:
    """Colour the file with the bytes `data`. The result has the format of `suffix`, which is one of WRITABLE_SUFFIXES.

    `reference`: made by the same colorizer of the file whose hash is `settings.reference`. `label`: whether the result
    tells in its XMP that its colours are made by a program, and how. `credentials`: what it is signed with; None: it is
    not. `decode`: reads the file, perhaps within limits.
    Raises what `decode` and `encode_result` raise.
    """
    if credentials is not None:  # before any work
        check_signable(suffix)
    colorized = colorizer.colorize_picture(
        images.transform(decode(data), settings.geometry),
        settings.look,
        hints=settings.hints,
        restoration=settings.restoration,
        reference=reference,
        variant=settings.variant,
    )
    return encode_result(colorized, data, colorizer.spec, settings, suffix, label=label, credentials=credentials)
