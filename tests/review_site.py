"""A small database with fictional reports, one of them hostile, for the tests of the page."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from review.ports import Settings
from schema.store import Store
from schema.text import unmarked

PATIENT = Settings(reviewer="Người Thử", query_seconds=120, page_seconds=120)
"""The page as it stands, but for limits that a busy machine would meet."""
HOSTILE = "<script>document.title='hacked'</script><img src=x onerror=alert(1)>\u202egnp.exe\u0007"
WIDTH, HEIGHT = 595.0, 842.0
_FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"

Box = list[float]


def make_pdf(path: Path, pages: list[list[tuple[float, str]]]) -> dict[str, list[Box]]:
    """Writes a PDF; ``pages`` hold (distance from the top, line). Gives the box of each line."""
    boxes: dict[str, list[Box]] = {}
    canvas = Canvas(str(path), pagesize=(WIDTH, HEIGHT))
    pdfmetrics.registerFont(TTFont("Body", _FONT))
    for number, lines in enumerate(pages, start=1):
        canvas.setFont("Body", 11)
        for top, line in lines:
            canvas.drawString(60, HEIGHT - top, line)
            wide = pdfmetrics.stringWidth(line, "Body", 11)
            boxes[line] = [[number, 60 / WIDTH, (top - 11) / HEIGHT, (60 + wide) / WIDTH, (top + 3) / HEIGHT]]
        canvas.showPage()
    canvas.save()
    return boxes


PAGE_1 = [
    (70, "ỦY BAN NHÂN DÂN XÃ SUỐI MƠ"),
    (100, "BÁO CÁO công tác cải cách hành chính quý III năm 2023"),
    (150, "I. Tổ chức bộ máy"),
    (180, "Tổng số cán bộ, công chức của xã là 17 người."),
    (210, "Đường giao thông nông thôn dài 12,5 km, đạt 90,87% kế hoạch."),
]
PAGE_2 = [(70, "II. Kết quả thực hiện"), (640, "Tính đến nay xã có 18 cán bộ, công chức.")]


class Builder:
    """Rows of the base tables, with offsets found in the text itself."""

    def __init__(self, store: Store) -> None:
        self.store, self.texts = store, dict[int, str]()

    def insert(self, table: str, **row: Any) -> int:
        names = ", ".join(f'"{name}"' for name in row)
        marks = ", ".join("?" for _ in row)
        return (
            self.store.conn.execute(f"insert into {table} ({names}) values ({marks})", list(row.values())).lastrowid
            or 0
        )

    def report(
        self, report_id: int, path: Path, lines: list[str], fmt: str, commune: str, period: str, **more: Any
    ) -> None:
        text = "\n".join(lines)
        self.texts[report_id] = text
        digest = hashlib.sha256(path.read_bytes() if path.exists() else path.name.encode()).hexdigest()
        row = {
            "report_id": report_id,
            "first_version": report_id,
            "file_name": path.name,
            "sha256": digest,
            "format": fmt,
            "pages": 2 if fmt == "pdf" else None,
            "commune": commune,
            "commune_key": commune.lower(),
            "district": "Trung Sơn",
            "province": "Mẫu",
            "report_no": "15/BC-UBND",
            "issued_on": "2023-09-20",
            "topic": "cải cách hành chính",
            "title": "Báo cáo cải cách hành chính",
            "period_start": period[:4] + "-07-01",
            "period_end": period,
            "status": "ok",
            "text": text,
            "char_count": len(text),
        } | more
        self.insert("report", **row)
        self.insert(
            "file",
            path=str(path),
            file_name=path.name,
            sha256=digest,
            bytes=1,
            received_at="2023-10-01T08:00:00+00:00",
            outcome=row["status"],
            report_id=report_id,
        )
        at = 0
        for number, line in enumerate(lines):
            self.insert(
                "passage",
                report_id=report_id,
                passage_id=number,
                kind="paragraph",
                zone="body",
                text=line,
                folded=unmarked(line),
                page=1 if fmt == "pdf" else None,
                char_start=at,
                char_end=at + len(line),
                row_span=1,
                col_span=1,
            )
            at += len(line) + 1

    def span(self, report_id: int, words: str) -> tuple[int, int]:
        start = self.texts[report_id].index(words)
        return start, start + len(words)

    def mention(self, report_id: int, kind: str, words: str, boxes: list[Box] | None = None, **row: Any) -> int:
        start, end = self.span(report_id, words)
        made = self.insert(
            "mention",
            report_id=report_id,
            kind=kind,
            text=words,
            char_start=start,
            char_end=end,
            page=int(boxes[0][0]) if boxes else None,
            boxes=json.dumps(boxes or []),
            rule="test",
        )
        tables = {
            "quantity": "quantity",
            "citation": "citation",
            "indicator": "indicator_value",
            "percentage": "percentage",
        }
        self.insert(tables[kind], mention_id=made, **row)
        return made

    def finding(
        self,
        finding_id: int,
        report_id: int,
        rule: str,
        severity: str,
        message: str,
        sides: list[tuple[str, list[Box]]],
    ) -> None:
        self.insert(
            "finding",
            finding_id=finding_id,
            report_id=report_id,
            reach="inside",
            rule=rule,
            variant="plain",
            severity=severity,
            message=message,
            values_json='{"difference": "1"}',
            identity="[]",
            fingerprint=f"print-{finding_id}",
        )
        for ordinal, (words, boxes) in enumerate(sides):
            start, end = self.span(report_id, words)
            self.insert(
                "evidence",
                finding_id=finding_id,
                ordinal=ordinal,
                role="claim",
                report_id=report_id,
                foreign_side=0,
                text=words,
                page=int(boxes[0][0]) if boxes else None,
                char_start=start,
                char_end=end,
                boxes=json.dumps(boxes),
            )


def build(folder: Path) -> Path:
    """The database: findings 1, 2 (PDF with page images), 3 (DOCX), 4 (hostile text, original gone), 5 (waived)."""
    db = folder / "thu.db"
    pdf = folder / "suoi-mo.pdf"
    boxes = make_pdf(pdf, [PAGE_1, PAGE_2])
    with Store(db) as store, store.transaction() as connection:
        connection.execute("pragma defer_foreign_keys = 1")
        fill(Builder(store), folder, pdf, boxes)
    return db


def fill(made: Builder, folder: Path, pdf: Path, boxes: dict[str, list[Box]]) -> None:
    first, road, last = PAGE_1[3][1], PAGE_1[4][1], PAGE_2[1][1]
    made.report(1, pdf, [line for _, line in PAGE_1 + PAGE_2], "pdf", "Suối Mơ", "2023-09-30")
    docx = folder / "doi-thong.docx"
    docx.write_bytes(b"not read again")
    made.report(
        2,
        docx,
        ["Xã có 05 thôn.", "Thôn\tSố hộ\nMột\t10\nHai\t20", "Căn cứ Kế hoạch số 15/KH-UBND về về cải cách."],
        "docx",
        "Đồi Thông",
        "2023-09-30",
    )
    made.report(
        3,
        folder / "gone.pdf",
        [f"Báo cáo {HOSTILE}", "x" * 30_000, "Số liệu 3 khác 4."],
        "pdf",
        HOSTILE,
        "2023-12-31",
        status="partial",
        title=HOSTILE,
    )
    made.insert("indicator", code="staff.total", label="Số cán bộ")
    for report_id, words, value in ((1, "17 người", "17"), (1, "18 cán bộ", "18"), (2, "05 thôn", "05")):
        made.mention(
            report_id,
            "indicator",
            words,
            indicator="staff.total",
            value=value,
            value_text=value,
            decimals=0,
            unit="người",
            qualifier="=",
            period_end="2023-09-30",
            basis="actual",
            cumulative=0,
        )
    made.mention(
        1,
        "percentage",
        "90,87%",
        boxes[road],
        value="90.87",
        value_text="90,87",
        decimals=2,
        qualifier="=",
        change="level",
        points=0,
        basis="actual",
    )
    made.mention(2, "citation", "15/KH-UBND", code="15/KH-UBND", incomplete=0)
    made.finding(
        1,
        1,
        "staff-mismatch",
        "error",
        "17 người ≠ 18 người: số cán bộ, công chức không khớp.",
        [(first, boxes[first]), (last, boxes[last])],
    )
    made.finding(2, 1, "percent-mismatch", "warning", "90,87% cần xác minh.", [(road, boxes[road])])
    made.finding(3, 2, "repeated-word", "warning", "“về về” lặp từ.", [("về về", [])])
    gone = [[1, 0.1, 0.1, 0.5, 0.2]]
    made.finding(4, 3, "value-conflict", "info", f"3 ≠ 4 {HOSTILE}", [("Số liệu 3", gone), ("khác 4", gone)])
    made.finding(5, 2, "numbering-gap", "info", "Thiếu mục II.", [("05 thôn", [])])
    why = f"mẫu riêng của xã {HOSTILE}"
    made.insert("waiver", fingerprint="print-5", note=why, reviewer="Hoa", at="2024-01-02T03:04:05Z")
    made.insert(
        "file",
        path="/secret/place/hong.pdf",
        file_name="hong.pdf",
        sha256="0" * 64,
        bytes=3,
        received_at="2023-10-01T08:00:00+00:00",
        outcome="failed",
        reason_code="pdf-broken",
        reason="Tệp PDF bị hỏng; hãy xin bản khác.",
    )
