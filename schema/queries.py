"""Read-only questions to the public views, as rows of plain dictionaries. SQL lives here, not in the command line."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from schema.quotes import quotes
from schema.store import translated

Row = dict[str, Any]
SEVERITY_ORDER = "CASE f.severity WHEN 'error' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END"
MOST = 1_000_000


def rows(conn: sqlite3.Connection, sql: str, values: Sequence[object] = ()) -> list[Row]:
    """All rows of a query. StoreError when the database cannot answer."""
    with translated():
        cursor = conn.execute(sql, values)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor]


@dataclass(frozen=True, slots=True)
class FindingFilter:
    """Which findings. ``report`` is an id or (part of) a file name; waived ones only when asked for."""

    report: str | None = None
    severity: str | None = None
    status: str | None = None
    rule: str | None = None
    waived: bool = False

    def where(self) -> tuple[str, list[object]]:
        parts: list[str] = ["1"]
        values: list[object] = []
        for column, value in (("severity", self.severity), ("status", self.status), ("rule", self.rule)):
            if value:
                parts.append(f"f.{column} = ?")
                values.append(value)
        if not self.waived:
            parts.append("NOT f.waived")
        if self.report:
            parts.append("(CAST(r.report_id AS TEXT) = ? OR instr(lower(r.file_name), lower(?)))")
            values += [self.report, self.report if not self.report.isdigit() else "\0"]
        return " AND ".join(parts), values


def findings(conn: sqlite3.Connection, chosen: FindingFilter, limit: int = MOST, offset: int = 0) -> list[Row]:
    """Findings with their report, ``evidence`` and ``quotes``, gravest first within each report, then in text order."""
    where, values = chosen.where()
    found = rows(
        conn,
        f"SELECT f.*, r.file_name, r.commune, r.commune_type, r.report_no, r.title, r.period_start, r.period_end"
        f" FROM findings f JOIN reports r USING (report_id) WHERE {where} ORDER BY r.report_id, {SEVERITY_ORDER},"
        f" (SELECT min(char_start) FROM evidence e WHERE e.finding_id = f.finding_id), f.finding_id LIMIT ? OFFSET ?",
        [*values, limit, offset],
    )
    texts: dict[int, str] = {}
    for finding in found:
        finding["evidence"] = pieces = evidence(conn, finding["finding_id"])
        for owner in {piece["report_id"] for piece in pieces} - texts.keys():
            texts[owner] = rows(conn, "SELECT text FROM texts WHERE report_id = ?", [owner])[0]["text"]
        finding["quotes"] = quotes(pieces, texts)
    return found


def evidence(conn: sqlite3.Connection, finding_id: int) -> list[Row]:
    """The pieces of one finding in order, each with the file and commune it stands in."""
    return rows(
        conn,
        "SELECT e.*, r.file_name, r.commune FROM finding_evidence e JOIN report r USING (report_id)"
        " WHERE finding_id = ? ORDER BY ordinal",
        [finding_id],
    )


def count_findings(conn: sqlite3.Connection, report_ids: Sequence[int] | None = None) -> dict[str, int]:
    """Open findings by severity, of all reports or of some."""
    where, values = "", ""
    if report_ids is not None:
        where, values = " AND report_id IN (SELECT value FROM json_each(?))", json.dumps(list(report_ids))
    found = rows(
        conn,
        f"SELECT severity, count(*) AS n FROM findings WHERE status = 'open' AND NOT waived{where} GROUP BY severity",
        [values] if values else [],
    )
    return {"error": 0, "warning": 0, "info": 0} | {row["severity"]: row["n"] for row in found}


def files(conn: sqlite3.Connection, failed: bool = False) -> list[Row]:
    """The ledger by path; ``failed``: only what was not wholly read."""
    where = " WHERE outcome IN ('failed', 'unsupported', 'partial')" if failed else ""
    return rows(conn, f"SELECT * FROM files{where} ORDER BY path, file_id")


def reports(conn: sqlite3.Connection, newest: bool = True, limit: int = MOST, offset: int = 0) -> list[Row]:
    where = " WHERE newest" if newest else ""
    return rows(
        conn,
        f"SELECT * FROM reports{where} ORDER BY commune, period_start, report_id LIMIT ? OFFSET ?",
        [limit, offset],
    )


def search(conn: sqlite3.Connection, words: str, limit: int = 50) -> list[Row]:
    """Passages with all the words; words typed without any mark also match those with marks."""
    from schema.text import nfc, unmarked

    typed = nfc(words)
    column = "folded" if unmarked(typed) == typed else "text"
    query = " ".join('"' + word.replace('"', '""') + '"' for word in typed.split())
    if not query:
        return []
    return rows(
        conn,
        "SELECT p.report_id, r.file_name, p.passage_id, p.text, p.page, p.char_start, p.char_end FROM passage_fts f"
        " JOIN passage p ON p.rowid = f.rowid JOIN report r USING (report_id) WHERE passage_fts MATCH ?"
        " ORDER BY rank, p.report_id, p.passage_id LIMIT ?",
        [f"{column} : ({query})", limit],
    )


def indicator_values(conn: sqlite3.Connection) -> list[Row]:
    """Every value achieved by a whole commune, of the reports that count, in the catalogue's order of indicators."""
    return rows(
        conn,
        "SELECT r.commune, r.district, r.period_start AS report_start, r.period_end AS report_end, r.file_name,"
        " r.report_id, v.indicator, i.label, v.value, v.value_text, coalesce(i.unit, v.unit) AS unit, v.qualifier,"
        " v.as_of, v.period_start, v.period_end, v.section, v.page, v.text, v.char_start"
        " FROM indicator_values v JOIN reports r USING (report_id) JOIN indicator i ON i.code = v.indicator"
        " WHERE r.newest AND v.basis = 'actual' AND v.scope IS NULL AND v.breakdown IS NULL"
        " ORDER BY r.commune, r.period_start, r.report_id, coalesce(i.ordinal, 100000), i.code, v.char_start",
    )
