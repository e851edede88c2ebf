"""More than 300 malformed files, by name, made from fixed seeds."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator
from typing import Any

import cv2
import numpy as np
import pillow_heif
import tifffile
from PIL import Image

from colorizer.arrays import Pixels
from colorizer.images import icc

DAMAGES_EACH = 13
SEED = 20


def picture(height: int, width: int, channels: int = 3) -> Pixels:
    """A smooth picture with noise: (height, width, channels) uint8."""
    random = np.random.default_rng(SEED)
    coarse = random.integers(0, 255, (4, 5, channels), dtype=np.uint8)
    smooth = cv2.resize(coarse, (width, height)).reshape(height, width, channels)
    return np.asarray(cv2.add(smooth, random.integers(0, 9, smooth.shape, dtype=np.uint8)), np.uint8)


def save_image(image: Image.Image, kind: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def tiff(values: Pixels, **options: Any) -> bytes:
    buffer = io.BytesIO()
    tifffile.imwrite(buffer, values, **options)
    return buffer.getvalue()


def sound_files() -> dict[str, bytes]:
    """One file of each format that can be read, with metadata if the format supports it."""
    rgb = Image.fromarray(picture(90, 120))
    gray, cmyk = rgb.convert("L"), rgb.convert("CMYK")
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "a description"
    file_metadata: dict[str, Any] = {"exif": exif, "icc_profile": icc.srgb_profile()}
    deep = picture(90, 120, 4).astype(np.uint16) * 257
    png16 = cv2.imencode(".png", deep)[1].tobytes()
    return {
        "a.jpg": save_image(rgb, "JPEG", quality=90, **file_metadata),
        "progressive.jpg": save_image(gray, "JPEG", progressive=True),
        "cmyk.jpg": save_image(cmyk, "JPEG"),
        "a.png": save_image(rgb, "PNG", **file_metadata),
        "palette.png": save_image(rgb.quantize(16), "PNG", transparency=3),
        "deep.png": png16,
        "a.webp": save_image(rgb, "WEBP", **file_metadata),
        "lossless.webp": save_image(rgb.convert("RGBA"), "WEBP", lossless=True),
        "a.tif": save_image(rgb, "TIFF", compression="tiff_lzw", **file_metadata),
        "fax.tif": save_image(gray.convert("1"), "TIFF", compression="group4"),
        "deep.tif": tiff(deep, photometric="rgb", extrasamples=["unassalpha"], compression="zlib", predictor=True),
        "tiles.tif": tiff(deep[..., :3], photometric="rgb", tile=(32, 32), compression="lzw"),
        "a.bmp": save_image(rgb, "BMP"),
        "runs.bmp": save_image(rgb.quantize(16), "BMP"),
        "a.avif": save_image(rgb, "AVIF", speed=10),
        "a.heic": heic(rgb),
    }


def heic(image: Image.Image, **options: Any) -> bytes:
    buffer = io.BytesIO()
    pillow_heif.from_pillow(image).save(buffer, quality=80, **options)
    return buffer.getvalue()


def damage_bytes(data: bytes, number: int) -> bytes:
    """Damage bytes in one of several ways: truncate, flip bits, overwrite or remove a piece, or append bytes."""
    random = np.random.default_rng([SEED, number, len(data)])
    place = int(random.integers(4, len(data)))
    length = int(random.integers(1, 64))
    if number % 5 == 0:
        return data[:place]
    if number % 5 == 1:
        values = np.frombuffer(data, np.uint8).copy()
        places = random.integers(4, min(len(values), 400) if number % 2 else len(values), 4)
        values[places] ^= (1 << random.integers(0, 8, 4)).astype(np.uint8)
        return values.tobytes()
    if number % 5 == 2:
        return data[:place] + random.bytes(length) + data[place + length :]
    if number % 5 == 3:
        return data[:place] + data[place + length :]
    return data + random.bytes(length)


def huge_headers() -> Iterator[tuple[str, bytes]]:
    """Small files whose headers claim a huge size."""
    for width, height in ((65500, 65500), (2**31 - 1, 2**31 - 1), (200_000, 1), (1, 4_000_000), (100_000, 10_000)):
        yield f"{width}x{height}.png", png_of(width, height)
        bmp = bytearray(save_image(Image.new("L", (4, 4)), "BMP"))
        struct.pack_into("<ii", bmp, 18, min(width, 2**31 - 1), min(height, 2**31 - 1))
        yield f"{width}x{height}.bmp", bytes(bmp)
        for dtype in (np.uint8, np.uint16):
            data = tiff(np.zeros((8, 8, 3), dtype), photometric="rgb")
            yield f"{width}x{height}-{dtype.__name__}.tif", with_tiff_size(data, width, height)
        if max(width, height) < 65536:
            jpeg = bytearray(save_image(Image.new("L", (8, 8)), "JPEG"))
            struct.pack_into(">HH", jpeg, jpeg.index(b"\xff\xc0") + 5, height, width)
            yield f"{width}x{height}.jpg", bytes(jpeg)


def png_of(width: int, height: int, content: bytes = b"") -> bytes:
    """A grey PNG with the pixels `content`, independent of its header."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(content)) + chunk(b"IEND", b"")


def with_tiff_size(data: bytes, width: int, height: int) -> bytes:
    changed = bytearray(data)
    (first,) = struct.unpack_from("<I", data, 4)
    (count,) = struct.unpack_from("<H", data, first)
    for place in range(first + 2, first + 2 + 12 * count, 12):
        (tag,) = struct.unpack_from("<H", data, place)
        if tag in (256, 257, 278):  # width, height, rows in a strip
            struct.pack_into("<HII", changed, place + 2, 4, 1, width if tag == 256 else height)
    return bytes(changed)


def odd_files() -> Iterator[tuple[str, bytes]]:
    """Valid and invalid files of unusual kinds."""
    rgb = Image.fromarray(picture(40, 50))
    frames = [Image.fromarray(picture(40, 50)[:, ::step].copy()).resize((50, 40)) for step in (1, 2, 3)]
    for kind in ("PNG", "WEBP", "TIFF", "GIF", "AVIF"):
        yield f"several.{kind.lower()}", save_image(frames[0], kind, save_all=True, append_images=frames[1:])
    for size in ((1, 1), (1, 20000), (20000, 1), (2, 3)):
        for kind in ("PNG", "JPEG", "TIFF", "WEBP", "BMP"):
            if kind != "WEBP" or max(size) < 16384:
                yield f"{size[0]}x{size[1]}.{kind.lower()}", save_image(rgb.resize(size), kind)
    for kind, wrong in (("PNG", "jpg"), ("JPEG", "png"), ("WEBP", "tif"), ("TIFF", "bmp"), ("BMP", "heic")):
        yield f"a-{kind}-really.{wrong}", save_image(rgb, kind)
    yield "cmyk-with-an-rgb-profile.jpg", save_image(rgb.convert("CMYK"), "JPEG", icc_profile=icc.srgb_profile())
    yield "grey-with-an-rgb-profile.png", save_image(rgb.convert("L"), "PNG", icc_profile=icc.srgb_profile())
    for number in range(20):
        profile = damage_bytes(icc.srgb_profile(), number)
        yield f"broken-profile-{number}.jpg", save_image(rgb, "JPEG", icc_profile=profile)
    yield "text-bomb.png", save_image(rgb, "PNG", icc_profile=bytes(60_000_000))
    yield "pixels-missing.png", png_of(5000, 5000)
    yield "pixels-too-many.png", png_of(10, 10, bytes(50_000_000))
    yield "floats.tif", tiff(np.zeros((9, 9, 3), np.float32), photometric="rgb")
    yield "five-channels.tif", tiff(np.zeros((9, 9, 5), np.uint16), photometric="minisblack", planarconfig="contig")
    yield from (("empty.jpg", b""), ("zeros.png", bytes(1000)), ("text.txt", b"hello"), ("pdf.jpg", b"%PDF-1.7"))
    yield from (("zip.zip", b"PK\3\4" + bytes(99)), ("only.png", b"\x89PNG\r\n\x1a\n"), ("only.jpg", b"\xff\xd8\xff"))


def files() -> dict[str, bytes]:
    """All files by name."""
    made = dict(sound_files())
    for name, data in sound_files().items():
        made |= {f"{number}-{name}": damage_bytes(data, number) for number in range(DAMAGES_EACH)}
    return made | dict(huge_headers()) | dict(odd_files())
