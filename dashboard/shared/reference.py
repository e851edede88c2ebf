"""A colour picture that photographs and films take their colours from, read in a worker. Independent of Streamlit."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256

from colorizer import Colorizer, images
from colorizer.arrays import Pixels
from colorizer.edits.reference import Reference, SoftHints, shrink_reference
from colorizer.images import Picture
from dashboard.server.workers.limits import decode_picture
from dashboard.server.workers.run import run_isolated

THUMBNAIL_SIDE = 144  # pixels, longest side; shown at half of it
LITTLE = 0.1  # mean weight of soft hints below which hardly any colour is taken


@dataclass(frozen=True)
class ReferencePicture:
    """What the page keeps of a reference. Two are equal if their files are.

    `digest`: the file's SHA-256, as in a recipe. `name`: the visitor's for it. `pixels`: all that `make_reference`
    needs, see `shrink_reference`. `thumbnail`: a JPEG. `file_pixels`: how many the picture in the file has.
    """

    digest: str
    name: str = field(compare=False)
    pixels: Pixels = field(compare=False, repr=False)
    thumbnail: bytes = field(compare=False, repr=False)
    file_pixels: int = field(compare=False, repr=False)
    _studied: dict[str, Reference] = field(default_factory=dict, init=False, compare=False, repr=False)  # by model

    @cached_property
    def jpeg(self) -> bytes:
        """The picture encoded, to take colours from it by hand."""
        return images.encode(Picture.from_array(self.pixels), ".jpg")

    def study(self, colorizer: Colorizer) -> Reference:
        """What `Colorizer.analyze` takes. It is made once for each model."""
        name = colorizer.spec.name
        if name not in self._studied:
            self._studied[name] = colorizer.make_reference(self.pixels)
        return self._studied[name]


def digest_of(reference: ReferencePicture | None) -> str:
    """The reference as the settings of a photograph or a film name it: empty for none."""
    return "" if reference is None else reference.digest


def read_reference(name: str, data: bytes, max_pixels: int) -> ReferencePicture:
    """Read the file of a reference in a worker. Raises InvalidImage, also for a grey one, and ImageTooLarge."""
    return ReferencePicture(sha256(data).hexdigest(), name, *run_isolated(_read, data, max_pixels))


def _read(data: bytes, max_pixels: int) -> tuple[Pixels, bytes, int]:
    picture = decode_picture(data, max_pixels=max_pixels)
    pixels = shrink_reference(picture.to_array())
    thumbnail = images.encode(images.shrink(Picture.from_array(pixels), THUMBNAIL_SIDE), ".jpg")
    return pixels, thumbnail, picture.width * picture.height


def takes_little(hints: SoftHints) -> bool:
    """Whether a picture takes hardly any colours from its reference, because little in them is alike."""
    return float(hints.weight.mean()) < LITTLE
