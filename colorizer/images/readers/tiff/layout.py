"""How a TIFF file stores the samples of a picture, as its tags say."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray
from PIL.ExifTags import Base
from tifffile import COMPRESSION, EXTRASAMPLE, FILLORDER, PHOTOMETRIC, PLANARCONFIG, PREDICTOR

from colorizer.errors import InvalidImage
from colorizer.images.readers.tiff.directory import Directory
from colorizer.images.readers.tiff.sample_kinds import describe_codes, read_colors, read_depth
from colorizer.images.samples import CheckSize

_IMAGE_DEPTH = 32997
_MAX_BLOCKS = 500_000  # strips or tiles; 100 megapixels in the smallest tiles, of 16 x 16, are 390,625
_MAX_PADDED_BYTES = 32 << 20  # of a tile that is larger than the picture; tiles of 2896 x 2896 pixels of 4 bytes
_SAMPLES_PER_PIXEL = 4  # usual at most; a picture with more counts as larger
JPEGS = (COMPRESSION.JPEG, COMPRESSION.JPEG_LOSSY, COMPRESSION.OJPEG)
# Each strip or tile is a picture of its own.
EMBEDDED = (*JPEGS, COMPRESSION.JPEG2000)
_PREDICTED = (
    COMPRESSION.LZW, COMPRESSION.ADOBE_DEFLATE, COMPRESSION.DEFLATE, COMPRESSION.LZMA, COMPRESSION.ZSTD,
)  # fmt: skip
_ALPHAS = (EXTRASAMPLE.ASSOCALPHA, EXTRASAMPLE.UNASSALPHA)


@dataclass(frozen=True)
class Layout:
    """The layout of one picture.

    `bits`: of each sample. `signed`: whether samples can be negative. `samples`: of each pixel, as stored.
    `colors`: how many of them are the colour. `alpha`: index of the sample that is the alpha, or None; `associated`:
    whether the colour is multiplied by it. `planar`: whether each sample has blocks of its own.
    `block_width`, `block_length`: of a block, which is a strip or a tile, in pixels. `offsets`, `byte_counts`: of the
    blocks; a count may be 0 or missing. `reversed_bits`: whether the lowest bit of a byte comes first.
    `differenced`: whether each sample is the difference from its neighbour on the left.
    `subsampling`: pixels for each chroma sample, across and down.
    """

    width: int
    length: int
    bits: int
    signed: bool
    samples: int
    photometric: int
    colors: int
    alpha: int | None
    associated: bool
    compression: int
    planar: bool
    block_width: int
    block_length: int
    offsets: NDArray[Any]
    byte_counts: NDArray[Any]
    reversed_bits: bool
    differenced: bool
    subsampling: tuple[int, int]

    @property
    def top(self) -> int:
        """The largest value of a sample."""
        return (1 << self.bits) - 1


def read_layout(directory: Directory, check_size: CheckSize) -> Layout:
    """The layout of a directory's picture.

    Raises what `check_size` raises for the size of the picture or of a tile, InvalidImage for kinds of samples that are
    not supported, struct.error for a damaged directory.
    """
    width, length = directory.number(Base.ImageWidth, 0), directory.number(Base.ImageLength, 0)
    compression = directory.number(Base.Compression, COMPRESSION.NONE)
    samples, bits, signed = read_depth(directory, compression)
    if min(width, length, samples) < 1:
        raise struct.error(f"expected a size, got {width} x {length} pixels of {samples} samples")
    check_size(width, length)
    check_size(width, length * -(-samples // _SAMPLES_PER_PIXEL))
    depth = directory.number(_IMAGE_DEPTH, 1)
    if depth != 1:
        raise InvalidImage(f"expected a flat picture, got one of {depth} layers")
    photometric, colors = read_colors(directory, samples, compression)
    kinds = directory.integers(Base.ExtraSamples)[: samples - colors]
    alpha = next((index for index, kind in enumerate(kinds) if kind in _ALPHAS), None)
    planar = samples > 1 and directory.number(Base.PlanarConfiguration, 1) == PLANARCONFIG.SEPARATE
    block_width, block_length, offsets, byte_counts = _read_blocks(directory, width, length, compression)
    check_size(block_width, block_length * -(-samples // _SAMPLES_PER_PIXEL))
    _check_padding(width * length, block_width, block_length, samples * -(-bits // 8))
    count = -(-width // block_width) * -(-length // block_length) * (samples if planar else 1)
    if count > _MAX_BLOCKS:
        raise InvalidImage(f"expected a picture of at most {_MAX_BLOCKS:,} strips or tiles, got {count:,}")
    if offsets.size < count:
        raise struct.error(f"expected {count} strips or tiles, got {offsets.size}")
    return Layout(
        width,
        length,
        bits,
        signed,
        samples,
        photometric,
        colors,
        None if alpha is None else colors + alpha,
        alpha is not None and kinds[alpha] == EXTRASAMPLE.ASSOCALPHA,
        compression,
        planar,
        block_width,
        block_length,
        offsets,
        byte_counts,
        directory.number(Base.FillOrder, 1) == FILLORDER.LSB2MSB and compression not in EMBEDDED,
        _read_predictor(directory, compression, bits),
        _read_subsampling(directory, photometric, compression, planar, bits),
    )


def _read_blocks(
    directory: Directory, width: int, length: int, compression: int
) -> tuple[int, int, NDArray[Any], NDArray[Any]]:
    """Width and length of a strip or tile, and the offsets and byte counts of all. Raises struct.error."""
    offsets, counts = directory.numbers(Base.StripOffsets).ravel(), directory.numbers(Base.StripByteCounts).ravel()
    if compression == COMPRESSION.OJPEG:  # only one whole JPEG is read
        if directory.find(Base.JpegIFOffset) is not None:
            offsets, counts = directory.numbers(Base.JpegIFOffset), directory.numbers(Base.JpegIFByteCount)
        return width, length, offsets, counts
    if directory.find(Base.TileWidth) is None:
        rows = min(directory.number(Base.RowsPerStrip, length), length)
        if rows < 1:
            raise struct.error("expected strips of at least 1 row, got 0")
        return width, rows, offsets, counts
    tile_width, tile_length = directory.number(Base.TileWidth, 0), directory.number(Base.TileLength, 0)
    if min(tile_width, tile_length) < 1:
        raise struct.error(f"expected tiles of at least one pixel, got {tile_width} x {tile_length}")
    if directory.find(Base.TileOffsets) is None:  # some writers store them as those of strips
        return tile_width, tile_length, offsets, counts
    offsets, counts = directory.numbers(Base.TileOffsets).ravel(), directory.numbers(Base.TileByteCounts).ravel()
    return tile_width, tile_length, offsets, counts


def _check_padding(pixels: int, block_width: int, block_length: int, pixel_bytes: int) -> None:
    """Raise InvalidImage for tiles that are large and mostly lie outside of a picture of `pixels`."""
    if block_width * block_length > max(pixels, _MAX_PADDED_BYTES // pixel_bytes):
        raise InvalidImage(
            f"expected tiles no larger than the picture, which has {pixels:,} pixels, got tiles of "
            f"{block_width} x {block_length}"
        )


def _read_predictor(directory: Directory, compression: int, bits: int) -> bool:
    """Whether samples are stored as differences. Raises InvalidImage for other predictors."""
    predictor = directory.number(Base.Predictor, PREDICTOR.NONE)
    if predictor == PREDICTOR.NONE or compression not in _PREDICTED:  # as in libtiff, the tag is for these only
        return False
    if predictor != PREDICTOR.HORIZONTAL or bits not in (8, 16, 32):
        raise InvalidImage(
            "expected samples as they are, or differences of 8, 16 or 32 bits, got "
            f"{describe_codes(PREDICTOR, [predictor])} of {bits} bits"
        )
    return True


def _read_subsampling(
    directory: Directory, photometric: int, compression: int, planar: bool, bits: int
) -> tuple[int, int]:
    """Pixels for each stored chroma sample, across and down; a JPEG states it itself. Raises InvalidImage."""
    if photometric != PHOTOMETRIC.YCBCR or compression in JPEGS:
        return 1, 1
    across, down = [*directory.integers(Base.YCbCrSubSampling), 2, 2][:2]
    if across not in (1, 2, 4) or down not in (1, 2, 4):
        raise struct.error(f"expected chroma subsampling of 1, 2 or 4, got {across} x {down}")
    if (across, down) != (1, 1) and (planar or bits != 8):
        raise InvalidImage(f"expected YCbCr with whole chroma or of 8 bits, pixel by pixel, got {bits} bits")
    return across, down
