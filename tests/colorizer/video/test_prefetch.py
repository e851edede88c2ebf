"""Prefetch: order, buffer size, errors, and stopping."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from colorizer.video.prefetch import Prefetch


def test_all_items_in_order_through_two_stages() -> None:
    with Prefetch(iter(range(100))) as first, Prefetch(number * 2 for number in first) as second:
        assert list(second) == list(range(0, 200, 2))


def test_the_source_runs_ahead_on_another_thread_and_no_further_than_allowed() -> None:
    made = threading.Semaphore(0)
    threads = set()

    def source() -> Iterator[int]:
        for number in range(10):
            threads.add(threading.current_thread())
            made.release()
            yield number

    with Prefetch(source(), ahead=3) as items:
        for _ in range(4):  # three are buffered, and one more is ready
            assert made.acquire(timeout=10)
        assert not made.acquire(timeout=0.2), "the buffer has no room for a fifth"
        assert next(items) == 0
        assert made.acquire(timeout=10)
    assert threading.current_thread() not in threads


def test_an_error_comes_after_the_items_before_it_through_two_stages() -> None:
    def failing() -> Iterator[int]:
        yield 1
        raise OSError("the disk is gone")

    with Prefetch(failing()) as first, Prefetch(iter(first)) as second:
        assert next(second) == 1
        with pytest.raises(OSError, match="the disk is gone"):
            next(second)
        with pytest.raises(StopIteration):
            next(second)


def test_closing_ends_threads_that_wait_for_room() -> None:
    before = threading.active_count()
    endless = iter(int, 1)
    with Prefetch(endless) as first, Prefetch(iter(first)) as second:
        assert next(second) == 0
        assert threading.active_count() == before + 2
    assert threading.active_count() == before
