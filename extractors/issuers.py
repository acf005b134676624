"""Who issued a cited document, and on which level: said after it, implied by its symbol, or by the clause's subject."""

from __future__ import annotations

from functools import cache

import regex

from extractors import papers
from extractors.codes import Code
from schema.eras import REFORM
from schema.model import Header, Level
from schema.text import key

_NAME = (
    r"(?:\s+(?!(?i:UBND|HĐND|Kế|Quyết|Công|Nghị|Về)(?!\p{L}))\p{Lu}[\p{L}'’]*(?:[ \-]\p{Lu}[\p{L}'’]*){0,4}"
    r"(?:\s\d{1,2}(?![\d/.,%]))?|\s+\d{1,2}(?=\s*(?:[,.;)]|$|về|đã)))?"
)


@cache
def _organs() -> str:
    return papers.alternatives([word for organ in papers.data("agencies")["organ"] for word in organ["words"]])


@cache
def _units() -> str:
    return papers.alternatives([word for unit in papers.data("agencies")["unit"] for word in unit["words"]])


# The rest of a body's own name: "Bộ Tài chính", "Phòng Nông nghiệp và Phát triển nông thôn", "Ban chỉ đạo Đề án 06".
_OWN_NAME = (
    rf"(?:\s+(?:{papers.alternatives(papers.data('agencies')['field']['words'])})(?!\p{{L}})|"
    r"\s+\p{Lu}[\p{L}&]*(?:\s+\p{Ll}+){0,2}?(?=[\s,.;:)]|$)|\s+(?:và|-|–)(?=\s+\p{Lu})|,(?=\s+Bộ\s+\p{Lu})|"
    r"\s+06(?!\d)){0,9}?"
)


@cache
def named() -> regex.Pattern[str]:
    """An issuer as worded; group ``issuer``. Nothing of the following clause belongs to it."""
    unit = rf"(?:{_units()})(?!\p{{L}})"
    return regex.compile(
        rf"(?P<issuer>(?P<organ>(?i:{_organs()}))(?!\p{{L}})(?P<own>{_OWN_NAME})"
        rf"(?:\s+(?P<unit>(?i:{unit}))(?P<name>{_NAME})|(?=\s*(?:[,.;:)\n\t]|$)|\s+[\p{{Ll}}\d(\"“]))"
        rf"|(?P<unit>(?i:{unit}))(?P<name>{_NAME})|cấp\s+trên|Trung\s+ương)(?!\p{{L}})"
    )


@cache
def after() -> regex.Pattern[str]:
    return regex.compile(rf"\s*[,(]?\s*(?:của|do)\s+{named().pattern}")


@cache
def _levels() -> dict[str, Level]:
    entries = [*papers.data("agencies")["organ"], *papers.data("agencies")["unit"]]
    return {key(word): entry["level"] for entry in entries if "level" in entry for word in entry["words"]}


def level_of(issuer: str | None, code: Code | None, header: Header) -> Level | None:
    """The level that the issuer's wording or the symbol itself tells, None when neither does."""
    if code is not None and code.party:
        return "party"
    if code is not None and (level := _of_symbol(code)):
        return level
    if issuer and (level := _of_wording(issuer, header)):
        return level
    if code is not None and code.year and regex.search(r"UBND|HĐND", code.symbol):
        return "province"  # since 2015 communes and districts issue next to no legal normative papers
    return None


def _of_symbol(code: Code) -> Level | None:
    groups = code.symbol.split("-")
    own = groups[1:] if code.type else groups
    if not own or own[0] in ("UBND", "HĐND", "BCĐ"):
        return None
    levels: tuple[Level, ...] = ("central", "province", "district", "commune", "party")
    for level in levels:
        if own[0] in papers.symbols(level) or "-".join(own) in papers.symbols(level):
            return level
    if code.year and regex.match(r"QH\d|UBTVQH\d", code.symbol):
        return "central"
    return "central" if groups[0] == "TTLT" or regex.fullmatch(r"(?:NĐ|TT)", groups[0]) else None


def _of_wording(issuer: str, header: Header) -> Level | None:
    found = named().fullmatch(issuer)
    if found is None:
        return None
    organ, unit = key(found["organ"] or ""), key(found["unit"] or "")
    own = _levels().get(organ)
    if own in ("central", "party"):
        return own
    if unit:
        level = _levels().get(unit)
        if unit in ("thành phố", "tp"):
            return _city(found["name"] or "", header)
        return "province" if organ == "sở" else level
    return "central" if key(issuer) == "trung ương" else own


def _city(name: str, header: Header) -> Level:
    """A city is a district of its province until 30/6/2025, unless it is run centrally."""
    central = {key(city) for city in papers.data("agencies")["city"]["central"]}
    if key(name) in central or (not name.strip() and key(header.province or "") in central):
        return "province"
    later = header.issued_on is not None and header.issued_on >= REFORM
    return "province" if later else "district"


@cache
def _acting() -> regex.Pattern[str]:
    return regex.compile(
        rf"{named().pattern}(?:\s+\([^)]{{1,40}}\))?,?\s+"
        r"(?:(?:đã|có|vừa|chủ động|kịp thời|tiếp tục|cũng|tham mưu|luôn|sớm|giao)\s+){0,4}"
        r"(?:xây dựng|ban hành|ra|ký|phát hành|có|triển khai|thông qua|phê duyệt|trình|gửi|tổ chức|quyết định|lập|"
        r"xác định|bám sát)(?!\p{L})"
    )


def subject(clause: str) -> str | None:
    """The body that acts in ``clause`` ("UBND xã đã ban hành …"): the last one named as subject."""
    last = None
    for match in _acting().finditer(clause):
        before = clause[max(0, match.start() - 5) : match.start()]
        if not regex.search(r"(?:của|do|với)\s+$", before):
            last = match["issuer"]
    return " ".join(last.split()) if last else None
