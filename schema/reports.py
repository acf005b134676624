"""Writing one report's document and facts into the tables, and rebuilding exactly the same values from them."""

from __future__ import annotations

import json
import sqlite3
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import Any

from sqlite_utils import Database

from schema.errors import Reason, StoreError
from schema.fingerprint import commune_key, topic_key
from schema.layout import LineLayout
from schema.model import (
    Box,
    Document,
    Facts,
    Header,
    Layout,
    NoLayout,
    Outcome,
    Page,
    Passage,
    Section,
    Table,
)
from schema.rows import MENTIONS, SHARED, Row, boxes_json, from_row, line_from, line_row, to_row
from schema.text import key, unmarked

Boxes = Mapping[tuple[int, int], Sequence[Box]]


class Places:
    """Section, page and boxes of a span of one document."""

    def __init__(self, document: Document, boxes: Boxes) -> None:
        self.text = document.text
        self._boxes = boxes
        self._layout: Layout = LineLayout(document.lines) if document.lines else NoLayout()
        self._passages = sorted(document.passages, key=lambda p: p.start)
        self._starts = [p.start for p in self._passages]

    def columns(self, start: int, end: int) -> Row:
        """The columns that mentions and evidence share."""
        index = bisect_right(self._starts, start) - 1
        passage = self._passages[index] if index >= 0 else None
        boxes = self._boxes.get((start, end)) or self._layout.boxes(start, end)
        page = boxes[0].page if boxes else passage.page if passage else None
        return {
            "text": self.text[start:end],
            "section_id": passage.section if passage else None,
            "page": page,
            "char_start": start,
            "char_end": end,
            "boxes": boxes_json(boxes),
        }


def is_better(conn: sqlite3.Connection, report_id: int, outcome: Outcome) -> bool:
    """Whether ``outcome`` tells all, or at least as much as the stored report of the same file."""
    (length,) = conn.execute("SELECT char_count FROM report WHERE report_id = ?", (report_id,)).fetchone()
    return outcome.document is not None and (outcome.kind == "ok" or len(outcome.document.text) >= length)


def remove(conn: sqlite3.Connection, report_id: int) -> None:
    """Take a report's content out; its row stays for ``insert``, since waivers and later versions hang on it."""
    for table in ("compared", "mention", "passage", "report_table", "section", "line", "page"):
        conn.execute(f"DELETE FROM {table} WHERE report_id = ?", (report_id,))
    conn.execute("DELETE FROM cited_document WHERE document_id NOT IN (SELECT document_id FROM citation"
                 " WHERE document_id IS NOT NULL)")  # fmt: skip


def insert(db: Database, outcome: Outcome, file_name: str, sha256: str, report_id: int | None = None) -> int:
    """Store an ``ok`` or ``partial`` outcome's document and facts; returns the new report_id.

    ``report_id``: of a report whose content was removed, to be filled again.
    """
    document, facts = outcome.document, outcome.facts
    if document is None or facts is None:
        raise ValueError(f"outcome {outcome.kind} carries no report")
    if report_id is None:
        report_id = db.conn.execute("SELECT coalesce(max(report_id), 0) + 1 FROM report").fetchone()[0]
    _insert_report(db.conn, report_id, outcome, document, facts.header, file_name, sha256)
    _insert_structure(db, report_id, document)
    _insert_mentions(db, report_id, facts, Places(document, dict(outcome.boxes)))
    return report_id


def _insert_report(
    conn: sqlite3.Connection,
    report_id: int,
    outcome: Outcome,
    document: Document,
    header: Header,
    file_name: str,
    sha256: str,
) -> None:
    row = {
        "report_id": report_id,
        "first_version": _first_version(conn, header) or report_id,
        "file_name": file_name,
        "sha256": sha256,
        "format": document.format,
        "pages": len(document.pages) or None,
        **to_row(header),
        "commune_key": commune_key(header),
        "topic_key": topic_key(header),
        "status": outcome.kind,
        "partial_reason": document.partial and document.partial.value,
        "notices": json.dumps(document.notices, ensure_ascii=False),
        "text": document.text,
        "char_count": len(document.text),
    }
    names = ", ".join(row)
    marks = ", ".join(f":{name}" for name in row)
    renewed = ", ".join(f"{name} = excluded.{name}" for name in row)
    conn.execute(
        f"INSERT INTO report ({names}) VALUES ({marks}) ON CONFLICT (report_id) DO UPDATE SET {renewed}", row
    )


def _first_version(conn: sqlite3.Connection, header: Header) -> int | None:
    """The first stored file of the same report: commune, topic and period agree, and the numbers do not say otherwise.

    A corrected report may bear a new number; then its title must be the same, so that two reports of one topic and
    period (a plan's and a programme's) stay apart.
    """
    if not (header.commune and (header.topic or header.title) and header.period_start):
        return None
    same = conn.execute(
        "SELECT first_version, report_no, title FROM report WHERE commune_key = ? AND topic_key = ?"
        " AND period_start IS ? AND period_end IS ? ORDER BY report_id",
        (
            commune_key(header),
            topic_key(header),
            str(header.period_start),
            header.period_end and str(header.period_end),
        ),
    )
    for first, number, title in same:
        if (
            None in (number, header.report_no)
            or number == header.report_no
            or key(title or "") == key(header.title or "")
        ):
            return int(first)
    return None


def _insert_structure(db: Database, report_id: int, document: Document) -> None:
    owner = {"report_id": report_id}
    _insert_all(db, "page", [owner | to_row(page) for page in document.pages])
    lines = [owner | {"ordinal": n} | line_row(line) for n, line in enumerate(document.lines)]
    _insert_all(db, "line", lines)
    _insert_all(db, "section", [owner | to_row(section) for section in document.sections])
    _insert_all(db, "report_table", [owner | to_row(table) for table in document.tables])
    passages = []
    for passage in document.passages:
        text = document.text[passage.start : passage.end]
        passages.append(owner | to_row(passage) | {"text": text, "folded": unmarked(text)})
    _insert_all(db, "passage", passages)


def _insert_all(db: Database, table: str, rows: list[Row]) -> None:
    if rows:
        db.table(table).insert_all(rows, batch_size=2000)


def _insert_mentions(db: Database, report_id: int, facts: Facts, places: Places) -> None:
    mention_id = db.conn.execute("SELECT coalesce(max(mention_id), 0) FROM mention").fetchone()[0]
    shared: list[Row] = []
    for kind, (_, table, name) in MENTIONS.items():
        own: list[Row] = []
        for mention in getattr(facts, name):
            mention_id += 1
            place = places.columns(mention.start, mention.end)
            shared.append(
                {"mention_id": mention_id, "report_id": report_id, "kind": kind, "rule": mention.rule} | place
            )
            own.append({"mention_id": mention_id, "report_id": report_id} | to_row(mention, skip=SHARED))
        if kind == "citation":
            own = [_with_document(db.conn, row) for row in own]
        if kind == "indicator":
            codes = [(row["indicator"], row["indicator"], row["unit"]) for row in own]
            db.conn.executemany("INSERT OR IGNORE INTO indicator (code, label, unit) VALUES (?, ?, ?)", codes)
        _insert_all(db, "mention", shared)
        _insert_all(db, table, own)
        shared = []


def _with_document(conn: sqlite3.Connection, row: Row) -> Row:
    """``identity`` becomes a link to the cited document, which takes its label from its first mention."""
    identity, document_id = row.pop("identity"), None
    if identity is not None:
        label = row["code"] or row["subject"] or identity
        conn.execute(
            "INSERT OR IGNORE INTO cited_document (identity, label, doc_type, issuer) VALUES (?, ?, ?, ?)",
            (identity, label, row["doc_type"], row["issuer"]),
        )
        found = conn.execute("SELECT document_id FROM cited_document WHERE identity = ?", (identity,))
        document_id = found.fetchone()[0]
    return row | {"document_id": document_id}


def _select(conn: sqlite3.Connection, sql: str, *values: object) -> list[dict[str, Any]]:
    cursor = conn.execute(sql, values)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def _report(conn: sqlite3.Connection, report_id: int) -> dict[str, Any]:
    rows = _select(conn, "SELECT * FROM report WHERE report_id = ?", report_id)
    if not rows:
        raise StoreError(f"no-report {report_id}")
    return rows[0]


def load_document(conn: sqlite3.Connection, report_id: int) -> Document:
    """The document as it was stored; its layout is the stored lines."""
    report = _report(conn, report_id)

    def of(table: str, order: str) -> list[dict[str, Any]]:
        return _select(conn, f"SELECT * FROM {table} WHERE report_id = ? ORDER BY {order}", report_id)

    lines = tuple(line_from(row) for row in of("line", "ordinal"))
    return Document(
        text=report["text"],
        format=report["format"],
        passages=tuple(from_row(Passage, row) for row in of("passage", "passage_id")),
        sections=tuple(from_row(Section, row) for row in of("section", "section_id")),
        tables=tuple(from_row(Table, row) for row in of("report_table", "table_id")),
        pages=tuple(from_row(Page, row) for row in of("page", "number")),
        lines=lines,
        notices=tuple(json.loads(report["notices"])),
        partial=Reason(report["partial_reason"]) if report["partial_reason"] else None,
        layout=LineLayout(lines) if lines else NoLayout(),
    )


def load_header(conn: sqlite3.Connection, report_id: int) -> Header:
    return from_row(Header, _report(conn, report_id))


def load_facts(conn: sqlite3.Connection, report_id: int) -> Facts:
    """All mentions in the order in which they were given, with exact decimals."""
    kinds: dict[str, tuple[Any, ...]] = {}
    for cls, table, name in MENTIONS.values():
        document = " LEFT JOIN cited_document USING (document_id)" if table == "citation" else ""
        identity = ", cited_document.identity" if document else ""
        rows = _select(
            conn,
            f"SELECT own.*, m.char_start, m.char_end, m.rule{identity} FROM {table} AS own"
            f" JOIN mention m USING (mention_id){document} WHERE m.report_id = ? ORDER BY mention_id",
            report_id,
        )
        kinds[name] = tuple(from_row(cls, row) for row in rows)
    return Facts(header=load_header(conn, report_id), **kinds)
