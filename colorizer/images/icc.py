"""ICC profiles (ICC.1:2022): convert pixels of any colour space to sRGB and keep their lightness.

A profile of curves and primaries (Adobe RGB, Display P3, grey gamma, dot gain, ...) is applied here, exactly and at the
picture's own bit depth. Clipping colours outside the sRGB gamut would change their L. As only L is used later, RGB is
converted to grey instead. Profiles with lookup tables (CMYK, some scanners) are applied by LittleCMS with
the relative colorimetric intent.
The result is sRGB, because the colours are predicted in sRGB and a wider gamut would not be used.
"""

from __future__ import annotations

import io
import struct
from functools import cache

import imagecodecs
import numpy as np
from numpy.typing import NDArray
from PIL import ImageCms

from colorizer.arrays import Floats, Pixels
from colorizer.color import lab
from colorizer.color.encoding import apply_curve, mix_to_gray
from colorizer.parallel import map_strips, split_rows

Doubles = NDArray[np.float64]

# The row of Y in the Bradford matrix from D50 (profiles) to D65 (sRGB): ICC.1:2022, annex E, inverted.
_Y_OF_D65 = np.array([-0.0283697, 1.0099956, 0.0210414])
_SRGB_TOLERANCE = 0.002  # of linear light and of primaries; profiles named sRGB differ by this much
_SPACES = {b"GRAY": 1, b"RGB ": 3, b"CMYK": 4}
_PRIMARIES, _CURVES = (b"rXYZ", b"gXYZ", b"bXYZ"), (b"rTRC", b"gTRC", b"bTRC")
_PARAMETER_COUNTS = (1, 3, 4, 5, 7)  # of a parametric curve, by its function type
_MOST_BYTES = 4_000_000  # those of printers, with large tables, have up to about 3 MB
_MAX_TAGS = 1000
_LONGEST_DESCRIPTION = 100  # characters of a description that are shown
# What the functions below raise for a profile that is damaged or does not fit the pixels.
BROKEN = (struct.error, LookupError, ValueError, ImageCms.PyCMSError, imagecodecs.CmsError)


@cache
def srgb_profile() -> bytes:
    """An sRGB profile to embed in files."""
    return bytes(imagecodecs.cms_profile("srgb"))


def describe_profile(profile: bytes) -> str:
    """The profile's own description, for example "Adobe RGB (1998)". Raises one of BROKEN."""
    text = ImageCms.getProfileDescription(ImageCms.ImageCmsProfile(io.BytesIO(profile))).strip()
    return text if len(text) <= _LONGEST_DESCRIPTION else text[: _LONGEST_DESCRIPTION - 3] + "..."


def is_srgb(profile: bytes) -> bool:
    """Whether the profile is sRGB, within _SRGB_TOLERANCE. Raises one of BROKEN."""
    tags = _read_tags(profile)
    if profile[16:20] != b"RGB " or b"A2B0" in tags:
        return False
    ours = _read_tags(srgb_profile())
    primaries = (np.abs(_read_xyz(tags[primary]) - _read_xyz(ours[primary])).max() for primary in _PRIMARIES)
    curves = (np.abs(_read_curve(tags[curve], 255) - _read_curve(ours[curve], 255)).max() for curve in _CURVES)
    return bool(max(*primaries, *curves) <= _SRGB_TOLERANCE)


def to_srgb(pixels: Pixels, profile: bytes) -> Pixels:
    """Convert pixels from the profile's colour space to sRGB of the same dtype.

    `pixels`: grey (H, W), RGB (H, W, 3) or CMYK (H, W, 4; 0 is no ink), uint8 or uint16.
    Returns RGB (H, W, 3) for CMYK and for a profile with lookup tables, else grey (H, W).
    Raises one of BROKEN, also if the profile's colour space does not match the pixels.
    """
    channels = pixels.shape[2] if pixels.ndim == 3 else 1
    if _SPACES.get(profile[16:20]) != channels:
        raise ValueError(f"expected a profile of {channels} channels, got one of {profile[16:20].decode('latin-1')}")
    tags = _read_tags(profile)
    if channels == 4 or b"A2B0" in tags:
        return _transform_with_lcms(pixels, profile)
    top = int(np.iinfo(pixels.dtype).max)
    if channels == 1:
        light = _read_curve(tags[b"kTRC"], top)
        light = lab.relative_luminance(100 * light) if profile[20:24] == b"Lab " else light
        return apply_curve(pixels, light)
    weights = np.array([_read_xyz(tags[primary]) @ _Y_OF_D65 for primary in _PRIMARIES])
    table = np.stack([_read_curve(tags[curve], top) for curve in _CURVES], axis=-1)[np.newaxis]
    return mix_to_gray(pixels, table, weights)


def _transform_with_lcms(pixels: Pixels, profile: bytes) -> Pixels:
    result = np.empty((*pixels.shape[:2], 3), pixels.dtype)
    space = "cmyk" if pixels.shape[2] == 4 else "rgb"

    def convert(rows: slice) -> None:
        result[rows] = imagecodecs.cms_transform(
            pixels[rows],
            profile,
            srgb_profile(),
            colorspace=space,
            outcolorspace="rgb",
            intent=imagecodecs.CMS.INTENT.RELATIVE_COLORIMETRIC,
        )

    map_strips(convert, split_rows(*pixels.shape[:2]))
    return result


def _read_tags(profile: bytes) -> dict[bytes, memoryview]:
    """The content of each tag, by the tag's signature. Raises ValueError for a profile above _MOST_BYTES.

    Nothing is copied: any number of tags may share the same content.
    """
    if len(profile) > _MOST_BYTES:
        raise ValueError(f"expected at most {_MOST_BYTES / 1e6:g} MB, got {len(profile) / 1e6:.3g} MB")
    content = memoryview(profile)
    (count,) = struct.unpack_from(">I", profile, 128)
    entries = (struct.unpack_from(">4sII", profile, 132 + 12 * number) for number in range(min(count, _MAX_TAGS)))
    return {signature: content[start : start + size] for signature, start, size in entries}


def _read_xyz(tag: memoryview) -> Doubles:
    """X, Y, Z of a tag of type XYZType, relative to D50: (3,)."""
    return np.array(struct.unpack_from(">3i", tag, 8)) / 65536


def _read_curve(tag: memoryview, top: int) -> Floats:
    """Linear light of the values 0..`top` for a tag of type curveType or parametricCurveType: (top + 1,) float32."""
    values = np.linspace(0, 1, top + 1)
    kind = bytes(tag[:4])
    if kind == b"para":
        return _read_parametric_curve(tag, values)
    if kind != b"curv":
        raise ValueError(f"expected a curve of type curv or para, got {kind!r}")
    (count,) = struct.unpack_from(">I", tag, 8)
    points = np.frombuffer(tag, ">u2", count, 12)
    if count == 0:
        return values.astype(np.float32)
    if count == 1:
        return np.asarray(values ** (points[0] / 256), np.float32)
    return np.interp(values, np.linspace(0, 1, count), points / 65535).astype(np.float32)


def _read_parametric_curve(tag: memoryview, values: Doubles) -> Floats:
    """A parametricCurveType at `values` 0..1, clipped to 0..1. The parameters are named as in ICC.1:2022."""
    (kind,) = struct.unpack_from(">H", tag, 8)
    if kind >= len(_PARAMETER_COUNTS):
        raise ValueError(f"expected a parametric curve of type 0 to {len(_PARAMETER_COUNTS) - 1}, got {kind}")
    stored = np.array(struct.unpack_from(f">{_PARAMETER_COUNTS[kind]}i", tag, 12)) / 65536
    g, a, b, c, d, e, f = (*stored, *[0.0] * 6)[:7]
    if kind == 0:
        a = 1.0
    elif kind in (1, 2):
        c, d, e, f = 0.0, -b / a if a else 0.0, c, c
    light = np.where(values >= d, np.maximum(a * values + b, 0) ** g + e, c * values + f)
    return np.asarray(np.clip(light, 0, 1), np.float32)
