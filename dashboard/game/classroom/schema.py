"""The tables of the class sessions' SQLite file, by version."""

from __future__ import annotations

import sqlite3

# What brings a file of each version to the next. Keys are hashes. Deleting a class deletes all its rows by cascade.
# Every query uses one of the indexes below.
_VERSIONS = (
    """
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
""",
    # A teacher has a key for each device. `once`: it stands in a link, which is good for one visit. So are the keys of
    # the version before, which stood in the page's address.
    """
CREATE TABLE teacher (
    class INTEGER NOT NULL REFERENCES class ON DELETE CASCADE,
    key BLOB NOT NULL UNIQUE,
    once INTEGER NOT NULL
);
CREATE INDEX teachers_of_class ON teacher (class);
INSERT INTO teacher (class, key, once) SELECT id, key, 1 FROM class;
ALTER TABLE class DROP COLUMN key;
ALTER TABLE class ADD COLUMN locked INTEGER NOT NULL DEFAULT 0;
ALTER TABLE player ADD COLUMN removed INTEGER NOT NULL DEFAULT 0;
""",
)


def upgrade(connection: sqlite3.Connection) -> None:
    """Bring a file of an earlier version to the present one, in the transaction of the connection."""
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    for number, script in enumerate(_VERSIONS[version:], start=version + 1):
        for statement in script.split(";"):
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {number}")
