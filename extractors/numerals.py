"""From digits as printed to a Decimal: separators, printed places, second readings.

Vietnamese style is a dot between thousands and a comma before decimals, but reports also write ``474.29 ha``,
``1,126.4`` and, worst, ``9.751 tỷ``. The shape decides; where two shapes are possible the unit of the number does
(people are never fractions); where doubt remains, both readings are kept.
"""
from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

import regex

MAX_DIGITS = 18
"""Longer runs of digits are codes, never counts."""

# A letter or digit before means a footnote mark ("văn bản1") or the inside of a code; a separator means that the
# match would begin inside a longer number.
NUMBER = regex.compile(
    r"(?<![\p{L}\d])(?<!\d[.,])\d++(?:[.,]\d++)*+"
    r"(?:(?<=^\d{1,3}|\D\d{1,3})(?: \d{3}){2,}+(?![\d.,]))?"  # "1 250 000", from two groups on
)
_GROUPED_DOT = regex.compile(r"\d{1,3}(?:\.\d{3})+")
_GROUPED_COMMA = regex.compile(r"\d{1,3}(?:,\d{3})+")


class Numeral(NamedTuple):
    """``other`` is the second possible reading, None where the shape leaves no doubt."""

    value: Decimal
    decimals: int
    other: Decimal | None = None


def parse(text: str, *, countable: bool = False, percent: bool = False) -> Numeral | None:
    """Reads one number; None for shapes that no number has (``1.2.3``) and for absurdly long ones.

    ``countable``: the unit counts whole things, so ``12,684 lượt`` is 12684. ``percent``: values above a thousand
    are not meant, so ``99.751%`` is 99.751.
    """
    digits = text.replace(" ", "")
    return _read(digits, countable, percent) if len(digits) <= MAX_DIGITS + 6 else None


@lru_cache(maxsize=4096)
def _read(digits: str, countable: bool, percent: bool) -> Numeral | None:
    dots, commas = digits.count("."), digits.count(",")
    if not dots and not commas:
        return Numeral(Decimal(digits), 0)
    if dots and commas:
        return _mixed(digits)
    if dots:
        return _one_kind(digits, ".", dots, whole=not percent)
    return _one_kind(digits, ",", commas, whole=countable)


def _mixed(digits: str) -> Numeral | None:
    """``1.126,4`` or, English style, ``1,126.4``: the last separator is the decimal one."""
    point = max(digits.rfind("."), digits.rfind(","))
    head, tail = digits[:point], digits[point + 1 :]
    mark = "." if digits[point] == "," else ","
    groups = _GROUPED_DOT if mark == "." else _GROUPED_COMMA
    if not groups.fullmatch(head):
        return None
    return Numeral(Decimal(f"{head.replace(mark, '')}.{tail}"), len(tail))


def _one_kind(digits: str, mark: str, count: int, *, whole: bool) -> Numeral | None:
    groups = _GROUPED_DOT if mark == "." else _GROUPED_COMMA
    grouped = groups.fullmatch(digits) is not None and not digits.startswith("0")
    if count > 1:
        return Numeral(Decimal(digits.replace(mark, "")), 0) if grouped else None
    head, tail = digits.split(mark)
    fraction = Numeral(Decimal(f"{head}.{tail}"), len(tail))
    if not grouped:
        return fraction
    thousands = Decimal(head + tail)
    return Numeral(thousands, 0, fraction.value) if whole else Numeral(fraction.value, len(tail), thousands)


_ONES = {
    "không": 0, "một": 1, "mốt": 1, "hai": 2, "đôi": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5, "lăm": 5, "nhăm": 5,
    "sáu": 6, "bảy": 7, "bẩy": 7, "tám": 8, "chín": 9, "mười": 10,
}
_SCALES = {"nghìn": 1000, "ngàn": 1000, "vạn": 10_000, "triệu": 1_000_000, "tỷ": 1_000_000_000, "tỉ": 1_000_000_000}
_FILLERS = {"linh", "lẻ", "và"}


def from_words(text: str) -> Decimal | None:
    """``chín tỷ, tám trăm bốn mươi sáu triệu`` is 9846000000; None where a word is no number word."""
    total = group = ones = 0
    seen = False
    for word in text.lower().replace(",", " ").split():
        if word in _FILLERS and seen:
            continue
        if word in _SCALES and seen:
            total += (group + ones or 1) * _SCALES[word] if _SCALES[word] != 1_000_000_000 else 0
            if _SCALES[word] == 1_000_000_000:
                total = (total + group + ones) * 1_000_000_000
            group = ones = 0
        elif word == "trăm" and seen:
            group, ones = ones * 100, 0
        elif word in ("mươi", "chục") and seen:
            group, ones = group + ones * 10, 0
        elif word == "rưỡi" and total:
            total += total // 2
        elif word in _ONES:
            ones += _ONES[word]
            seen = True
        else:
            return None
    return Decimal(total + group + ones) if seen else None
