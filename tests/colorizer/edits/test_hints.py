from __future__ import annotations

import json
import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from skimage.color import rgb2lab

from colorizer import ColorizerError, Hint, InvalidHints, Stroke
from colorizer.edits.hints import MAX_BYTES, MAX_HINTS, AnyHint, from_json, to_json
from colorizer.edits.strokes import MAX_POINTS

HINTS = (Hint(0.25, 1, "#C03020"), Hint(0, 0.5, (12.5, -40.0), 0.3))
STROKES = (Stroke(((0.25, 1), (0.5, 0.125)), 0.02, "#C03020", 0), Stroke(((0.5, 0.5),), 0.5, (12.5, -40.0)))


ALIKE = (Hint(0.25, 1, "#C03020", alike=True), Stroke(((0.5, 0.5),), 0.5, (12.5, -40.0), 0, True))


def document(*rows: Any, version: Any = 1) -> str:
    return json.dumps({"version": version, "hints": list(rows)})


def stroke(**values: Any) -> dict[str, Any]:
    """A row of a document with other values in place of some of its own."""
    return {"points": [[0, 0]], "radius": 0.1, "colour": "#112233", **values}


def test_hints_come_back_from_their_json() -> None:
    assert from_json(to_json(HINTS)) == HINTS
    assert from_json(to_json(HINTS).encode()) == HINTS
    assert from_json(to_json(())) == ()
    assert from_json(to_json(HINTS + STROKES)) == HINTS + STROKES
    assert from_json(to_json(HINTS + ALIKE + STROKES)) == HINTS + ALIKE + STROKES


def test_the_json_is_what_the_documentation_says() -> None:
    assert json.loads(to_json(HINTS[:1])) == {
        "version": 1,
        "hints": [{"x": 0.25, "y": 1, "colour": "#C03020", "reach": 0.6}],
    }


def test_a_document_with_strokes_says_that_it_is_newer() -> None:
    stroke = {"points": [[0.25, 1], [0.5, 0.125]], "radius": 0.02, "colour": "#C03020", "reach": 0}
    assert json.loads(to_json(STROKES[:1])) == {"version": 2, "hints": [stroke]}
    del stroke["reach"]
    (usual,) = from_json(document(stroke, version=2))
    assert usual.reach == 0.6
    with pytest.raises(InvalidHints, match=r"hint 1: expected x, y, colour and perhaps reach, got .\"points"):
        from_json(document(stroke, version=1))


def test_a_document_with_alike_hints_says_that_it_is_newer() -> None:
    point = {"x": 0.25, "y": 1, "colour": "#C03020", "reach": 0.6, "alike": True}
    wide = {"points": [[0.5, 0.5]], "radius": 0.5, "colour": [12.5, -40.0], "reach": 0, "alike": True}
    assert json.loads(to_json(ALIKE)) == {"version": 3, "hints": [point, wide]}
    plain = {"x": 0, "y": 0.5, "colour": [12.5, -40.0], "reach": 0.3}
    assert json.loads(to_json([HINTS[1], ALIKE[0]])) == {"version": 3, "hints": [plain, point]}


def test_alike_is_false_unless_it_is_said() -> None:
    point = {"x": 0.25, "y": 1, "colour": "#C03020"}
    read = from_json(document(point, {**point, "alike": False}, {**point, "alike": True}, stroke(), version=3))
    assert [hint.alike for hint in read] == [False, False, True, False]
    assert read[0] == read[1] == HINTS[0] != read[2]
    assert '"alike"' not in to_json(read[:2])


@pytest.mark.parametrize("alike", [False, True])
@pytest.mark.parametrize("version", [1, 2])
def test_an_earlier_document_may_not_say_what_is_alike(version: int, alike: bool) -> None:
    row = {"x": 0, "y": 0, "colour": "#112233", "alike": alike}
    with pytest.raises(InvalidHints, match=r'^hint 1: expected x, y, colour and perhaps reach, got \["alike"\] too$'):
        from_json(document(row, version=version))


def test_the_longest_document_that_is_written_can_be_read() -> None:
    place = 1 / 3 + 1e-16
    strokes = (Stroke(((place, place),) * MAX_POINTS, place, (-place, -place), place, True),) * MAX_HINTS
    assert from_json(to_json(strokes)) == strokes


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
        (document(version=4), "expected hints of version 1 to 3, got version 4"),
        (document(version=None), "expected hints of version 1 to 3, got version null"),
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
        (document({"x": 10**400, "y": 0, "colour": "#112233"}), "x to be a number from 0 to 1, got 1000"),
        (document({"x": 0, "y": -(10**400), "colour": "#112233"}), "y to be a number from 0 to 1, got -1000"),
        (document({"x": 0, "y": 0, "colour": [10**400, 0]}), "colour to be '#rrggbb' or two numbers a, b"),
        (document({"x": 0, "y": 0, "colour": "#112233", "reach": 10**400}), "above 0, up to 1, got 1000"),
        (document(version=10**400), "expected hints of version 1 to 3, got version 1000"),
        ('{"version": 1, "hints": [{"x": ' + "9" * 5000 + "}]}", "expected hints as JSON, got something else"),
        ('{"version": 1, "hints": [{"x": 1e999, "y": 0, "colour": "#112233"}]}', "a number from 0 to 1, got inf"),
        ('{"version": 1, "hints": [{"x": 0, "y": 0, "colour": [-Infinity, 0]}]}', "two numbers a, b of -128 to 128"),
        (document({"x": 0, "y": "9" * 900_000, "colour": "#112233"}), "y to be a number from 0 to 1, got '999"),
        (document({"x": 0, "y": 0, "colour": "9" * 900_000}), "two numbers a, b of -128 to 128, got '999"),
        (document({"x": 0, "y": 0, "colour": [0] * 300_000}), "two numbers a, b of -128 to 128, got (0, 0"),
        (document({"x": 0, "y": 0, "reach": "9" * 900_000}), "hint 1: expected x, y, colour and perhaps reach, got {"),
        ("[" * 700 + "]" * 700, 'expected {"version": 1, "hints": [...]}, got [[['),
        (document() + " " * MAX_BYTES, "expected hints of at most 3 MB, got 3 MB"),
        (b"[" * 30_000_000, "expected hints of at most 3 MB, got 30 MB"),
        (
            document({"points": [], "colour": "#112233"}, version=2),
            "hint 1: expected points, radius, colour and perhaps",
        ),
        (document(stroke(points=[]), version=2), f"hint 1: expected a stroke of 1 to {MAX_POINTS} points, got 0"),
        (document(stroke(points=[[0, 0]] * 90_000), version=2), f"a stroke of 1 to {MAX_POINTS} points, got 90000"),
        (document(stroke(points=[[0, "0"]]), version=2), "points to be two numbers from 0 to 1 each, got [0, '0']"),
        (document(stroke(points=[[0] * 90_000]), version=2), "points to be two numbers from 0 to 1 each, got [0, 0"),
        (document(stroke(points={"x": 0}), version=2), f"a stroke of 1 to {MAX_POINTS} points, got {{'x': 0}}"),
        (document(stroke(radius=10**400), version=2), "radius to be a number above 0, up to 0.5, got 1000"),
        (document(stroke(x=0), version=2), 'hint 1: expected points, radius, colour and perhaps reach, got ["x"] too'),
        (document(stroke(reach=-1), version=2), "expected a stroke's reach to be a number from 0 to 1, got -1"),
        (document(stroke(colour="red"), version=2), "expected a stroke's colour to be '#rrggbb' or two numbers a, b"),
        (document(stroke(alike=True), version=2), 'radius, colour and perhaps reach, got ["alike"] too'),
        (document(stroke(alike=1), version=3), "hint 1: expected a stroke's alike to be true or false, got 1"),
        (
            document(stroke(like=True), version=3),
            'points, radius, colour and perhaps reach and alike, got ["like"] too',
        ),
        (
            document({"x": 0, "y": 0, "colour": "#112233", "alike": "9" * 900_000}, version=3),
            "hint 1: expected a hint's alike to be true or false, got \"999",
        ),
        (
            document({"x": 0, "y": 0, "colour": "#112233", "alike": None}, version=3),
            "hint 1: expected a hint's alike to be true or false, got null",
        ),
    ],
    ids=range(51),
)
def test_json_that_holds_no_hints_is_refused_with_a_reason(text: str | bytes, message: str) -> None:
    with pytest.raises(InvalidHints, match=re.escape(message)) as caught:
        from_json(text)
    assert isinstance(caught.value, ColorizerError)
    assert len(str(caught.value)) < 300


def test_a_hint_of_python_with_an_endless_number_is_refused_with_a_reason() -> None:
    with pytest.raises(InvalidHints, match="x to be a number from 0 to 1, got a value of type int"):
        Hint(10**5000, 0, "#112233")


numbers = st.one_of(st.integers(), st.floats(), st.integers().map(lambda value: value**101), st.booleans(), st.none())
values = st.recursive(st.one_of(numbers, st.text()), lambda each: st.lists(each) | st.dictionaries(st.text(), each))
near = st.fixed_dictionaries(
    {"x": st.floats(0, 1) | values, "y": st.floats(0, 1) | values},
    optional={
        "colour": st.from_regex("#[0-9a-f]{6}") | st.lists(numbers, max_size=3) | values,
        "reach": values,
        "alike": values,
    },
)
near_strokes = st.fixed_dictionaries(
    {
        "points": st.lists(st.lists(st.floats(0, 1) | values, min_size=2, max_size=2), max_size=3) | values,
        "radius": st.floats(0, 0.5) | values,
        "colour": st.just("#112233") | values,
    },
    optional={"reach": st.floats(0, 1) | values, "x": values, "alike": st.booleans() | values},
)
documents = st.fixed_dictionaries(
    {
        "version": st.sampled_from([1, 2, 3]) | values,
        "hints": st.lists(near | near_strokes | values, max_size=3) | values,
    },
    optional={"more": values},
)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.binary() | st.text() | values.map(json.dumps) | documents.map(json.dumps))
def test_any_document_is_hints_or_refused_in_a_short_message(text: str | bytes) -> None:
    hints: tuple[AnyHint, ...] = ()
    message = ""
    try:
        hints = from_json(text)
    except InvalidHints as error:
        message = str(error)
    assert len(message) < 300
    assert from_json(to_json(hints)) == hints


points = st.tuples(st.floats(0, 1), st.floats(0, 1))
colors = st.from_regex("#[0-9a-fA-F]{6}", fullmatch=True) | st.tuples(st.floats(-128, 128), st.floats(-128, 128))
any_hints = st.one_of(
    st.builds(Hint, st.floats(0, 1), st.floats(0, 1), colors, st.floats(0, 1, exclude_min=True), st.booleans()),
    st.builds(
        Stroke,
        st.lists(points, min_size=1, max_size=3).map(tuple),
        st.floats(0, 0.5, exclude_min=True),
        colors,
        st.floats(0, 1),
        st.booleans(),
    ),
)


@settings(max_examples=50, deadline=None, derandomize=True)
@given(st.lists(any_hints, max_size=3).map(tuple))
def test_any_hints_come_back_from_their_json(hints: tuple[AnyHint, ...]) -> None:
    assert from_json(to_json(hints)) == hints
