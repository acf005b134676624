"""The database's own promises, checked again from the public views (contract, "Invariants")."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from typing import get_args

from schema.model import OutcomeKind
from schema.store import translated

PAGED = ("pdf", "scan")
KINDS = ("citations", "dates", "quantities", "percentages", "ratios", "indicator_values")
COMPARING = (
    "citation-date-conflict",
    "citation-number-conflict",
    "total-mismatch",
    "percent-mismatch",
    "part-exceeds-whole",
    "value-conflict",
    "rate-conflict",
    "staff-mismatch",
    "repeated-heading",
    "repeated-passage",
    "series-conflict",
    "series-drop",
    "copied-passage",
)


def broken(conn: sqlite3.Connection) -> Iterator[str]:
    """Each broken promise, one line each; nothing when all hold."""
    with translated():
        yield from _integrity(conn)
        yield from _slices(conn)
        yield from _boxes(conn)
        yield from _evidence(conn)
        yield from _ledger(conn)


def _slices(conn: sqlite3.Connection) -> Iterator[str]:
    """1: text is the slice. Compared here, since SQLite's substr walks the whole text for each row."""
    for report_id, text in conn.execute("SELECT report_id, text FROM texts"):
        for view, name in (*((kind, "mention_id") for kind in KINDS), ("finding_evidence", "finding_id")):
            found = conn.execute(
                f"SELECT {name}, text, char_start, char_end FROM {view} WHERE report_id = ?", (report_id,)
            )
            for key, said, start, end in found:
                if not 0 <= start < end <= len(text) or text[start:end] != said:
                    yield f"1: {view} {key}: text is not the slice {start}..{end} of report {report_id}"


def _boxes(conn: sqlite3.Connection) -> Iterator[str]:
    """2: a mention of a paged format has a box, and every box lies on a page of its report."""
    pages = {
        report_id: (format_, count or 0)
        for report_id, format_, count in conn.execute("SELECT report_id, format, pages FROM reports")
    }
    for view in (*KINDS, "finding_evidence"):
        key = "finding_id" if view == "finding_evidence" else "mention_id"
        for number, report_id, boxes in conn.execute(f"SELECT {key}, report_id, boxes FROM {view}"):
            format_, count = pages[report_id]
            found = json.loads(boxes)
            if not found and format_ in PAGED:
                yield f"2: {view} {number}: no box"
            for page, x0, y0, x1, y1 in found:
                if not (1 <= page <= count and 0 <= x0 <= x1 <= 1 and 0 <= y0 <= y1 <= 1):
                    yield f"2: {view} {number}: box outside its page: {[page, x0, y0, x1, y1]}"


def _evidence(conn: sqlite3.Connection) -> Iterator[str]:
    """3: every finding has evidence, those that compare at least two pieces."""
    counts = conn.execute(
        "SELECT f.finding_id, f.rule, count(e.ordinal) FROM findings f LEFT JOIN finding_evidence e USING (finding_id)"
        " GROUP BY f.finding_id"
    )
    for finding_id, rule, count in counts:
        if count < (2 if rule in COMPARING else 1):
            yield f"3: finding {finding_id} ({rule}): {count} pieces of evidence"


def _ledger(conn: sqlite3.Connection) -> Iterator[str]:
    """4: every file has one outcome; exactly ``ok`` and ``partial`` have a report, and each report one such file."""
    wrong = "SELECT path, outcome FROM files WHERE (outcome IN ('ok', 'partial')) <> (report_id IS NOT NULL)"
    for path, outcome in conn.execute(wrong):
        yield f"4: {path}: {outcome}, report where none belongs or none where one does"
    owners = (
        "SELECT r.report_id, count(f.file_id) FROM reports r LEFT JOIN files f USING (report_id)"
        " GROUP BY r.report_id HAVING count(f.file_id) <> 1"
    )
    for report_id, count in conn.execute(owners):
        yield f"4: report {report_id} belongs to {count} files"
    unsaid = "SELECT path, outcome FROM files WHERE outcome <> 'ok' AND (reason_code IS NULL OR reason IS NULL)"
    for path, outcome in conn.execute(unsaid):
        yield f"4: {path}: {outcome} without a reason"
    for run_id, text in conn.execute("SELECT run_id, summary FROM runs WHERE finished_at IS NOT NULL"):
        summary = json.loads(text)
        told = sum(summary.get(kind, 0) for kind in get_args(OutcomeKind))
        if told != summary.get("received", 0):
            yield f"4: run {run_id}: {summary['received']} files received, {told} ended"


def _integrity(conn: sqlite3.Connection) -> Iterator[str]:
    """5: SQLite's own checks, and the full-text index against its passages."""
    for (said,) in conn.execute("PRAGMA integrity_check"):
        if said != "ok":
            yield f"5: integrity_check: {said}"
    for table, rowid, parent, _ in conn.execute("PRAGMA foreign_key_check"):
        yield f"5: foreign_key_check: {table} {rowid} -> {parent}"
