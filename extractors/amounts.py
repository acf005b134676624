"""A number with its unit: ``1.126,4 ha``, ``05 (năm) đồng chí``, compound money in its last unit."""
from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

import regex

from extractors import numerals
from extractors.frames import Frame
from extractors.lexicon import Unit, unit_at

_IN_BRACKETS = regex.compile(r" {0,2}\( ?([\p{L}][\p{L} /\d]{0,40}?) ?\)")
_NUMBER_WORD = regex.compile(r"(?:nghìn|ngàn|triệu)$")
_IN_MILLIONS = frozenset({"visits", "things", "money", "mass", "volume", "energy"})
_JOIN_MONEY = regex.compile(r",? {1,2}(?:và )?")


class Amount(NamedTuple):
    """A number with its unit, compound money already added up in its last unit."""

    value: Decimal
    decimals: int
    other: Decimal | None
    unit: Unit | None
    number_end: int
    end: int
    used: int


def amount(frame: Frame, index: int) -> Amount:
    """Reads the amount that begins with token ``index``: ``1.126,4 ha``, ``9 tỷ 846 triệu đồng``."""
    token = frame.tokens[index]
    found = _unit_behind(frame.low, token.end)
    if found is None:
        return Amount(token.shape.value, token.shape.decimals, token.shape.other, None, token.end, token.end, 1)
    unit, end = _multiplied(frame.low, *found)
    if unit.dimension == "money" and unit.scale > 1 and not frame.low[token.end : end].endswith("đồng"):
        compound = _smaller(frame, index, unit, end)
        if compound:
            return compound
    read = numerals.parse(token.text, countable=unit.kind == "count") or token.shape
    return Amount(read.value, read.decimals, read.other, unit, token.end, end, 1)


def _multiplied(low: str, unit: Unit, end: int) -> tuple[Unit, int]:
    """``4,6 nghìn tỷ đồng``, ``41,8 nghìn ha``, ``1,2 triệu lượt``: a number word before a unit is no money."""
    word = _NUMBER_WORD.search(low, max(0, end - 6), end) if unit.dimension == "money" else None
    counted = unit_at(low, end) if word else None
    if word is None or counted is None or (counted[0].scale == 1 and counted[0].dimension == "money"):
        return unit, end  # "5 triệu đồng" is read as one
    if word[0] == "triệu" and counted[0].dimension not in _IN_MILLIONS:
        return unit, end  # "45 triệu người/năm" lacks a slash
    other = counted[0]
    return Unit(f"{word[0]} {other.name}", other.kind, other.dimension, unit.scale * other.scale), counted[1]


def _unit_behind(low: str, end: int) -> tuple[Unit, int] | None:
    return unit_at(low, end) or _beyond_words(low, end)


def _beyond_words(low: str, end: int) -> tuple[Unit, int] | None:
    """The unit behind a number that is repeated in words, or in brackets itself: ``05 (năm) đồng chí``, ``5 (ha)``."""
    bracket = _IN_BRACKETS.match(low, end)
    if bracket is None:
        return None
    if numerals.from_words(bracket[1]) is not None:
        return unit_at(low, bracket.end())
    unit = unit_at(low, bracket.start(1))
    return unit if unit and unit[1] == bracket.end(1) else None


def _smaller(frame: Frame, index: int, unit: Unit, end: int) -> Amount | None:
    """The smaller unit that goes on with an amount of money; None where the next number is another amount."""
    if index + 1 >= len(frame.tokens):
        return None
    token = frame.tokens[index + 1]
    if _JOIN_MONEY.fullmatch(frame.low, end, token.start) is None:
        return None
    found = _unit_behind(frame.low, token.end)
    if found is None or found[0].dimension not in ("money", "money/") or found[0].scale >= unit.scale:
        return None  # before the next amount is read: a list of amounts is read once, not once for each
    rest = amount(frame, index + 1)
    if rest.unit is None:
        return None
    factor = unit.scale / rest.unit.scale
    if rest.value >= factor:
        return None
    value = frame.tokens[index].shape.value * factor + rest.value
    return Amount(value, rest.decimals, None, rest.unit, rest.number_end, rest.end, rest.used + 1)
