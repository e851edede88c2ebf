"""The README's example of the library works as printed."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from tests.support.paths import ROOT

EXAMPLE = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def test_the_example_runs_as_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    (example,) = EXAMPLE.findall((ROOT / "README.md").read_text(encoding="utf-8"))
    assert 0 < len(example.splitlines()) <= 20
    monkeypatch.chdir(ROOT)
    names: dict[str, Any] = {}
    exec(compile(example, "README.md", "exec"), names)
    image, rgb = names["image"], names["rgb"]
    assert (rgb.dtype, rgb.shape) == (image.dtype, (*image.shape[:2], 3))
    assert np.ptp(rgb.astype(int), axis=2).mean() > 2, "expected colour in the result"
