"""Findings in the tables. Running the checks again changes only what changed, and forgets no decision."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from schema.fingerprint import fingerprint
from schema.model import Evidence, Finding, Header
from schema.reports import Places
from schema.rows import Row

Render = Callable[[Finding], str]
PlacesOf = Callable[[int], Places]


def replace(
    conn: sqlite3.Connection,
    report_id: int,
    header: Header,
    findings: Iterable[Finding],
    places_of: PlacesOf,
    render: Render,
    reach: str = "inside",
) -> tuple[int, int]:
    """Make ``findings`` the report's findings of one reach; returns how many came and how many went.

    A finding is known by its fingerprint: it keeps its id, and so its decisions. One that the checks no longer raise
    is removed, unless somebody ever decided on it: then it stays, and its status is ``fixed``.
    """
    stored = {
        mark: (finding_id, bool(gone), content)
        for finding_id, mark, gone, *content in conn.execute(
            "SELECT finding_id, fingerprint, gone, severity, variant, message, values_json, identity, other_report_id"
            " FROM finding WHERE report_id = ? AND reach = ?",
            (report_id, reach),
        )
    }
    came = 0
    seen: set[str] = set()
    for finding in findings:
        mark = _unique(fingerprint(finding, header), seen)
        seen.add(mark)
        row = _row(finding, report_id, reach, mark, render(finding))
        pieces = [
            _evidence(n, e, report_id, places_of(e.report_id or report_id)) for n, e in enumerate(finding.evidence)
        ]
        if mark not in stored:
            _insert(conn, row, pieces)
            came += 1
        else:
            came += stored[mark][1]
            _update(conn, stored[mark][0], row, pieces)
    gone = [finding_id for mark, (finding_id, was_gone, _) in stored.items() if mark not in seen and not was_gone]
    for finding_id in gone:
        _retire(conn, finding_id)
    return came, len(gone)


def remove(conn: sqlite3.Connection, report_id: int) -> None:
    """Take out all findings that quote a report whose text will be another; decisions stay with their fingerprints."""
    conn.execute(
        "DELETE FROM finding WHERE report_id = :it OR other_report_id = :it"
        " OR finding_id IN (SELECT finding_id FROM evidence WHERE report_id = :it)",
        {"it": report_id},
    )


def _unique(mark: str, seen: set[str]) -> str:
    """Two findings of one report may share all operands (the same slip twice); the second is told by its ordinal."""
    candidate, n = mark, 1
    while candidate in seen:
        n += 1
        candidate = f"{mark}-{n}"
    return candidate


def _row(finding: Finding, report_id: int, reach: str, mark: str, message: str) -> Row:
    return {
        "report_id": report_id,
        "other_report_id": finding.other_report_id,
        "reach": reach,
        "rule": finding.rule,
        "variant": finding.variant,
        "severity": finding.severity,
        "message": message,
        "values_json": json.dumps(dict(finding.values), ensure_ascii=False),
        "identity": json.dumps(finding.identity, ensure_ascii=False),
        "fingerprint": mark,
        "gone": 0,
    }


def _evidence(ordinal: int, piece: Evidence, report_id: int, places: Places) -> Row:
    return {
        "ordinal": ordinal,
        "role": piece.role,
        "report_id": piece.report_id or report_id,
        "foreign_side": int(piece.report_id is not None),
    } | places.columns(piece.start, piece.end)


def _insert(conn: sqlite3.Connection, row: Row, pieces: list[Row]) -> None:
    marks = ", ".join(f":{name}" for name in row)
    cursor = conn.execute(f"INSERT INTO finding ({', '.join(row)}) VALUES ({marks})", row)
    _insert_evidence(conn, cursor.lastrowid, pieces)


def _insert_evidence(conn: sqlite3.Connection, finding_id: int | None, pieces: list[Row]) -> None:
    for piece in pieces:
        full = {"finding_id": finding_id} | piece
        marks = ", ".join(f":{name}" for name in full)
        conn.execute(f"INSERT INTO evidence ({', '.join(full)}) VALUES ({marks})", full)


def _update(conn: sqlite3.Connection, finding_id: int, row: Row, pieces: list[Row]) -> None:
    sets = ", ".join(f"{name} = :{name}" for name in row)
    conn.execute(f"UPDATE finding SET {sets} WHERE finding_id = :finding_id", row | {"finding_id": finding_id})
    conn.execute("DELETE FROM evidence WHERE finding_id = ?", (finding_id,))
    _insert_evidence(conn, finding_id, pieces)


def _retire(conn: sqlite3.Connection, finding_id: int) -> None:
    reviewed = conn.execute(
        "SELECT 1 FROM review JOIN finding USING (fingerprint) WHERE finding_id = ?", (finding_id,)
    ).fetchone()
    if reviewed:
        conn.execute("UPDATE finding SET gone = 1 WHERE finding_id = ?", (finding_id,))
    else:
        conn.execute("DELETE FROM finding WHERE finding_id = ?", (finding_id,))


def load(conn: sqlite3.Connection, report_id: int, reach: str = "inside") -> tuple[Finding, ...]:
    """The stored findings of a report as values, in the order in which they were first raised."""
    rows = conn.execute(
        "SELECT finding_id, rule, variant, severity, values_json, identity, other_report_id FROM finding"
        " WHERE report_id = ? AND reach = ? AND NOT gone ORDER BY finding_id",
        (report_id, reach),
    ).fetchall()
    return tuple(_finding(conn, *row) for row in rows)


def _finding(
    conn: sqlite3.Connection,
    finding_id: int,
    rule: str,
    variant: str,
    severity: Any,
    values: str,
    identity: str,
    other: int | None,
) -> Finding:
    pieces = conn.execute(
        "SELECT role, char_start, char_end, report_id, foreign_side FROM evidence"
        " WHERE finding_id = ? ORDER BY ordinal",
        (finding_id,),
    )
    evidence = tuple(Evidence(role, a, b, owner if foreign else None) for role, a, b, owner, foreign in pieces)
    fills: Mapping[str, str] = json.loads(values)
    return Finding(rule, variant, severity, fills, evidence, tuple(json.loads(identity)), other)
