"""Photographs in one memory-mapped file, and batches drawn from it.

`python -m training.data PHOTOS CACHE` packs a folder tree of photographs once; `Photographs` then reads any of them
without decoding. OpenCV converts to Lab here; it agrees with `colorizer.color.lab` to 8-bit rounding.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
IMAGE_SUFFIXES = {".jpg", ".jpeg", ".png", ".webp"}
LONGEST_RATIO = 1.6  # long side / short side; longer photographs are cropped around the centre


class Photographs:
    """The packed photographs: `photographs[i]` is an RGB uint8 view (H, W, 3) into the memory map."""

    def __init__(self, folder: Path) -> None:
        index = np.load(folder / "index.npz")
        self.offsets, self.shapes, self.names = index["offsets"], index["shapes"], index["names"]
        self._pixels = np.memmap(folder / "pixels.u8", np.uint8, "r")

    def __len__(self) -> int:
        return len(self.offsets)

    def __getitem__(self, i: int) -> Array:
        height, width = self.shapes[i]
        start = self.offsets[i]
        return self._pixels[start : start + height * width * 3].reshape(height, width, 3)

    def weights(self, of_source: dict[str, float]) -> Array:
        """The probability of drawing each photograph, from the relative weight of its top-level folder (default 1)."""
        weight = np.array([of_source.get(str(name).split("/")[0], 1.0) for name in self.names])
        return weight / weight.sum()


def pack(photos: Path, folder: Path) -> int:
    """Write every photograph below `photos` to `folder` (pixels.u8, index.npz) and return their number.

    Raises ValueError for a photograph that OpenCV cannot read.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = sorted(path for path in photos.rglob("*") if path.suffix.lower() in IMAGE_SUFFIXES)
    offsets, shapes, names, offset = [], [], [], 0
    with (folder / "pixels.u8").open("wb") as pixels:
        for path in paths:
            bgr = cv2.imread(str(path), cv2.IMREAD_COLOR)
            if bgr is None:
                raise ValueError(f"expected a photograph that OpenCV can read, got {path}")
            rgb = cv2.cvtColor(_limit_ratio(bgr), cv2.COLOR_BGR2RGB)
            pixels.write(rgb.tobytes())
            offsets.append(offset)
            shapes.append(rgb.shape[:2])
            names.append(path.relative_to(photos).as_posix())
            offset += rgb.size
    np.savez(folder / "index.npz", offsets=np.array(offsets), shapes=np.array(shapes), names=np.array(names))
    return len(paths)


def _limit_ratio(image: Array) -> Array:
    height, width = image.shape[:2]
    limit = int(min(height, width) * LONGEST_RATIO)
    top, left = max(0, height - limit) // 2, max(0, width - limit) // 2
    return image[top : height - top, left : width - left]


def split(rgb: Array, side: int) -> tuple[Array, Array]:
    """RGB uint8 (side, side, 3) -> L minus 50 (1, side, side) and ab (2, side/4, side/4), CIE units, float32."""
    lab = cv2.cvtColor(rgb.astype(np.float32) / 255, cv2.COLOR_RGB2Lab)
    ab = cv2.resize(lab[..., 1:], (side // 4, side // 4), interpolation=cv2.INTER_AREA)
    return lab[None, ..., 0] - 50, np.ascontiguousarray(ab.transpose(2, 0, 1))


def mean_chroma(rgb: Array) -> float:
    """The mean chroma of a photograph, RGB uint8 (H, W, 3), in CIE units; of a small copy, which is enough."""
    small = cv2.resize(rgb, (48, 48), interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    a, b = cv2.cvtColor(small, cv2.COLOR_RGB2Lab)[..., 1:].transpose(2, 0, 1)
    return float(np.hypot(a, b).mean())


def film_luminance(rgb: Array, rng: np.random.Generator) -> Array:
    """The L minus 50 (1, H, W) float32 that early film would record of RGB uint8 (H, W, 3); compare `split`.

    Orthochromatic film is not sensitive to red, and the film before it hardly to green: skin and brick become dark, sky
    becomes light. L is computed from linear light with random channel weights between the eye's and such a film's.
    """
    eye = np.array([0.2126, 0.7152, 0.0722])
    film = np.array([0.02, rng.uniform(0.15, 0.65), 0])
    film[2] = 1 - film.sum()
    weights = eye + rng.uniform(0.2, 1) * (film - eye)
    light = _LINEAR[rgb] @ weights.astype(np.float32)
    lightness = np.where(light > 216 / 24389, 116 * np.cbrt(light) - 16, light * (24389 / 27))
    return (lightness - 50)[None].astype(np.float32)


_LEVELS = np.arange(256) / 255
_LINEAR = np.where(_LEVELS <= 0.04045, _LEVELS / 12.92, ((_LEVELS + 0.055) / 1.055) ** 2.4).astype(np.float32)


def center(rgb: Array, side: int) -> Array:
    """The largest centred square, resized to `side`."""
    height, width = rgb.shape[:2]
    short = min(height, width)
    top, left = (height - short) // 2, (width - short) // 2
    square = rgb[top : top + short, left : left + short]
    return cv2.resize(square, (side, side), interpolation=cv2.INTER_AREA if short > side else cv2.INTER_LINEAR)


def random_crop(rgb: Array, side: int, smallest: float, rng: np.random.Generator) -> Array:
    """A crop of `smallest`..1 of the short side, aspect up to 4:3 either way, resized to `side`, flipped or not."""
    height, width = rgb.shape[:2]
    size = min(height, width) * rng.uniform(smallest, 1)
    stretch = np.exp(rng.uniform(-0.144, 0.144))
    crop_height, crop_width = min(height, round(size * stretch)), min(width, round(size / stretch))
    top, left = rng.integers(height - crop_height + 1), rng.integers(width - crop_width + 1)
    crop = rgb[top : top + crop_height, left : left + crop_width]
    shrinks = crop_height * crop_width > side * side
    resized = cv2.resize(crop, (side, side), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
    return resized[:, ::-1] if rng.random() < 0.5 else resized


def age(luminance: Array, rng: np.random.Generator) -> Array:
    """Age a print at random: tone curve, fading, blur, grain, JPEG. Takes and returns L minus 50, (1, H, W) float32."""
    unit = np.clip(luminance[0] / 100 + 0.5, 0, 1)
    unit = unit ** np.exp(rng.uniform(-0.3, 0.3))
    if rng.random() < 0.3:
        black, white = rng.uniform(0, 0.15), rng.uniform(0.8, 1)
        unit = black + unit * (white - black)
    if rng.random() < 0.15:
        unit = cv2.GaussianBlur(unit, (0, 0), rng.uniform(0.4, 1.2))
    if rng.random() < 0.25:
        unit = unit + rng.normal(0, rng.uniform(0.01, 0.05), unit.shape).astype(np.float32)
    if rng.random() < 0.1:
        quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(30, 90))]
        encoded = cv2.imencode(".jpg", np.rint(np.clip(unit, 0, 1) * 255).astype(np.uint8), quality)[1]
        unit = np.asarray(cv2.imdecode(encoded, cv2.IMREAD_GRAYSCALE), np.float32) / 255
    return ((np.clip(unit, 0, 1) - 0.5) * 100)[None].astype(np.float32)


def main() -> None:
    parser = argparse.ArgumentParser(description=pack.__doc__)
    parser.add_argument("photos", type=Path)
    parser.add_argument("cache", type=Path)
    arguments = parser.parse_args()
    print(f"{pack(arguments.photos, arguments.cache)} photographs packed into {arguments.cache}")


if __name__ == "__main__":
    main()
