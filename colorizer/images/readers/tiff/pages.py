"""Which of a TIFF file's directories is the picture: no preview, no mask, and no raw data of a camera."""

from __future__ import annotations

import struct
from enum import Enum, auto

from tifffile import PHOTOMETRIC

from colorizer.errors import InvalidImage
from colorizer.images.readers.tiff.directory import MAX_DIRECTORIES, Directory, read_directories

_NEW_SUBFILE_TYPE, _SUBFILE_TYPE, _WIDTH, _LENGTH, _PHOTOMETRIC = 254, 255, 256, 257, 262
_REDUCED_BIT, _MASK_BIT = 1, 4  # of NewSubfileType
_OLD_REDUCED = 2  # the value of SubfileType, which NewSubfileType has replaced
_RENDERED_SHARE = 0.9  # of the raw data's width and length: a camera's own picture lacks some of the edges


class _Role(Enum):
    FULL = auto()
    REDUCED = auto()  # a preview, a thumbnail, a lower level of a pyramid
    MASK = auto()
    RAW = auto()
    NONE = auto()  # no picture


_SPECIAL: dict[int, _Role] = {
    PHOTOMETRIC.MASK: _Role.MASK, PHOTOMETRIC.DEPTH_MAP: _Role.MASK, PHOTOMETRIC.SEMANTIC_MASK: _Role.MASK,
    PHOTOMETRIC.CFA: _Role.RAW, PHOTOMETRIC.LINEAR_RAW: _Role.RAW,
}  # fmt: skip


def find_picture(data: bytes) -> tuple[Directory, int, tuple[str, ...]]:
    """The directory of a file's first full picture, the number of full pictures, and notes on the file's others.

    The number is above MAX_DIRECTORIES if not all are read. Where all are reduced, the largest is returned; where there
    is raw data, a picture that is about as large.
    Raises InvalidImage if there is none, and struct.error if the first directory is damaged.
    """
    directories, complete = read_directories(data)
    by_role: dict[_Role, list[Directory]] = {role: [] for role in _Role}
    for directory in directories:
        try:
            by_role[_role(directory)].append(directory)
        except struct.error:
            if directory is directories[0]:
                raise
            complete = False
    reduced, masks, raw = by_role[_Role.REDUCED], by_role[_Role.MASK], by_role[_Role.RAW]
    if raw:
        picture = _find_rendered(by_role[_Role.FULL] + reduced, max(raw, key=_area))
        return picture, 1, ("the raw data in the file is not used, only the picture made of it",)
    full = by_role[_Role.FULL] or sorted(reduced, key=_area)[-1:]
    if not full:
        raise InvalidImage(f"expected a TIFF with a picture, got {'only a mask' if masks else 'none'}")
    notes, too_many = list[str](), len(directories) == MAX_DIRECTORIES and not complete
    if not complete and not too_many:
        notes.append("the file's list of pages is damaged, so there may be more of them")
    if masks:
        notes.append("dropped: a mask, which marks parts of the picture")
    return full[0], MAX_DIRECTORIES + 1 if too_many else len(full), tuple(notes)


def _role(directory: Directory) -> _Role:
    if not directory.number(_WIDTH, 0):
        return _Role.NONE
    kind = directory.number(_NEW_SUBFILE_TYPE, 0)
    if kind & _MASK_BIT:
        return _Role.MASK
    role = _SPECIAL.get(directory.number(_PHOTOMETRIC, 0), _Role.FULL)
    reduced = kind & _REDUCED_BIT or directory.number(_SUBFILE_TYPE, 0) == _OLD_REDUCED
    return _Role.REDUCED if reduced and role is _Role.FULL else role


def _area(directory: Directory) -> int:
    return directory.number(_WIDTH, 0) * directory.number(_LENGTH, 0)


def _find_rendered(pictures: list[Directory], raw: Directory) -> Directory:
    """The largest of the pictures, if it is about as large as the raw data. Raises InvalidImage."""
    size = raw.number(_WIDTH, 0), raw.number(_LENGTH, 0)
    for picture in sorted(pictures, key=_area, reverse=True)[:1]:
        if all(
            picture.number(tag, 0) >= _RENDERED_SHARE * side for tag, side in zip((_WIDTH, _LENGTH), size, strict=True)
        ):
            return picture
    raise InvalidImage(
        f"expected a finished picture, got the raw data of a camera or scanner ({size[0]} x {size[1]}): save it as a "
        "TIFF or JPEG with the program that develops it"
    )
