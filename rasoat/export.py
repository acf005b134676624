"""Tables for others: CSV that Excel opens rightly, workbooks, JSON and SARIF. Nothing in them depends on the clock."""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Literal, TextIO
from urllib.parse import quote

from rasoat.cells import Sheet, safe
from rasoat.settings import Lang
from rasoat.sheet import flat, lists
from rasoat.sheet.book import workbook
from rasoat.sheet.grid import District, Wanted, load
from rasoat.sheet.lists import Table
from rasoat.sheet.words import topics
from schema import queries
from schema.errors import SettingsError
from schema.model import Finding
from schema.store import Store

What = Literal["indicators", "findings", "citations", "all"]
EVERYTHING = Wanted()
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


class NothingFoundError(SettingsError):
    """No report is of the topic and period that were asked for."""


def _selected(conn: sqlite3.Connection, name: str, sql: str) -> Sheet:
    found = queries.rows(conn, sql)
    names = list(found[0]) if found else [column[0] for column in conn.execute(sql).description]
    return name, names, [list(row.values()) for row in found]


def _flat(store: Store, what: What, wanted: Wanted) -> Iterator[Sheet]:
    """The tables of an export for programs: names of columns in English, one value a cell."""
    if what in ("indicators", "all"):
        district = _district(store, wanted)
        yield "indicators", *flat.communes(district)
        yield "indicator-sources", *flat.statements(district)
    if what in ("findings", "all"):
        yield _selected(store.conn, "findings", FINDINGS)
    if what in ("citations", "all"):
        yield _selected(store.conn, "citations", CITATIONS)


def _district(store: Store, wanted: Wanted) -> District:
    district = load(store, wanted, topics())
    if not district.grids and wanted != EVERYTHING:
        raise NothingFoundError
    return district


def district_workbook(store: Store, wanted: Wanted = EVERYTHING) -> bytes:
    """The district's sheet as a workbook. NothingFoundError where no report is of what was asked for."""
    district = _district(store, wanted)
    return workbook(district.grids, _lists(store, district))


def _lists(store: Store, district: District) -> list[Table]:
    found = lists.findings(store, district.report_ids)
    return [lists.missing(district), found, lists.sources(store, district), lists.figures(district)]


def write(store: Store, target: Path, what: What, wanted: Wanted = EVERYTHING) -> list[Path]:
    """Write to ``target`` (.csv, .xlsx or .parquet) and return the files written. SettingsError for any other kind,
    NothingFoundError where no report is of the topic and period asked for.

    CSV and Parquet hold one table a file: of several CSV files each has its table's name behind that of ``target``;
    ``target`` is the folder of Parquet files.
    """
    kind = target.suffix.lower()
    if kind == ".xlsx":
        target.write_bytes(_workbook(store, what, wanted))
        return [target]
    if kind == ".parquet":
        from rasoat import parquet

        return parquet.write(target, _flat(store, what, wanted))
    if kind != ".csv":
        raise SettingsError(f"--to {target.name}")
    made = list(_flat(store, what, wanted))
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


def _workbook(store: Store, what: What, wanted: Wanted) -> bytes:
    if what == "findings":
        return workbook((), [lists.findings(store)])
    if what == "citations":
        return workbook((), [lists.citations(store)])
    district = _district(store, wanted)
    more = [lists.citations(store)] if what == "all" else []
    return workbook(district.grids, [*_lists(store, district), *more])


def translate(rows: list[queries.Row], lang: Lang) -> None:
    """Messages are stored in the language of their ingest; any other is made from the stored values.

    One of an older version, for which there are no such words any more, stays as stored.
    """
    from checks.messages import render

    for row in rows:
        finding = Finding(row["rule"], row["variant"], row["severity"], json.loads(row["values_json"]), (), ())
        with suppress(KeyError):
            row["message"] = render(finding, lang)


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
