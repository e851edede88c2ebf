"""The SQLite file of the class sessions: connections, transactions, and the queries that several of them share."""

from __future__ import annotations

import secrets
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from dashboard.game.classroom.keys import ALPHABET, CODE_LENGTH, hash_key
from dashboard.game.classroom.records import ClassroomEnded, PlayerRemoved
from dashboard.game.classroom.schema import upgrade
from dashboard.game.rounds import Round, draw_rounds
from dashboard.locale.catalogues import mark
from dashboard.server.plain_words import PlainError
from dashboard.server.settings import CLASS_DATABASE_VARIABLE

BUSY_SECONDS = 60.0  # how long a writer waits for writers of other processes


class DatabaseError(PlainError):
    """SQLite could not read or write."""

    plain = mark("The classes cannot be read or saved on the computer that runs this page. Try again.")


class Database:
    """One database file. Every transaction opens its own connection. Safe to share between threads and processes.

    Raises DatabaseError if the file cannot be created.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        # SQLite writers poll for the lock and may time out under load, so writers in this process queue on a lock.
        self._turn = threading.Lock()
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            path.touch(mode=0o600)
        except OSError as error:
            raise self._not_saved(error) from error
        with self._connection() as connection:
            # Deleted pages are removed from the file. SQLite needs this setting before the journal mode.
            connection.execute("PRAGMA auto_vacuum=FULL")
            connection.execute("PRAGMA journal_mode=WAL")  # readers do not wait for writers
        with self.writing() as connection:
            upgrade(connection)
        # Closing the last connection empties the log, which takes ten times as long as a vote. This one stays open.
        self._keeper = sqlite3.connect(path, check_same_thread=False)
        self._keeper.execute("SELECT count(*) FROM class").fetchone()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A read transaction: all queries see the same state. Raises DatabaseError."""
        with self._transaction("BEGIN") as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A write transaction: on disk at the end, or rolled back after an error. Raises DatabaseError."""
        # IMMEDIATE, because a reader that becomes a writer fails at once, without waiting, if there is another writer.
        with self._turn, self._transaction("BEGIN IMMEDIATE") as connection:
            yield connection

    def truncate_log(self) -> None:
        """Empty the write-ahead log, which still contains deleted rows. Raises DatabaseError."""
        with self._connection() as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[sqlite3.Connection]:
        with self._connection() as connection:
            connection.execute(begin)
            yield connection
            connection.execute("COMMIT")  # without it, closing the connection rolls back

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(sqlite3.connect(self.path, timeout=BUSY_SECONDS, isolation_level=None)) as connection:
                connection.execute("PRAGMA synchronous=FULL")  # a commit returns when the data is on disk
                connection.execute("PRAGMA foreign_keys=ON")
                connection.execute("PRAGMA secure_delete=ON")
                yield connection
        except sqlite3.Error as error:
            raise self._not_saved(error) from error

    def _not_saved(self, error: Exception) -> DatabaseError:
        place = f"{self.path} ({CLASS_DATABASE_VARIABLE})"
        return DatabaseError(f"expected to store the classes in {place}, got: {error}", path=self.path)


def query_int(connection: sqlite3.Connection, query: str, *values: int | str) -> int:
    """The single integer that a query returns."""
    return int(connection.execute(query, values).fetchone()[0])


def find_classroom(connection: sqlite3.Connection, code: str) -> tuple[int, str, float | None, bool]:
    """The id, model and seconds of a class, and whether it is locked. Raises ClassroomEnded."""
    row = connection.execute("SELECT id, model, seconds, locked FROM class WHERE code = ?", (code,)).fetchone()
    if row is None:
        raise ClassroomEnded
    return int(row[0]), str(row[1]), row[2], bool(row[3])


def find_class_of_teacher(connection: sqlite3.Connection, code: str, key: str, *, once: bool = False) -> int:
    """The id of a class, if `key` is its teacher's. `once`: the key stands in a link. Raises ClassroomEnded."""
    row = connection.execute(
        "SELECT id FROM teacher JOIN class ON class.id = teacher.class WHERE teacher.key = ? AND once = ? AND code = ?",
        (hash_key(key), once, code),
    ).fetchone()
    if row is None:
        raise ClassroomEnded
    return int(row[0])


def find_player(connection: sqlite3.Connection, code: str, key: str) -> tuple[int, int, tuple[Round, ...]]:
    """The id, number in the class and rounds of the player with this key. Raises ClassroomEnded, PlayerRemoved."""
    row = connection.execute(
        "SELECT player.id, number, player.class, seed, removed FROM player JOIN class ON class.id = player.class "
        "WHERE player.key = ? AND code = ?",
        (hash_key(key), code),
    ).fetchone()
    if row is None:
        raise ClassroomEnded
    player, number, class_, seed, removed = row
    if removed:
        raise PlayerRemoved
    pictures = query_int(connection, "SELECT count(*) FROM picture WHERE class = ?", class_)
    return player, number, draw_rounds(seed, pictures)


def new_code(connection: sqlite3.Connection) -> str:
    """A random code that no class uses."""
    while True:
        code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
        if not query_int(connection, "SELECT count(*) FROM class WHERE code = ?", code):
            return code
