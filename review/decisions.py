"""Appending decisions: only if nobody decided since the page was shown; nothing is ever overwritten."""
from __future__ import annotations

from pathlib import Path

from review.ports import Decision, Record
from schema.store import Store


def recorder(db: Path) -> Record:
    """Compares and appends in one write transaction, so of two inspectors at once exactly one is first."""

    def record(decision: Decision, seen: int) -> bool:
        with Store(db, create=False) as store, store.transaction() as connection:
            ask = "select count(*) from review where fingerprint = ?"
            if connection.execute(ask, [decision.fingerprint]).fetchone()[0] != seen:
                return False
            connection.execute(
                "insert into review (fingerprint, status, note, reviewer, at) values (?, ?, ?, ?, ?)",
                [decision.fingerprint, decision.status, decision.note, decision.reviewer, decision.at],
            )
        return True

    return record
