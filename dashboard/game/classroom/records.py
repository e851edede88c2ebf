"""A class session as data, and the errors about it. `database` and `sessions` store the data."""

from __future__ import annotations

from dataclasses import dataclass

from colorizer import ColorizerError
from dashboard.game.rounds import Round, Vote


class ClassroomEnded(ColorizerError):
    """The class has ended or does not exist, or the key does not belong to it."""

    def __init__(self) -> None:
        super().__init__("expected the code or link of a running class; this class has ended or does not exist")


class ClassroomFull(ColorizerError):
    """The limit of classes, or of players in a class, is reached."""


@dataclass(frozen=True)
class ClassroomInfo:
    """The settings of a class.

    `model`: name in `MODELS`. `seconds`: how long the pictures of a round are shown, or None to show them until the
    choice. `pictures`: their names.
    """

    code: str
    model: str
    seconds: float | None
    pictures: tuple[str, ...]


@dataclass(frozen=True)
class Player:
    """A player. `number`: from 1, in the order of joining. `votes`: those of the first rounds, in the rounds' order."""

    number: int
    rounds: tuple[Round, ...]
    votes: tuple[Vote, ...]


@dataclass(frozen=True)
class RecordedVote:
    """A vote with the player's number and the seed of the player's rounds. `round`: from 1."""

    player: int
    seed: int
    round: int
    vote: Vote
