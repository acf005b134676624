"""A small made-up report with every kind of mention, for the tests of store, queries and pages."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from schema.model import (
    Box,
    Citation,
    DateMention,
    Document,
    Evidence,
    Facts,
    Finding,
    Header,
    IndicatorValue,
    Line,
    Outcome,
    Page,
    Passage,
    Percentage,
    Quantity,
    Ratio,
    Section,
    Table,
)

TEXT = (
    "I. Tổ chức bộ máy\n"
    "Xã có 17 cán bộ, công chức theo Kế hoạch số 15/KH-UBND ngày 10/02/2023.\n"
    "Tổng số 18 người, đạt 90,87% (9/10 thôn) đến nay.\n"
    "Thôn Đoài\t1.204\n"
)
LINES = TEXT.splitlines(keepends=True)


def span(words: str) -> tuple[int, int]:
    start = TEXT.index(words)
    return start, start + len(words)


def lines() -> tuple[Line, ...]:
    found, start = [], 0
    for n, line in enumerate(LINES):
        found.append(Line(start, start + len(line) - 1, Box(1, 0.1, 0.1 + n / 10, 0.9, 0.15 + n / 10), None))
        start += len(line)
    return tuple(found)


def document() -> Document:
    starts = [TEXT.index(line) for line in LINES]
    ends = [start + len(line) - 1 for start, line in zip(starts, LINES, strict=True)]
    cell = TEXT.index("1.204")
    passages = (
        Passage(0, "heading", "body", starts[0], ends[0], 1, 0),
        Passage(1, "paragraph", "body", starts[1], ends[1], 1, 0),
        Passage(2, "paragraph", "body", starts[2], ends[2], 1, 0),
        Passage(3, "table-cell", "body", starts[3], cell - 1, 1, 0, 0, 0, 0),
        Passage(4, "table-cell", "body", cell, cell + 5, 1, 0, 0, 0, 1, 1, 2),
    )
    return Document(
        TEXT, "pdf", passages, (Section(0, None, "I", "Tổ chức bộ máy", 1, 0, len(TEXT), 1),),
        (Table(0, starts[3], ends[3], 1, 2, 0, 1),), (Page(1, 595.0, 842.0),), lines(), ("signed",),
    )  # fmt: skip


def facts() -> Facts:
    code, day, issued = span("15/KH-UBND"), span("ngày 10/02/2023"), date(2023, 2, 10)
    first, again, cell = span("17 cán bộ"), span("18 người"), span("1.204")
    header = Header(
        "Xã Thử Nghiệm", "xã", "huyện Mẫu", "tỉnh Mẫu", "12/BC-UBND", date(2023, 12, 1), "Báo cáo cải cách hành chính",
        "cải cách hành chính", date(2023, 1, 1), date(2023, 12, 31),
    )  # fmt: skip
    citation = Citation(
        start=code[0], end=code[1], rule="code", code="15/KH-UBND", doc_type="Kế hoạch", number="15", symbol="KH-UBND",
        issued_on=date(2023, 2, 10), issued_text="10/02/2023", date_start=day[0], date_end=day[1], issuer="UBND xã",
        issuer_level="commune", identity="xã|KH|15|2023",
    )  # fmt: skip
    percent, ratio, now = span("90,87%"), span("9/10"), span("đến nay")
    return Facts(
        header,
        (citation,),
        (
            DateMention(start=day[0], end=day[1], rule="day", kind="day", start_on=issued, end_on=issued),
            DateMention(start=now[0], end=now[1], rule="now", kind="relative", start_on=None, end_on=None, role="to"),
        ),
        (
            Quantity(start=first[0], end=first[1], rule="count", value=Decimal("17"), value_text="17", decimals=0,
                     unit=None, noun="cán bộ, công chức"),
            Quantity(start=again[0], end=again[1], rule="count", value=Decimal("18"), value_text="18", decimals=0,
                     unit="người", noun=None, other_value=Decimal("18.0")),
            Quantity(start=cell[0], end=cell[1], rule="cell", value=Decimal("1204"), value_text="1.204", decimals=0,
                     unit=None, noun="Thôn Đoài", qualifier="~"),
        ),
        (Percentage(start=percent[0], end=percent[1], rule="percent", value=Decimal("90.87"), value_text="90,87",
                    decimals=2, noun=None),),
        (Ratio(start=ratio[0], end=ratio[1], rule="ratio", numerator=Decimal(9), denominator=Decimal(10),
               numerator_text="9", denominator_text="10", noun="thôn", stated_percent=Decimal("90.87")),),
        (IndicatorValue(start=again[0], end=again[1], rule="staff", indicator="staff.total", value=Decimal("18"),
                        value_text="18", decimals=0, unit="người", as_of=date(2023, 12, 1)),),
    )  # fmt: skip


def finding(rule: str = "staff-mismatch", words: tuple[str, str] = ("17 cán bộ", "18 người")) -> Finding:
    evidence = (Evidence("claim", *span(words[0])), Evidence("counter", *span(words[1])))
    return Finding(rule, "two-counts", "error", {"a": "17", "b": "18"}, evidence, words)


def outcome(**changes: object) -> Outcome:
    header = replace(facts().header, **changes)  # type: ignore[arg-type]  # a test names real fields
    given = replace(facts(), header=header)
    mentions = (*given.citations, *given.dates, *given.quantities, *given.percentages, *given.ratios, *given.indicators)
    boxes = tuple({(m.start, m.end): (Box(1, 0.1, 0.2, 0.3, 0.4),) for m in mentions}.items())
    return Outcome("ok", None, "", document(), given, (finding(),), boxes)
