"""Who issued a cited document, and on which level: said after it, implied by its symbol, or inherited."""

from __future__ import annotations

import regex

from extractors.codes import Code
from schema.model import Level

_NAME = r"(?:\s+\p{Lu}[\p{L}'’]*(?:[ \-]\p{Lu}[\p{L}'’]*){0,4}(?:\s\d{1,2})?)?"
_ORGAN = (
    r"(?:UBND|HĐND|Ủy ban nhân dân|Uỷ ban nhân dân|Hội đồng nhân dân|Đảng ủy|Đảng uỷ|Huyện ủy|Thành ủy|Tỉnh ủy|Tỉnh uỷ|"
    r"Quận ủy|Thị ủy|Ban Thường vụ|Chính phủ|Thủ tướng(?: Chính phủ)?|Quốc hội|Bộ|Phòng|Sở|Công an|Chủ tịch UBND|"
    r"Văn phòng Chính phủ|"
    r"Ban chỉ đạo|Trung ương)"
)
AFTER = regex.compile(
    rf"\s*,?\s*(?:của|do)\s+(?P<issuer>(?i:{_ORGAN})(?:\s+(?!(?:xã|phường|thị trấn|huyện|quận|thành phố|thị xã|tỉnh)\b)"
    rf"\p{{Lu}}[\p{{L}}&]*|\s+(?:và|Chính)\s+\p{{Lu}}\p{{L}}*){{0,6}}"
    rf"(?:\s+(?i:xã|phường|thị trấn|đặc khu|huyện|quận|thành phố|thị xã|tỉnh|tình)(?!\p{{L}}){_NAME})?)(?!\p{{L}})"
)
_COMMUNE = regex.compile(r"\b(?:xã|phường|thị trấn|đặc khu)\b", regex.I)
_DISTRICT = regex.compile(r"\b(?:huyện|quận|thị xã|thành phố|TP)\b|huyện ủy|thành ủy|quận ủy", regex.I)
_PROVINCE = regex.compile(r"\btỉnh\b|\bSở\b", regex.I)
_CENTRAL = regex.compile(r"\b(?:Chính phủ|Thủ tướng|Quốc hội|Trung ương|Bộ)\b")
_CENTRAL_SYMBOL = regex.compile(
    r"(?:^|-)(?:CP|TTg|QH\d*|UBTVQH\d*|VPCP|B(?!CĐ|CH|TC?TU|TGTU|TV|TT(?!TT))[A-ZĐ][\p{L}&]+|TTLT|TANDTC|VKSNDTC|KTNN|TTCP)(?:-|$)"
)


def level_of(issuer: str | None, code: Code | None) -> Level | None:
    """The level that the issuer's wording or the symbol itself tells, None when neither does."""
    if code is not None and code.party:
        return "party"
    if code is not None and _CENTRAL_SYMBOL.search(code.symbol):
        return "central"
    if issuer:
        for pattern, level in (
            (_COMMUNE, "commune"),
            (_PROVINCE, "province"),
            (_DISTRICT, "district"),
            (_CENTRAL, "central"),
        ):
            if pattern.search(issuer):
                return level  # type: ignore[return-value]
    if code is not None and code.year and regex.search(r"UBND|HĐND", code.symbol):
        return "province"
    if code is not None and regex.match(r"(?:S[A-ZĐ]+|CAT)(?:-|$)", code.symbol):
        return "province"
    return None
