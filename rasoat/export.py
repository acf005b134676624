"""Tables for others: CSV that Excel opens rightly, workbooks, JSON and SARIF. Nothing in them depends on the clock."""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Literal, TextIO
from urllib.parse import quote

from rasoat.messages import printable
from schema import queries
from schema.errors import SettingsError

What = Literal["indicators", "findings", "citations", "all"]
Cell = str | int | float | None
Sheet = tuple[str, list[str], Iterable[Sequence[Cell]]]
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff0b", "\uff1d", "\uff0d", "\uff20")

WAIVER = ("waived", "waiver_reason", "waiver_by", "waiver_at")
FINDINGS = """SELECT r.commune, r.district, r.file_name, r.report_no, r.period_start, r.period_end, f.rule, f.severity,
 f.status, f.message, a.text AS quote_1, a.section AS section_1, a.page AS page_1, b.text AS quote_2,
 b.section AS section_2, b.page AS page_2, f.fingerprint, f.waived, f.waiver_reason, f.waiver_by, f.waiver_at
 FROM findings f JOIN reports r USING (report_id)
 LEFT JOIN finding_evidence a ON a.finding_id = f.finding_id AND a.ordinal = 0
 LEFT JOIN finding_evidence b ON b.finding_id = f.finding_id AND b.ordinal = 1
 ORDER BY f.waived, r.report_id, a.char_start, f.finding_id"""
CITATIONS = """SELECT r.commune, r.district, r.file_name, c.code, c.doc_type, c.number, c.year, c.symbol, c.issued_on,
 c.issuer, c.subject, c.incomplete, c.text, c.section, c.page, c.char_start, c.char_end
 FROM citations c JOIN reports r USING (report_id) ORDER BY c.report_id, c.char_start, c.mention_id"""


def safe(value: object) -> Cell:
    """A cell that no spreadsheet takes for a formula: such text gets an apostrophe before it."""
    if value is None or isinstance(value, (int, float)):
        return value
    text = printable(str(value))
    return "'" + text if str(value).startswith(FORMULA) or text.startswith(FORMULA) else text


def district_sheet(conn: sqlite3.Connection) -> Sheet:
    """Communes x indicators, one row for each commune and period; the newest version of each report counts.

    Of several values of one indicator the one of the report's own period counts, then the one stated first.
    """
    values = queries.indicator_values(conn)
    columns = {row["indicator"]: row for row in sorted(values, key=lambda row: 0)}
    order = [
        row["code"]
        for row in queries.rows(conn, "SELECT code FROM indicator ORDER BY coalesce(ordinal, 100000), code")
        if row["code"] in columns
    ]
    lines: dict[tuple[Any, ...], dict[str, tuple[int, Cell]]] = {}
    for row in values:
        line = lines.setdefault((row["commune"], row["district"], row["report_start"], row["report_end"]), {})
        rank = _rank(row)
        if row["indicator"] not in line or rank < line[row["indicator"]][0]:
            line[row["indicator"]] = (rank, row["value"])
    head = ["commune", "district", "period_start", "period_end"]
    titles = [f"{code} – {columns[code]['label']} ({columns[code]['unit'] or ''})" for code in order]
    body = [[*who, *(line[code][1] if code in line else None for code in order)] for who, line in lines.items()]
    return "indicators", head + titles, body


def _rank(row: queries.Row) -> int:
    """0: of the report's own period or its end; 1: of no stated time; 2: of another time."""
    if row["period_start"] is None and row["as_of"] is None:
        return 1
    own = (row["period_start"], row["period_end"]) == (row["report_start"], row["report_end"])
    return 0 if own or (row["as_of"] is not None and row["as_of"] == row["report_end"]) else 2


def _selected(conn: sqlite3.Connection, name: str, sql: str) -> Sheet:
    found = queries.rows(conn, sql)
    names = list(found[0]) if found else [column[0] for column in conn.execute(sql).description]
    return name, names, [list(row.values()) for row in found]


def _sources(conn: sqlite3.Connection) -> Sheet:
    """Where each figure of the sheet stands."""
    found = queries.indicator_values(conn)
    names = [
        "commune",
        "file_name",
        "indicator",
        "label",
        "value",
        "value_text",
        "unit",
        "qualifier",
        "as_of",
        "period_start",
        "period_end",
        "section",
        "page",
        "text",
    ]
    return "indicator-sources", names, [[row[name] for name in names] for row in found]


def sheets(conn: sqlite3.Connection, what: What) -> Iterator[Sheet]:
    """The tables of an export, ready to write."""
    if what in ("indicators", "all"):
        yield district_sheet(conn)
        yield _sources(conn)
    if what in ("findings", "all"):
        yield _selected(conn, "findings", FINDINGS)
    if what in ("citations", "all"):
        yield _selected(conn, "citations", CITATIONS)


def write(conn: sqlite3.Connection, target: Path, what: What) -> list[Path]:
    """Write to ``target`` (.csv or .xlsx) and return the files written. SettingsError for any other kind.

    CSV holds one table; where there are several (``all``) each goes to a file of its own name beside ``target``.
    """
    kind = target.suffix.lower()
    if kind == ".xlsx":
        _workbook(target, sheets(conn, what))
        return [target]
    if kind != ".csv":
        raise SettingsError(f"--to {target.name}")
    made = list(sheets(conn, what))
    if what == "indicators":
        made = made[:1]
    written = []
    for sheet in made:
        path = target if len(made) == 1 else target.with_name(f"{target.stem}-{sheet[0]}{target.suffix}")
        with path.open("w", encoding="utf-8-sig", newline="") as file:  # the mark tells Excel that this is UTF-8
            csv_table(file, sheet)
        written.append(path)
    return written


def csv_table(out: TextIO, sheet: Sheet) -> None:
    writer = csv.writer(out)
    writer.writerow([safe(name) for name in sheet[1]])
    writer.writerows([safe(value) for value in row] for row in sheet[2])


def _workbook(target: Path, tables: Iterable[Sheet]) -> None:
    import datetime

    import xlsxwriter

    book = xlsxwriter.Workbook(str(target), {"strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": datetime.datetime(2000, 1, 1)})  # equal databases give equal workbooks
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    for name, head, body in tables:
        page = book.add_worksheet(name)
        page.freeze_panes(1, 1)
        page.write_row(0, 0, head, bold)
        for n, row in enumerate(body, 1):
            for column, value in enumerate(row):
                if isinstance(value, str):
                    page.write_string(n, column, printable(value)[:32767])
                elif value is not None:
                    page.write_number(n, column, value)
        page.autofilter(0, 0, max(len(list(body)), 1), len(head) - 1)
    book.close()


def findings_json(rows: list[queries.Row]) -> str:
    """Findings with their evidence, for programs."""
    for row in rows:
        del row["quotes"]  # the same evidence, cut for a terminal
        row["values"] = json.loads(row.pop("values_json"))
        for piece in row["evidence"]:
            piece["boxes"] = json.loads(piece["boxes"])
    return json.dumps(rows, ensure_ascii=False, indent=1)


def findings_sheet(rows: list[queries.Row]) -> Sheet:
    """The findings asked for as one table, all quotes in one cell."""
    names = ["finding_id", "report_id", "file_name", "commune", "rule", "severity", "status", "message"]
    body = [
        [
            *(row[name] for name in names),
            " ⟂ ".join(piece["text"] for piece in row["evidence"]),
            " ".join(str(piece["page"]) for piece in row["evidence"] if piece["page"]),
            *(row[name] for name in WAIVER),
        ]
        for row in rows
    ]
    return "findings", [*names, "quotes", "pages", *WAIVER], body


def sarif(rows: list[queries.Row], version: str) -> str:
    """SARIF 2.1.0 (OASIS): one result a finding, its evidence as locations with character regions."""
    level = {"error": "error", "warning": "warning", "info": "note"}
    results = [
        {
            "ruleId": row["rule"],
            "level": level[row["severity"]],
            "message": {"text": row["message"]},
            "locations": [_location(piece) for piece in row["evidence"][:1]],
            "relatedLocations": [{"id": n, **_location(piece)} for n, piece in enumerate(row["evidence"][1:], 1)],
            "partialFingerprints": {"rasoat/v1": row["fingerprint"]},
            **_suppressed(row),
        }
        for row in rows
    ]
    rules = [{"id": rule} for rule in sorted({row["rule"] for row in rows})]
    tool = {"driver": {"name": "rasoat", "version": version, "rules": rules}}
    return json.dumps(
        {
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
            "version": "2.1.0",
            "runs": [{"tool": tool, "columnKind": "unicodeCodePoints", "results": results}],
        },
        ensure_ascii=False,
        indent=1,
    )


def _suppressed(row: queries.Row) -> dict[str, object]:
    """A waived finding stays in the file, with who waived it, when and why."""
    if not row["waived"]:
        return {}
    who = {"by": row["waiver_by"], "at": row["waiver_at"]}
    told = {"kind": "external", "status": "accepted", "justification": row["waiver_reason"], "properties": who}
    return {"suppressions": [told]}


def _location(piece: queries.Row) -> dict[str, object]:
    region = {
        "charOffset": piece["char_start"],
        "charLength": piece["char_end"] - piece["char_start"],
        "snippet": {"text": piece["text"]},
    }
    message = " · ".join(str(part) for part in (piece["section"], piece["page"] and f"trang {piece['page']}") if part)
    return {
        "physicalLocation": {"artifactLocation": {"uri": quote(piece["file_name"])}, "region": region},
        "message": {"text": message},
    }
