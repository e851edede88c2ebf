"""Fixtures that several test files use."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.support.random_weights import Blobs, caffemodel_bytes, random_blobs

# The files that take longest come first, so that the two processes of `make test` end at about the same time.
LONGEST = ("browser", "benchmarks", "test_hosting.py", "test_package.py")
THIN = 16  # hidden channels of the test network are the published ones over this: 4 to 32


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Bring the tests into that order; otherwise they stay as they are."""
    here = Path(__file__).parent

    def rank(item: pytest.Item) -> int:
        first = item.path.relative_to(here).parts[0] if item.path.is_relative_to(here) else ""
        return LONGEST.index(first) if first in LONGEST else len(LONGEST)

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
