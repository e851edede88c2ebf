from __future__ import annotations

import numpy as np
import pytest

from colorizer.frames.layout import MAX_WIDTH, View, draw_view, mirror, view_size
from colorizer.frames.yuv import YuvFrame


def plain(luma: int, chroma: int, width: int = 64, height: int = 48) -> YuvFrame:
    planes = YuvFrame.empty(width, height)
    planes.y[:], planes.u[:], planes.v[:] = luma, chroma, chroma
    return planes


ORIGINAL, COLORIZED = plain(100, 60), plain(110, 180)


def draw(view: View, split: float = 0.5) -> YuvFrame:
    out = YuvFrame.empty(*view_size(view, 64, 48))
    draw_view(view, ORIGINAL, COLORIZED, out, split=split)
    return out


@pytest.mark.parametrize("size", [(320, 240), (640, 480), (1280, 720), (641, 481), (2, 2)])
@pytest.mark.parametrize("view", list(View))
def test_views_are_even_and_never_much_wider_than_the_encoder_likes(view: View, size: tuple[int, int]) -> None:
    width, height = view_size(view, *size)
    if view in (View.COLORIZED, View.SPLIT):
        assert (width, height) == size
        return
    panels = 2 if view == View.PAIR else 3
    assert width <= MAX_WIDTH
    assert width % (2 * panels) == 0
    assert height % 2 == 0
    assert abs(width / panels * size[1] - height * size[0]) <= 2 * max(size)  # the aspect is kept, to a pixel or two


@pytest.mark.parametrize("size", [(64, 48), (65, 47), (1, 1)])
def test_a_mirrored_frame_has_left_and_right_exchanged(size: tuple[int, int]) -> None:
    source = YuvFrame.empty(*size, full_range=True)
    random = np.random.default_rng(3)
    for plane in (source.y, source.u, source.v):
        plane[:] = random.integers(0, 256, plane.shape)
    shown = mirror(source)
    assert shown.full_range
    for plane, before in ((shown.y, source.y), (shown.u, source.u), (shown.v, source.v)):
        np.testing.assert_array_equal(plane, np.fliplr(before))
        assert not np.shares_memory(plane, before)


def test_coloured_alone() -> None:
    out = draw(View.COLORIZED)
    assert (out.y == 110).all()
    assert (out.u == 180).all()


def test_a_pair_is_grey_and_coloured() -> None:
    out = draw(View.PAIR)
    assert out.y.shape == (48, 128)
    assert (out.y[:, :64] == 100).all()
    assert (out.u[:, :32] == 128).all()
    assert (out.v[:, 32:] == 180).all()


def test_a_row_is_original_grey_and_coloured() -> None:
    out = draw(View.ROW)
    assert [int(out.u[0, column]) for column in (0, 33, 95)] == [60, 128, 180]
    assert [int(out.y[0, column]) for column in (0, 65, 191)] == [100, 100, 110]


@pytest.mark.parametrize("split", [0.25, 0.5, 0.75])
def test_the_split_has_a_line_between_grey_and_coloured(split: float) -> None:
    out, middle = draw(View.SPLIT, split), round(64 * split)
    assert (out.u[:, : middle // 2] == 128).all()
    assert (out.u[:, middle // 2 + 1 :] == 180).all()
    assert (out.y[:, middle - 1 : middle + 1] == 235).all()
    assert (out.y[:, : middle - 1] == 100).all()
    assert (out.y[:, middle + 1 :] == 110).all()


def test_the_split_at_both_ends() -> None:
    assert (draw(View.SPLIT, 0.0).y == 110).all()
    assert (draw(View.SPLIT, 1.0).u == 128).all()


def test_frames_of_other_sizes_are_made_to_fit() -> None:
    original, colorized = plain(100, 60, 1280, 720), plain(110, 180, 1280, 720)
    for view in View:
        out = YuvFrame.empty(*view_size(view, 1280, 720))
        draw_view(view, original, colorized, out)
        assert np.isin(out.y, [100, 110, 235]).all()


def test_the_arranged_frame_does_not_share_memory() -> None:
    out = draw(View.COLORIZED)
    assert not np.shares_memory(out.y, COLORIZED.y)
