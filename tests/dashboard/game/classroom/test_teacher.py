"""The teacher's download: all votes as a CSV file that other programs can read."""

from __future__ import annotations

import csv
import io

import pandas as pd  # type: ignore[import-untyped]

from dashboard.game.classroom.records import ClassroomInfo, RecordedVote
from dashboard.game.classroom.teacher import votes_csv
from dashboard.game.rounds import Vote

INFO = ClassroomInfo("ACDEFH", "compact", 1.0, ("Dahlia", 'a "quoted", name.jpg', "=1+1.jpg"))
VOTES = [
    RecordedVote(1, 7, 1, Vote(1, "A", "A")),
    RecordedVote(1, 7, 2, Vote(0, "B", "A")),
    RecordedVote(2, 2**32 - 1, 1, Vote(2, "B", "B")),
]


def test_every_vote_is_a_line() -> None:
    table = pd.read_csv(io.StringIO(votes_csv(VOTES, INFO)))
    assert list(table["player"]) == [1, 1, 2]
    assert list(table["seed"]) == [7, 7, 2**32 - 1]
    assert list(table["round"]) == [1, 2, 1]
    assert list(table["real_side"]) == ["A", "B", "B"]
    assert list(table["chosen_side"]) == ["A", "A", "B"]
    assert list(table["fooled"]) == [0, 1, 0]
    assert set(table["model"]) == {"compact"}
    assert set(table["seconds"]) == {1.0}


def test_names_stay_what_they_are_but_no_formula() -> None:
    rows = list(csv.DictReader(io.StringIO(votes_csv(VOTES, INFO))))
    assert [row["picture"] for row in rows] == ['a "quoted", name.jpg', "Dahlia", "'=1+1.jpg"]


def test_without_a_limit_of_time_and_votes_it_is_a_head() -> None:
    endless = ClassroomInfo("ACDEFH", "compact", None, ("Dahlia",))
    assert votes_csv([], endless).splitlines() == votes_csv(VOTES, INFO).splitlines()[:1]
    assert (
        next(csv.DictReader(io.StringIO(votes_csv([RecordedVote(1, 7, 1, Vote(0, "A", "A"))], endless))))["seconds"]
        == ""
    )
