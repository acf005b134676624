"""Shapes of document numbers and their canonical spelling (Decree 30/2020/NĐ-CP, Annex I, and party practice).

Shapes: ``18/KH-UBND``, ``29/2018/QĐ-UBND``, ``71/2014/TTLT-BTC-BNV``, ``203/2025/QH15``, ``1565/UBND-NV``,
``19-KH/ĐU``; blanks may stand anywhere inside, Ð and OCR's D stand for Đ, the slash may be lost.
"""

from __future__ import annotations

from dataclasses import dataclass

import regex

from extractors import papers

_AND = r"&(?:amp;)?"
_GROUP = rf"[\p{{Lu}}Ð](?:[\p{{L}}Ð\d]{{0,14}})(?:{_AND}[\p{{Lu}}Ð][\p{{L}}\d]{{0,14}}){{0,3}}"
_DASH = "[-–\u2010\u2011]"
_CAPITALS = r"[\p{Lu}Ð]{2}[\p{L}Ð\d&]{0,12}"
# A blank on both sides of the hyphen only after the type letters: "15/KH - UBND" goes on, "15/KH-UBND - HĐND" does not.
_FIRST = rf"(?:-{_GROUP}|\s{{0,2}}{_DASH}\s{{0,2}}{_CAPITALS})"
_NEXT = rf"(?:-{_GROUP}|{_DASH}\s{{0,2}}{_CAPITALS}|\s{{1,2}}{_DASH}{_CAPITALS})"
_LETTERS = papers.alternatives([*papers.type_letters(), "QÐ", "QD", "NÐ", "ND", "CÐ", "HÐ", "TTR"])
_SUFFIX = r"(?:\s?[a-zđ](?![\p{L}]))?"

_STATE = (
    rf"(?P<number>\d{{1,5}}{_SUFFIX})\s{{0,2}}/\s{{0,2}}(?:(?P<year>(?:19|20)\d{{2}})\s{{0,2}}/\s{{0,2}})?"
    rf"(?P<symbol>{_GROUP}(?:{_FIRST}{_NEXT}{{0,3}})?)"
)
_PARTY = (
    rf"(?P<pnumber>\d{{1,5}}{_SUFFIX})\s?{_DASH}\s?(?P<ptype>{_LETTERS})\s?/\s?"
    rf"(?P<porg>[\p{{Lu}}Ð][\p{{L}}Ð]{{0,11}}(?:-[\p{{Lu}}Ð]{{2,8}}){{0,2}})"
)
_GLUED = rf"(?P<gnumber>\d{{1,5}}[a-zđ]?)(?P<gsymbol>(?:{_LETTERS})\s?-\s?[\p{{Lu}}Ð][\p{{L}}Ð\d\-]*)"
CODE = regex.compile(rf"(?:(?<![\d/\p{{L}}])|(?<=[sS][ốôỐÔ]))(?<!\d[.,])(?:{_PARTY}|{_STATE}|{_GLUED})(?![\p{{L}}\d])")


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
        number, kind = _number(match["pnumber"]), _group(match["ptype"])
        symbol = f"{kind}/{_plain(match['porg'])}"
        return Code(f"{number}-{symbol}", number, None, symbol, kind, party=True)
    number = _number(match["number"] or match["gnumber"])
    year = match["year"]
    symbol = _plain(match["symbol"] or match["gsymbol"])
    letters = [c for c in symbol if c.isalnum()]
    capitals = sum(c.isupper() or c.isdigit() for c in letters)
    if capitals < 2 or capitals < 0.6 * len(letters):
        return None
    head = symbol.split("-")[0]
    known = head if head in papers.type_letters() and ("-" in symbol or year) else None
    text = f"{number}/{year}/{symbol}" if year else f"{number}/{symbol}"
    return Code(text, number, int(year) if year else None, symbol, known)


def canonical(surface: str) -> str | None:
    """The canonical code in ``surface``, None when there is none."""
    match = CODE.search(surface)
    code = parse(match) if match else None
    return code.text if code else None


def _number(text: str) -> str:
    return "".join(text.split())


def _plain(symbol: str) -> str:
    """Without blanks; each group as it should read; no footnote digit on a body that ends in none."""
    joined = regex.sub(_DASH, "-", "".join(symbol.split())).replace("&amp;", "&")
    groups = [_group(group) for group in joined.split("-")]
    last = regex.sub(r"(?<!\d)[1-9]\d?$", "", groups[-1])
    if last in papers.data("agencies")["symbol"]["digitless"]:
        groups[-1] = last
    return "-".join(groups)


def _group(group: str) -> str:
    plain = group.replace("Ð", "Đ")
    return papers.misread().get(plain, plain)
