"""A single picture of the camera, as it is and mirrored."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from colorizer import Look, load_colorizer
from dashboard.webcam.picture import colorize_file


@pytest.mark.parametrize("kind", ["RGB", "RGBA"])
def test_a_mirrored_picture_has_left_and_right_exchanged(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dashboard.server.workers.run.ISOLATES", False)
    random = np.random.default_rng(4)
    shape = (40, 60, len(kind))
    file = io.BytesIO()
    Image.fromarray(random.integers(0, 256, shape, dtype=np.uint8), kind).save(file, "PNG")
    colorizer = load_colorizer("compact")
    straight, turned = (
        Image.open(io.BytesIO(colorize_file(file.getvalue(), colorizer, Look(), 10**6, mirrored=mirrored)))
        for mirrored in (False, True)
    )
    assert straight.mode == turned.mode == kind
    np.testing.assert_array_equal(np.fliplr(np.asarray(straight)), np.asarray(turned))
