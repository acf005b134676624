"""Cited documents with number, date, issuer and subject.

The date of a citation is the one that a reader gives it from its own sentence: the date after it, else the
date that opens the clause in which it is issued, never a neighbour's. Later citations may carry none (Decree
30/2020/NĐ-CP asks for the date at the first citation only).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import cache

import regex

from extractors import codes, dates, issuers, papers
from extractors.codes import Code
from extractors.masks import Taken
from schema.eras import REFORM
from schema.model import Citation, Document, Header, Level
from schema.text import key

_SO = r"(?:s[ốôóo]\s*:?\s*){0,2}"
_DATE = r"(?:\d{1,2}\s?[/.\-]\s?\d{1,2}\s?[/.\-]\s?(?:19|20)\d{2}|\d{1,2}\s+tháng\s+\d{1,2}\s*,?\s+năm\s+\d{4})"
# ", ngày 10/5/2024 UBND xã tổ chức …" opens the next clause; "ngày 10/5/2024 của UBND xã" and "…, UBND xã" do not.
_NEXT_CLAUSE = r"(?!\s+(?-i:UBND|HĐND|Ủy ban|Uỷ ban|Đảng ủy|xã|phường|thị trấn)(?!\p{L}))"
_DATE_AFTER = regex.compile(
    rf"\s*(?:(?:\(\s*)?(?:(?:được\s+)?(?:ký|ban hành|đề|cùng)\s+)?ngày\s*:?\s*(?P<date>{_DATE})|"
    rf",\s*(?:(?:ký|ban hành|đề|cùng)\s+)?ngày\s*:?\s*(?P<date>{_DATE}){_NEXT_CLAUSE}|"
    rf"[,(]\s*(?P<date>{_DATE})(?=\s*[),;.]|\s+(?:của|về)\s|\s*$))",
    regex.I,
)
_DATE_AFTER_ISSUER = regex.compile(
    rf"\s*(?:(?:ký\s+|ban hành\s+)?ngày\s+(?P<date>{_DATE})|,\s*(?:ký\s+|ban hành\s+)?ngày\s+(?P<date>{_DATE})"
    rf"(?=\s*(?:[;.)]|,?\s+về\s|$)))",
    regex.I,
)
_DATE_BEFORE = regex.compile(
    rf"(?P<cue>(?:đến|từ|trước|sau|hết|tới|kể từ|tính đến)\s+)?ngày\s+(?P<date>{_DATE})", regex.I
)
_NUMBER_ANNOUNCED = regex.compile(rf"s[ốôóo]\s*:?\s*{_SO}$", regex.I)
_ANNOUNCED = regex.compile(r"s[ốôóo]\s*:?\s*$", regex.I)
_SENTENCE = regex.compile(r"[;\n\t]|[.!?](?=\s+[\p{Lu}\-+*]|\s*$)", regex.M)
_NOT_ISSUING = regex.compile(
    r"\b(?:căn cứ|theo|thực hiện|trên cơ sở|quy định tại|kèm theo|bám sát|sửa đổi|"
    r"bổ sung|thay thế|bãi bỏ|tại|hưởng ứng|quán triệt)\b",
    regex.I,
)
_ISSUING = regex.compile(
    r"\b(?:ban hành|ký|phát hành|xây dựng|ra|thông qua|gửi|có|trình|phê duyệt|lập|tham mưu)\b", regex.I
)
_WITHOUT_ISSUING = regex.compile(r"\b(?:triển khai|tổ chức|họp|hội nghị|quán triệt|tuyên truyền)\b", regex.I)
_SAME_LIST = regex.compile(rf"\s*(?:,|và|;|,\s*và)\s*{_SO}$", regex.I)
_NUMBERS_BEFORE = regex.compile(
    r"(?<![\d/.,\p{L}])\d{1,5}[a-z]?(?:\s*(?:,|;|và)\s*(?:số\s*)?\d{1,5}[a-z]?)*(?=\s*(?:,|;|và)\s*(?:số\s*)?$)"
)
_SUBJECT = regex.compile(
    r"\s*,?\s*(?P<subject>(?:về việc|về|V/v|v/v|triển khai|ban hành|phê duyệt|quy định|thành lập|kiện toàn|"
    r"phân công|tăng cường|sửa đổi|thực hiện|giao)\s[^;.\n\t]{3,260})",
    regex.I,
)
_SUBJECT_ENDS = regex.compile(
    r",\s*(?=(?:UBND|Ủy ban|Uỷ ban|HĐND|Đảng|xã|phường|thị trấn|kết quả|đến|tính|đã|trong|theo|cụ thể|báo cáo|nhằm|để|"
    r"sau đó|đồng thời|qua đó|tổ chức thực hiện|giao|ban hành|hiện|từ|toàn|số|có|với|như|gồm|đạt)(?!\p{L}))|"
    r"(?<=(?:năm|-|–)\s?(?:19|20)\d{2})\s*(?:,|\((?=\p{Ll}))|:|"
    r"\s+(?:như sau|cụ thể|được|đã|cùng với|theo phân công|theo quy định|theo đúng|sau đó là|kèm theo)(?!\p{L})"
)
_ATTACHED = regex.compile(r"[Kk]èm theo\s+(?:Báo cáo|BC)\s*$")


@cache
def _type_pattern() -> str:
    """Names of types on ``papers.bare`` text; those of one word are checked again as written (``Thư``, ``thu``)."""
    return rf"(?<!\p{{L}})(?P<name>{papers.alternatives(list(papers.type_names()))})"


@cache
def _named_pattern() -> regex.Pattern[str]:
    return regex.compile(rf"{_type_pattern()}\s*:?\s*(?:so\s*:?\s*){{0,2}}$")


@cache
def _numbered_pattern() -> regex.Pattern[str]:
    return regex.compile(
        rf"(?P<number>\d{{1,5}}[a-z]?)(?=\s+(?:ngay\s+\d|cua\s+(?:ubnd|hdnd|chinh phu|thu tuong|"
        rf"bo|tinh uy|dang uy|ban)\b|(?:tren|tai)\b|[,;.]))"
        rf"(?<={_type_pattern()}\s+(?:so\s*)?\d{{1,5}}[a-z]?)"  # from the digits back, which are the rarer
    )


def _type_code(written: str) -> str | None:
    """The type that ``written`` names, slips in diacritics forgiven unless it is a single short word."""
    code, name = papers.type_names().get(papers.bare(" ".join(written.split())), (None, ""))
    return code if " " in name or key(name) == key(written) else None


@dataclass(frozen=True, slots=True)
class _Place:
    """A code in the text, the type name before it and the span of the whole mention."""

    start: int
    end: int
    code_start: int
    code: Code
    type: str | None


def find(document: Document, header: Header, taken: Taken) -> tuple[Citation, ...]:
    """Every cited document outside the letterhead and the foot, in text order; takes their codes."""
    text = document.text
    quiet = Taken((p.start, p.end) for p in document.passages if p.zone != "body")
    places = [
        place
        for place in _places(text)
        if not quiet.overlaps(place.start, place.end)
        and not _ATTACHED.search(text[max(0, place.start - 30) : place.start])
        and not (header.report_no and place.code.text == header.report_no and place.type == "BC")
    ]
    found: list[Citation] = []
    for index, place in enumerate(places):
        before = places[index - 1] if index else None
        follower = places[index + 1] if index + 1 < len(places) else None
        found.append(_citation(text, place, before, found[-1] if found else None, follower, header))
        taken.add(place.code_start, place.end)
    listed = _listed_before(text, found, places)
    for citation in listed:
        taken.add(citation.start, citation.end)
    found = [*_shared_dates(text, found), *listed]
    found.extend(_numbered(text, quiet, taken, header))
    found.sort(key=lambda citation: citation.start)
    return _identified(text, found, header)


def _places(text: str) -> list[_Place]:
    places = []
    for match in codes.CODE.finditer(text):
        code = codes.parse(match)
        if code is None:
            continue
        before = text[max(0, match.start() - 60) : match.start()]
        named = _type_named(before)
        announced = _NUMBER_ANNOUNCED.search(before)
        if not (
            named
            or announced
            or code.type
            or code.party
            or "-" in code.symbol
            or regex.match(r"UBND|HĐND|TTr", code.symbol)
        ):
            continue
        start = match.start() - len(before) + named[0] if named else match.start()
        places.append(_Place(start, match.end(), match.start(), code, named[1] if named else code.type))
    return places


def _type_named(before: str) -> tuple[int, str] | None:
    """Where the name of a type that closes ``before`` begins, and its code."""
    found = _named_pattern().search(papers.bare(before))
    code = _type_code(before[found.start("name") : found.end("name")]) if found else None
    return (found.start(), code) if found and code else None


def _citation(
    text: str,
    place: _Place,
    before: _Place | None,
    last: Citation | None,
    follower: _Place | None,
    header: Header,
) -> Citation:
    limit = follower.start if follower else len(text)
    after = text[place.end : min(limit, place.end + 200)]
    dated = _DATE_AFTER.match(after)
    rest = after[dated.end() :] if dated else after
    at = place.end + (dated.end() if dated else 0)
    issuer = issuers.after().match(rest)
    if issuer:
        at += issuer.end()
        if dated is None and (late := _DATE_AFTER_ISSUER.match(rest[issuer.end() :])):
            dated = regex.compile(regex.escape(late["date"])).search(after)
    span = _span(place.end, dated) or _date_before(text, place, before, last)
    named = " ".join(issuer["issuer"].split()) if issuer else None
    subject = _SUBJECT.match(text[at : min(limit, at + 300)])
    written = text[span[0] : span[1]] if span else None
    return Citation(
        start=place.start,
        end=place.end,
        rule="citation",
        code=place.code.text,
        doc_type=place.code.type or place.type,
        number=place.code.number,
        year=place.code.year,
        symbol=place.code.symbol,
        issued_on=_day(written),
        issued_text=written,
        date_start=span[0] if span else None,
        date_end=span[1] if span else None,
        issuer=named,
        issuer_level=issuers.level_of(named, place.code, header),
        subject=_cut(subject["subject"]) if subject else None,
    )


def _cut(subject: str) -> str | None:
    """Without the clause that goes on behind the subject (", UBND xã báo cáo kết quả như sau")."""
    end = _SUBJECT_ENDS.search(subject)
    return subject[: end.start() if end else len(subject)].strip(" ,:") or None


def _span(base: int, match: regex.Match[str] | None) -> tuple[int, int] | None:
    if match is None:
        return None
    start, end = match.span("date") if "date" in match.groupdict() else match.span()
    return base + start, base + end


def _day(written: str | None) -> date | None:
    return next((mention.start_on for mention in dates.days(f"ngày {written.lower()}")), None) if written else None


def _date_before(text: str, place: _Place, before: _Place | None, last: Citation | None) -> tuple[int, int] | None:
    """``Ngày 28/02/2023, UBND xã ban hành Kế hoạch số …``: the clause's own opening date."""
    opened = max(
        (m.end() for m in _SENTENCE.finditer(text, max(0, place.start - 400), place.start)),
        default=max(0, place.start - 400),
    )
    shares = before is not None and last is not None and before.start >= opened
    if shares and before is not None and last is not None:
        between = text[before.end : place.start]
        took_lead = last.date_end is not None and last.date_end <= before.start and last.date_end > opened
        if (
            not took_lead
            or _NOT_ISSUING.search(between)
            or not regex.search(r"(?:,|và|;)\s*(?:\p{L}+\s+){0,4}$", between)
        ):
            return None
        return (last.date_start, last.date_end) if last.date_start is not None and last.date_end is not None else None
    leads = [m for m in _DATE_BEFORE.finditer(text, opened, place.start) if not m["cue"]]
    if not leads:
        return None
    lead = leads[-1]
    between = text[lead.end() : place.start]
    if _NOT_ISSUING.search(between) or (_WITHOUT_ISSUING.search(between) and not _ISSUING.search(between)):
        return None
    start, end = lead.span("date")
    return start, end


def _shared_dates(text: str, found: list[Citation]) -> list[Citation]:
    """``các Quyết định số 31/QĐ-UBND, 32/QĐ-UBND ngày …``: bare numbers of one list share the last one's date."""
    own = {_bare(citation) for citation in found if citation.issued_text is not None}
    for index in range(len(found) - 2, -1, -1):
        this, follower = found[index], found[index + 1]
        if (
            this.issued_on is None
            and follower.issued_on is not None
            and follower.date_start is not None
            and follower.date_start >= follower.end
            and _one_list(this, follower, text[this.end : follower.start], dated=_bare(this) in own)
        ):
            found[index] = replace(
                this,
                issued_on=follower.issued_on,
                issued_text=follower.issued_text,
                date_start=follower.date_start,
                date_end=follower.date_end,
            )
    return found


def _one_list(this: Citation, follower: Citation, between: str, *, dated: bool) -> bool:
    """Numbers of one type in a row; or two papers of a body joined by "và", unless the first is ``dated`` elsewhere."""
    if this.symbol == follower.symbol:
        return _SAME_LIST.fullmatch(between) is not None
    same_body = this.year is None and follower.year is None and _body(this) == _body(follower) != ""
    return same_body and not dated and between.strip() == "và"


def _body(citation: Citation) -> str:
    return (citation.symbol or "").partition("-")[2]


def _listed_before(text: str, found: list[Citation], places: list[_Place]) -> list[Citation]:
    """``các Kế hoạch số 10, 11, 12/KH-UBND``: bare numbers before take all from the one that is written in full."""
    more: list[Citation] = []
    for place, citation in zip(places, found, strict=True):
        begin = max(0, place.code_start - 60)
        run = _NUMBERS_BEFORE.search(text, begin, place.code_start)
        if run is None or not _ANNOUNCED.search(text, max(0, begin - 30), run.start()):
            continue
        symbol = citation.symbol or ""
        joint = "-" if place.code.party else "/"
        for number in regex.finditer(r"\d+[a-z]?", run[0]):
            start, end = run.start() + number.start(), run.start() + number.end()
            code = f"{number[0]}{joint}{symbol}"
            more.append(replace(citation, start=start, end=end, code=code, number=number[0], rule="citation-list"))
    return more


def _numbered(text: str, quiet: Taken, taken: Taken, header: Header) -> list[Citation]:
    """``Quyết định 41 của UBND tỉnh``: type and number only, hence incomplete."""
    found = []
    for match in _numbered_pattern().finditer(papers.bare(text)):
        kind = _type_code(text[match.start("name") : match.end("name")])
        start, end = match.start("name"), match.end()
        if kind is None or quiet.overlaps(start, end) or taken.overlaps(start, end):
            continue
        dated = _DATE_AFTER.match(text[end : end + 60])
        past = end + (dated.end() if dated else 0)
        issuer = issuers.after().match(text[past : past + 120])
        named = " ".join(issuer["issuer"].split()) if issuer else None
        organ = _organ(named)
        symbol = organ if organ and kind == "CV" else f"{kind}-{organ}" if organ else kind
        span = _span(end, dated)
        written = text[span[0] : span[1]] if span else None
        # An alias such as "Đề án 06" names a document without any number of its own to write down.
        found.append(
            Citation(
                start=start,
                end=end,
                rule="citation-number-only",
                code=f"{match['number']}/{symbol}" if organ or span else "",
                doc_type=kind,
                number=match["number"],
                symbol=symbol,
                issued_on=_day(written),
                issued_text=written,
                date_start=span[0] if span else None,
                date_end=span[1] if span else None,
                issuer=named,
                issuer_level=issuers.level_of(named, None, header),
                incomplete=True,
            )
        )
        taken.add(match.start("number"), match.end("number"))
    return found


def _organ(issuer: str | None) -> str | None:
    if issuer and regex.search(r"UBND|[UỦ][yỷ] ban nhân dân", issuer):
        return "UBND"
    return "HĐND" if issuer and regex.search(r"HĐND|Hội đồng nhân dân", issuer) else None


def _identified(text: str, found: list[Citation], header: Header) -> tuple[Citation, ...]:
    """Level inherited from the clause, then one identity for all mentions of one document."""
    told: dict[tuple[str, date | None], Level] = {
        (_bare(c), c.issued_on): c.issuer_level for c in found if c.issuer_level and c.issued_on
    }
    levels = [
        c.issuer_level or told.get((_bare(c), c.issued_on)) or _inherited(text, c, found, n, header)
        for n, c in enumerate(found)
    ]
    years: dict[tuple[str, Level | None], set[int]] = {}
    for citation, level in zip(found, levels, strict=True):
        if year := citation.year or (citation.issued_on.year if citation.issued_on else None):
            years.setdefault((_bare(citation), level), set()).add(year)
    return tuple(
        replace(c, issuer_level=level, identity=_identity(c, level, years))
        for c, level in zip(found, levels, strict=True)
    )


def _inherited(text: str, citation: Citation, found: list[Citation], index: int, header: Header) -> Level | None:
    """The issuer named later for the whole list, else the commune itself, whose report this is."""
    if citation.incomplete or not regex.search(r"UBND|HĐND|BCĐ", citation.symbol or ""):
        return None
    for follower in found[index + 1 : index + 4]:
        between = text[citation.end : follower.start]
        if len(between) > 60 or regex.search(r"[.;\n]", between):
            break
        if follower.issuer_level and follower.issuer and regex.search(r"\bvà\b|,", between):
            return follower.issuer_level
    opened = max((m.end() for m in _SENTENCE.finditer(text, max(0, citation.start - 300), citation.start)), default=0)
    acting = issuers.subject(text[max(opened, citation.start - 300) : citation.start])
    if acting is not None:
        return issuers.level_of(acting, None, header) or "commune"
    if citation.doc_type is None and regex.fullmatch(r"UBND-\w+", citation.symbol or ""):
        return "district"
    return "commune"


def _bare(citation: Citation) -> str:
    number = (citation.number or "").lstrip("0").lower()
    return f"{number}/{citation.symbol}"


def _identity(
    citation: Citation, level: Level | None, years: dict[tuple[str, Level | None], set[int]]
) -> str | None:
    year = citation.year or (citation.issued_on.year if citation.issued_on else None)
    if year is None:
        known = years.get((_bare(citation), level), set())
        year = next(iter(known)) if len(known) == 1 else None
    if year is None or citation.incomplete:
        return None
    era = "2" if citation.issued_on and citation.issued_on >= REFORM else "1"
    return f"{level or '?'}|{era}|{_bare(citation)}|{year}"
