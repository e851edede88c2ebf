"""What the teacher of a class alone may do with it: lock it, remove players, open it on another device, end it."""

from __future__ import annotations

from dashboard.game.classroom.database import Database, find_class_of_teacher
from dashboard.game.classroom.keys import hash_key, new_key
from dashboard.game.classroom.records import ClassroomEnded, LinkUsed, PlayerProgress


class ClassroomControl:
    """One class in the hands of its teacher. Every method raises ClassroomEnded unless `key` is the teacher's.

    All changes of a method are on disk when it returns.
    """

    def __init__(self, database: Database, code: str, key: str) -> None:
        self._database, self._code, self._key = database, code, key

    def check(self) -> None:
        """Raises ClassroomEnded unless the key is the teacher's."""
        with self._database.reading() as connection:
            find_class_of_teacher(connection, self._code, self._key)

    def list_players(self) -> list[PlayerProgress]:
        """The players who were not removed, in the order of joining."""
        with self._database.reading() as connection:
            class_id = find_class_of_teacher(connection, self._code, self._key)
            rows = connection.execute(
                "SELECT number, (SELECT count(*) FROM vote WHERE player = player.id) FROM player "
                "WHERE class = ? AND NOT removed ORDER BY number",
                (class_id,),
            )
            return [PlayerProgress(*row) for row in rows]

    def lock(self, locked: bool) -> None:
        """Let nobody else join, or let players join again. Those who have joined play on."""
        with self._database.writing() as connection:
            class_id = find_class_of_teacher(connection, self._code, self._key)
            connection.execute("UPDATE class SET locked = ? WHERE id = ?", (locked, class_id))

    def remove_player(self, number: int) -> None:
        """Remove a player with all votes. The number is not given to another player, and the key opens nothing."""
        with self._database.writing() as connection:
            class_id = find_class_of_teacher(connection, self._code, self._key)
            player = "(SELECT id FROM player WHERE class = ? AND number = ?)"
            connection.execute(f"DELETE FROM vote WHERE player = {player}", (class_id, number))
            connection.execute("UPDATE player SET removed = 1 WHERE class = ? AND number = ?", (class_id, number))

    def make_link_key(self) -> str:
        """A key for a link that opens the teacher's page once, on another device. It replaces an unused one."""
        key = new_key()
        with self._database.writing() as connection:
            class_id = find_class_of_teacher(connection, self._code, self._key)
            connection.execute("DELETE FROM teacher WHERE class = ? AND once", (class_id,))
            connection.execute("INSERT INTO teacher (class, key, once) VALUES (?,?,1)", (class_id, hash_key(key)))
        return key

    def redeem(self) -> str:
        """Exchange the key of a link for one that stays valid, for this device. Raises LinkUsed."""
        key = new_key()
        with self._database.writing() as connection:
            try:
                find_class_of_teacher(connection, self._code, self._key, once=True)
            except ClassroomEnded as error:
                raise LinkUsed from error
            connection.execute(
                "UPDATE teacher SET key = ?, once = 0 WHERE key = ?", (hash_key(key), hash_key(self._key))
            )
        return key

    def end(self) -> None:
        """Delete the class and all its data."""
        with self._database.writing() as connection:
            class_id = find_class_of_teacher(connection, self._code, self._key)
            connection.execute("DELETE FROM class WHERE id = ?", (class_id,))
        self._database.truncate_log()
