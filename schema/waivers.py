"""What an office does not want to hear of: one finding, one rule, one report, each with reason, author and time.

A waiver is ended, never deleted; the findings stay in the database and every list says that they are waived.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from schema.queries import Row, rows
from schema.store import Store


@dataclass(frozen=True, slots=True)
class Scope:
    """What is waived; all that is given must fit."""

    rule: str | None = None
    fingerprint: str | None = None
    report_id: int | None = None


def add(store: Store, scope: Scope, reason: str, author: str, at: str) -> int:
    """The new waiver's id. ``at`` is an ISO time."""
    with store.transaction() as conn:
        cursor = conn.execute(
            "INSERT INTO waiver (rule, fingerprint, report_id, note, reviewer, at) VALUES (?, ?, ?, ?, ?, ?)",
            (scope.rule, scope.fingerprint, scope.report_id, reason, author, at),
        )
    return int(cursor.lastrowid or 0)


def end(store: Store, waiver_id: int, at: str) -> bool:
    """Whether there was such a waiver in force."""
    with store.transaction() as conn:
        done = conn.execute(
            "UPDATE waiver SET ended_at = ? WHERE waiver_id = ? AND ended_at IS NULL", (at, waiver_id)
        )
    return done.rowcount == 1


def listed(conn: sqlite3.Connection) -> list[Row]:
    """All waivers, those in force first, with the number of findings that each one covers."""
    return rows(
        conn,
        "SELECT w.*, r.file_name, (SELECT count(*) FROM findings f WHERE f.waiver_id = w.waiver_id) AS findings"
        " FROM waivers w LEFT JOIN report r USING (report_id) ORDER BY w.ended_at IS NOT NULL, w.waiver_id",
    )


def reach(conn: sqlite3.Connection, waiver_id: int) -> int:
    """How many findings the waiver covers now."""
    return int(conn.execute("SELECT count(*) FROM findings WHERE waiver_id = ?", (waiver_id,)).fetchone()[0])


def fingerprint_of(conn: sqlite3.Connection, finding: str) -> str | None:
    """The fingerprint that is meant by a finding's number or by the beginning of its fingerprint."""
    found = conn.execute(
        "SELECT DISTINCT fingerprint FROM finding"
        " WHERE finding_id = ? OR (length(?) >= 8 AND fingerprint LIKE ? || '%')",
        (finding if finding.isdigit() and len(finding) < 8 else -1, finding, finding),
    ).fetchall()
    return str(found[0][0]) if len(found) == 1 else None


def report_of(conn: sqlite3.Connection, report: str) -> int | None:
    """The one report with this number or file name."""
    found = conn.execute(
        "SELECT report_id FROM reports WHERE CAST(report_id AS TEXT) = ? OR file_name = ?", (report, report)
    ).fetchall()
    return int(found[0][0]) if len(found) == 1 else None


def save_settings(store: Store, values: Mapping[str, Any], at: str) -> None:
    """Keep the office's check settings with its data, instead of those kept before."""
    with store.transaction() as conn:
        conn.execute("DELETE FROM check_setting")
        conn.executemany(
            "INSERT INTO check_setting (name, value, at) VALUES (?, ?, ?)",
            [(name, json.dumps(value, ensure_ascii=False, default=str), at) for name, value in values.items()],
        )


def settings(conn: sqlite3.Connection) -> dict[str, Any]:
    """The office's check settings as last kept; empty where none were."""
    return {name: json.loads(value) for name, value in conn.execute("SELECT name, value FROM check_setting")}
