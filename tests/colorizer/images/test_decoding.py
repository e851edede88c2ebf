from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image, ImageOps

from colorizer.arrays import Pixels
from colorizer.errors import ImageTooLarge, InvalidImage
from colorizer.images import Picture, decode

HEIGHT, WIDTH = 24, 31
LOSSLESS = ("PNG", "TIFF", "BMP")


def noise(*channels: int, dtype: type[np.uint8 | np.uint16] = np.uint8) -> Pixels:
    random = np.random.default_rng(4)
    return random.integers(0, np.iinfo(dtype).max + 1, (HEIGHT, WIDTH, *channels)).astype(dtype)


def soft(*channels: int) -> Pixels:
    """Smooth, so that a lossy format stays close."""
    ramp = np.linspace(30, 220, HEIGHT)[:, np.newaxis] * np.linspace(0.6, 1, WIDTH)
    values = ramp if not channels else np.stack([ramp, 255 - ramp, ramp[::-1], ramp[:, ::-1]][: channels[0]], axis=-1)
    return values.astype(np.uint8)


def encode_picture(image: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def assert_whole(picture: Picture, pixels: Pixels, alpha: Pixels | None = None) -> None:
    assert (picture.height, picture.width) == pixels.shape[:2]
    assert picture.pixels.flags.c_contiguous
    assert picture.pixels.dtype == pixels.dtype
    np.testing.assert_array_equal(picture.pixels, pixels)
    assert (picture.alpha is None) == (alpha is None)
    if picture.alpha is not None and alpha is not None:
        assert picture.alpha.dtype == pixels.dtype
        assert picture.alpha.flags.c_contiguous
        np.testing.assert_array_equal(picture.alpha, alpha)


@pytest.mark.parametrize("kind", LOSSLESS)
@pytest.mark.parametrize("pixels", [noise(), noise(3)], ids=["L", "RGB"])
def test_grey_and_rgb_come_as_they_are(pixels: Pixels, kind: str) -> None:
    assert_whole(decode(encode_picture(Image.fromarray(pixels), kind)), pixels)


@pytest.mark.parametrize("kind", ["JPEG", "MPO", "WEBP"])
@pytest.mark.parametrize("pixels", [soft(), soft(3)], ids=["L", "RGB"])
def test_lossy_files_come_close(pixels: Pixels, kind: str) -> None:
    picture = decode(encode_picture(Image.fromarray(pixels), kind, quality=95))
    expected = pixels if kind != "WEBP" or pixels.ndim == 3 else np.repeat(pixels[..., np.newaxis], 3, axis=2)
    assert picture.pixels.shape == expected.shape  # WebP has no grey mode
    assert np.abs(picture.pixels.astype(int) - expected).mean() < 4
    assert picture.alpha is None


def test_a_jpeg_with_fill_bytes_before_its_markers() -> None:
    data = encode_picture(Image.fromarray(soft()), "JPEG", quality=95)
    filled = data.replace(b"\xff\xdb", b"\xff\xff\xff\xdb")
    assert filled != data
    np.testing.assert_array_equal(decode(filled).pixels, decode(data).pixels)


def test_a_phones_second_picture_is_left_out() -> None:
    first, second = Image.fromarray(np.zeros((8, 9), np.uint8)), Image.fromarray(np.full((8, 9), 255, np.uint8))
    assert_whole(
        decode(encode_picture(first, "MPO", save_all=True, append_images=[second])), np.zeros((8, 9), np.uint8)
    )


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "WEBP"])
def test_transparency_is_kept(kind: str) -> None:
    rgba = noise(4)
    data = encode_picture(Image.fromarray(rgba), kind, **({"lossless": True, "exact": True} if kind == "WEBP" else {}))
    assert_whole(decode(data), rgba[..., :3], rgba[..., 3])


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_transparency_of_grey_is_kept(kind: str) -> None:
    channels = noise(2)
    assert_whole(decode(encode_picture(Image.fromarray(channels, "LA"), kind)), channels[..., 0], channels[..., 1])


@pytest.mark.parametrize("kind", LOSSLESS)
def test_palettes_become_rgb(kind: str) -> None:
    image = Image.fromarray(noise(3)).quantize(16)
    assert_whole(decode(encode_picture(image, kind)), np.asarray(image.convert("RGB")))


def test_a_transparent_palette_entry_becomes_alpha() -> None:
    image = Image.fromarray(noise(3)).quantize(16)
    alpha = np.where(np.asarray(image) == 3, 0, 255).astype(np.uint8)
    assert_whole(decode(encode_picture(image, "PNG", transparency=3)), np.asarray(image.convert("RGB")), alpha)


def test_a_transparent_grey_becomes_alpha() -> None:
    pixels = noise()
    alpha = np.where(pixels == pixels[2, 3], 0, 255).astype(np.uint8)
    assert_whole(decode(encode_picture(Image.fromarray(pixels), "PNG", transparency=int(pixels[2, 3]))), pixels, alpha)


@pytest.mark.parametrize("kind", LOSSLESS)
def test_one_bit_becomes_black_and_white(kind: str) -> None:
    bits = noise() > 127
    assert_whole(decode(encode_picture(Image.fromarray(bits), kind)), np.where(bits, 255, 0).astype(np.uint8))


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_sixteen_bit_grey_stays_sixteen_bits(kind: str) -> None:
    pixels = noise(dtype=np.uint16)
    image = Image.fromarray(pixels)
    assert image.mode == "I;16"
    assert_whole(decode(encode_picture(image, kind)), pixels)


def test_big_endian_sixteen_bits() -> None:
    pixels = noise(dtype=np.uint16)
    image = Image.frombytes("I;16B", (WIDTH, HEIGHT), pixels.astype(">u2").tobytes())
    assert_whole(decode(encode_picture(image, "TIFF")), pixels)


def test_thirty_two_bit_grey_within_sixteen_bits() -> None:
    pixels = noise(dtype=np.uint16)
    assert_whole(decode(encode_picture(Image.fromarray(pixels.astype(np.int32)), "TIFF")), pixels)


@pytest.mark.parametrize("extreme", [-1, 65536])
def test_thirty_two_bit_grey_beyond_sixteen_bits_is_refused(extreme: int) -> None:
    values = np.zeros((4, 5), np.int32)
    values[1, 2] = extreme
    with pytest.raises(InvalidImage, match=rf"expected grey values of 0\.\.65535, got .*{extreme}"):
        decode(encode_picture(Image.fromarray(values), "TIFF"))


def test_cmyk_jpeg_becomes_rgb() -> None:
    image = Image.fromarray(soft(3)).convert("CMYK")
    picture = decode(encode_picture(image, "JPEG", quality=95))
    assert picture.pixels.shape == (HEIGHT, WIDTH, 3)
    assert np.abs(picture.pixels.astype(int) - soft(3)).mean() < 4


def test_sepia_stays_rgb() -> None:
    sepia = (soft()[..., np.newaxis] * np.array([1.0, 0.85, 0.6])).astype(np.uint8)
    assert_whole(decode(encode_picture(Image.fromarray(sepia), "PNG")), sepia)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("mode", ["RGB", "LA", "I;16"])
def test_exif_orientation_is_turned_upright(mode: str, orientation: int) -> None:
    image = {
        "RGB": Image.fromarray(noise(3)),
        "LA": Image.fromarray(noise(2), "LA"),
        "I;16": Image.fromarray(noise(dtype=np.uint16)),
    }[mode]
    exif = Image.Exif()
    exif[0x0112] = orientation
    for kind in ("PNG", "TIFF"):
        data = encode_picture(image, kind, exif=exif)
        with Image.open(io.BytesIO(data)) as reread:
            expected = np.asarray(ImageOps.exif_transpose(reread))
        pixels, alpha = (expected[..., 0], expected[..., 1]) if mode == "LA" else (expected, None)
        assert_whole(decode(data), pixels, alpha)
    assert (expected.shape[0] == WIDTH) == (orientation >= 5)


def test_a_jpeg_on_its_side_is_turned() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # the top of the scene is on the right
    picture = decode(encode_picture(Image.fromarray(soft()), "JPEG", exif=exif, quality=95))
    assert np.abs(picture.pixels.astype(int) - np.rot90(soft(), -1)).mean() < 4


def test_odd_exif_entries_do_not_matter() -> None:
    """A field type that does not match its tag: Pillow reads it but cannot write it."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "a description"
    data = encode_picture(Image.fromarray(noise()), "PNG", exif=exif)
    odd = bytearray(data.replace(struct.pack(">HH", 0x010E, 2), struct.pack(">HH", 0x0100, 2)))
    assert odd != data  # "image width" as text
    chunk = odd.index(b"eXIf")
    (length,) = struct.unpack(">I", odd[chunk - 4 : chunk])
    odd[chunk + 4 + length : chunk + 8 + length] = struct.pack(">I", zlib.crc32(odd[chunk : chunk + 4 + length]))
    assert_whole(decode(bytes(odd)), np.rot90(noise(), -1))


def png_header(width: int, height: int) -> bytes:
    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b""))


def test_too_large_is_told_from_the_header(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_decoding(_: bytes) -> None:
        raise AssertionError("decoded")

    monkeypatch.setattr("imagecodecs.png_decode", no_decoding)
    with pytest.raises(ImageTooLarge, match=r"at most 2 megapixels, got 2\.01 megapixels \(2001 x 1003\)"):
        decode(png_header(2001, 1003), max_pixels=2_000_000)
    with pytest.raises(ImageTooLarge, match=r"at most 100 megapixels, got 40000 megapixels \(200000 x 200000\)"):
        decode(png_header(200_000, 200_000))
    with pytest.raises(AssertionError, match="decoded"):  # at the limit, it is read
        decode(png_header(2000, 1000), max_pixels=2_000_000)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "got an empty file"),
        (b"Dear grandma, here are the pictures.", "expected a JPEG, PNG, .*got a text file"),
        (encode_picture(Image.fromarray(noise()), "GIF"), "expected a JPEG, PNG, .*got a GIF file"),
        (b"\0\0\0\x18ftypheic" + bytes(64), "got a damaged or unusual HEIC file"),
        (b"\xfe\xdc" * 50, "got another kind of file"),
        (encode_picture(Image.fromarray(noise(3)), "PNG")[:-500], "damaged or truncated"),
        (encode_picture(Image.fromarray(noise(3)), "JPEG")[:-500], "damaged or truncated"),
        (
            encode_picture(Image.fromarray(noise().astype(np.float32)), "TIFF"),
            "whole-number pixels .*got floating-point",
        ),
    ],
    ids=["empty", "text", "GIF", "HEIC", "other", "PNG", "JPEG", "float"],
)
def test_what_is_no_picture_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(InvalidImage, match=message) as raised:
        decode(data)
    assert not isinstance(raised.value, ImageTooLarge)


@pytest.mark.filterwarnings("ignore")  # Pillow's, about the damage
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "WEBP", "BMP"])
@pytest.mark.parametrize("harm", ["cut", "flipped"])
def test_damaged_files_never_raise_anything_else(kind: str, harm: str) -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "a description"
    data = encode_picture(Image.fromarray(noise(3)), kind, **({} if kind == "BMP" else {"exif": exif}))
    random = np.random.default_rng(0)

    def flipped(place: int) -> bytes:
        return data[:place] + random.bytes(1) + data[place + 1 :]

    harmed: Callable[[int], bytes] = (lambda place: data[:place]) if harm == "cut" else flipped
    places = np.unique(np.r_[np.linspace(0, len(data) - 1, 50), np.arange(0, min(len(data), 400), 3)].astype(int))
    refused = 0
    for place in places:
        try:
            picture = decode(harmed(int(place)), max_pixels=1_000_000)
        except InvalidImage:
            refused += 1
        else:
            assert picture.pixels.size
    assert 0 < refused <= len(places)


def test_a_broken_exif_block_does_not_cost_the_picture() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    data = encode_picture(Image.fromarray(soft()), "JPEG", exif=exif)
    start = data.index(b"Exif\0\0") + 6
    broken = data[:start] + b"XX\xff\xff\xff\xff\xff\xff" + data[start + 8 :]
    assert decode(broken).pixels.shape == (HEIGHT, WIDTH)
