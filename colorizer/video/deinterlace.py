"""Deinterlace video frames with FFmpeg's bwdif filter, and tell the order of their fields."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

import av
from av.filter import Graph

from colorizer.frames.pyav import plane_to_array

# One output frame per input frame, with the same timestamp; only frames marked as interlaced are changed.
_FILTER = ("bwdif", "mode=send_frame:deint=interlaced")
# A corner whose odd rows, those of the bottom field, are white; its fields then come out in their order.
_FIELD_FILTERS = (
    ("crop", "min(iw\\,16):min(ih\\,16):0:0"),
    ("format", "gray"),
    ("geq", "lum=mod(Y\\,2)*255"),
    ("separatefields", ""),
)


class Deinterlacer:
    """Deinterlaces a stream of frames; the number of frames does not change.

    `time_base`: of the frames' pts, in and out. The filter starts at the first interlaced frame. It needs the next
    frame, so from then on each frame comes out one frame later. It restarts when the size or the pixel format changes.
    """

    def __init__(self, time_base: Fraction) -> None:
        self._time_base = time_base
        self._graph: Graph | None = None
        self._shape: tuple[int, int, str] | None = None

    def push(self, frame: av.VideoFrame) -> Iterator[av.VideoFrame]:
        """Feed one frame; yield the frames that are ready."""
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
        """Flush the filter: yield the frame that it still holds, if any."""
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
            ticks = Fraction(frame.time_base or self._time_base) / self._time_base  # bwdif halves the time base
            if frame.pts is not None:
                frame.pts = round(frame.pts * ticks)
            frame.duration = round(frame.duration * ticks)
            frame.time_base = self._time_base
            yield frame


def is_bottom_field_first(frame: av.VideoFrame) -> bool:
    """Whether the rows 1, 3, ... of an interlaced frame are shown before the others.

    FFmpeg knows it of each frame; PyAV has no attribute for it, but its filters heed it.
    """
    graph = _build_graph(frame, Fraction(1, 25), _FIELD_FILTERS)
    graph.vpush(frame)
    graph.vpush(None)
    return bool(plane_to_array(graph.vpull().planes[0]).any())


def _build_graph(frame: av.VideoFrame, time_base: Fraction, filters: Sequence[tuple[str, str]] = (_FILTER,)) -> Graph:
    graph = Graph()
    source = graph.add_buffer(width=frame.width, height=frame.height, format=frame.format, time_base=time_base)
    graph.link_nodes(source, *(graph.add(*each) for each in filters), graph.add("buffersink")).configure()
    return graph
