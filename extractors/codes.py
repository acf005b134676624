"""Shapes of document numbers and their canonical spelling (Decree 30/2020/NĐ-CP, Annex I, and party practice).

Shapes: ``18/KH-UBND``, ``29/2018/QĐ-UBND``, ``71/2014/TTLT-BTC-BNV``, ``203/2025/QH15``, ``1565/UBND-NV``,
``19-KH/ĐU``; blanks may stand anywhere inside, Ð and OCR's D stand for Đ, the slash may be lost.
"""

from __future__ import annotations

from dataclasses import dataclass

import regex

_SEGMENT = r"[\p{Lu}Ð][\p{L}Ð\d]*(?:&[\p{Lu}][\p{L}\d]*)*"
_NEXT = rf"(?:-{_SEGMENT}|\s?[-–]\s?[\p{{Lu}}Ð]{{2,}}[\p{{Lu}}\p{{Ll}}\d&]{{0,12}}(?!\p{{L}}))"
_TYPES = (
    r"NQ|Q[ĐÐD]|CT|QC|Qy[ĐÐ]|TC|TB|HD|CTr|KH|PA|[ĐÐ]A|DA|BC|BB|TTr|C[ĐÐ]|N[ĐÐ]|TT|TTLT|KL|CV|CTH[ĐÐ]|L|PL|KHPH|CTrPH"
)

STATE = (
    rf"(?P<number>\d{{1,5}}(?:[a-zđ](?![\p{{L}}]))?)\s{{0,2}}/\s{{0,2}}(?:(?P<year>(?:19|20)\d{{2}})\s?/\s?)?"
    rf"(?P<symbol>{_SEGMENT}{_NEXT}{{0,4}})"
)
PARTY = (
    rf"(?P<pnumber>\d{{1,4}}(?:[a-zđ](?!\p{{L}}))?)\s?[-–]\s?(?P<ptype>{_TYPES})\s?/\s?"
    r"(?P<porg>[\p{Lu}Ð][\p{L}Ð]{0,9})"
)
GLUED = rf"(?P<gnumber>\d{{1,5}}[a-zđ]?)(?P<gsymbol>(?:{_TYPES})-[\p{{Lu}}Ð][\p{{Lu}}Ð\d\-]*)"
CODE = regex.compile(rf"(?<![\d/.,\p{{L}}])(?:{PARTY}|{STATE}|{GLUED})(?![\p{{L}}\d])")


@dataclass(frozen=True, slots=True)
class Code:
    """A number taken apart; ``symbol`` without the number, ``type`` only where the symbol names one."""

    text: str
    number: str
    year: int | None
    symbol: str
    type: str | None
    party: bool = False


def parse(match: regex.Match[str]) -> Code | None:
    """The code that ``match`` of ``CODE`` spells, None for a look-alike."""
    if match["pnumber"]:
        symbol = f"{_plain(match['ptype'])}/{_plain(match['porg'])}"
        return Code(f"{match['pnumber']}-{symbol}", match["pnumber"], None, symbol, _plain(match["ptype"]), True)
    number, year = match["number"] or match["gnumber"], match["year"]
    symbol = _plain(match["symbol"] or match["gsymbol"])
    capitals = sum(c.isupper() or c.isdigit() for c in symbol if c.isalnum())
    if capitals < 2 or capitals < 0.6 * sum(c.isalnum() for c in symbol):
        return None
    head = symbol.split("-")[0]
    kind = head if regex.fullmatch(_TYPES, head) and ("-" in symbol or year or len(head) > 1) else None
    text = f"{number}/{year}/{symbol}" if year else f"{number}/{symbol}"
    return Code(text, number, int(year) if year else None, symbol, kind)


def canonical(surface: str) -> str | None:
    """The canonical code in ``surface``, None when there is none."""
    match = CODE.search(surface)
    code = parse(match) if match else None
    return code.text if code else None


def _plain(symbol: str) -> str:
    """Without blanks, Ð as Đ, OCR's ``QD``/``ND`` as ``QĐ``/``NĐ``."""
    joined = regex.sub(r"\s+", "", symbol).replace("Ð", "Đ").replace("–", "-")
    return str(regex.sub(r"(?<![\p{L}])(QD|ND)(?=-)", lambda m: m[1][0] + "Đ", joined))
