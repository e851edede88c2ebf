"""The files that the page offers of a coloured photograph: made in a worker, at full size, when they are asked for.

Independent of Streamlit.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256

from colorizer import Analysis, Colorizer, ModelSpec, images
from colorizer.arrays import Floats, Pixels
from colorizer.color.merge import merge
from colorizer.edits.restoration import restore
from colorizer.images import Picture
from colorizer.images.before_after import before_after_picture
from colorizer.images.naming import colorized_name, split_ending
from colorizer.photo import colorize_bytes
from colorizer.recipe import PhotoSettings, encode_result, make_recipe
from colorizer.video.before_after import LONGEST_SIDE, encode_before_after
from dashboard.locale.catalogues import mark
from dashboard.server.signing import sign_result
from dashboard.server.workers.limits import Limits, coloring_limits, decode_picture, film_limits, picture_limits
from dashboard.server.workers.run import run_isolated
from dashboard.shared.reference import ReferencePicture


@dataclass(frozen=True)
class ColorizedPhoto:
    """All that the files of a photograph are made from.

    `data`: the original's file. `analysis`: of the photograph with the geometry and the restoration of `settings`, and
    of their variant. `label`: whether the files tell how they were made.
    """

    data: bytes
    analysis: Analysis
    settings: PhotoSettings
    label: bool
    max_pixels: int


@dataclass(frozen=True)
class _Result:
    """In a worker: the photograph with its geometry, in colour, and how that was made."""

    original: Picture
    colorized: Picture
    data: bytes
    model: ModelSpec
    settings: PhotoSettings
    label: bool


@dataclass(frozen=True)
class FileKind:
    """A kind of file that is offered.

    `suffix`: of its name. `shows_both`: whether the original can be seen in it. `limits`: of the worker that makes it.
    """

    label: str
    suffix: str
    encode: Callable[[_Result], bytes]
    shows_both: bool = False
    limits: Callable[[], Limits] = picture_limits

    def name(self, original: str) -> str:
        """The name of the file, from the file name of the original."""
        if self.shows_both:
            return f"{split_ending(original)[0]}_before_after{self.suffix}"
        return colorized_name(original, self.suffix)


def encode_file(photo: ColorizedPhoto, kind: FileKind) -> bytes:
    """Read the original again in a worker, colour it at full size and encode it as `kind`; sign it if that is set.

    Raises InvalidImage, ImageTooLarge, SigningFailed.
    """
    ab = photo.analysis.ab(photo.settings.look, photo.settings.hints)
    model = photo.analysis.prediction.spec
    arguments = (kind.encode, photo.data, ab, model, photo.settings, photo.label, photo.max_pixels)
    return sign_result(run_isolated(_make, *arguments, limits=kind.limits()), kind.suffix, lambda: photo.data, model)[0]


def color_file(
    read: Callable[[], bytes],
    settings: PhotoSettings,
    colorizer: Colorizer,
    reference: ReferencePicture | None,
    label: bool,
    max_pixels: int,
) -> bytes:
    """The bytes of the JPEG that the page offers, unsigned, from the original's file alone: the network runs again.

    `read`: returns that file's content. `reference`: the picture that `settings` name. Raises as `encode_file` does.
    """
    pixels = None if reference is None else reference.pixels
    arguments = (read(), settings, colorizer, pixels, label, max_pixels)
    return run_isolated(_color, *arguments, limits=coloring_limits())


def _color(
    data: bytes,
    settings: PhotoSettings,
    colorizer: Colorizer,
    reference_pixels: Pixels | None,
    label: bool,
    max_pixels: int,
) -> bytes:
    reference = None if reference_pixels is None else colorizer.make_reference(reference_pixels)
    decode = partial(decode_picture, max_pixels=max_pixels)
    made = colorize_bytes(data, JPEG.suffix, colorizer, settings, reference=reference, label=label, decode=decode)
    return made.data


def _make(
    encode: Callable[[_Result], bytes],
    data: bytes,
    ab: Floats,
    model: ModelSpec,
    settings: PhotoSettings,
    label: bool,
    max_pixels: int,
) -> bytes:
    picture = images.transform(decode_picture(data, max_pixels=max_pixels), settings.geometry)
    colorized = replace(picture, pixels=merge(restore(picture.pixels, settings.restoration), ab))
    return encode(_Result(picture, colorized, data, model, settings, label))


def _clip_limits() -> Limits:
    """The limits for a picture that becomes a short film."""
    picture, film = picture_limits(), film_limits(LONGEST_SIDE**2, encodes=True)
    return replace(picture, memory=picture.memory + film.memory, seconds=film.seconds, clock=film.clock)


def _encode_picture(result: _Result, picture: Picture, suffix: str) -> bytes:
    return encode_result(picture, result.data, result.model, result.settings, suffix, label=result.label).data


def _encode_png(result: _Result) -> bytes:
    return _encode_picture(result, result.colorized, ".png")


def _encode_jpeg(result: _Result) -> bytes:
    return _encode_picture(result, result.colorized, ".jpg")


def _encode_both(result: _Result) -> bytes:
    return _encode_picture(result, before_after_picture(result.original, result.colorized), ".jpg")


def _encode_clip(result: _Result) -> bytes:
    recipe = make_recipe("photo", sha256(result.data).hexdigest(), result.model, result.settings)
    return encode_before_after(result.original, result.colorized, recipe=recipe if result.label else None)


PNG = FileKind(mark("Download PNG"), ".png", _encode_png)
JPEG = FileKind(mark("Download JPEG"), ".jpg", _encode_jpeg)
BOTH = FileKind(mark("Before and after, one picture"), ".jpg", _encode_both, shows_both=True)
CLIP = FileKind(mark("Before and after, short film"), ".mp4", _encode_clip, shows_both=True, limits=_clip_limits)
FILE_KINDS = (PNG, JPEG, BOTH, CLIP)
