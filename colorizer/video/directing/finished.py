"""Finished shots on the disk: their encoded pictures and notes, so that an interrupted film goes on where it was.

Each shot begins with a group of pictures that needs none before it, so its packets are the same in every run.
"""

from __future__ import annotations

import json
import os
import struct
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from fractions import Fraction
from hashlib import sha256
from io import BufferedReader, BufferedWriter
from pathlib import Path

import av

from colorizer.images.atomic import whole_file
from colorizer.network.registry import ModelSpec
from colorizer.recipe import make_recipe
from colorizer.recipe.plain import to_plain
from colorizer.video.directing.direction import Direction
from colorizer.video.directing.director import Director
from colorizer.video.types import AnyPacket, EncodedPacket, VideoOptions

_SUFFIX = ".shot"
_PACKET = struct.Struct("<BqqqI")  # 1 for a key frame; pts, dts, duration; bytes that follow
_COUNT = struct.Struct("<I")  # of the packets that came with a frame; of the bytes of the notes
_END = b"end of the shot, format 2\n"  # a file without it was cut off, or is of a version that kept no notes


@dataclass(frozen=True)
class FinishedShots:
    """The finished shots of a film in a folder. Runs that make a shot alike share it.

    `folder`: None: nothing is kept. `film`: what tells the film's file from others. `model`: that colours it.
    `options`: of the run. `encoding`: the key of the format that the picture is written in. `time_base`: seconds for a
    tick of the packets' times.
    """

    folder: Path | None
    film: str
    model: ModelSpec
    options: VideoOptions
    encoding: str
    director: Director
    time_base: Fraction

    def path(self, folder: Path, number: int) -> Path:
        """The file of a shot. Its name is the hash of all that makes the shot's packets."""
        shots, shot = self.director.shots, self.director.settings(number)
        direction = Direction(keys=self.director.keys(number), reference=self.options.direction.reference)
        settings = to_plain(replace(self.options, direction=direction, label=True)) | {
            "shot": to_plain(shot),
            "written": self.encoding,
            "next": shots[number].start if number < len(shots) else None,
        }
        recipe = make_recipe("film", self.film, self.model, settings)
        return folder / f"{sha256(recipe.to_json().encode()).hexdigest()[:32]}{_SUFFIX}"

    def holds(self, number: int) -> bool:
        """Whether a shot is finished."""
        if self.folder is None:
            return False
        path = self.path(self.folder, number)
        if not path.is_file() or path.stat().st_size < len(_END):
            return False
        with path.open("rb") as file:
            file.seek(-len(_END), os.SEEK_END)
            return file.read() == _END

    @contextmanager
    def record(self, number: int) -> Iterator[ShotWriter]:
        """A context in which a shot is written. The shot is finished if it ends without an exception."""
        if self.folder is None:
            with Path(os.devnull).open("wb") as nowhere:
                yield ShotWriter(nowhere)
            return
        with whole_file(self.path(self.folder, number)) as part, part.open("wb") as file:
            yield ShotWriter(file, self.director.notes.get(number, ()))
            file.write(_END)
            file.flush()
            os.fsync(file.fileno())

    @contextmanager
    def replay(self, number: int) -> Iterator[ShotReader]:
        """A context in which a finished shot is read. Only for a shot that `holds` has confirmed.

        The director gets the notes on it, which are as true of this run.
        """
        assert self.folder is not None
        with self.path(self.folder, number).open("rb") as file:
            shot = ShotReader(file, self.time_base)
            self.director.notes[number] = shot.notes
            yield shot


class ShotWriter:
    """Writes a shot to a file. `notes`: sentences for the user on it."""

    def __init__(self, file: BufferedWriter, notes: Sequence[str] = ()) -> None:
        self._file = file
        data = json.dumps(notes).encode()
        file.write(_COUNT.pack(len(data)) + data)

    def write(self, packets: Sequence[EncodedPacket]) -> None:
        """The packets that the encoder gave with the next frame, or at the end of the shot."""
        self._file.write(_COUNT.pack(len(packets)))
        for one in packets:
            data = bytes(one.packet)
            self._file.write(_PACKET.pack(one.is_keyframe, one.pts, one.dts, one.duration, len(data)))
            self._file.write(data)


class ShotReader:
    """Reads a shot back, as it was written. `notes`: those on it."""

    def __init__(self, file: BufferedReader, time_base: Fraction) -> None:
        self._file, self._time_base = file, time_base
        self.notes: tuple[str, ...] = tuple(json.loads(file.read(self._count())))

    def read(self) -> list[AnyPacket]:
        """The packets that came with the next frame, or at the end of the shot."""
        return [self._packet() for _ in range(self._count())]

    def _count(self) -> int:
        count: int = _COUNT.unpack(self._file.read(_COUNT.size))[0]
        return count

    def _packet(self) -> AnyPacket:
        is_key, pts, dts, duration, size = _PACKET.unpack(self._file.read(_PACKET.size))
        packet: AnyPacket = av.Packet(self._file.read(size))
        packet.pts, packet.dts, packet.duration, packet.time_base = pts, dts, duration, self._time_base
        packet.is_keyframe = bool(is_key)
        return packet


def film_mark(path: Path) -> str:
    """What tells a film's file from others, and from what it was before it was changed: a SHA-256, though not of its
    content, which takes long to read. Raises OSError."""
    facts = path.stat()
    return sha256(f"{facts.st_size} bytes of {facts.st_mtime_ns}".encode()).hexdigest()


def discard_shots(folder: Path) -> None:
    """Delete the finished shots in a folder, and the folder if nothing else is in it. Raises OSError."""
    if not folder.is_dir():
        return
    for path in folder.iterdir():
        if path.name.removesuffix(".part").endswith(_SUFFIX):
            path.unlink()
    if not any(folder.iterdir()):
        folder.rmdir()
