"""A class session: one game that a teacher's class plays together."""

from __future__ import annotations

from dashboard.server.settings import class_database_path


def resume_classrooms() -> None:
    """Look after the classes of an earlier run from the start of the program on, and remove those that are too old.

    Without a file of classes it does nothing. Raises DatabaseError.
    """
    if class_database_path().exists():
        from dashboard.game.classroom.page import classrooms  # with all that draws the pages, which the start can spare

        classrooms()
