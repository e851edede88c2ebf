"""Stages that work at the same time: an iterator run ahead of its reader, on a thread of its own."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from typing import Generic, TypeVar

Item = TypeVar("Item")


class Prefetch(Generic[Item], Iterator[Item]):
    """The items of `source`, made ahead by a thread, `ahead` of them at most waiting.

    What the source raises is raised to the reader after the items before it. Chains: the source may be another one.
    `close` (or the end of a `with`) stops the source at its current item and waits for the thread to end.
    """

    def __init__(self, source: Iterator[Item], *, ahead: int = 4, name: str = "overlapped") -> None:
        self._source = source
        self._ahead = ahead
        self._items: deque[Item] = deque()
        self._changed = threading.Condition()
        self._closed = self._ended = False
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def __next__(self) -> Item:
        with self._changed:
            self._changed.wait_for(lambda: self._items or self._ended)
            if self._items:
                self._changed.notify_all()
                return self._items.popleft()
            error, self._error = self._error, None
        if error is not None:
            raise error
        raise StopIteration

    def __enter__(self) -> Prefetch[Item]:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._items.clear()
            self._changed.notify_all()
        self._thread.join()

    def _run(self) -> None:
        error: BaseException | None = None
        try:
            for item in self._source:
                if not self._put(item):
                    break
        except BaseException as raised:  # noqa: BLE001 - handed to the reader, whatever it is
            error = raised
        with self._changed:
            self._error = error
            self._ended = True
            self._changed.notify_all()

    def _put(self, item: Item) -> bool:
        """Whether the item is wanted; waits for room."""
        with self._changed:
            self._changed.wait_for(lambda: len(self._items) < self._ahead or self._closed)
            if not self._closed:
                self._items.append(item)
                self._changed.notify_all()
            return not self._closed
