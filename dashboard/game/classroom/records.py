"""A class session as data, and the errors about it. `database` and `sessions` store the data."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.game.rounds import Round, Vote
from dashboard.locale.catalogues import mark
from dashboard.server.plain_words import PlainError


class ClassroomEnded(PlainError):
    """The class has ended or does not exist, or the key does not belong to it."""

    plain = mark("This class has ended, or there is none with this code. Ask your teacher for the code.")

    def __init__(self) -> None:
        super().__init__("expected the code or link of a running class; this class has ended or does not exist")


class ClassroomLocked(PlainError):
    """The teacher lets nobody else join."""

    plain = mark("The teacher has locked this class, so nobody else can join.")

    def __init__(self) -> None:
        super().__init__("expected a class that takes new players; the teacher has locked this one")


class PlayerRemoved(PlainError):
    """The teacher has removed the player."""

    plain = mark("The teacher has removed you from this class.")

    def __init__(self) -> None:
        super().__init__("expected a player of this class; the teacher has removed you from it")


class LinkUsed(PlainError):
    """A teacher's link was used before, or was replaced by a newer one, or its class has ended."""

    plain = mark("This link was used or replaced, or its class has ended. Make a new link on the teacher's page.")

    def __init__(self) -> None:
        super().__init__(
            "expected a teacher's link that nobody has used; this one was used or replaced, or this class has ended"
        )


class ClassroomFull(PlainError):
    """The limit of classes, or of players in a class, is reached."""

    plain = mark("There are too many classes, or too many players in this one. Try again later.")


@dataclass(frozen=True)
class ClassroomInfo:
    """The settings of a class.

    `model`: name in `MODELS`. `seconds`: how long the pictures of a round are shown, or None to show them until the
    choice. `pictures`: their names. `locked`: nobody else can join.
    """

    code: str
    model: str
    seconds: float | None
    pictures: tuple[str, ...]
    locked: bool = False


@dataclass(frozen=True)
class Player:
    """A player. `number`: from 1, in the order of joining. `votes`: those of the first rounds, in the rounds' order."""

    number: int
    rounds: tuple[Round, ...]
    votes: tuple[Vote, ...]


@dataclass(frozen=True)
class PlayerProgress:
    """A player as the teacher sees it: the number, and how many votes are saved."""

    number: int
    votes: int


@dataclass(frozen=True)
class RecordedVote:
    """A vote with the player's number and the seed of the player's rounds. `round`: from 1."""

    player: int
    seed: int
    round: int
    vote: Vote
