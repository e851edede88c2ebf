"""Frames in a temporary file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from colorizer.frames.keyframes.frame_store import FrameStore


def test_what_is_written_is_read_in_any_order(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    frames = random.normal(size=(5, 3, 4)).astype(np.float16)
    with FrameStore((3, 4), np.float16, tmp_path) as store:
        assert len(store) == 0
        for number in (3, 0, 4, 1, 2):
            store.write(number, frames[number])
        assert len(store) == 5
        for number in range(5):
            np.testing.assert_array_equal(store.read(number), frames[number])
        store.write(2, frames[0])
        np.testing.assert_array_equal(store.read(2), frames[0])


def test_the_file_is_not_left_behind(tmp_path: Path) -> None:
    with FrameStore((2,), np.uint8, tmp_path) as store:
        store.write(0, np.ones(2, np.uint8))
        assert list(tmp_path.iterdir()) == []
    store.close()


def test_another_shape_and_a_frame_that_is_not_there_are_refused() -> None:
    with FrameStore((2, 3), np.uint8) as store:
        with pytest.raises(ValueError, match=r"expected an array of shape \(2, 3\), got \(3, 2\)"):
            store.write(0, np.zeros((3, 2), np.uint8))
        with pytest.raises(IndexError, match="expected a frame that was written, got number 1"):
            store.read(1)
