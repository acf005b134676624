"""Mini reports for the checker's own examples: plain text becomes a Document with Facts, without ingest or extractors.

One line is one paragraph: ``# 7.1. Heading``, ``- list item``, ``| cell | cell |`` rows of a table (its first row is
the header), ``@commune Tên``, ``@district``, ``@number``, ``@issued 2024-06-17``, ``@period 2024-01-01 2024-06-30``.
A number may carry ``{staff.total}`` or ``{website.news as_of=2023-07-30 scope=x}`` behind it: an indicator value. The
tagging is deliberately simple; the real extractors are tested elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import regex

from checks.figures import read
from schema.model import (
    Citation,
    DateMention,
    Document,
    Facts,
    Header,
    IndicatorValue,
    Passage,
    Percentage,
    Quantity,
    Ratio,
    Section,
    Table,
)

_TAG = regex.compile(r"\{([a-z_.]+)((?: \w+=[^ }]+)*)\}")
_NUM = r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:[.,]\d+)?"
_DATE = r"(?:ngày\s+)?(\d{1,2})(?:/|-|\s+tháng\s+)(\d{1,2})(?:/|-|\s+năm\s+)(\d{4})"
_CODE = regex.compile(
    r"(?:số\s*:?\s*)*\b(\d+[a-z]?)\s*(/\d{4})?\s*([/-])\s*([A-ZĐ][A-Za-zĐđ]*(?:\s*[-/&]\s*[A-ZĐ][\p{L}\d&]*)*)"
)
_UNITS = (
    "tỷ đồng|triệu đồng|nghìn đồng|đồng|tạ/ha|tấn/ha|ha|tấn|tạ|kg/người|kg|km|m2|điểm %|thành viên|đồng chí|công chức|"
    "cán bộ|người|nhân khẩu|hộ|hồ sơ|TTHC|thủ tục|tài khoản|thửa|mô hình|con|công trình|văn bản|nhiệm vụ|lượt|tin|"
    "phiếu|đơn|vụ việc|vụ|học sinh|cháu|em|máy|dịch vụ|thôn|tổ|tiêu chí|ý kiến"
)
_LEVELS = (
    ("trung ương", "central"),
    ("chính phủ", "central"),
    ("tỉnh", "province"),
    ("huyện", "district"),
    ("thành phố", "district"),
    ("đảng ủy", "party"),
)


@dataclass
class _Line:
    kind: str
    text: str


def build(source: str) -> tuple[Document, Facts]:
    """The document and the facts of a mini report."""
    header: dict[str, object] = {}
    text, passages, sections, tables, tags = "", [], [], [], []
    stack: list[tuple[int, int]] = []
    rows: list[list[str]] = []

    def add(kind: str, raw: str, zone: str = "body", **cell: int) -> None:
        nonlocal text
        start = len(text)
        at = 0
        for found in _TAG.finditer(raw):
            text += raw[at : found.start()]
            tags.append((len(text), found[1], dict(pair.split("=") for pair in found[2].split())))
            at = found.end()
        text += raw[at:]
        section = sections[-1].id if sections else None
        passages.append(Passage(len(passages), kind, zone, start, len(text), 1, section, **cell))  # type: ignore[arg-type]

    def flush() -> None:
        nonlocal text
        if not rows:
            return
        start = len(text)
        for r, cells in enumerate(rows):
            for c, cell in enumerate(cells):
                add("table-cell", cell, table=len(tables), row=r, col=c)
                text += "\t" if c < len(cells) - 1 else "\n"
        tables.append(Table(len(tables), start, len(text), len(rows), len(rows[0]), 1, 1))
        rows.clear()

    for line in source.strip().splitlines():
        line = line.strip()
        if line.startswith("|"):
            rows.append([c.strip() for c in line.strip("|").split("|")])
            continue
        flush()
        if not line:
            continue
        if line.startswith("@"):
            name, _, value = line[1:].partition(" ")
            _header(header, name, value)
            continue
        if line.startswith("#"):
            raw = line.lstrip("# ")
            found = regex.match(
                r"(Phần thứ \w+|Phần [IVX]+|[IVX]+|[A-Z]|\d+(?:\.\d+)*|[a-zđ])(?:[.)]\s*|\s+(?=\p{Lu})|$)", raw
            )
            number = found[1] if found else ""
            level = len(line) - len(line.lstrip("#"))
            while stack and stack[-1][0] >= level:
                stack.pop()
            sections.append(
                Section(
                    len(sections),
                    stack[-1][1] if stack else None,
                    number,
                    raw[found.end() :] if found else raw,
                    level,
                    len(text),
                    len(text),
                    1,
                )
            )
            stack.append((level, len(sections) - 1))
            add("heading", raw)
        else:
            add("list-item" if line[0] in "-+*" else "paragraph", line)
        text += "\n"
    flush()
    ends = [s.start for s in sections[1:]] + [len(text)]
    sections = [
        Section(s.id, s.parent, s.number, s.heading, s.level, s.start, e, 1)
        for s, e in zip(sections, ends, strict=True)
    ]
    document = Document(text, "docx", tuple(passages), tuple(sections), tuple(tables))
    return document, facts(document, Header(**header), tags)  # type: ignore[arg-type]


def _header(header: dict[str, object], name: str, value: str) -> None:
    if name == "period":
        header["period_start"], header["period_end"] = (date.fromisoformat(d) for d in value.split())
    elif name == "issued":
        header["issued_on"] = date.fromisoformat(value)
    elif name == "number":
        header["report_no"] = value
    elif name == "type":
        header["commune_type"] = value
    else:
        header[name] = value


def facts(document: Document, header: Header, tags: Iterable[tuple[int, str, dict[str, str]]] = ()) -> Facts:
    text = document.text
    taken = [False] * (len(text) + 1)

    def free(start: int, end: int) -> bool:
        return not any(taken[start:end])

    def take(start: int, end: int) -> None:
        taken[start:end] = [True] * (end - start)

    for p in document.passages:
        if p.kind == "heading":
            take(p.start, p.end)
    citations = []
    for m in _CODE.finditer(text):
        if m[4].split("/")[0].split("-")[0] in ("HA",) or not free(m.start(1), m.end()):
            continue
        symbol = regex.sub(r"\s", "", m[4])
        code = f"{m[1]}{m[2] or ''}{m[3]}{symbol}"
        sentence_start = max(text.rfind(". ", 0, m.start()), text.rfind("\n", 0, m.start())) + 1
        after = regex.compile(r"[,]?\s*" + _DATE).match(text, m.end())
        before = regex.compile(r"Ngày\s+(\d{1,2})/(\d{1,2})/(\d{4})").search(text, sentence_start, m.start())
        when = after or before
        day = _day(when) if when else None
        tail = text[when.end() if after else m.end() : text.find("\n", m.end())]
        issuer = regex.match(
            r"[^;.]*?của (UBND |HĐND |Thủ tướng |Bộ )?(Chính phủ|tỉnh|huyện|thành phố|Đảng ủy|xã|phường)", tail
        )
        level = "commune"
        if m[3] == "-" or "/ĐU" in code:
            level = "party"
        elif regex.search(r"CP$|TTg|/TT|BTC|BNV|QH", symbol):
            level = "central"
        elif issuer:
            level = next((lv for word, lv in _LEVELS if word in issuer[0].lower()), "commune")
        year = int(m[2][1:]) if m[2] else (day.year if day else None)
        about = regex.match(r"\s*(?:,\s*)?(?:của [^,;.]*? )?(?:về (?:việc )?)?([^;.\n]+)", tail)
        start = m.start()
        citations.append(
            Citation(
                start=start,
                end=after.end() if after else m.end(),
                rule="mini",
                code=code,
                doc_type=symbol.split("-")[0],
                number=m[1],
                year=year,
                symbol=symbol,
                issued_on=day,
                issued_text=when[0] if when else None,
                date_start=when.start() if when else None,
                date_end=when.end() if when else None,
                issuer_level=level,  # type: ignore[arg-type]
                subject=about[1].strip() if about else None,
                identity=f"{level}|{code.split('/')[0]}|{symbol}|{year}",
            )
        )
        take(m.start(), after.end() if after else m.end())
    dates = []
    for m in regex.finditer(_DATE, text):
        as_of = bool(regex.search(r"(?:tính đến|đến|đến hết)\s*$", text[: m.start()].lower()))
        day = _day(m)
        dates.append(
            DateMention(
                start=m.start(),
                end=m.end(),
                rule="mini",
                kind="day",
                start_on=day,
                end_on=day,
                role="as-of" if as_of else None,
            )
        )
        take(m.start(), m.end())
    for m in regex.finditer(
        r"(?:năm|quý|tháng|giai đoạn|mức độ|Đề án|quý)\s+[\dIVX]+(?:\s*[-–]\s*\d{4})?|\b(?:19|20)\d\d\b", text
    ):
        take(m.start(), m.end())
    ratios = []
    for m in regex.finditer(rf"({_NUM})\s*/\s*({_NUM})(?![\d/])", text):
        if not free(m.start(), m.end()):
            continue
        noun = regex.match(r"\s*([\p{L} ]{2,30})", text[m.end() :])
        ratios.append(
            Ratio(
                start=m.start(),
                end=m.end(),
                rule="mini",
                numerator=read(m[1])[0],
                denominator=read(m[2])[0],
                numerator_text=m[1],
                denominator_text=m[2],
                noun=noun[1].strip() if noun else None,
                kind="part-of-whole",
            )
        )
        take(m.start(), m.end())
    percentages = []
    for m in regex.finditer(rf"({_NUM})\s*(điểm\s*%|%)", text):
        if free(m.start(), m.end()):
            value, places = read(m[1])
            percentages.append(
                Percentage(
                    start=m.start(),
                    end=m.end(),
                    rule="mini",
                    value=value,
                    value_text=m[1],
                    decimals=places,
                    noun=None,
                    qualifier=_qualifier(text, m.start()),
                    change=_change(text, m.start()),
                    points="điểm" in m[2],
                )
            )
            take(m.start(), m.end())
    quantities = []
    for m in regex.finditer(rf"(?<![\d/.,\p{{L}}])({_NUM})(?![\d/]|\.\d)", text):
        if not free(m.start(), m.end()) or (
            regex.match(r"\s*[.)]\s", text[m.end() : m.end() + 3]) and text[m.start() - 1] == "\n"
        ):
            continue
        value, places = read(m[1])
        unit = regex.match(rf"\s*({_UNITS})\b", text[m.end() :], regex.IGNORECASE)
        noun = regex.match(r"\s*((?:[\p{L}/]+\s?){1,5})", text[m.end() :])
        end = m.end() + (unit.end() if unit else 0)
        quantities.append(
            Quantity(
                start=m.start(),
                end=end,
                rule="mini",
                value=value,
                value_text=m[1],
                decimals=places,
                unit=unit[1] if unit else None,
                noun=noun[1].strip() if noun else None,
                qualifier=_qualifier(text, m.start()),
                change=_change(text, m.start()),
            )
        )
    return Facts(
        header,
        tuple(citations),
        tuple(dates),
        tuple(quantities),
        tuple(percentages),
        tuple(ratios),
        tuple(_indicators(text, quantities, percentages, ratios, tags)),
    )


def _indicators(text, quantities, percentages, ratios, tags):  # type: ignore[no-untyped-def]
    ends = {}
    for q in (*quantities, *percentages):
        ends[q.start + len(q.value_text)] = ends[q.end] = (q.value, q.value_text, q.start, q.qualifier)
    for r in ratios:
        ends[r.start + len(r.numerator_text)] = (r.numerator, r.numerator_text, r.start, "=")
        ends[r.end] = (r.denominator, r.denominator_text, r.end - len(r.denominator_text), "=")
    for at, code, more in tags:
        value, printed, source, qualifier = ends[at]
        yield IndicatorValue(
            start=source,
            end=source + len(printed),
            rule="mini",
            indicator=code,
            value=value,
            value_text=printed,
            decimals=read(printed)[1],
            unit=None,
            qualifier=qualifier,
            as_of=date.fromisoformat(more["as_of"]) if "as_of" in more else None,
            period_start=date.fromisoformat(more["from"]) if "from" in more else None,
            period_end=date.fromisoformat(more["to"]) if "to" in more else None,
            basis=more.get("basis", "actual"),
            scope=more.get("scope"),
            breakdown=more.get("breakdown"),
            cumulative="cumulative" in more,
        )


def _day(m) -> date | None:  # type: ignore[no-untyped-def]
    try:
        return date(int(m[3]), int(m[2]), int(m[1]))
    except ValueError:
        return None


def _qualifier(text: str, at: int) -> str:  # type: ignore[return]
    before = text[max(0, at - 12) : at].lower()
    for words, sign in (
        (r"(trên|hơn)\s*$", ">"),
        (r"(ít nhất|tối thiểu)\s*$", ">="),
        (r"dưới\s*$", "<"),
        (r"(khoảng|gần|ước đạt|xấp xỉ)\s*$", "~"),
    ):
        if regex.search(words, before):
            return sign
    return "="


def _change(text: str, at: int) -> str:
    before = text[max(0, at - 12) : at].lower()
    return (
        "increase"
        if regex.search(r"tăng\s*$", before)
        else "decrease"
        if regex.search(r"giảm\s*$", before)
        else "level"
    )
