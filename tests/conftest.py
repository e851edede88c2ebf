"""Fixtures that several test files use."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.support.random_weights import Blobs, caffemodel_bytes, random_blobs

# What takes longest comes first, so that the processes of `make test` end at about the same time. The first two wait
# for much of their time, and so go with any other.
LONGEST = (
    "browser/test_camera.py",
    "browser/test_class.py",
    "browser/test_accessibility.py",
    "browser/test_video_page.py",
    "browser",
    "benchmarks",
    "test_hosting.py",
    "test_package.py",
    "colorizer/video",
)
THIN = 16  # hidden channels of the test network are the published ones over this: 4 to 32


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Bring the tests into that order; otherwise they stay as they are."""
    here = Path(__file__).parent

    def rank(item: pytest.Item) -> int:
        path = item.path.relative_to(here).as_posix() if item.path.is_relative_to(here) else ""
        return next((place for place, start in enumerate(LONGEST) if path.startswith(start)), len(LONGEST))

    items.sort(key=rank)


@pytest.fixture(scope="session")
def thin_blobs() -> Blobs:
    """Seeded weights of a thin Zhang network, by layer, in Caffe's shapes."""
    return random_blobs(divisor=THIN)


@pytest.fixture(scope="session")
def thin_caffemodel(thin_blobs: Blobs, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same weights as a .caffemodel file; read it with divisor 16."""
    path = tmp_path_factory.mktemp("weights") / "thin.caffemodel"
    path.write_bytes(caffemodel_bytes(thin_blobs))
    return path
