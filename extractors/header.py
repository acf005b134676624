"""The report of itself: letterhead, title, topic and period (Decree 30/2020/NĐ-CP, boxes 2 to 5)."""

from __future__ import annotations

import tomllib
from collections import Counter
from datetime import date
from functools import cache
from importlib.resources import files

import regex

from extractors import codes, dates
from extractors.masks import Taken
from schema.model import Document, Header
from schema.text import key

_TYPE_NAME = regex.compile(r"(?:BÁO CÁO|TỜ TRÌNH|KẾ HOẠCH|THÔNG BÁO|PHƯƠNG ÁN|ĐỀ ÁN)\b\s*[:.]?\s*")
_NAME = r"(?P<name>\p{Lu}[\p{L}'’]*(?:[ \-]\p{Lu}[\p{L}'’]*){0,4}(?: \d{1,2})?|\d{1,2})"
# Not the "XÃ HỘI" of the national motto, however OCR spells the rest.
_COMMUNE_CAPS = regex.compile(
    r"(?P<type>XÃ(?!\s+H[ỘỌÔO]I\b)|PHƯỜNG|THỊ TRẤN|ĐẶC KHU)\s+(?P<name>[\p{Lu}\d][\p{Lu}\d'’ \-]*)"
)
_DISTRICT_CAPS = regex.compile(r"(?P<type>HUYỆN|QUẬN|THỊ XÃ|THÀNH PHỐ|TP\.?)\s+(?P<name>[\p{Lu}][\p{Lu}'’ \-]*)")
_PROVINCE_CAPS = regex.compile(r"TỈNH\s+(?P<name>[\p{Lu}][\p{Lu}'’ \-]*)")
_COMMUNE = regex.compile(rf"(?:UBND|Ủy ban nhân dân|Uỷ ban nhân dân)\s+(?P<type>xã|phường|thị trấn|đặc khu)\s+{_NAME}")
_DISTRICT = regex.compile(rf"UBND\s+(?P<type>huyện|quận|thị xã|thành phố)\s+{_NAME}")
_NUMBER = regex.compile(r"Số\s*:?\s*(?P<code>\d[^\n]{0,60}?)\s*(?:$|\n|,)", regex.M)
_PLACE_DATE = regex.compile(r"ngày\s+(?P<d>\d{1,2})\s+tháng\s+(?P<m>\d{1,2})\s+năm\s+(?P<y>\d{4})", regex.I)
_PERIOD = regex.compile(
    r"từ\s+(?:ngày\s+)?(?P<a>\d[\d/.\-]{5,9}|\d{1,2} tháng \d{1,2} năm \d{4})\s+đến\s+(?:hết\s+)?(?:ngày\s+)?"
    r"(?P<b>\d[\d/.\-]{5,9}|\d{1,2} tháng \d{1,2} năm \d{4})",
    regex.I,
)


def read(document: Document) -> Header:
    """The header; None for whatever the report does not say (drafts leave the number or the day blank)."""
    text = document.text
    letterhead = "\n".join(text[p.start : p.end] for p in document.passages if p.zone == "letterhead")
    opening = [
        text[p.start : p.end] for p in document.passages if p.zone == "body" and p.kind in ("paragraph", "list-item")
    ]
    title = _title(document)
    commune_type, commune = _commune(letterhead, opening, title)
    start, end = _period(opening[:6], title)
    number = _NUMBER.search(letterhead)
    return Header(
        commune=commune,
        commune_type=commune_type,
        district=_district(letterhead, opening),
        province=_cased(_PROVINCE_CAPS.search(letterhead), text),
        report_no=codes.canonical(number["code"]) if number else None,
        issued_on=_issued_on(letterhead),
        title=title,
        topic=_topic(title, opening),
        period_start=start,
        period_end=end,
    )


def _title(document: Document) -> str | None:
    """The wording under the type name, on as many heading lines as it takes."""
    lines = [
        document.text[p.start : p.end]
        for p in document.passages
        if p.kind == "heading" and p.section is None and p.zone == "body"
    ]
    for index, line in enumerate(lines):
        if match := _TYPE_NAME.match(line):
            return " ".join([line[match.end() :], *lines[index + 1 :]]).strip() or None
    return None


def _commune(letterhead: str, opening: list[str], title: str | None) -> tuple[str | None, str | None]:
    body = "\n".join([title or "", *opening[:4], *opening[-3:]])
    if match := _COMMUNE_CAPS.search(letterhead):
        return match["type"].lower(), _cased(match, "\n".join(opening))
    named = Counter((m["type"], m["name"]) for m in _COMMUNE.finditer(body))
    return named.most_common(1)[0][0] if named else (None, None)


def _district(letterhead: str, opening: list[str]) -> str | None:
    if match := _DISTRICT_CAPS.search(letterhead):
        return _cased(match, "\n".join(opening))
    named = Counter(m["name"] for m in _DISTRICT.finditer("\n".join(opening[:4])))
    return named.most_common(1)[0][0] if named else None


def _cased(match: regex.Match[str] | None, text: str) -> str | None:
    """A name in capitals as the body writes it, else with capital initials."""
    if match is None:
        return None
    name = " ".join(match["name"].split())
    written = regex.search(regex.escape(name), text, regex.I)
    if written and not written[0].isupper():
        return str(written[0])
    return name if name.isdigit() else name.title()


def _issued_on(letterhead: str) -> date | None:
    match = _PLACE_DATE.search(letterhead)
    return dates.day(int(match["y"]), int(match["m"]), int(match["d"])) if match else None


def _period(opening: list[str], title: str | None) -> dates.Span:
    """From the opening ("số liệu từ ngày … đến ngày …"), else from the title."""
    for paragraph in opening:
        if match := _PERIOD.search(paragraph):
            ends = [next((d.start_on for d in dates.days(match[g].lower())), None) for g in ("a", "b")]
            if ends[0] and ends[1] and ends[0] <= ends[1]:
                return ends[0], ends[1]
    first = next(iter(dates.find(Document(title or "", "docx"), Header(), Taken())), None)
    return (first.start_on, first.end_on) if first else (None, None)


@cache
def _topics() -> list[dict[str, object]]:
    data: list[dict[str, object]] = tomllib.loads(files("extractors").joinpath("data/topics.toml").read_text("utf-8"))[
        "topic"
    ]
    return data


def _topic(title: str | None, opening: list[str]) -> str | None:
    for source in (title or "", " ".join(opening[:2])):
        folded = key(source)
        for topic in _topics():
            if any(key(str(word)) in folded for word in topic["words"]):  # type: ignore[attr-defined]
                return str(topic["code"])
    return None


def spans(document: Document) -> tuple[tuple[int, int], ...]:
    """What other extractors must leave alone: letterhead, foot and page furniture."""
    return tuple((p.start, p.end) for p in document.passages if p.zone != "body")
