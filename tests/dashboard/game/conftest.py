"""Fixtures: the class sessions in a new file."""

from __future__ import annotations

from pathlib import Path

import pytest

from dashboard.game.classroom.sessions import Classrooms
from tests.support.classroom import PAIRS


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "class.sqlite3"


@pytest.fixture
def sessions(path: Path) -> Classrooms:
    return Classrooms(path)


@pytest.fixture
def code(sessions: Classrooms) -> str:
    return sessions.start(PAIRS, model="compact", seconds=1.0)[0]
