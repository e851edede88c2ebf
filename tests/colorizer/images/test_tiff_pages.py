"""Which picture of a TIFF is read, and what is said about the others."""

from __future__ import annotations

import struct
from typing import Any

import imagecodecs
import numpy as np
import pytest
from numpy.typing import NDArray

from colorizer.errors import InvalidImage
from colorizer.images import decode
from tests.support.tiff_files import LONG, SHORT, Page, page_of, write_tiff

GRAY, RGB, MASK, CFA, LINEAR_RAW = 1, 2, 4, 32803, 34892
NEW_TYPE, OLD_TYPE, SUB_DIRECTORIES = "t254", "t255", 330


def ramp(width: int, height: int) -> NDArray[np.uint8]:
    return np.tile(np.linspace(20, 220, width).astype(np.uint8), (height, 1))


def page(width: int = 64, height: int = 48, photometric: int = GRAY, **tags: Any) -> Page:
    values = ramp(width, height)
    return page_of(np.dstack([values] * 3) if photometric == RGB else values, 8, photometric, **tags)


FULL, PREVIEW = page(), page(16, 12, t254=(LONG, [1]))


@pytest.mark.parametrize(
    "pages",
    [
        [PREVIEW, FULL],
        [page(16, 12, t255=(SHORT, [2])), page(t255=(SHORT, [1]))],
        [FULL, PREVIEW, page(8, 6, t254=(LONG, [1]))],
        [page(16, 12, t254=(LONG, [65537])), FULL],
        [Page(FULL.tags, FULL.blocks, {SUB_DIRECTORIES: [PREVIEW, PREVIEW]})],
        [Page(PREVIEW.tags, PREVIEW.blocks, {SUB_DIRECTORIES: [FULL]})],
        [PREVIEW, page(8, 6, t254=(LONG, [1])), page(t254=(LONG, [1]))],
    ],
    ids=["preview first", "SubfileType", "pyramid", "of a DNG", "SubIFDs", "in a SubIFD", "only reduced ones"],
)
@pytest.mark.parametrize("order", ["<", ">"])
def test_the_full_picture_is_read(pages: list[Page], order: str) -> None:
    picture = decode(write_tiff(*pages, order=order))
    np.testing.assert_array_equal(picture.pixels, ramp(64, 48))
    assert picture.notes == ()


@pytest.mark.parametrize("count", [2, 3, 999])
def test_pages_are_counted(count: int) -> None:
    read = decode(write_tiff(*[FULL] * count))
    assert (read.pages, read.notes) == (count, (f"the first of {count} pages or pictures",))


def test_pages_between_previews_are_counted() -> None:
    assert decode(write_tiff(PREVIEW, FULL, PREVIEW, FULL)).notes == ("the first of 2 pages or pictures",)


def test_counting_ends() -> None:
    """The chain is followed for 1,000 directories; a file of 3 million pages would take minutes."""
    assert decode(write_tiff(*[FULL] * 1200)).notes == ("the first of over 1,000 pages or pictures",)


def link_to(data: bytes, target: int) -> bytes:
    """Let the last of two pages point at `target` as the next one."""
    changed = bytearray(data)
    (offset,) = struct.unpack_from("<I", data, 4)
    for _ in range(2):
        (entries,) = struct.unpack_from("<H", data, offset)
        link = offset + 2 + 12 * entries
        (offset,) = struct.unpack_from("<I", data, link)
    struct.pack_into("<I", changed, link, target)
    return bytes(changed)


def test_a_loop_of_pages_ends() -> None:
    data = write_tiff(FULL, FULL)
    assert decode(link_to(data, struct.unpack_from("<I", data, 4)[0])).notes == ("the first of 2 pages or pictures",)


def test_a_damaged_list_of_pages_is_named() -> None:
    notes = decode(link_to(write_tiff(FULL, FULL), 2**31)).notes
    assert notes == (
        "the first of 2 pages or pictures",
        "the file's list of pages is damaged, so there may be more of them",
    )


@pytest.mark.parametrize("mask", [page(t254=(LONG, [4])), page(photometric=MASK), page(t254=(LONG, [65540]))])
def test_a_mask_is_no_page(mask: Page) -> None:
    picture = decode(write_tiff(FULL, mask))
    np.testing.assert_array_equal(picture.pixels, ramp(64, 48))
    assert picture.notes == ("dropped: a mask, which marks parts of the picture",)
    np.testing.assert_array_equal(decode(write_tiff(mask, FULL)).pixels, ramp(64, 48))


@pytest.mark.parametrize("photometric", [CFA, LINEAR_RAW])
def test_raw_data_is_refused(photometric: int) -> None:
    raw = page(photometric=photometric)
    preview = page(16, 12, RGB, t254=(LONG, [1]))
    for pages in ([raw], [Page(preview.tags, preview.blocks, {SUB_DIRECTORIES: [raw]})], [page(16, 12), raw]):
        with pytest.raises(InvalidImage, match=r"expected a finished picture, got the raw data .* \(64 x 48\)"):
            decode(write_tiff(*pages))


def test_a_rendering_of_raw_data_is_read() -> None:
    """As cameras store it: a JPEG that is a little smaller, marked as a preview, in an old-style compression."""
    rendered = page(60, 45, RGB)
    jpeg = bytes(imagecodecs.jpeg8_encode(np.dstack([ramp(60, 45)] * 3), level=95))
    tags = {tag: entry for tag, entry in rendered.tags.items() if tag not in (262, 278)}
    rendered = Page(tags | {254: (LONG, [1]), 259: (SHORT, [6])}, [jpeg])
    raw = page(photometric=CFA)
    preview = Page(PREVIEW.tags, PREVIEW.blocks, {SUB_DIRECTORIES: [rendered, raw]})
    picture = decode(write_tiff(preview))
    assert picture.pixels.shape == (45, 60, 3)
    assert np.abs(picture.pixels.astype(int) - ramp(60, 45)[..., np.newaxis]).max() < 6
    assert picture.notes == ("the raw data in the file is not used, only the picture made of it",)


def test_a_file_without_a_picture_is_refused() -> None:
    with pytest.raises(InvalidImage, match="expected a TIFF with a picture, got none"):
        decode(write_tiff(Page({305: (2, b"a program\0")})))


def test_a_damaged_inner_directory_does_not_cost_the_picture() -> None:
    inner = Page(FULL.tags | {SUB_DIRECTORIES: (LONG, [8, 12, 16, 2**31])}, FULL.blocks)
    picture = decode(write_tiff(inner))
    np.testing.assert_array_equal(picture.pixels, ramp(64, 48))
    assert picture.notes == ("the file's list of pages is damaged, so there may be more of them",)
