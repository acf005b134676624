"""Appending decisions: only if nobody decided since the page was shown; nothing is ever overwritten."""
from __future__ import annotations

import sqlite3
from pathlib import Path

from review.ports import Decision, Record
from schema.errors import StoreError


def _append(connection: sqlite3.Connection, decision: Decision, seen: int) -> bool:
    connection.execute("begin immediate")
    found = connection.execute("select count(*) from reviews where fingerprint = ?", [decision.fingerprint]).fetchone()
    if found[0] != seen:
        connection.execute("rollback")
        return False
    connection.execute(
        "insert into review (fingerprint, status, note, reviewer, at) values (?, ?, ?, ?, ?)",
        [decision.fingerprint, decision.status, decision.note, decision.reviewer, decision.at],
    )
    connection.execute("commit")
    return True


def recorder(db: Path) -> Record:
    def record(decision: Decision, seen: int) -> bool:
        connection = sqlite3.connect(db, timeout=10, isolation_level=None)
        try:
            return _append(connection, decision, seen)
        except sqlite3.DatabaseError as error:
            raise StoreError(str(error)) from error
        finally:
            connection.close()

    return record
