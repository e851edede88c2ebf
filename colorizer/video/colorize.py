"""Colours a film file: reading, colouring and writing run side by side."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import chain
from pathlib import Path
from types import MappingProxyType

import av

from colorizer.errors import InvalidVideo, Problem
from colorizer.images.atomic import whole_file
from colorizer.pipeline import Colorizer
from colorizer.recipe.signing import Credentials, check_signable, sign_file
from colorizer.video.containers import find_container
from colorizer.video.directing.director import Director
from colorizer.video.directing.finished import FinishedShots, film_mark
from colorizer.video.label import film_tags, write_label
from colorizer.video.limits import DEFAULT_LIMITS, VideoLimits
from colorizer.video.prefetch import Prefetch
from colorizer.video.probe import TOO_LITTLE_MEMORY
from colorizer.video.progress import Callbacks, Stopped
from colorizer.video.reader import VideoReader
from colorizer.video.repair import repair_frames
from colorizer.video.shot_stages import color_frames, write_frames
from colorizer.video.types import (
    Progress,
    VideoOptions,
    VideoResult,
)
from colorizer.video.writer import VideoWriter

_DEFAULT_OPTIONS = VideoOptions()
_NO_PICTURES: Mapping[str, Path] = MappingProxyType({})


def colorize_video(
    source: Path,
    target: Path,
    colorizer: Colorizer,
    options: VideoOptions = _DEFAULT_OPTIONS,
    *,
    progress: Callable[[Progress], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    limits: VideoLimits = DEFAULT_LIMITS,
    pictures: Mapping[str, Path] = _NO_PICTURES,
    shots_folder: Path | None = None,
    credentials: Credentials | None = None,
) -> VideoResult:
    """Colour a film into `target` with the source's sound tracks: MP4, MOV, Matroska or MXF, as its ending says.

    `options.encoding` says how the picture is encoded; in MP4 it is H.264 of 8 bits and 4:2:0 by default.
    Luma, timestamps, rotation and metadata are the source's; `options.repair` and the levels of `options.direction`
    alone change luma. The file is written under a temporary name beside `target` and then takes its place, so that
    `target` is always whole.
    `progress` and `cancelled` are called in the caller's thread, after each frame that was written; once `cancelled`
    gives True, what was finished is kept as a playable `target`.
    `limits`: what is read of the source; of a longer film the beginning is coloured, with a note.
    `pictures`: the files of the stills that `options.direction` names by their SHA-256. `shots_folder`: where the
    finished shots of a film with a list of shots are kept. A run that was interrupted takes those from there that it
    would make alike, and gives the same film, bit by bit. Nothing there is deleted: see `discard_shots`.
    `credentials`: what the film is signed with; None: it is not.
    Raises InvalidVideo for a source that cannot be read or whose frames are too large, VideoNotWritten for a target
    that cannot be written (a full disk, say), InvalidSetting for a still without a file or a film that the target
    cannot hold, what `sign_file` raises, and whatever the colorizer or the callables raise; `target` is then as it was.
    """
    container = find_container(target.suffix)
    if credentials is not None:  # before any work
        check_signable(target.suffix)
    try:
        with (
            whole_file(target) as part,
            VideoReader(source, limits, container) as reader,
            Director(
                source, reader.info, colorizer, options, pictures, limits=limits, folder=target.parent
            ) as director,
        ):
            callbacks = Callbacks(progress, cancelled)
            result = _colorize(reader, part, colorizer, options, callbacks, director, shots_folder)
            notes = result.notes
            if options.label:
                if not result.complete:  # the recipe is that of the part which was made
                    options = replace(options, end=options.start + result.duration)
                notes += write_label(part, source, colorizer.spec, options, container)
            if credentials is not None:
                notes += sign_file(part, target.suffix, source, colorizer.spec.name, credentials)
            return replace(result, notes=notes)
    except MemoryError as error:
        raise InvalidVideo(TOO_LITTLE_MEMORY, problem=Problem.NO_MEMORY) from error
    except av.FFmpegError as error:
        what = error.strerror or str(error)
        raise InvalidVideo(
            f"expected a film that can be read, got {source.name}, where FFmpeg fails: {what}", path=source
        ) from error
    except Exception as error:
        error.add_note(f"while colouring the film {source}")
        raise


def _colorize(
    reader: VideoReader,
    part: Path,
    colorizer: Colorizer,
    options: VideoOptions,
    callbacks: Callbacks,
    director: Director,
    shots_folder: Path | None,
) -> VideoResult:
    """Decode and colour on two other threads, and encode on this one."""
    stopped = False
    label = film_tags(reader.path, colorizer.spec, options, reader.target)
    with VideoWriter(part, reader, encoding=options.encoding, start=options.start, label=label) as writer:
        finished = None
        if options.direction.shots:
            mark = film_mark(reader.path)
            finished = FinishedShots(
                *(shots_folder, mark, colorizer.spec, options, writer.format.key, director, reader.time_base)
            )
        frames = repair_frames(reader.read(options.start, options.end, writer.format.luma), options.repair)
        with (
            Prefetch(frames, name="video-reader") as gray,
            Prefetch(
                color_frames(gray, reader, writer, colorizer, director, finished, options.start),
                name="video-colorizer",
            ) as colored,
        ):
            try:
                write_frames(colored, writer, finished, callbacks.count_frames(reader.info, options, reader.time_base))
            except Stopped:
                stopped = True
        if writer.frames == 0:
            length = reader.info.duration
            held = "which ends before" if length is None else f"of {length:g} seconds"
            message = f"expected pictures from {options.start:g} seconds on, got {reader.path.name} {held}"
            raise InvalidVideo(message, problem=Problem.NOTHING_THERE, path=reader.path)
    of_shots = chain.from_iterable(director.notes[number] for number in sorted(director.notes))
    notes = (*reader.problems, *of_shots, *writer.notes)
    complete = not stopped and not reader.is_truncated
    return VideoResult(writer.frames, writer.duration, complete, notes, reader.exceeds_limits)
