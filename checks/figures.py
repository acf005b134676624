"""Figures as Vietnamese reports print them: ``1.284,5``, ``07``, ``34.5``, ``9 tỷ 846 triệu đồng``."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

import regex

from schema.text import key

_NUMBER = regex.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:[.,]\d+)?")
_WHOLE = regex.compile(r"\s*(\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:[.,]\d+)?)\s*(%?)\s*")

_MONEY = {
    "đồng": Fraction(1),
    "đ": Fraction(1),
    "nghìn đồng": Fraction(10**3),
    "ngàn đồng": Fraction(10**3),
    "triệu đồng": Fraction(10**6),
    "triệu": Fraction(10**6),
    "tr.đ": Fraction(10**6),
    "trđ": Fraction(10**6),
    "tỷ đồng": Fraction(10**9),
    "tỉ đồng": Fraction(10**9),
    "tỷ": Fraction(10**9),
    "tỉ": Fraction(10**9),
    "nghìn tỷ đồng": Fraction(10**12),
    "ngàn tỷ đồng": Fraction(10**12),
}
_SCALED = {
    "ha": ("ha", Fraction(1)),
    "m2": ("ha", Fraction(1, 10_000)),
    "m²": ("ha", Fraction(1, 10_000)),
    "km2": ("ha", Fraction(100)),
    "km²": ("ha", Fraction(100)),
    "km": ("m", Fraction(1000)),
    "m": ("m", Fraction(1)),
    "tấn": ("kg", Fraction(1000)),
    "tạ": ("kg", Fraction(100)),
    "kg": ("kg", Fraction(1)),
    "tạ/ha": ("kg/ha", Fraction(100)),
    "tấn/ha": ("kg/ha", Fraction(1000)),
    "kg/ha": ("kg/ha", Fraction(1)),
}
_COUNT_OF_PEOPLE = {
    "người",
    "đồng chí",
    "cán bộ",
    "công chức",
    "thành viên",
    "nhân khẩu",
    "khẩu",
    "hội viên",
    "học sinh",
    "cháu",
    "em",
    "lao động",
    "thanh niên",
    "đảng viên",
    "công dân",
    "viên chức",
    "người dân",
    "đại biểu",
    "biên chế",
}


_GROUPED = regex.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?")
_THOUSANDS = regex.compile(r"(?<=\d)(?=(\d{3})+$)")
_UNGROUPED = regex.compile(r"\d{4,}.*")
_POINTED = regex.compile(r"\d+\.\d{1,2}")


def parse(text: str) -> tuple[Decimal, int] | None:
    """A cell or word that is one number and nothing else: its value and printed decimals, else None."""
    found = _WHOLE.fullmatch(text)
    return read(found[1]) if found else None


def read(text: str) -> tuple[Decimal, int]:
    """Value and printed decimals of a number: dots before exactly three digits part thousands, else decimals."""
    if _GROUPED.fullmatch(text):
        text = text.replace(".", "")
    plain = text.replace(",", ".")
    decimals = len(plain.partition(".")[2])
    return Decimal(plain), decimals


def plain(value: Decimal | Fraction, decimals: int = 0, like: str = "") -> str:
    """A figure as a report would print it; ``like`` lends its zero padding and thousands style."""
    scaled = Fraction(value) * 10**decimals
    whole = int(scaled + Fraction(1, 2)) if scaled >= 0 else -int(-scaled + Fraction(1, 2))
    sign, digits = ("-" if whole < 0 else ""), str(abs(whole)).rjust(decimals + 1, "0")
    integer, fraction = (digits[:-decimals], digits[-decimals:]) if decimals else (digits, "")
    if like.startswith("0") and not decimals:
        integer = integer.rjust(len(like), "0")
    if len(integer) > 3 and not _UNGROUPED.fullmatch(like):
        integer = _THOUSANDS.sub(".", integer)
    point = "." if _POINTED.fullmatch(like) else ","
    return sign + integer + (f"{point}{fraction}" if fraction else "")


@lru_cache(maxsize=1024)
def family(unit: str | None) -> tuple[str | None, Fraction]:
    """What units can be compared, and the factor to the family's base unit: ``tỷ đồng`` is money, 10^9."""
    if unit is None:
        return None, Fraction(1)
    name = key(unit)
    name, _, per = name.partition("/") if name not in _SCALED else (name, "", "")
    name = name.strip()
    if name in _MONEY:
        return "money" + (f"/{per.strip()}" if per else ""), _MONEY[name]
    if name in _SCALED:
        return _SCALED[name]
    if name in _COUNT_OF_PEOPLE:
        return "people", Fraction(1)
    return (f"{name}/{per.strip()}" if per else name), Fraction(1)


def counted(unit: str | None, decimals: int) -> bool:
    """Whether figures in this unit are counts (exact) rather than measures (rounded)."""
    kind, factor = family(unit)
    if decimals:
        return False
    if kind is None:
        return True
    if kind == "money":
        return factor == 1
    return kind not in ("ha", "m", "kg", "kg/ha") and "/" not in kind and kind != "%"


def numbers(text: str) -> list[str]:
    return [found[0] for found in _NUMBER.finditer(text)]
