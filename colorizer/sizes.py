"""Sizes of files in words, the same on the page and on the command line."""

from __future__ import annotations


def format_size(size: int) -> str:
    """A number of bytes in the unit that fits it, with a decimal place below ten: 12 kB, 1.4 MB, 129 MB, 2.1 GB.

    A file that is not empty has 1 kB at least.
    """
    if round(size / 1e3) < 1000:  # rounded first, so that no size is called 1000 kB
        return f"{max(round(size / 1e3), min(size, 1))} kB"
    unit, name = (1e6, "MB") if round(size / 1e6) < 1000 else (1e9, "GB")
    places = 1 if size / unit < 9.95 else 0
    return f"{round(size / unit, places):g} {name}"
