"""Mutations of files: bytes, numbers and pieces are changed as a damaged disk or an attacker would change them."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence

import numpy as np

# Numbers at the borders of the types that file formats use.
_NUMBERS = (0, 1, 2, 7, 8, 16, 127, 128, 255, 256, 32767, 32768, 65535, 65536, 2**31 - 1, 2**31, 2**32 - 1)
_HEADER = 600  # bytes; changes of headers find more than those of compressed pixels

_SIDES = (1, 16, 999, 1000, 9984, 30_000, 65_500)
# Where files state a size: the bytes before it, the distance from them, and its type.
_SIZES = (
    *((bytes([0xFF, frame]), 3, ">HH") for frame in (0xC0, 0xC2)),  # JPEG, also within a TIFF
    (b"IHDR", 0, ">II"),  # PNG
    (b"ispe", 4, ">II"),  # HEIC, AVIF
    (b"\xff\x4f\xff\x51", 4, ">II"),  # JPEG 2000
    (b"VP8X", 8, "<HH"),
    (b"avc1", 24, ">HH"),  # film in an MP4
    *((struct.pack("<HHI", tag, kind, 1), 0, "<I") for tag in (256, 257, 278, 322, 323) for kind in (3, 4)),  # TIFF
)

Mutation = Callable[[bytes, Sequence[bytes], np.random.Generator], bytes]


def mutate(data: bytes, others: Sequence[bytes], rng: np.random.Generator) -> bytes:
    """One to four random mutations of `data`. `others`: files that pieces are taken from."""
    for _ in range(rng.integers(1, 5)):
        mutation = _MUTATIONS[rng.integers(len(_MUTATIONS))]
        data = mutation(data, others, rng) if len(data) >= 16 else data
    return data


def _place(data: bytes, rng: np.random.Generator) -> int:
    """An offset in `data`, half the time in its first or last bytes, where headers and directories are."""
    size = len(data)
    if rng.random() < 0.5:
        return int(rng.integers(size))
    near = int(rng.integers(min(size, _HEADER)))
    return near if rng.random() < 0.7 else size - 1 - near


def _flip_bits(data: bytes, _: Sequence[bytes], rng: np.random.Generator) -> bytes:
    changed = bytearray(data)
    for _number in range(rng.integers(1, 9)):
        changed[_place(data, rng)] ^= 1 << int(rng.integers(8))
    return bytes(changed)


def _set_number(data: bytes, _: Sequence[bytes], rng: np.random.Generator) -> bytes:
    letter = str(rng.choice(["B", "H", "I", "Q"]))
    value = int(rng.choice(_NUMBERS)) + int(rng.integers(-1, 2))
    size = struct.calcsize(letter)
    packed = struct.pack(str(rng.choice(["<", ">"])) + letter, value % (1 << 8 * size))
    place = min(_place(data, rng), len(data) - size)
    return data[:place] + packed + data[place + size :]


def _claim_size(data: bytes, _: Sequence[bytes], rng: np.random.Generator) -> bytes:
    """Change one of the sizes that a file states, if it has one where a format known here has it."""
    key, offset, layout = _SIZES[rng.integers(len(_SIZES))]
    place = data.find(key)
    sides = (int(rng.choice(_SIDES)), int(rng.choice(_SIDES)))
    packed = struct.pack(layout, *sides[: len(layout) - 1])
    start = place + len(key) + offset
    if place < 0 or start + len(packed) > len(data):
        return data
    return data[:start] + packed + data[start + len(packed) :]


def _truncate(data: bytes, _: Sequence[bytes], rng: np.random.Generator) -> bytes:
    return data[: max(16, _place(data, rng))]


def _remove_piece(data: bytes, _: Sequence[bytes], rng: np.random.Generator) -> bytes:
    place = _place(data, rng)
    return data[:place] + data[place + int(rng.integers(1, 200)) :]


def _repeat_piece(data: bytes, _: Sequence[bytes], rng: np.random.Generator) -> bytes:
    place = _place(data, rng)
    piece = data[place : place + int(rng.integers(1, 200))]
    return data[:place] + piece * int(rng.integers(2, 20)) + data[place:]


def _insert_noise(data: bytes, _: Sequence[bytes], rng: np.random.Generator) -> bytes:
    place = _place(data, rng)
    return data[:place] + rng.bytes(int(rng.integers(1, 100))) + data[place:]


def _splice(data: bytes, others: Sequence[bytes], rng: np.random.Generator) -> bytes:
    other = others[int(rng.integers(len(others)))]
    return data[: _place(data, rng)] + other[_place(other, rng) :]


_MUTATIONS: tuple[Mutation, ...] = (
    _flip_bits,
    _set_number,
    _set_number,
    _claim_size,
    _truncate,
    _remove_piece,
    _repeat_piece,
    _insert_noise,
    _splice,
)
