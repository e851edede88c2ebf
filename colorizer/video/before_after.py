"""A short film about a photograph: it is grey, then a line sweeps over it and leaves it in colour."""

from __future__ import annotations

import io
from fractions import Fraction

import av
from av.video.reformatter import ColorPrimaries, Colorspace, ColorTrc

from colorizer.arrays import Pixels
from colorizer.frames.color_system import BT601_MATRIX
from colorizer.frames.pyav import FORMAT, LIMITED_RANGE
from colorizer.images.before_after import check_same_size, gray_pixels, put_side_by_side
from colorizer.picture import Picture, convert_to_8_bits, flatten_alpha
from colorizer.recipe import Recipe, label_packet
from colorizer.resize import fit_within, resize
from colorizer.video.label import COMMENT, xmp_box

LONGEST_SIDE = 1280  # pixels
_RATE = 25  # frames a second
_GRAY_SECONDS, _SWEEP_SECONDS, _COLOR_SECONDS = 0.6, 2.4, 1.0
SECONDS = _GRAY_SECONDS + _SWEEP_SECONDS + _COLOR_SECONDS
_ENCODER_OPTIONS = {"crf": "20", "preset": "veryfast"}


def encode_before_after(before: Picture, after: Picture, *, recipe: Recipe | None = None) -> bytes:
    """An MP4 film of SECONDS without sound, H.264, in which a line sweeps over a photograph and colours it.

    `before`: the original, grey or in colour; only its lightness is shown. `after`: its coloured version, RGB, of the
    same size. Both are shrunk to LONGEST_SIDE, to an even width and height, and blended over white. `recipe`: how
    `after` was made, for the label in the film's XMP; None for a film without one.
    Equal arguments give equal bytes. Raises ValueError for pictures of different sizes.
    """
    check_same_size(before, after)
    width, height = (max(2, side - side % 2) for side in fit_within(after.width, after.height, LONGEST_SIDE))
    colors = resize(flatten_alpha(convert_to_8_bits(after)).pixels, width, height)
    grays = gray_pixels(Picture(resize(flatten_alpha(convert_to_8_bits(before)).pixels, width, height)))
    buffer = io.BytesIO()

    def reread(*_: object) -> io.BytesIO:
        """To move the index to the beginning, the muxer reads once more what it has written."""
        return io.BytesIO(buffer.getvalue())

    with av.open(buffer, "w", format="mp4", options={"movflags": "faststart"}, io_open=reread) as target:
        if recipe is not None:
            target.metadata["comment"] = COMMENT
        stream = target.add_stream("libx264", rate=_RATE, options=dict(_ENCODER_OPTIONS), width=width, height=height)
        context = stream.codec_context
        context.color_range, context.colorspace = LIMITED_RANGE, BT601_MATRIX
        context.color_primaries, context.color_trc = ColorPrimaries.BT709, ColorTrc.BT709
        for number in range(round(SECONDS * _RATE)):
            frame = _to_frame(put_side_by_side(grays, colors, round(width * divider_at(number / _RATE))))
            frame.pts, frame.time_base = number, Fraction(1, _RATE)
            target.mux(stream.encode(frame))
        target.mux(stream.encode(None))
    packet = None if recipe is None else label_packet(after.metadata.xmp, recipe)
    return buffer.getvalue() + (b"" if packet is None else xmp_box(packet))


def divider_at(seconds: float) -> float:
    """Where the line is at a time: from 1 (right edge, all grey) to 0 (left edge, all in colour)."""
    share = min(1.0, max(0.0, (seconds - _GRAY_SECONDS) / _SWEEP_SECONDS))
    return 1 - share * share * (3 - 2 * share)  # smoothstep: it starts and stops gently


def _to_frame(pixels: Pixels) -> av.VideoFrame:
    frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
    return frame.reformat(format=FORMAT, dst_colorspace=Colorspace.ITU601, dst_color_range=LIMITED_RANGE)
