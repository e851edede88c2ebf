"""The benchmarks of edges and of old photographs measure what they say."""

from __future__ import annotations

import numpy as np
import pytest
from skimage import data

from benchmarks import care, edges
from colorizer import load_colorizer
from colorizer.color import lab


def test_the_error_near_edges_is_that_near_edges() -> None:
    luminance = np.full((60, 60), 30, np.float32)
    luminance[:, 30:] = 80
    truth = np.dstack([luminance, np.zeros((60, 60, 2), np.float32)])
    found = np.zeros((60, 60, 2), np.float32)
    found[:, 24:36] = (3, 4)
    near, everywhere, psnr = edges.errors(truth, found)
    assert near == pytest.approx(5)
    assert everywhere == pytest.approx(5 * 12 / 60)
    assert 20 < psnr < 60
    assert edges.errors(truth, found * np.float32(0.5))[:2] == pytest.approx((near / 2, everywhere / 2))


def test_an_edge_is_found_where_lightness_steps_and_nowhere_else() -> None:
    luminance = np.full((40, 60), 30, np.float32)
    luminance[:, 30:] = 80
    columns = np.flatnonzero(edges.find_edge_pixels(luminance).all(axis=0))
    assert 3 <= len(columns) <= 10
    assert columns.mean() == pytest.approx(29.5)


def test_a_row_for_every_way_and_kind_of_colours() -> None:
    colorizer = load_colorizer("compact")
    ways = {"stretched": edges.stretch, "again": edges.stretch}
    rows = edges.measure([data.astronaut()[:256, :256]], lambda pixels: colorizer.predict(pixels).ab, ways)
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]
    assert [row[:2] for row in cells] == [[kind, way] for kind in ("predicted", "true") for way in ways]
    assert cells[0][2:] == cells[1][2:] != cells[2][2:]
    assert float(cells[2][4]) > float(cells[0][4]), "true colours are nearer to the truth"


@pytest.mark.parametrize("aging", care.AGINGS, ids=lambda aging: aging.name)
def test_ageing_leaves_the_picture_in_its_place_and_takes_its_colours(aging: care.Aging) -> None:
    truth = data.astronaut()[:256, :256]
    margin = round(aging.border * len(truth))
    aged = aging.age(truth)
    assert aged.shape == (256 + 2 * margin, 256 + 2 * margin, 3)
    inside = lab.luminance(aged[margin : margin + 256, margin : margin + 256])
    assert np.corrcoef(inside.ravel(), lab.luminance(truth).ravel())[0, 1] > 0.98


def test_a_border_and_a_fading_cost_what_care_wins_back() -> None:
    colorizer = load_colorizer("compact")
    for aging in care.AGINGS[1:5]:
        without, with_care = (float(row.split("|")[4]) for row in care.measure([data.astronaut()], colorizer, aging))
        assert with_care < without, f"the error of L for {aging.name}"
