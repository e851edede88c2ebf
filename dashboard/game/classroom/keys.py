"""Who may do what in a class: the code for all, the teacher's key, each player's own.

Of keys the file holds hashes, so that nobody who reads it can act for another.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import sqlite3

from colorizer import ColorizerError
from dashboard.game.rounds import Round, draw_rounds

ALPHABET = "ACDEFHJKMNPRTVWXY3479"  # of characters that look alike it has one at most
CODE_LENGTH = 6


class ClassOver(ColorizerError):
    """A class that has ended, or never was, or a key that is none of its."""

    def __init__(self) -> None:
        super().__init__(
            "expected the code or link of a class that goes on; this class is over, or there never was one"
        )


def tidy_code(typed: str) -> str:
    """A code as it is kept, however it was typed: " acd-efh" -> "ACDEFH"."""
    return "".join(character for character in typed.upper() if character.isalnum())


def new_key() -> str:
    """What lets one person in: 128 random bits, for an address."""
    return secrets.token_urlsafe(16)


def number_of(connection: sqlite3.Connection, query: str, *values: int | str) -> int:
    """The one number that a query asks for."""
    return int(connection.execute(query, values).fetchone()[0])


def find_class(connection: sqlite3.Connection, code: str) -> tuple[int, str, float | None]:
    """Its id, model and seconds. Raises ClassOver."""
    row = connection.execute("SELECT id, model, seconds FROM class WHERE code = ?", (code,)).fetchone()
    if row is None:
        raise ClassOver
    return int(row[0]), str(row[1]), row[2]


def find_taught(connection: sqlite3.Connection, code: str, key: str) -> int:
    """The id, for its teacher. Raises ClassOver."""
    row = connection.execute("SELECT id, key FROM class WHERE code = ?", (code,)).fetchone()
    if row is None or not hmac.compare_digest(row[1], hashed(key)):
        raise ClassOver
    return int(row[0])


def find_player(connection: sqlite3.Connection, code: str, key: str) -> tuple[int, int, tuple[Round, ...]]:
    """The id, the number in the class, and all rounds. Raises ClassOver."""
    row = connection.execute(
        "SELECT player.id, player.number, player.class, seed FROM player JOIN class ON class.id = player.class "
        "WHERE player.key = ? AND code = ?",
        (hashed(key), code),
    ).fetchone()
    if row is None:
        raise ClassOver
    player, number, class_, seed = row
    pictures = number_of(connection, "SELECT count(*) FROM picture WHERE class = ?", class_)
    return player, number, draw_rounds(seed, pictures)


def hashed(key: str) -> bytes:
    """Keys are long and random: a plain hash of one cannot be searched for."""
    return hashlib.sha256(key.encode()).digest()


def free_code(connection: sqlite3.Connection) -> str:
    """One that no class has."""
    while True:
        code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
        if not number_of(connection, "SELECT count(*) FROM class WHERE code = ?", code):
            return code
