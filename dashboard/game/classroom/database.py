"""The SQLite file of the class sessions: its tables, its connections, its transactions."""

from __future__ import annotations

import hmac
import os
import secrets
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from colorizer import ColorizerError
from dashboard.game.classroom.keys import ALPHABET, CODE_LENGTH, hash_key
from dashboard.game.rounds import Round, draw_rounds

PATH_VARIABLE = "COLORIZER_CLASS_DB"
BUSY_SECONDS = 60.0  # how long a writer waits for those of other processes

# `key` is a hash. What goes with a class goes by cascade; every query finds its rows by one of the keys below.
_TABLES = """
CREATE TABLE IF NOT EXISTS class (
    id INTEGER PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    key BLOB NOT NULL,
    model TEXT NOT NULL,
    seconds REAL,
    started REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS picture (
    class INTEGER NOT NULL REFERENCES class ON DELETE CASCADE,
    number INTEGER NOT NULL,
    name TEXT NOT NULL,
    real BLOB NOT NULL,
    ours BLOB NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    UNIQUE (class, number)
);
CREATE TABLE IF NOT EXISTS player (
    id INTEGER PRIMARY KEY,
    class INTEGER NOT NULL REFERENCES class ON DELETE CASCADE,
    number INTEGER NOT NULL,
    key BLOB NOT NULL UNIQUE,
    seed INTEGER NOT NULL,
    UNIQUE (class, number)
);
CREATE TABLE IF NOT EXISTS vote (
    player INTEGER NOT NULL REFERENCES player ON DELETE CASCADE,
    round INTEGER NOT NULL,
    picture INTEGER NOT NULL,
    real TEXT NOT NULL CHECK (real IN ('A', 'B')),
    chosen TEXT NOT NULL CHECK (chosen IN ('A', 'B')),
    UNIQUE (player, round)
);
"""


class DatabaseError(ColorizerError):
    """SQLite could not read or write."""


def default_path() -> Path:
    """The environment's, else one in the user's folder for state (XDG Base Directory Specification)."""
    if named := os.environ.get(PATH_VARIABLE):
        return Path(named)
    state = os.environ.get("XDG_STATE_HOME")
    return (Path(state) if state else Path.home() / ".local" / "state") / "ai-colouriser" / "class.sqlite3"


class Database:
    """One file. Every transaction has a connection of its own: safe between threads and processes.

    Raises NotSaved where the file cannot be made.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        # SQLite's writers look again and again whether it is their turn, and one may go away empty-handed for seconds.
        self._turn = threading.Lock()
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            path.touch(mode=0o600)
        except OSError as error:
            raise self._not_saved(error) from error
        with self._connection() as connection:
            # Pages that are removed leave the file, and nothing readable behind; the order matters to SQLite.
            connection.execute("PRAGMA auto_vacuum=FULL")
            connection.execute("PRAGMA journal_mode=WAL")  # who reads waits for no writer
            connection.executescript(_TABLES)
        # The last connection that is closed empties the log, which takes ten times as long as a vote: this one stays.
        self._keeper = sqlite3.connect(path, check_same_thread=False)
        self._keeper.execute("SELECT count(*) FROM class").fetchone()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """All that is read within is of one moment. Raises NotSaved."""
        with self._transaction("BEGIN") as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """All of it is on the disk at the end, or after an error nothing. Raises NotSaved."""
        # Immediate: a reader that becomes a writer would fail at once where another one writes, without waiting.
        with self._turn, self._transaction("BEGIN IMMEDIATE") as connection:
            yield connection

    def truncate_log(self) -> None:
        """Empty the write-ahead log, where removed rows could still be read. Raises NotSaved."""
        with self._connection() as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[sqlite3.Connection]:
        with self._connection() as connection:
            connection.execute(begin)
            yield connection
            connection.execute("COMMIT")  # without it, closing rolls back

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(sqlite3.connect(self.path, timeout=BUSY_SECONDS, isolation_level=None)) as connection:
                connection.execute("PRAGMA synchronous=FULL")  # a commit waits until the disk has it
                connection.execute("PRAGMA foreign_keys=ON")
                connection.execute("PRAGMA secure_delete=ON")
                yield connection
        except sqlite3.Error as error:
            raise self._not_saved(error) from error

    def _not_saved(self, error: Exception) -> DatabaseError:
        return DatabaseError(f"expected to keep the classes in {self.path} ({PATH_VARIABLE}), got: {error}")


class ClassroomEnded(ColorizerError):
    """A class that has ended, or never was, or a key that is none of its."""

    def __init__(self) -> None:
        super().__init__(
            "expected the code or link of a class that goes on; this class is over, or there never was one"
        )


def query_int(connection: sqlite3.Connection, query: str, *values: int | str) -> int:
    """The one number that a query asks for."""
    return int(connection.execute(query, values).fetchone()[0])


def find_classroom(connection: sqlite3.Connection, code: str) -> tuple[int, str, float | None]:
    """Its id, model and seconds. Raises ClassOver."""
    row = connection.execute("SELECT id, model, seconds FROM class WHERE code = ?", (code,)).fetchone()
    if row is None:
        raise ClassroomEnded
    return int(row[0]), str(row[1]), row[2]


def find_class_of_teacher(connection: sqlite3.Connection, code: str, key: str) -> int:
    """The id, for its teacher. Raises ClassOver."""
    row = connection.execute("SELECT id, key FROM class WHERE code = ?", (code,)).fetchone()
    if row is None or not hmac.compare_digest(row[1], hash_key(key)):
        raise ClassroomEnded
    return int(row[0])


def find_player(connection: sqlite3.Connection, code: str, key: str) -> tuple[int, int, tuple[Round, ...]]:
    """The id, the number in the class, and all rounds. Raises ClassOver."""
    row = connection.execute(
        "SELECT player.id, player.number, player.class, seed FROM player JOIN class ON class.id = player.class "
        "WHERE player.key = ? AND code = ?",
        (hash_key(key), code),
    ).fetchone()
    if row is None:
        raise ClassroomEnded
    player, number, class_, seed = row
    pictures = query_int(connection, "SELECT count(*) FROM picture WHERE class = ?", class_)
    return player, number, draw_rounds(seed, pictures)


def new_code(connection: sqlite3.Connection) -> str:
    """One that no class has."""
    while True:
        code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
        if not query_int(connection, "SELECT count(*) FROM class WHERE code = ?", code):
            return code
