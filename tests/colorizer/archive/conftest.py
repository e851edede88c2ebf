"""A cluster of two real processes for all tests of archives."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from colorizer.archive.run import Cluster, connect


@pytest.fixture(scope="package")
def cluster() -> Iterator[Cluster]:
    with connect(None, workers=2) as cluster:
        yield cluster
