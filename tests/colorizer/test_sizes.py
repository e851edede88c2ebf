"""Sizes in words: never nothing for something, never a thousand of a unit."""

from __future__ import annotations

import pytest

from colorizer.sizes import format_size


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0, "0 kB"),
        (1, "1 kB"),
        (1499, "1 kB"),
        (12_345, "12 kB"),
        (49_000, "49 kB"),
        (999_499, "999 kB"),
        (999_600, "1 MB"),
        (1_440_000, "1.4 MB"),
        (9_940_000, "9.9 MB"),
        (9_960_000, "10 MB"),
        (128_946_764, "129 MB"),
        (999_499_999, "999 MB"),
        (999_600_000, "1 GB"),
        (2_147_483_648, "2.1 GB"),
        (1_234_567_890_123, "1235 GB"),
    ],
)
def test_a_size_has_the_unit_that_fits_it(size: int, words: str) -> None:
    assert format_size(size) == words
