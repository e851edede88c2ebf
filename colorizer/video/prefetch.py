"""Run an iterator ahead of its consumer, in a thread of its own, so that the stages of a pipeline run in parallel."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from typing import Generic, TypeVar

Item = TypeVar("Item")


class Prefetch(Generic[Item], Iterator[Item]):
    """Iterates over `source` in a thread and buffers at most `ahead` items.

    An exception of the source is raised to the consumer after the items before it. The source may be another Prefetch.
    `close`, or the end of a `with` block, stops the source after its current item and waits for the thread to end.
    `name`: of the thread.
    """

    def __init__(self, source: Iterator[Item], *, ahead: int = 4, name: str = "prefetch") -> None:
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
        """Stop the source after its current item, drop the buffered items and wait for the thread to end."""
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
        except BaseException as raised:  # noqa: BLE001 - raised to the consumer in `__next__`
            error = raised
        with self._changed:
            self._error = error
            self._ended = True
            self._changed.notify_all()

    def _put(self, item: Item) -> bool:
        """Buffer an item as soon as there is room. Returns False if the Prefetch was closed instead."""
        with self._changed:
            self._changed.wait_for(lambda: len(self._items) < self._ahead or self._closed)
            if not self._closed:
                self._items.append(item)
                self._changed.notify_all()
            return not self._closed
