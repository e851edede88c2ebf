"""Prepare a photograph for the page, in a worker. Independent of Streamlit."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from colorizer import Analysis, Colorizer, Geometry, Restoration, images
from colorizer.arrays import Pixels
from colorizer.color import lab
from colorizer.edits.print_finding import PrintFinding, find_print
from colorizer.images import Picture
from colorizer.picture import is_gray
from colorizer.recipe import PhotoSettings
from colorizer.resize import shrink_mask
from dashboard.server.workers.limits import decode_picture
from dashboard.server.workers.run import LentJob, run_isolated
from dashboard.shared.reference import ReferencePicture, digest_of

PREVIEW_SIDE = 1280  # pixels, longest side of the preview that is sent to the page at each move of a slider
_SUFFIXES = (".png", ".jpg")  # of the files that are offered, for what they cannot store


@dataclass(frozen=True)
class Preparation:
    """What a run of the network depends on, besides the file. `model`: its name."""

    model: str
    restoration: Restoration
    geometry: Geometry
    reference: ReferencePicture | None = None

    def describe(self, settings: PhotoSettings) -> PhotoSettings:
        """The settings of a result that is made of this preparation, with the others of `settings`."""
        reference = digest_of(self.reference)
        return replace(settings, restoration=self.restoration, geometry=self.geometry, reference=reference)


@dataclass(frozen=True)
class GrayPreview:
    """What the page shows of a photograph while the network runs.

    `width`, `height`: of the photograph in pixels, after its geometry. `shown_width`, `shown_height`: of the preview.
    `data`: the preview in grey, not restored, as JPEG.
    """

    width: int
    height: int
    shown_width: int
    shown_height: int
    data: bytes


@dataclass(frozen=True)
class PreparedPhoto:
    """What the page keeps of a photograph after the network has run; the full-size pixels are not among it.

    `original_size`: width and height before the geometry. `analysis`: of the photograph after its geometry and its
    restoration, with picture and damage of the preview's size. `seconds`: for the restoration, the reference and the
    network. `notes`: what was lost while the file was read. `losses`: what each kind of file cannot store. `finding`:
    what could be corrected in the original.
    """

    gray: GrayPreview
    original_size: tuple[int, int]
    analysis: Analysis
    seconds: float
    notes: tuple[str, ...]
    losses: tuple[str, ...]
    finding: PrintFinding


def prepare(
    data: bytes,
    restoration: Restoration,
    colorizer: Colorizer,
    max_pixels: int,
    geometry: Geometry | None = None,
    reference: ReferencePicture | None = None,
    *,
    finding: PrintFinding | None = None,
    report: Callable[[GrayPreview], None] = lambda _: None,
    should_stop: Callable[[], bool] = lambda: False,
) -> PreparedPhoto:
    """Read the file of a photograph in a worker, restore it and run the network.

    `reference`: to take colours from. `finding`: that of an earlier run with this file, if there was one. `report`:
    called as soon as the photograph can be shown in grey. `should_stop`: ends the work at once.
    Raises InvalidImage, ImageTooLarge, and WorkerStopped if it was to stop.
    """
    job = LentJob(report, should_stop, grace=0.0)
    pixels = None if reference is None else reference.pixels
    arguments = (data, geometry or Geometry(), restoration, colorizer, pixels, max_pixels, finding, job)
    return run_isolated(_prepare, *arguments)


def _prepare(
    data: bytes,
    geometry: Geometry,
    restoration: Restoration,
    colorizer: Colorizer,
    reference_pixels: Pixels | None,
    max_pixels: int,
    finding: PrintFinding | None,
    job: LentJob,
) -> PreparedPhoto:
    original = decode_picture(data, max_pixels=max_pixels)
    picture = images.transform(original, geometry)
    small = _shrink(picture)
    size = small.width, small.height
    gray_pixels = Picture(lab.luminance_to_rgb(lab.luminance(small.pixels)), small.alpha)
    gray = GrayPreview(picture.width, picture.height, *size, images.encode(gray_pixels, ".jpg"))
    job.report(gray)
    started = time.perf_counter()
    reference = None if reference_pixels is None else colorizer.make_reference(reference_pixels)
    analysis = colorizer.analyze_picture(picture, restoration=restoration, reference=reference)
    seconds = time.perf_counter() - started
    damage = None if analysis.damage is None else shrink_mask(analysis.damage, *size)
    shown = small if analysis.picture.pixels is picture.pixels else _shrink(analysis.picture)
    return PreparedPhoto(
        gray,
        (original.width, original.height),
        replace(analysis, picture=shown, damage=damage),
        seconds,
        picture.notes,
        tuple(sentence for suffix in _SUFFIXES for sentence in images.describe_losses(picture, suffix)),
        finding or find_print(original),
    )


def _shrink(picture: Picture) -> Picture:
    """The preview of a picture: grey (H, W) if no pixel has a colour, which is a third of the memory."""
    small = images.shrink(picture, PREVIEW_SIDE)
    if small.pixels.ndim == 3 and is_gray(small.pixels):
        return replace(small, pixels=np.ascontiguousarray(small.pixels[..., 0]))
    return small
