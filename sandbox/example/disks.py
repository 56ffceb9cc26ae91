"""The contents of the sandbox's databases: one tiny SQLite database for each RDS instance or cluster."""

import sqlite3
import threading
from collections.abc import Sequence
from typing import Any


class DiskError(Exception):
    """The statement failed because SQLite refused it."""


class Disks:
    """Databases by the ARN of the instance or cluster that serves them; a database is born empty."""

    def __init__(self) -> None:
        self._databases: dict[str, sqlite3.Connection] = {}
        self._lock = threading.Lock()

    def execute(self, arn: str, sql: str, values: Sequence[str] = ()) -> dict[str, Any]:
        """Run one statement and commit it: `{"columns": [...], "rows": [[...]], "changed": n}`."""
        with self._lock:
            database = self._database(arn)
            try:
                cursor = database.execute(sql, values)
                rows = [list(row) for row in cursor.fetchall()]
                database.commit()
            except sqlite3.Error as error:
                database.rollback()
                raise DiskError(str(error)) from error
            columns = [column[0] for column in cursor.description or ()]
            return {"columns": columns, "rows": rows, "changed": max(cursor.rowcount, 0)}

    def image(self, arn: str) -> bytes:
        """The whole database at this moment, as a snapshot holds it."""
        with self._lock:
            database = self._database(arn)
            (pages,) = database.execute("PRAGMA page_count").fetchone()
            return database.serialize() if pages else b""

    def mount(self, arn: str, image: bytes) -> None:
        """Give an instance the contents of a snapshot, in the place of whatever it had."""
        with self._lock:
            self._close(arn)
            if image:
                self._database(arn).deserialize(image)

    def close(self) -> None:
        """Close every database."""
        with self._lock:
            for arn in list(self._databases):
                self._close(arn)

    def _database(self, arn: str) -> sqlite3.Connection:
        if arn not in self._databases:
            self._databases[arn] = sqlite3.connect(":memory:", check_same_thread=False)
        return self._databases[arn]

    def _close(self, arn: str) -> None:
        database = self._databases.pop(arn, None)
        if database is not None:
            database.close()
