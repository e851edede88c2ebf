from __future__ import annotations

import json
import re
from typing import Any

import numpy as np
import pytest
from skimage.color import rgb2lab

from colorizer import ColorizerError, Hint, InvalidHints
from colorizer.edits.hints import MAX_HINTS, from_json, to_json

HINTS = (Hint(0.25, 1, "#C03020"), Hint(0, 0.5, (12.5, -40.0), 0.3))


def document(*rows: Any, version: Any = 1) -> str:
    return json.dumps({"version": version, "hints": list(rows)})


def test_hints_come_back_from_their_json() -> None:
    assert from_json(to_json(HINTS)) == HINTS
    assert from_json(to_json(HINTS).encode()) == HINTS
    assert from_json(to_json(())) == ()


def test_the_json_is_what_the_documentation_says() -> None:
    assert json.loads(to_json(HINTS[:1])) == {
        "version": 1,
        "hints": [{"x": 0.25, "y": 1, "colour": "#C03020", "reach": 0.6}],
    }


def test_a_hint_without_reach_has_the_usual_one() -> None:
    assert from_json(document({"x": 0.25, "y": 1, "colour": "#C03020"})) == HINTS[:1]


@pytest.mark.parametrize("color", ["#000000", "#ffffff", "#c03020", "#0040ff"])
def test_a_colour_has_the_ab_of_scikit_image(color: str) -> None:
    rgb = np.array([int(color[start : start + 2], 16) for start in (1, 3, 5)], np.uint8)
    assert np.allclose(Hint(0, 0, color).ab, rgb2lab(rgb.reshape(1, 1, 3))[0, 0, 1:], atol=0.05)
    assert Hint(0, 0, (3, -4)).ab == (3, -4)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "expected hints as JSON, got something else"),
        ("[" * 100_000, "expected hints as JSON, got something else"),
        (b"\xff\xfe\x00", "expected hints as JSON, got something else"),
        ("[]", 'expected {"version": 1, "hints": [...]}, got []'),
        ('{"version": 1}', 'expected {"version": 1, "hints": [...]}, got {"version": 1}'),
        (document(version=2), "expected hints of version 1, got version 2"),
        (document(version=None), "expected hints of version 1, got version null"),
        (document(7), "hint 1: expected x, y, colour and perhaps reach, got 7"),
        (document({"x": 0, "y": 0}), 'hint 1: expected x, y, colour and perhaps reach, got {"x": 0, "y": 0}'),
        (
            document({"x": 0, "y": 0, "colour": "#112233"}, {"x": 1.5, "y": 0, "colour": "#112233"}),
            "hint 2: expected a hint's x to be a number from 0 to 1, got 1.5",
        ),
        (document({"x": 0, "y": True, "colour": "#112233"}), "y to be a number from 0 to 1, got True"),
        (document({"x": 0, "y": "0", "colour": "#112233"}), "y to be a number from 0 to 1, got '0'"),
        ('{"version": 1, "hints": [{"x": NaN, "y": 0, "colour": "#112233"}]}', "x to be a number from 0 to 1, got nan"),
        (document({"x": 0, "y": 0, "colour": "red"}), "colour to be '#rrggbb' or two numbers a, b"),
        (document({"x": 0, "y": 0, "colour": "#1122"}), "colour to be '#rrggbb' or two numbers a, b"),
        (document({"x": 0, "y": 0, "colour": [1]}), "colour to be '#rrggbb' or two numbers a, b"),
        (document({"x": 0, "y": 0, "colour": [1, 500]}), "colour to be '#rrggbb' or two numbers a, b"),
        (document({"x": 0, "y": 0, "colour": None}), "colour to be '#rrggbb' or two numbers a, b"),
        (document({"x": 0, "y": 0, "colour": "#112233", "reach": 0}), "reach to be a number above 0, up to 1, got 0"),
        (document({"x": 0, "y": 0, "colour": "#112233", "reach": "far"}), "reach to be a number above 0, up to 1"),
        (document(*[7] * (MAX_HINTS + 1)), f"expected at most {MAX_HINTS} hints, got {MAX_HINTS + 1}"),
    ],
    ids=range(21),
)
def test_json_that_holds_no_hints_is_refused_with_a_reason(text: str | bytes, message: str) -> None:
    with pytest.raises(InvalidHints, match=re.escape(message)) as caught:
        from_json(text)
    assert isinstance(caught.value, ColorizerError)
    assert len(str(caught.value)) < 300
