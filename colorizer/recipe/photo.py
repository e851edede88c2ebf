"""From a coloured picture to the bytes of its file, with caption and label: the same for every part of the program."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from hashlib import sha256

from colorizer import images
from colorizer.edits.geometry import Geometry
from colorizer.edits.hints import AnyHint
from colorizer.edits.look import Look
from colorizer.edits.restoration import Restoration
from colorizer.edits.variants import check_variant
from colorizer.images import EncodeOptions, Picture
from colorizer.images.caption import add_caption, check_caption
from colorizer.network.registry import ModelSpec
from colorizer.recipe.label import label_packet
from colorizer.recipe.recipe import make_recipe
from colorizer.recipe.signing import Credentials, sign_bytes


@dataclass(frozen=True, kw_only=True)
class PhotoSettings:
    """All that makes a photograph's result, apart from the model. Every field is part of the recipe.

    `geometry`: comes first; the positions of `hints` are in the picture that it gives.
    `variant`: 0 (as predicted) or the number of one of the picture's variants. `reference`: the SHA-256 of the file
    that colours were taken from; empty for none. `caption`: below the picture, in a border; empty for none. `format`:
    of the file, for example "JPEG"; `encode_result` sets it.
    Raises InvalidSetting for a caption that cannot be drawn, ValueError for a variant that does not exist.
    """

    geometry: Geometry = field(default_factory=Geometry)
    look: Look = field(default_factory=Look)
    hints: tuple[AnyHint, ...] = ()
    restoration: Restoration = field(default_factory=Restoration)
    encoding: EncodeOptions = field(default_factory=EncodeOptions)
    variant: int = 0
    reference: str = ""
    caption: str = ""
    format: str = ""

    def __post_init__(self) -> None:
        check_variant(self.variant)
        check_caption(self.caption)


@dataclass(frozen=True)
class LabeledPhoto:
    """`data`: the bytes of the file. `notes`: sentences on what it does not keep of the original."""

    data: bytes
    notes: tuple[str, ...]


def encode_result(
    colorized: Picture,
    original: bytes,
    model: ModelSpec,
    settings: PhotoSettings,
    suffix: str,
    *,
    label: bool = True,
    credentials: Credentials | None = None,
) -> LabeledPhoto:
    """Encode a coloured picture in the format of `suffix` (".jpg", ...), with the caption and the label.

    `colorized`: made with `settings` by `model` from the file with the bytes `original`. `label`: whether the file
    tells in its XMP that its colours are made by a program, and how. `credentials`: what it is signed with; None: it is
    not. Without them, equal arguments give equal bytes.
    Raises what `images.encode` and `sign_bytes` raise, and InvalidImage for a picture too narrow for the caption.
    """
    picture = add_caption(colorized, settings.caption)
    notes = (*picture.notes, *images.describe_losses(picture, suffix))
    if label:
        made = replace(settings, format=images.format_name(suffix))
        recipe = make_recipe("photo", sha256(original).hexdigest(), model, made)
        xmp = label_packet(picture.metadata.xmp, recipe)
        if xmp is None:
            notes += ("the note that a program made the colours is left out, because the file's XMP is damaged",)
        elif not images.holds(suffix, "xmp"):
            notes += (f"{images.format_name(suffix)} has no place for the note that a program made the colours",)
        else:
            picture = replace(picture, metadata=replace(picture.metadata, xmp=xmp))
    data = images.encode(picture, suffix, settings.encoding)
    if credentials is not None:
        data, more = sign_bytes(data, suffix, original, model.name, credentials)
        notes += more
    return LabeledPhoto(data, notes)
