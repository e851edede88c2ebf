"""Interlaced frames made whole, by FFmpeg's filter bwdif; progressive frames as they are."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import av
from av.filter import Graph

# A frame for each frame, at its own time; those that are not marked as interlaced are not touched.
_FILTER = ("bwdif", "mode=send_frame:deint=interlaced")


class Deinterlacer:
    """Puts both fields of interlaced frames at one time. As many frames come out as go in.

    `time_base`: of the frames' pts, in and out. The filter comes in with the first interlaced frame; from then on it
    lags by one, for it needs the frame after. A frame of another size or format begins anew.
    """

    def __init__(self, time_base: Fraction) -> None:
        self._time_base = time_base
        self._graph: Graph | None = None
        self._shape: tuple[int, int, str] | None = None

    def push(self, frame: av.VideoFrame) -> Iterator[av.VideoFrame]:
        """Take a frame in; gives those that are ready."""
        shape = (frame.width, frame.height, frame.format.name)
        if self._graph is not None and shape != self._shape:
            yield from self.finish()
        if self._graph is None and not frame.interlaced_frame:
            yield frame
            return
        if self._graph is None:
            self._graph, self._shape = _build_graph(frame, self._time_base), shape
        self._graph.vpush(frame)
        yield from self._pull_frames(self._graph)

    def finish(self) -> Iterator[av.VideoFrame]:
        """The frame that was held back, if there is one."""
        graph, self._graph = self._graph, None
        if graph is not None:
            graph.vpush(None)
            yield from self._pull_frames(graph)

    def _pull_frames(self, graph: Graph) -> Iterator[av.VideoFrame]:
        while True:
            try:
                frame = graph.vpull()
            except (av.BlockingIOError, av.EOFError):
                return
            ticks = Fraction(frame.time_base or self._time_base) / self._time_base  # the filter counts in half ticks
            if frame.pts is not None:
                frame.pts = round(frame.pts * ticks)
            frame.duration = round(frame.duration * ticks)
            frame.time_base = self._time_base
            yield frame


def _build_graph(frame: av.VideoFrame, time_base: Fraction) -> Graph:
    graph = Graph()
    source = graph.add_buffer(width=frame.width, height=frame.height, format=frame.format, time_base=time_base)
    graph.link_nodes(source, graph.add(*_FILTER), graph.add("buffersink")).configure()
    return graph
