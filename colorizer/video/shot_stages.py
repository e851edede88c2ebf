"""The two stages between reading a film and its file: colouring its frames, and writing them, shot by shot."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import groupby

import av

from colorizer.frames.film_chroma import FilmChroma
from colorizer.frames.yuv import shrink_luminance
from colorizer.pipeline import Colorizer
from colorizer.video.directing.director import Director, PreparedShot
from colorizer.video.directing.finished import FinishedShots, ShotReader, ShotWriter
from colorizer.video.orientation import make_stored, make_upright
from colorizer.video.reader import VideoReader
from colorizer.video.types import AnyPacket, GrayFrame, SoundPacket
from colorizer.video.writer import VideoWriter


@dataclass(frozen=True)
class ShotItem:
    """An item of the shot `number`, from 1; 0: sound before the first frame.

    `item`: a coloured frame, a grey one of a shot that is finished, or a packet of sound or subtitles.
    """

    number: int
    item: av.VideoFrame | GrayFrame | AnyPacket


def color_frames(
    items: Iterator[GrayFrame | SoundPacket],
    reader: VideoReader,
    writer: VideoWriter,
    colorizer: Colorizer,
    director: Director,
    finished: FinishedShots | None,
    start: float,
) -> Iterator[ShotItem]:
    """Colour the frames for the writer; sound, and the frames of finished shots, pass through.

    `start`: of the part of the film, in seconds. Raises what `Director.prepare` raises.
    """
    chroma, last_pts, number = FilmChroma(), None, 0
    shot: PreparedShot | None = None
    for item in items:
        if isinstance(item, av.Packet):
            yield ShotItem(number, item)
            continue
        ticks = item.duration if last_pts is None else item.pts - last_pts
        last_pts = item.pts
        seconds = start + float(item.pts * reader.time_base)
        if (now := director.number_at(seconds)) != number:
            number, chroma = now, FilmChroma()  # a shot is the same whether the ones before are finished or not
            is_finished = finished is not None and finished.holds(number)
            shot = None if is_finished else director.prepare(number, seconds)
        if shot is None:
            yield ShotItem(number, item)
            continue
        frame, yuv_frame = writer.new_frame(shot.tone.apply(item, full_range=writer.full_range))
        small = make_upright(shrink_luminance(yuv_frame, colorizer.spec.side), reader.info)
        ab = shot.next_ab(small, seconds=max(1, ticks) * float(reader.time_base))
        chroma.colorize(yuv_frame, make_stored(ab, reader.info), shot.look)
        yield ShotItem(number, frame)


def write_frames(
    items: Iterator[ShotItem],
    writer: VideoWriter,
    finished: FinishedShots | None,
    done: Callable[[av.VideoFrame | GrayFrame], None],
) -> None:
    """Write a film that is one shot, or one with `finished` shots or places for them.

    `done` is called after each frame. If it raises an exception, the shot that is under way is not finished.
    """
    for number, group in groupby(items, key=lambda one: one.number):
        with ExitStack() as files:
            recorded: ShotWriter | None = None
            replayed: ShotReader | None = None
            for one in group:
                if isinstance(one.item, av.Packet):
                    writer.write_sound(one.item)
                    continue
                if isinstance(one.item, av.VideoFrame):
                    packets = writer.write(one.item)
                    if finished is not None:
                        recorded = recorded or files.enter_context(finished.record(number))
                        recorded.write(packets)
                elif finished is not None:
                    replayed = replayed or files.enter_context(finished.replay(number))
                    writer.write_encoded(one.item, replayed.read())
                done(one.item)
            if replayed is not None:
                writer.write_encoded(None, replayed.read())
            if recorded is not None:
                recorded.write(writer.end_shot())
