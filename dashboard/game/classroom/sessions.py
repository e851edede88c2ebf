"""The stored class sessions of "Real or coloured?": pictures that all players share, anonymous players, votes.

All changes of a method are on disk when it returns, because the process may be killed at any time.
"""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from colorizer import ColorizerError
from dashboard.game.classroom.control import ClassroomControl
from dashboard.game.classroom.database import (
    Database,
    find_classroom,
    find_player,
    new_code,
    query_int,
)
from dashboard.game.classroom.keys import hash_key, new_key
from dashboard.game.classroom.records import ClassroomFull, ClassroomInfo, ClassroomLocked, Player, RecordedVote
from dashboard.game.pairs import Pair
from dashboard.game.rounds import Side, Vote
from dashboard.game.statistics import Rate, Tally

LOGGER = logging.getLogger(__name__)

MAX_AGE_SECONDS = 24 * 3600.0
MAX_CLASSES = 50
MAX_PLAYERS = 200  # in one class
CLEANUP_SECONDS = 600.0  # between two removals of old classes

_PLAYERS = "SELECT count(*) FROM player WHERE class = ? AND NOT removed"


class Classrooms:
    """All classes in one file. Safe to share between threads and processes. Every method may raise DatabaseError."""

    def __init__(self, path: Path, *, clock: Callable[[], float] = time.time) -> None:
        self._database, self._clock = Database(path), clock
        self.remove_old()

    def watch(self, interval: float = CLEANUP_SECONDS) -> None:
        """Start a thread that removes old classes every `interval` seconds."""

        def check() -> None:
            while True:
                time.sleep(interval)
                try:
                    self.remove_old()
                except ColorizerError:
                    LOGGER.exception("Could not remove old classes; the next try is in %.0f s", interval)

        threading.Thread(target=check, name="class-sessions", daemon=True).start()

    def start(self, pairs: Sequence[Pair], *, model: str, seconds: float | None) -> tuple[str, str]:
        """Start a class. Returns its code for everyone and the key for its teacher. Raises ClassroomFull."""
        self.remove_old()
        key = new_key()
        with self._database.writing() as connection:
            if query_int(connection, "SELECT count(*) FROM class") >= MAX_CLASSES:
                raise ClassroomFull(f"expected at most {MAX_CLASSES} classes at once; the limit is reached")
            code = new_code(connection)
            made = connection.execute(
                "INSERT INTO class (code, model, seconds, started) VALUES (?,?,?,?)",
                (code, model, seconds, self._clock()),
            )
            connection.execute("INSERT INTO teacher (class, key, once) VALUES (?,?,0)", (made.lastrowid, hash_key(key)))
            connection.executemany(
                "INSERT INTO picture (class, number, name, real, ours, width, height) VALUES (?,?,?,?,?,?,?)",
                [
                    (made.lastrowid, number, pair.name, pair.real, pair.ours, pair.width, pair.height)
                    for number, pair in enumerate(pairs)
                ],
            )
        return code, key

    def info(self, code: str) -> ClassroomInfo:
        """The settings and pictures of a class. Raises ClassroomEnded."""
        with self._database.reading() as connection:
            class_id, model, seconds, locked = find_classroom(connection, code)
            names = connection.execute("SELECT name FROM picture WHERE class = ? ORDER BY number", (class_id,))
            return ClassroomInfo(code, model, seconds, tuple(name for (name,) in names), locked)

    def control(self, code: str, key: str) -> ClassroomControl:
        """What the teacher with this key may do. Each of its methods raises ClassroomEnded if the key is wrong."""
        return ClassroomControl(self._database, code, key)

    def join(self, code: str) -> str:
        """Add a player. Returns the player's own key. Raises ClassroomEnded, ClassroomLocked, ClassroomFull."""
        key = new_key()
        with self._database.writing() as connection:
            class_id, *_, locked = find_classroom(connection, code)
            if locked:
                raise ClassroomLocked
            if query_int(connection, _PLAYERS, class_id) >= MAX_PLAYERS:
                raise ClassroomFull(f"expected at most {MAX_PLAYERS} players in a class; the limit is reached")
            before = query_int(connection, "SELECT count(*) FROM player WHERE class = ?", class_id)
            connection.execute(
                "INSERT INTO player (class, number, key, seed) VALUES (?,?,?,?)",
                (class_id, before + 1, hash_key(key), secrets.randbits(32)),
            )
        return key

    def player(self, code: str, key: str) -> Player:
        """The player with this key. Raises ClassroomEnded, PlayerRemoved."""
        with self._database.reading() as connection:
            player, number, rounds = find_player(connection, code, key)
            votes = connection.execute(
                "SELECT picture, real, chosen FROM vote WHERE player = ? ORDER BY round", (player,)
            )
            return Player(number, rounds, tuple(Vote(*row) for row in votes))

    def vote(self, code: str, key: str, number: int, chosen: Side) -> None:
        """Save a player's choice in round `number`, from 0. Only the first choice of a round counts.

        The vote is on disk when this returns. Raises ClassroomEnded, PlayerRemoved, and ValueError for a round not yet
        reached.
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
        """Both versions of a picture, by its index in the class. Raises ClassroomEnded."""
        with self._database.reading() as connection:
            class_id, *_ = find_classroom(connection, code)
            row = connection.execute(
                "SELECT name, real, ours, width, height FROM picture WHERE class = ? AND number = ?",
                (class_id, picture),
            ).fetchone()
            return Pair(*row)

    def tally(self, code: str) -> tuple[int, list[Tally]]:
        """The number of players, and the votes by picture. Raises ClassroomEnded."""
        with self._database.reading() as connection:
            class_id, *_ = find_classroom(connection, code)
            players = query_int(connection, _PLAYERS, class_id)
            rows = connection.execute(
                "SELECT picture, sum(real <> chosen), count(*) FROM player JOIN vote ON vote.player = player.id "
                "WHERE class = ? GROUP BY picture",
                (class_id,),
            )
            return players, [Tally(picture, Rate(fooled, votes)) for picture, fooled, votes in rows]

    def list_votes(self, code: str) -> list[RecordedVote]:
        """All votes, ordered by player and round. Raises ClassroomEnded."""
        with self._database.reading() as connection:
            class_id, *_ = find_classroom(connection, code)
            rows = connection.execute(
                "SELECT number, seed, round + 1, picture, real, chosen FROM player "
                "JOIN vote ON vote.player = player.id WHERE class = ? ORDER BY number, round",
                (class_id,),
            )
            return [RecordedVote(player, seed, turn, Vote(*vote)) for player, seed, turn, *vote in rows]

    def remove_old(self) -> None:
        """Delete the classes that were started more than `MAX_AGE_SECONDS` ago."""
        with self._database.writing() as connection:
            gone = connection.execute("DELETE FROM class WHERE started < ?", (self._clock() - MAX_AGE_SECONDS,))
        if gone.rowcount:
            self._database.truncate_log()
