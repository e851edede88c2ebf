"""The class sessions of "Real or coloured?", kept: the same pictures for all, players without names, votes.

What a method has changed is on the disk when it returns: the process may be killed at any time.
"""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from colorizer import ColorizerError
from dashboard.game.classroom.database import (
    Database,
    find_class_of_teacher,
    find_classroom,
    find_player,
    new_code,
    query_int,
)
from dashboard.game.classroom.keys import hash_key, new_key
from dashboard.game.pairs import Pair
from dashboard.game.rounds import Round, Side, Vote
from dashboard.game.statistics import Rate, Tally

LOGGER = logging.getLogger(__name__)

MAX_AGE_SECONDS = 24 * 3600.0
MAX_CLASSES = 50
MAX_PLAYERS = 200  # of one class
CLEANUP_SECONDS = 600.0


class ClassroomFull(ColorizerError):
    """One class, or one player, more than there is room for."""


@dataclass(frozen=True)
class ClassroomInfo:
    """`model`: its name in `MODELS`. `seconds`: for how long a round is shown; None: until the choice."""

    code: str
    model: str
    seconds: float | None
    pictures: tuple[str, ...]


@dataclass(frozen=True)
class Player:
    """`number`: counts the players of the class from 1. `votes`: of the first rounds, so many as there are."""

    number: int
    rounds: tuple[Round, ...]
    votes: tuple[Vote, ...]


@dataclass(frozen=True)
class RecordedVote:
    """A vote, and what its round was drawn from; `round`: from 1."""

    player: int
    seed: int
    round: int
    vote: Vote


class Classrooms:
    """All classes in one file. Safe between threads and processes. Every method may raise NotSaved."""

    def __init__(self, path: Path, *, clock: Callable[[], float] = time.time) -> None:
        self._database, self._clock = Database(path), clock
        self.remove_old()

    def watch(self, interval: float = CLEANUP_SECONDS) -> None:
        """Remove old classes every `interval` seconds from now on, on a thread of its own."""

        def check() -> None:
            while True:
                time.sleep(interval)
                try:
                    self.remove_old()
                except ColorizerError:
                    LOGGER.exception("Could not remove old classes; the next try is in %.0f s", interval)

        threading.Thread(target=check, name="class-sessions", daemon=True).start()

    def start(self, pairs: Sequence[Pair], *, model: str, seconds: float | None) -> tuple[str, str]:
        """A new class -> its code, for all, and its key, for the teacher alone. Raises ClassFull."""
        self.remove_old()
        key = new_key()
        with self._database.writing() as connection:
            if query_int(connection, "SELECT count(*) FROM class") >= MAX_CLASSES:
                raise ClassroomFull(f"expected at most {MAX_CLASSES} classes at once, and there are as many")
            code = new_code(connection)
            made = connection.execute(
                "INSERT INTO class (code, key, model, seconds, started) VALUES (?,?,?,?,?)",
                (code, hash_key(key), model, seconds, self._clock()),
            )
            connection.executemany(
                "INSERT INTO picture (class, number, name, real, ours, width, height) VALUES (?,?,?,?,?,?,?)",
                [
                    (made.lastrowid, number, pair.name, pair.real, pair.ours, pair.width, pair.height)
                    for number, pair in enumerate(pairs)
                ],
            )
        return code, key

    def info(self, code: str) -> ClassroomInfo:
        """Raises ClassOver."""
        with self._database.reading() as connection:
            class_id, model, seconds = find_classroom(connection, code)
            names = connection.execute("SELECT name FROM picture WHERE class = ? ORDER BY number", (class_id,))
            return ClassroomInfo(code, model, seconds, tuple(name for (name,) in names))

    def check_teacher(self, code: str, key: str) -> None:
        """Raises ClassOver unless the key is the class's."""
        with self._database.reading() as connection:
            find_class_of_teacher(connection, code, key)

    def join(self, code: str) -> str:
        """A new player -> the key that only this player has. Raises ClassOver, ClassFull."""
        key = new_key()
        with self._database.writing() as connection:
            class_id, *_ = find_classroom(connection, code)
            players = query_int(connection, "SELECT count(*) FROM player WHERE class = ?", class_id)
            if players >= MAX_PLAYERS:
                raise ClassroomFull(f"expected at most {MAX_PLAYERS} players in a class, and there are as many")
            connection.execute(
                "INSERT INTO player (class, number, key, seed) VALUES (?,?,?,?)",
                (class_id, players + 1, hash_key(key), secrets.randbits(32)),
            )
        return key

    def player(self, code: str, key: str) -> Player:
        """Raises ClassOver."""
        with self._database.reading() as connection:
            player, number, rounds = find_player(connection, code, key)
            votes = connection.execute(
                "SELECT picture, real, chosen FROM vote WHERE player = ? ORDER BY round", (player,)
            )
            return Player(number, rounds, tuple(Vote(*row) for row in votes))

    def vote(self, code: str, key: str, number: int, chosen: Side) -> None:
        """Keep a player's choice in the round of that number, from 0; the first choice of a round counts.

        When this returns, the vote is on the disk. Raises ClassOver, and ValueError for a round not yet reached.
        """
        with self._database.writing() as connection:
            player, _, rounds = find_player(connection, code, key)
            done = query_int(connection, "SELECT count(*) FROM vote WHERE player = ?", player)
            if not 0 <= number <= min(done, len(rounds) - 1):
                raise ValueError(f"expected a round from 0 to {min(done, len(rounds) - 1)}, got {number}")
            shown = rounds[number]
            connection.execute(
                "INSERT INTO vote (player, round, picture, real, chosen) VALUES (?,?,?,?,?) "
                "ON CONFLICT (player, round) DO NOTHING",
                (player, number, shown.picture, shown.real, chosen),
            )

    def pair(self, code: str, picture: int) -> Pair:
        """Both versions of the picture of that number. Raises ClassOver."""
        with self._database.reading() as connection:
            class_id, *_ = find_classroom(connection, code)
            row = connection.execute(
                "SELECT name, real, ours, width, height FROM picture WHERE class = ? AND number = ?",
                (class_id, picture),
            ).fetchone()
            return Pair(*row)

    def tally(self, code: str) -> tuple[int, list[Tally]]:
        """The number of players, and the votes by picture. Raises ClassOver."""
        with self._database.reading() as connection:
            class_id, *_ = find_classroom(connection, code)
            players = query_int(connection, "SELECT count(*) FROM player WHERE class = ?", class_id)
            rows = connection.execute(
                "SELECT picture, sum(real <> chosen), count(*) FROM player JOIN vote ON vote.player = player.id "
                "WHERE class = ? GROUP BY picture",
                (class_id,),
            )
            return players, [Tally(picture, Rate(fooled, votes)) for picture, fooled, votes in rows]

    def list_votes(self, code: str) -> list[RecordedVote]:
        """All votes, by player and round. Raises ClassOver."""
        with self._database.reading() as connection:
            class_id, *_ = find_classroom(connection, code)
            rows = connection.execute(
                "SELECT number, seed, round + 1, picture, real, chosen FROM player "
                "JOIN vote ON vote.player = player.id WHERE class = ? ORDER BY number, round",
                (class_id,),
            )
            return [RecordedVote(player, seed, turn, Vote(*vote)) for player, seed, turn, *vote in rows]

    def end(self, code: str, key: str) -> None:
        """Remove the class with all that belongs to it. Raises ClassOver unless the key is the class's."""
        with self._database.writing() as connection:
            connection.execute("DELETE FROM class WHERE id = ?", (find_class_of_teacher(connection, code, key),))
        self._database.truncate_log()

    def remove_old(self) -> None:
        """Remove the classes that were started more than `MAX_AGE_SECONDS` ago."""
        with self._database.writing() as connection:
            gone = connection.execute("DELETE FROM class WHERE started < ?", (self._clock() - MAX_AGE_SECONDS,))
        if gone.rowcount:
            self._database.truncate_log()
