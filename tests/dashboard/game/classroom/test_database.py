"""The SQLite file of the class sessions: permissions, many players at once, and no confirmed vote is ever lost."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from dashboard.game.classroom.database import DatabaseError
from dashboard.game.classroom.keys import hash_key
from dashboard.game.classroom.sessions import Classrooms
from dashboard.game.rounds import SIDES
from tests.support.classroom import PAIRS, play
from tests.support.paths import ROOT

VOTER = """
    import sys
    from pathlib import Path
    from dashboard.game.classroom.sessions import Classrooms

    sessions, code = Classrooms(Path(sys.argv[1])), sys.argv[2]
    while True:
        key = sessions.join(code)
        for number in range(5):
            sessions.vote(code, key, number, "AB"[number % 2])
            print(key, number, flush=True)  # the vote is confirmed
"""


def test_the_file_holds_no_key(sessions: Classrooms, path: Path) -> None:
    code, key = sessions.start(PAIRS, model="compact", seconds=1.0)
    player = sessions.join(code)
    for file in path.parent.iterdir():
        content = file.read_bytes()
        assert key.encode() not in content
        assert player.encode() not in content


def test_the_file_is_for_nobody_elses_eyes(sessions: Classrooms, code: str, path: Path) -> None:
    assert sessions.info(code)
    assert path.parent.stat().st_mode & 0o077 == 0
    assert path.stat().st_mode & 0o077 == 0


def test_thirty_players_vote_at_once(path: Path, code: str, sessions: Classrooms) -> None:
    started = threading.Barrier(30)

    def one(_: int) -> str:
        own = Classrooms(path)
        started.wait()
        return play(own, code)

    with ThreadPoolExecutor(30) as pool:
        keys = list(pool.map(one, range(30)))
    assert sorted(sessions.player(code, key).number for key in keys) == list(range(1, 31))
    assert len(sessions.list_votes(code)) == 150
    players, tallies = sessions.tally(code)
    assert players == 30
    assert [(tally.picture, tally.rate.votes) for tally in tallies] == [(number, 30) for number in range(5)]


def start_voter(path: Path, code: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", textwrap.dedent(VOTER), str(path), code]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def test_a_killed_process_loses_no_confirmed_vote(path: Path, code: str, sessions: Classrooms) -> None:
    confirmed: list[tuple[str, int]] = []
    voters = [start_voter(path, code) for _ in range(3)]
    for lines, voter in enumerate(voters, start=37):  # killed at different moments, while the others continue
        assert voter.stdout is not None
        for _ in range(lines):
            key, number = voter.stdout.readline().split()
            confirmed.append((key, int(number)))
        os.kill(voter.pid, signal.SIGKILL)
        # Votes confirmed before the kill; the last line may be incomplete.
        rest = voter.stdout.read().splitlines(keepends=True)
        confirmed += [(line.split()[0], int(line.split()[1])) for line in rest if line.endswith("\n")]
        assert voter.wait() == -signal.SIGKILL
        voter.stdout.close()
    assert len(confirmed) >= 114
    for player, turn in confirmed:
        assert sessions.player(code, player).votes[turn].chosen == SIDES[turn % 2]
    assert len(sessions.list_votes(code)) - len(confirmed) <= 3  # at most one unconfirmed vote for each process
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()


def test_no_query_reads_a_whole_table(sessions: Classrooms, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite's query plans for all statements that a class needs."""
    statements: list[str] = []
    connect = sqlite3.connect

    def traced(*args: object, **kwargs: object) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(*args, **kwargs)  # type: ignore[call-overload]
        connection.set_trace_callback(statements.append)
        return connection

    monkeypatch.setattr("dashboard.game.classroom.database.sqlite3.connect", traced)
    code, key = sessions.start(PAIRS, model="compact", seconds=1.0)
    player = play(sessions, code)
    sessions.player(code, player)
    sessions.tally(code)
    sessions.list_votes(code)
    sessions.pair(code, 1)
    control = sessions.control(code, key)
    control.list_players()
    control.lock(True)
    control.remove_player(1)
    sessions.control(code, control.make_link_key()).redeem()
    control.end()
    monkeypatch.undo()
    asked = {each for each in statements if each.startswith(("SELECT", "DELETE", "INSERT", "UPDATE"))}
    assert len(asked) > 10
    with connect(path) as connection:
        for statement in asked:
            plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}")]
            # The table of classes has few rows, so scanning it for old classes is fine.
            assert not [line for line in plan if line.startswith("SCAN") and line.split()[1] != "class"], plan
    connection.close()


# The tables of version 1, with a class whose teacher's key stands in the address.
OLD_FILE = """
CREATE TABLE class (id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, key BLOB NOT NULL, model TEXT NOT NULL,
    seconds REAL, started REAL NOT NULL);
CREATE TABLE picture (class INTEGER NOT NULL REFERENCES class ON DELETE CASCADE, number INTEGER NOT NULL,
    name TEXT NOT NULL, real BLOB NOT NULL, ours BLOB NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL,
    UNIQUE (class, number));
CREATE TABLE player (id INTEGER PRIMARY KEY, class INTEGER NOT NULL REFERENCES class ON DELETE CASCADE,
    number INTEGER NOT NULL, key BLOB NOT NULL UNIQUE, seed INTEGER NOT NULL, UNIQUE (class, number));
CREATE TABLE vote (player INTEGER NOT NULL REFERENCES player ON DELETE CASCADE, round INTEGER NOT NULL,
    picture INTEGER NOT NULL, real TEXT NOT NULL CHECK (real IN ('A', 'B')),
    chosen TEXT NOT NULL CHECK (chosen IN ('A', 'B')), UNIQUE (player, round));
INSERT INTO picture VALUES (1, 0, 'x.jpg', x'01', x'02', 4, 3);
INSERT INTO player VALUES (1, 1, 1, x'03', 7);
INSERT INTO vote VALUES (1, 0, 0, 'A', 'B');
"""


def test_a_class_goes_on_in_a_file_of_the_version_before(path: Path) -> None:
    path.parent.mkdir()
    with sqlite3.connect(path) as connection:
        connection.executescript(OLD_FILE)
        row = (1, "ACDEFH", hash_key("old"), "compact", 1.0, time.time())
        connection.execute("INSERT INTO class VALUES (?,?,?,?,?,?)", row)
    connection.close()
    with ThreadPoolExecutor(4) as pool:  # several processes may begin with the file at once
        sessions = list(pool.map(lambda _: Classrooms(path), range(4))).pop()
    assert sessions.info("ACDEFH").pictures == ("x.jpg",)
    assert len(sessions.list_votes("ACDEFH")) == 1
    key = sessions.control("ACDEFH", "old").redeem()  # that key stood in the address, so it is good once
    assert [player.votes for player in sessions.control("ACDEFH", key).list_players()] == [1]
    sessions.join("ACDEFH")


def test_a_file_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DatabaseError, match="COLORIZER_CLASS_DB"):
        Classrooms(tmp_path / "file" / "class.sqlite3")
    (tmp_path / "letter").write_bytes(b"Dear grandma, this is no database" * 10)
    with pytest.raises(DatabaseError, match="not a database"):
        Classrooms(tmp_path / "letter")
