"""Colour profiles (ICC.1:2022): pixels of any space to sRGB, with the lightness they had.

A profile of curves and primaries (Adobe RGB, Display P3, grey gamma, dot gain, ...) is applied here, exactly and at the
picture's own depth. Where its colours reach beyond sRGB, clipping them would change their L; as only L is used, such a
picture becomes grey. Profiles of large tables (CMYK, some scanners) go through LittleCMS, relative colorimetric.
The result is sRGB, the space that colours are predicted in: a wider one would hold none of them more.
"""

from __future__ import annotations

import io
import struct
from functools import cache

import cv2
import imagecodecs
import numpy as np
from numpy.typing import NDArray
from PIL import ImageCms

from colorizer.arrays import Depth, Floats, Pixels
from colorizer.color import lab
from colorizer.parallel import map_strips, split_rows

Doubles = NDArray[np.float64]

# Bradford, from the D50 of profiles to the D65 of sRGB (ICC.1:2022, annex E, inverted); its row of Y.
_Y_OF_D65 = np.array([-0.0283697, 1.0099956, 0.0210414])
_SRGB_TOLERANCE = 0.002  # of light and of primaries: profiles that call themselves sRGB differ by this much
_SPACES = {b"GRAY": 1, b"RGB ": 3, b"CMYK": 4}
_PRIMARIES, _CURVES = (b"rXYZ", b"gXYZ", b"bXYZ"), (b"rTRC", b"gTRC", b"bTRC")
_PARAMETERS = (1, 3, 4, 5, 7)  # of a parametric curve, by its type
_MOST_TAGS = 1000
_RELATIVE = 1  # LittleCMS: relative colorimetric
BROKEN = (struct.error, LookupError, ValueError, ImageCms.PyCMSError, imagecodecs.CmsError)


@cache
def srgb_profile() -> bytes:
    """A profile of sRGB, to be embedded."""
    return bytes(imagecodecs.cms_profile("srgb"))


def describe_profile(profile: bytes) -> str:
    """What the profile calls itself. Raises one of BROKEN."""
    return ImageCms.getProfileDescription(ImageCms.ImageCmsProfile(io.BytesIO(profile))).strip()


def is_srgb(profile: bytes) -> bool:
    """Whether pixels of the profile are sRGB already, to what an eye could tell. Raises one of BROKEN."""
    tags = _tags(profile)
    if profile[16:20] != b"RGB " or b"A2B0" in tags:
        return False
    ours = _tags(srgb_profile())
    primaries = (np.abs(_xyz(tags[primary]) - _xyz(ours[primary])).max() for primary in _PRIMARIES)
    curves = (np.abs(_curve(tags[curve], 255) - _curve(ours[curve], 255)).max() for curve in _CURVES)
    return bool(max(*primaries, *curves) <= _SRGB_TOLERANCE)


def to_srgb(pixels: Pixels, profile: bytes) -> Pixels:
    """Grey (H, W), RGB (H, W, 3) or CMYK (H, W, 4; 0 is no ink), uint8 or uint16, of the profile's space -> sRGB.

    The same depth; grey (H, W) or RGB (H, W, 3). Raises one of BROKEN, for another space than the pixels' too.
    """
    channels = pixels.shape[2] if pixels.ndim == 3 else 1
    if _SPACES.get(profile[16:20]) != channels:
        raise ValueError(f"expected a profile of {channels} channels, got one of {profile[16:20].decode('latin-1')}")
    tags = _tags(profile)
    if channels == 4 or b"A2B0" in tags:
        return _through_tables(pixels, profile)
    dtype: Depth = np.uint8 if pixels.dtype == np.uint8 else np.uint16
    top = int(np.iinfo(dtype).max)
    if channels == 1:
        light = _curve(tags[b"kTRC"], top)
        light = lab.relative_luminance(100 * light) if profile[20:24] == b"Lab " else light
        return np.asarray(cv2.LUT(pixels, lab.encode(light, dtype)), dtype)
    weights = np.array([[_xyz(tags[primary]) @ _Y_OF_D65 for primary in _PRIMARIES]], np.float32)
    table = np.stack([_curve(tags[curve], top) for curve in _CURVES], axis=-1)[np.newaxis]
    result = np.empty(pixels.shape[:2], dtype)

    def convert(rows: slice) -> None:
        light = np.asarray(cv2.transform(cv2.LUT(pixels[rows], table), weights), np.float32)
        result[rows] = lab.encode(light, dtype)

    map_strips(convert, split_rows(*pixels.shape[:2]))
    return result


def _through_tables(pixels: Pixels, profile: bytes) -> Pixels:
    result = np.empty((*pixels.shape[:2], 3), pixels.dtype)
    space = "cmyk" if pixels.shape[2] == 4 else "rgb"

    def convert(rows: slice) -> None:
        result[rows] = imagecodecs.cms_transform(
            pixels[rows], profile, srgb_profile(), colorspace=space, outcolorspace="rgb", intent=_RELATIVE
        )

    map_strips(convert, split_rows(*pixels.shape[:2]))
    return result


def _tags(profile: bytes) -> dict[bytes, bytes]:
    """The content of each tag by its signature."""
    (count,) = struct.unpack_from(">I", profile, 128)
    entries = (struct.unpack_from(">4sII", profile, 132 + 12 * number) for number in range(min(count, _MOST_TAGS)))
    return {signature: profile[start : start + size] for signature, start, size in entries}


def _xyz(tag: bytes) -> Doubles:
    """XYZType: X, Y, Z, with white at D50."""
    return np.array(struct.unpack_from(">3i", tag, 8)) / 65536


def _curve(tag: bytes, top: int) -> Floats:
    """curveType or parametricCurveType -> linear light of the values 0..top."""
    values = np.linspace(0, 1, top + 1)
    if tag[:4] == b"para":
        return _parametric(tag, values)
    if tag[:4] != b"curv":
        raise ValueError(f"expected a curve of type curv or para, got {tag[:4]!r}")
    (count,) = struct.unpack_from(">I", tag, 8)
    points = np.frombuffer(tag, ">u2", count, 12)
    if count == 0:
        return values.astype(np.float32)
    if count == 1:
        return np.asarray(values ** (points[0] / 256), np.float32)
    return np.interp(values, np.linspace(0, 1, count), points / 65535).astype(np.float32)


def _parametric(tag: bytes, values: Doubles) -> Floats:
    (kind,) = struct.unpack_from(">H", tag, 8)
    if kind >= len(_PARAMETERS):
        raise ValueError(f"expected a parametric curve of type 0 to {len(_PARAMETERS) - 1}, got {kind}")
    g, a, b, c, d, e, f = (*(np.array(struct.unpack_from(f">{_PARAMETERS[kind]}i", tag, 12)) / 65536), *[0.0] * 6)[:7]
    if kind == 0:
        a = 1.0
    elif kind in (1, 2):
        c, d, e, f = 0.0, -b / a if a else 0.0, c, c
    light = np.where(values >= d, np.maximum(a * values + b, 0) ** g + e, c * values + f)
    return np.asarray(np.clip(light, 0, 1), np.float32)
