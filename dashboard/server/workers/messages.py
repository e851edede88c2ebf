"""Messages between the dashboard and a worker: any values, over a socket.

Each message is a file in memory that has no name, and the socket only passes its descriptor on. Arrays and long bytes
lie in that file as they are, beside the pickle stream (its protocol 5 keeps arrays out), so the pixels of a large
picture are not copied again where they arrive, and a file's content once. It does not use /dev/shm, of which a
container has 64 MB.
"""

from __future__ import annotations

import io
import mmap
import os
import pickle
import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from colorizer.arrays import Floats

_POSITION = struct.Struct("!Q")  # where in the file the pickles begin, behind the arrays
_ALIGNMENT = 64  # bytes; NumPy's own arrays are as aligned
_BYTES = "bytes"  # stands in the stream for bytes beside it, with their number
_LONG = 1 << 20  # of bytes; shorter ones are pickled
_LARGE = 16 << 20  # bytes; smaller arrays are copied, so that they hold no file open as long as they live


@dataclass(frozen=True)
class Report:
    """From a worker: how far it is."""

    progress: Any


@dataclass(frozen=True)
class Predict:
    """From a worker: it asks for `Predictor.predict` with these arguments, of the lent colorizer with this number."""

    number: int
    luminance: Floats
    options: dict[str, bool]


@dataclass(frozen=True)
class Returned:
    """The end of a task or of a run of the network: its result."""

    value: Any


@dataclass(frozen=True)
class Raised:
    """The same, where it raised an exception."""

    error: Exception


_Place = tuple[int, int]  # in the file: where, and how many bytes
Replace = Callable[[Any], Any]  # an object -> what stands for it in the message, or None where it travels itself
Restore = Callable[[Any], Any]  # the reverse


def send(connection: socket.socket, value: Any, replace: Replace | None = None) -> None:
    """Send a value. Raises OSError if nobody is there to receive it, and what pickle raises."""
    with open(os.memfd_create("message"), "w+b") as file:  # noqa: PTH123 - a descriptor has no path
        stream, arrays, texts = io.BytesIO(), list[_Place](), list[_Place]()

        def put(buffer: pickle.PickleBuffer) -> None:
            raw = buffer.raw()
            file.seek(-file.tell() % _ALIGNMENT, os.SEEK_CUR)
            arrays.append((file.tell(), raw.nbytes))
            file.write(raw)

        def lend(obj: Any) -> Any:
            if type(obj) is bytes and len(obj) >= _LONG:
                texts.append((file.tell(), len(obj)))
                file.write(obj)
                return _BYTES, len(texts) - 1
            return None if replace is None else replace(obj)

        _Pickler(stream, put, lend).dump(value)
        position = file.tell()
        pickle.dump((arrays, texts), file)
        file.write(stream.getbuffer())
        file.flush()
        socket.send_fds(connection, [_POSITION.pack(position)], [file.fileno()])


def receive(connection: socket.socket, restore: Restore | None = None) -> Any:
    """Wait for the next value. Raises EOFError if the other process has ended, and what pickle raises.

    Large arrays are views of the message's file. Nothing else uses it, so they may be written to.
    """
    try:
        data, descriptors, _, _ = socket.recv_fds(connection, _POSITION.size, 1)
    except ConnectionResetError:  # it ended before it had read what was sent to it
        raise EOFError from None
    if not descriptors:
        raise EOFError
    try:
        content = mmap.mmap(descriptors[0], 0)
    finally:
        os.close(descriptors[0])
    content.seek(_POSITION.unpack(data)[0])
    view = memoryview(content)
    arrays, texts = ([view[begin : begin + size] for begin, size in places] for places in pickle.load(content))

    def fetch(pid: Any) -> Any:
        if pid[0] == _BYTES:
            return bytes(texts[pid[1]])
        if restore is None:
            raise pickle.UnpicklingError("expected a message without lent objects, got one with them")
        return restore(pid)

    return _Unpickler(content, [each if len(each) >= _LARGE else bytearray(each) for each in arrays], fetch).load()


class _Pickler(pickle.Pickler):
    def __init__(self, file: io.BytesIO, put: Callable[[pickle.PickleBuffer], None], replace: Replace) -> None:
        super().__init__(file, 5, buffer_callback=put)
        self._replace = replace

    def persistent_id(self, obj: Any) -> Any:
        return self._replace(obj)


class _Unpickler(pickle.Unpickler):
    def __init__(self, file: mmap.mmap, buffers: list[Any], restore: Restore) -> None:
        super().__init__(file, buffers=buffers)
        self._restore = restore

    def persistent_load(self, pid: Any) -> Any:
        return self._restore(pid)
