"""Chips: each does one thing, a second click undoes it, and what the settings follow is on."""

from __future__ import annotations

from itertools import permutations

import pytest

from colorizer import Geometry, Restoration
from colorizer.edits.geometry import Corners
from colorizer.edits.print_finding import PrintFinding
from dashboard.photo.suggestions import Suggestion, find_followed, follow, list_suggestions

CORNERS: Corners = ((0.1, 0.1), (0.9, 0.15), (0.88, 0.9), (0.08, 0.86))
TILTED = PrintFinding(
    outline=Geometry(corners=CORNERS),
    picture=Geometry(corners=CORNERS, crop=(0.05, 0.06, 0.94, 0.95)),
    tilt=4.0,
    confidence=0.9,
    tint="sepia",
)
UPRIGHT = PrintFinding(outline=Geometry(crop=(0.1, 0.1, 0.9, 0.8)), confidence=0.9)
FRAMED = PrintFinding(picture=Geometry(crop=(0.1, 0.1, 0.9, 0.9)))
TINTED = PrintFinding(tint="yellowed")
NOTHING = Restoration()


@pytest.mark.parametrize("finding", [TILTED, UPRIGHT, FRAMED, TINTED, PrintFinding()])
@pytest.mark.parametrize("turns", range(4))
def test_a_second_click_undoes_the_first(finding: PrintFinding, turns: int) -> None:
    before = Geometry(quarter_turns=turns), NOTHING
    for suggestion in list_suggestions(finding):
        on = follow(finding, *before, [suggestion])
        assert suggestion in find_followed(finding, *on)
        assert on[0].quarter_turns == turns
        rest = [each for each in find_followed(finding, *on) if each is not suggestion]
        off = follow(finding, *on, rest)
        assert suggestion not in find_followed(finding, *off)


def test_the_order_of_clicks_does_not_matter() -> None:
    results = set()
    for order in permutations(Suggestion):
        settings = Geometry(quarter_turns=1), NOTHING
        for suggestion in order:
            wanted = {*find_followed(TILTED, *settings), suggestion}
            settings = follow(TILTED, *settings, wanted)
        results.add(settings)
    assert results == {(TILTED.geometry.turned(1), Restoration(unfade=True))}


def test_without_the_cut_out_there_is_no_border_to_cut() -> None:
    settings = follow(TILTED, Geometry(), NOTHING, [Suggestion.CUT_BORDER])
    assert find_followed(TILTED, *settings) == [Suggestion.CUT_OUT, Suggestion.CUT_BORDER]
    assert follow(TILTED, *settings, [Suggestion.CUT_OUT])[0] == TILTED.outline
    assert follow(TILTED, *settings, [Suggestion.CUT_BORDER])[0] == Geometry()


def test_what_is_set_by_hand_stays_unless_a_chip_replaces_it() -> None:
    by_hand = Geometry(quarter_turns=2, angle=1.5, crop=(0.2, 0.0, 1.0, 1.0))
    kept = Restoration(levels=True)
    assert find_followed(TILTED, by_hand, kept) == []
    geometry, restoration = follow(TILTED, by_hand, kept, [Suggestion.TAKE_TINT_OUT])
    assert geometry == by_hand
    assert restoration == Restoration(levels=True, unfade=True)
    straightened = Geometry(corners=CORNERS, angle=0.5)
    assert find_followed(TILTED, straightened, kept) == [Suggestion.CUT_OUT]
