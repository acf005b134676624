"""The report of itself: letterhead, title, topic and period (Decree 30/2020/NĐ-CP, boxes 2 to 5)."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Literal

import regex

from extractors import codes, dates
from extractors.frames import lowered
from extractors.masks import Taken
from schema.eras import REFORM
from schema.model import Document, Header
from schema.text import key

_TYPE_NAME = regex.compile(r"(?:BÁO CÁO|TỜ TRÌNH|KẾ HOẠCH|THÔNG BÁO|PHƯƠNG ÁN|ĐỀ ÁN)\b\s*[:.]?\s*")
# What stands under a title and is none of it.
_NO_TITLE = regex.compile(
    r"\s*(?:Kính gửi|Căn cứ|Nơi nhận|[IVX]+\s?[.\-/]|\d+\s?[.\-/)]|Phần)|"
    r".*(?:[.:]|như sau\W*)\s*$|.*(?:[Ss]ố\s*:?\s*\d)",
    regex.S,
)
_TITLE_LINES, _TITLE_LENGTH = 3, 200
_NAME = r"(?P<name>\p{Lu}[\p{L}'’]*(?:[ \-]\p{Lu}[\p{L}'’]*){0,4}(?: \d{1,2})?|\d{1,2})"
# Not the "XÃ HỘI" of the national motto, however OCR spells the rest.
_COMMUNE_CAPS = regex.compile(
    r"(?<!THỊ\s)(?P<type>XÃ(?!\s+H[ỘỌÔO]I\b)|PHƯỜNG|THỊ TRẤN|ĐẶC KHU)\s+(?P<name>[\p{Lu}\d][\p{Lu}\d'’ \-]*)"
)
_DISTRICT_CAPS = regex.compile(r"(?P<type>HUYỆN|QUẬN|THỊ XÃ|THÀNH PHỐ|TP\.?)\s+(?P<name>[\p{Lu}][\p{Lu}'’ \-]*)")
_PROVINCE_CAPS = regex.compile(r"TỈNH\s+(?P<name>[\p{Lu}][\p{Lu}'’ \-]*)")
_COMMUNE = regex.compile(rf"(?:UBND|Ủy ban nhân dân|Uỷ ban nhân dân)\s+(?P<type>xã|phường|thị trấn|đặc khu)\s+{_NAME}")
_DISTRICT = regex.compile(
    r"(?:UBND|Ủy ban nhân dân|Uỷ ban nhân dân|Kính gửi:[^\n]{0,80}|thuộc|của)\s+"
    rf"(?P<type>huyện|quận|thị xã|thành phố)\s+{_NAME}"
)
# Cities that are no district at any time; from the reform of 2025 on, none is.
_CENTRAL = frozenset({"hà nội", "hồ chí minh", "hải phòng", "đà nẵng", "cần thơ", "huế"})
_NEXT_CAPS = regex.compile(r"\n(\p{Lu}+(?: \p{Lu}+){0,2})(?=\n)")
_NUMBER = regex.compile(r"Số\s*:?\s*(?P<code>\d[^\n]{0,60}?)\s*(?:$|\n|,)", regex.M)
_PLACE_DATE = regex.compile(
    r"(?:ngày|,)\s*(?P<d>\d{1,2})\s*(?:tháng|(?P<s>[/.\-]))\s*(?P<m>\d{1,2})\s*(?:năm|(?P=s))\s*(?P<y>\d{4})", regex.I
)
_DAY = r"\d[\d/.\-]{5,9}|\d{1,2} tháng \d{1,2} năm \d{4}"
_PERIOD = regex.compile(
    rf"từ\s+(?:ngày\s+)?(?P<a>{_DAY}|\d{{1,2}}[/.\-]\d{{1,2}})\s+(?:đến|tới)\s+(?:hết\s+)?(?:ngày\s+)?(?P<b>{_DAY})",
    regex.I,
)
# Where a title turns to what is to come.
_AHEAD = regex.compile(
    r"(?<!thực hiện )(?<!kết quả )(?:phương hướng|nhiệm vụ|kế hoạch|chương trình công tác|dự kiến|ước (?:thực hiện|cả))"
)
_IN_TITLE = regex.compile(
    r"(?:(?<![\p{L}\d])(?<!đề án )(?<!đề án số )(?P<n>0?[1-9]|1[01]|ba|sáu|chín) tháng(?: (?P<h>đầu|cuối))?|"
    r"quý (?P<q>iv|i{1,3}|0?[1-4])(?![\p{L}\d])|tháng (?P<m>0?[1-9]|1[0-2])(?!\d))"
    r"(?:,?(?: của)? năm(?: (?P<y>20\d\d))?| ?[/\-] ?(?P<y>20\d\d))?|năm (?P<y>20\d\d)"
)
_TITLE_YEAR = regex.compile(r"(?<!\d)20\d\d(?!\d)")


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
    issued_on = _issued_on(letterhead)
    number = _NUMBER.search(letterhead)
    return Header(
        commune=commune,
        commune_type=commune_type,
        district=_district(letterhead, opening, issued_on or end),
        province=_province(letterhead, issued_on or end, text),
        report_no=codes.canonical(number["code"]) if number else None,
        issued_on=issued_on,
        title=title,
        topic=_topic(title, opening),
        period_start=start,
        period_end=end,
    )


def _title(document: Document) -> str | None:
    """The wording under the type name, on as many lines as it takes: headings, or plain lines where there are none."""
    above = [p for p in document.passages if p.section is None and p.zone == "body"]
    lines = [(p.kind, document.text[p.start : p.end].strip()) for p in above if p.kind in ("heading", "paragraph")]
    for index, (_, line) in enumerate(lines):
        if match := _TYPE_NAME.match(line):
            headings = [text for kind, text in lines[index + 1 :] if kind == "heading"]
            under = headings or list(_title_lines([text for _, text in lines[index + 1 :]]))
            return " ".join([line[match.end() :], *under]).strip() or None
    return None


def _title_lines(lines: Sequence[str]) -> Iterator[str]:
    """The plain lines that go on as a title does."""
    last = ","
    for line in lines[:_TITLE_LINES]:
        if len(line) > _TITLE_LENGTH or _NO_TITLE.match(line) or not (last in ",;-–" or line[0].islower()):
            return
        yield line
        last = line[-1]


def _commune(letterhead: str, opening: list[str], title: str | None) -> tuple[str | None, str | None]:
    body = "\n".join([title or "", *opening[:4], *opening[-3:]])
    if match := _COMMUNE_CAPS.search(letterhead):
        return match["type"].lower(), _cased(match, "\n".join([*opening, letterhead]))
    named = Counter((m["type"], m["name"]) for m in _COMMUNE.finditer(body))
    return named.most_common(1)[0][0] if named else (None, None)


def _district(letterhead: str, opening: list[str], day: date | None) -> str | None:
    if day is not None and day >= REFORM:
        return None
    for match in _DISTRICT_CAPS.finditer(letterhead):
        if match["name"].strip().lower() not in _CENTRAL:
            return _cased(match, "\n".join([*opening, letterhead]))
    named = Counter(m["name"] for m in _DISTRICT.finditer("\n".join(opening[:6])) if m["name"].lower() not in _CENTRAL)
    return named.most_common(1)[0][0] if named else None


def _province(letterhead: str, day: date | None, text: str) -> str | None:
    """The province, or the city that is one."""
    if match := _PROVINCE_CAPS.search(letterhead):
        return _cased(match, text)
    cities = (m for m in _DISTRICT_CAPS.finditer(letterhead) if m["type"].startswith(("THÀNH", "TP")))
    reformed = day is not None and day >= REFORM
    return next((_cased(m, text) for m in cities if reformed or m["name"].strip().lower() in _CENTRAL), None)


def _cased(match: regex.Match[str] | None, text: str) -> str | None:
    """A name in capitals as the rest of the text writes it, else with capital initials.

    Where the letterhead broke it, its next line belongs to it if the text knows the name so.
    """
    if match is None:
        return None
    name = " ".join(match["name"].split())
    goes_on = _NEXT_CAPS.match(match.string, match.end())
    for whole in (f"{name} {goes_on[1]}", name) if goes_on else (name,):
        if written := _written(whole, text):
            return written
    return name if name.isdigit() else name.title()


def _written(name: str, text: str) -> str | None:
    """The first place of a name, whole words in any case, that is not all capitals."""
    for match in regex.finditer(rf"\b{regex.escape(name)}\b", text, regex.I):
        if match[0][0].isupper() and not match[0].isupper():
            return str(match[0])
    return None


def _issued_on(letterhead: str) -> date | None:
    match = _PLACE_DATE.search(letterhead)
    return dates.day(int(match["y"]), int(match["m"]), int(match["d"])) if match else None


def _period(opening: list[str], title: str | None) -> dates.Span:
    """From words like "số liệu từ ngày … đến ngày …" in title or opening, else the period that the title names."""
    for paragraph in (title or "", *opening):
        if (match := _PERIOD.search(paragraph)) and (span := _between(match["a"], match["b"])):
            return span
    return _titled(lowered(title or ""))


def _between(first: str, last: str) -> dates.Span | None:
    """Both days; a first one without a year is the last such day before the other."""
    end = next((d.start_on for d in dates.days(last.lower())), None)
    if end is None:
        return None
    if regex.fullmatch(r"\d{1,2}[/.\-]\d{1,2}", first):
        number, month = map(int, regex.split(r"\D", first))
        start = dates.day(end.year if (month, number) < (end.month, end.day) else end.year - 1, month, number)
    else:
        start = next((d.start_on for d in dates.days(first.lower())), None)
    return (start, end) if start and start <= end else None


def _titled(title: str) -> dates.Span:
    """The longest period that a title names before it turns to plans; a year that stands later is its year, too."""
    ahead = _AHEAD.search(title)
    ended = ahead.start() if ahead and _IN_TITLE.search(title, 0, ahead.start()) else len(title)
    spans = [span for match in _IN_TITLE.finditer(title, 0, ended) if (span := _span(title, match))[0]]
    longest = max(spans, key=lambda span: (span[1] or date.min) - (span[0] or date.min), default=None)
    if longest:
        return longest
    first = next(iter(dates.find(Document(title, "docx"), Header(), Taken())), None)
    return (first.start_on, first.end_on) if first else (None, None)


def _span(title: str, match: regex.Match[str]) -> dates.Span:
    named = match["y"] or next(iter(_TITLE_YEAR.findall(title, match.end())), None)
    if named is None:
        return None, None
    year = int(named)
    if match["m"]:
        return dates.month_span(year, int(match["m"]), int(match["m"]))
    if match["q"]:
        return dates.month_span(year, *dates.quarter_months(match["q"]))
    if match["n"]:
        return dates.month_span(year, *dates.counted_months(match["n"], match["h"]))
    return dates.month_span(year, 1, 12)


@cache
def _topics(words: Literal["words", "general"]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Codes and their words, folded for comparing."""
    data = tomllib.loads(files("extractors").joinpath("data/topics.toml").read_text("utf-8"))
    return tuple((topic["code"], tuple(map(key, topic.get(words, ())))) for topic in data["topic"])


def _topic(title: str | None, opening: list[str]) -> str | None:
    """The topic named first: titles begin with what the report is about and add the rest."""
    for source, words in ((title or "", "words"), (title or "", "general"), (" ".join(opening[:2]), "words")):
        folded = key(source)
        places = [
            (folded.find(word), order, code)
            for order, (code, named) in enumerate(_topics(words))
            for word in named
            if word in folded
        ]
        if places:
            return min(places)[2]
    return None


def spans(document: Document) -> tuple[tuple[int, int], ...]:
    """What other extractors must leave alone: letterhead, foot and page furniture."""
    return tuple((p.start, p.end) for p in document.passages if p.zone != "body")
