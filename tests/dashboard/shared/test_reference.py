"""The picture that colours are taken from: what the page keeps of its file, and which files are no reference."""

from __future__ import annotations

import io
from hashlib import sha256
from typing import Any

import numpy as np
import pytest
from PIL import Image

from colorizer import Colorizer, ImageTooLarge, InvalidImage, images, load_colorizer
from colorizer.errors import Problem
from dashboard.server.workers.run import ISOLATES
from dashboard.shared import reference as module
from dashboard.shared.reference import THUMBNAIL_SIDE, digest_of, read_reference, takes_little
from tests.support.paths import SAMPLES

PIXELS = 2_000_000
CAT = (SAMPLES / "colour" / "cat.jpg").read_bytes()


@pytest.fixture(scope="module")
def colorizer() -> Colorizer:
    return load_colorizer("compact")


def encoded(picture: Image.Image, kind: str = "PNG") -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind)
    return buffer.getvalue()


def enlarged(data: bytes, width: int, height: int) -> bytes:
    with Image.open(io.BytesIO(data)) as picture:
        return encoded(picture.resize((width, height)))


def test_what_is_kept_gives_the_same_reference_as_the_file(colorizer: Colorizer) -> None:
    data = enlarged(CAT, 900, 600)
    kept = read_reference("cat.png", data, PIXELS)
    assert (kept.digest, kept.name) == (sha256(data).hexdigest(), "cat.png")
    assert (max(kept.pixels.shape), kept.file_pixels) == (512, 900 * 600)
    found, wanted = (colorizer.make_reference(each) for each in (kept.pixels, images.decode(data).pixels))
    for one, other in zip((*found.ab, *found.features[0]), (*wanted.ab, *wanted.features[0]), strict=True):
        assert np.array_equal(one, other)
    with Image.open(io.BytesIO(kept.thumbnail)) as thumbnail:
        assert (thumbnail.format, max(thumbnail.size)) == ("JPEG", THUMBNAIL_SIDE)


@pytest.mark.skipif(not ISOLATES, reason="files are read in this process here")
def test_it_is_read_in_a_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise AssertionError("expected a worker to read the file, got this process")

    monkeypatch.setattr(module, "decode_picture", fail)
    assert read_reference("cat.jpg", CAT, PIXELS).pixels.ndim == 3


GRAY = Image.linear_gradient("L").resize((60, 40))


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (encoded(GRAY), Problem.NO_COLOR),
        (encoded(GRAY.convert("RGB"), "JPEG"), Problem.NO_COLOR),
        (encoded(Image.fromarray(np.asarray(GRAY).astype(np.uint16) * 257), "TIFF"), Problem.NO_COLOR),
        (encoded(GRAY.convert("1"), "BMP"), Problem.NO_COLOR),
        (b"Dear grandma", Problem.OTHER_KIND),
        (enlarged(CAT, 60, 40)[:400], Problem.TRUNCATED),
        (b"", Problem.EMPTY),
    ],
)
def test_without_colours_or_a_picture_it_is_refused(data: bytes, problem: Problem) -> None:
    with pytest.raises(InvalidImage) as caught:
        read_reference("a", data, PIXELS)
    assert caught.value.problem is problem


def test_one_beyond_the_limit_of_pixels_is_refused() -> None:
    with pytest.raises(ImageTooLarge):
        read_reference("a", CAT, 1000)


def test_two_are_equal_if_their_files_are() -> None:
    one, same, other = (
        read_reference(name, data, PIXELS)
        for name, data in (("a.jpg", CAT), ("b.jpg", CAT), ("a.jpg", enlarged(CAT, 30, 20)))
    )
    assert one == same != other
    assert len({one, same, other}) == 2
    assert (digest_of(one), digest_of(None)) == (sha256(CAT).hexdigest(), "")


@pytest.mark.parametrize(("name", "is_little"), [("cat.jpg", False), ("pagoda.jpg", True)])
def test_what_has_little_in_common_gives_hardly_any_colours(name: str, is_little: bool, colorizer: Colorizer) -> None:
    kept = read_reference(name, (SAMPLES / "colour" / name).read_bytes(), PIXELS)
    gray = images.decode((SAMPLES / "cat.jpg").read_bytes())
    analysis = colorizer.analyze_picture(gray, reference=colorizer.make_reference(kept.pixels))
    assert analysis.soft_hints is not None
    assert takes_little(analysis.soft_hints) == is_little
