"""Downloads: the public views as CSV (for Excel, with a byte-order mark) and as a workbook."""
from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from sqlite3 import Connection
from typing import Any

import xlsxwriter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from review import data
from review.data import reading
from review.safety import visible
from review.site import Site
from schema.text import FORMULA

_MOST = 500_000
EXPORTS = {
    "findings": """select r.commune, r.file_name, f.rule, f.severity, f.status, f.message, f.values_json, f.fingerprint
        from findings f join reports r on r.report_id = f.report_id order by r.commune, f.report_id, f.finding_id""",
    "indicators": """select r.commune, r.period_start as report_start, r.period_end as report_end, v.indicator, v.value,
        v.value_text, v.unit, v.qualifier, v.as_of, v.basis, v.section, v.page, r.file_name
        from indicator_values v join reports r on r.report_id = v.report_id
        order by r.commune, r.period_end, v.indicator""",
    "citations": """select r.commune, r.file_name, c.code, c.doc_type, c.issued_on, c.issuer, c.subject, c.incomplete,
        c.text, c.section, c.page from citations c join reports r on r.report_id = c.report_id
        order by r.commune, c.report_id, c.char_start""",
    "files": """select file_name, sha256, bytes, received_at, outcome, reason_code, reason from files
        order by received_at, file_name""",
    "reviews": "select at, reviewer, status, note, fingerprint from reviews order by at",
}


def plain(value: Any) -> Any:
    """A cell that a spreadsheet will not run: text that begins like a formula gets a leading apostrophe."""
    if not isinstance(value, str):
        return value
    shown = visible(value)
    return "'" + shown if shown.startswith(FORMULA) else shown


def _csv(db: Path, seconds: float, sql: str) -> Iterator[bytes]:
    with reading(db, seconds) as connection:
        cursor = connection.execute(sql)
        held = io.StringIO()
        held.write("\ufeff")  # without it Excel reads Vietnamese letters as another code page
        writer = csv.writer(held)
        writer.writerow([column[0] for column in cursor.description])
        while rows := cursor.fetchmany(500):
            writer.writerows([plain(value) for value in row] for row in rows)
            yield held.getvalue().encode()
            held.seek(0)
            held.truncate()
        yield held.getvalue().encode()


def workbook(connection: Connection, sheets: Sequence[tuple[str, str]]) -> bytes:
    """An xlsx file with one sheet for each (name, SELECT); strings stay strings, never formulas or links."""
    held = io.BytesIO()
    made = xlsxwriter.Workbook(
        held, {"strings_to_formulas": False, "strings_to_urls": False, "constant_memory": True, "in_memory": False}
    )
    bold = made.add_format({"bold": True})
    for name, sql in sheets:
        sheet = made.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        cursor = connection.execute(sql)
        sheet.write_row(0, 0, [column[0] for column in cursor.description], bold)
        for index, row in enumerate(cursor.fetchmany(_MOST), start=1):
            for column, value in enumerate(row):
                if isinstance(value, str):
                    sheet.write_string(index, column, visible(value)[:32_000])
                elif value is not None:
                    sheet.write_number(index, column, value)
    made.close()
    return held.getvalue()


def _file(body: bytes | None, name: str, kind: str) -> Response:
    if body is None:
        raise HTTPException(404)
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(body, media_type=f"application/vnd.openxmlformats-officedocument.{kind}", headers=headers)


def routes(site: Site) -> list[Route]:
    slow = site.settings.query_seconds * 10  # a whole table takes longer than a page may

    def listing(request: Request) -> Response:
        with site.reading() as connection:
            communes = data.distinct(connection, "reports", "commune")
        grids = site.office.grids() if site.office else []
        return site.page(request, "downloads.html", exports=list(EXPORTS), communes=communes, grids=grids)

    def sheet(request: Request) -> Response:
        made = site.office.workbook(str(request.query_params.get("grid", ""))[:200]) if site.office else None
        return _file(made, "tong-hop.xlsx", "spreadsheetml.sheet")

    def letter(request: Request) -> Response:
        made = site.office.letter(str(request.query_params.get("commune", ""))[:400]) if site.office else None
        return _file(made, "phieu-yeu-cau-giai-trinh.docx", "wordprocessingml.document")

    def download(request: Request) -> Response:
        what, kind = request.path_params["what"], request.path_params["kind"]
        if what not in EXPORTS or kind not in {"csv", "xlsx"}:
            raise HTTPException(404)
        headers = {"content-disposition": f'attachment; filename="rasoat-{what}.{kind}"'}
        if kind == "csv":
            body = _csv(site.db, slow, EXPORTS[what])
            return StreamingResponse(body, media_type="text/csv; charset=utf-8", headers=headers)
        with reading(site.db, slow) as connection:
            book = workbook(connection, [(what, EXPORTS[what])])
        return _file(book, f"rasoat-{what}.xlsx", "spreadsheetml.sheet")

    return [
        Route("/downloads", listing),
        Route("/downloads/sheet.xlsx", sheet),
        Route("/downloads/{what}.{kind}", download),
        Route("/letter.docx", letter),
    ]
