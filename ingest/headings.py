"""The number that a heading or list item begins with, in all styles met in reports (Decree 30/2020/NĐ-CP and habit).

Only the surface is read here: whether ``1. Tập trung …`` is a heading or a list item is decided by
``ingest.structure`` from its neighbours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import regex

from schema.text import BULLETS

Style = Literal[
    "part",
    "annex",
    "chapter",
    "division",
    "article",
    "upper",
    "roman",
    "arabic",
    "dotted2",
    "dotted3",
    "dotted4",
    "letter",
    "paren",
    "paren2",
    "bullet",
]

ALPHABET = "abcdđeghiklmnopqrstuvxy"  # the order of points (điểm) in Vietnamese papers: no f, j, w, z
_ORDINALS = ("nhất", "hai", "ba", "tư", "năm", "sáu", "bảy", "tám", "chín", "mười")
_ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}


@dataclass(frozen=True, slots=True)
class Label:
    """``number`` as printed without closing sign, its ``value`` among its siblings, and where the wording begins."""

    style: Style
    number: str
    value: int
    rest: int
    other: Style | None = None


# A word begins in capitals, after an opening quotation mark or bracket at most.
_WORDING = r"(?=[\"“‘(\[]?\p{Lu})"
_PATTERNS: tuple[tuple[Style, regex.Pattern[str]], ...] = (
    # "Phần thứ nhất", "PHẦN I", "Phần 1: …", "Phần B. …"
    (
        "part",
        regex.compile(
            r"(?P<number>(?:Phần|PHẦN)\s+(?:(?:thứ|THỨ)\s+(?P<word>\p{L}+)|(?P<roman>[IVX]{1,5})|(?P<digits>\d{1,2})"
            r"|(?P<letter>[A-HĐ]))(?!\w))\s*[.:\-–/]?\s*"
        ),
    ),
    (
        "annex",
        regex.compile(
            r"(?P<number>(?:PHỤ LỤC|Phụ lục|PHỤ BIỂU|Phụ biểu|BIỂU SỐ|BIỂU MẪU|Biểu số|Biểu mẫu)"
            r"(?:\s+(?:số\s+|SỐ\s+)?(?:(?P<digits>\d{1,2})[A-Za-z]?|(?P<roman>[IVX]{1,5})|[A-D])(?!\w))?)"
            r"\s*(?:[.:\-–]\s*|(?=\p{Lu}|\(|$))"
        ),
    ),
    (
        "chapter",
        regex.compile(
            r"(?P<number>(?:Chương|CHƯƠNG)\s+(?:(?P<roman>[IVX]{1,5})|(?P<digits>\d{1,2}))(?!\w))"
            r"\s*[.:\-–]?\s*"
        ),
    ),
    (
        "division",
        regex.compile(
            r"(?P<number>(?:Mục|MỤC)\s+(?:(?P<roman>[IVX]{1,5})|(?P<digits>\d{1,2}))(?!\w))"
            rf"\s*(?:[.:]\s*{_WORDING}|$)"
        ),
    ),
    ("article", regex.compile(rf"(?P<number>Điều\s+(?P<digits>\d{{1,3}}))\s*[.:]\s*{_WORDING}")),
    # "I.1. Kết quả" and "B.1. Kết quả" count like "1.1."
    ("dotted2", regex.compile(rf"(?P<number>(?:[IVX]{{1,5}}|[A-HĐ])\.(?P<digits>\d{{1,2}}))[.)]?\s*{_WORDING}")),
    # "1.1. Về trồng trọt", "4.2 Tồn tại", "2.2.Tồn tại"; never "7.2 ha" or "2.372 TTHC"
    (
        "dotted4",
        regex.compile(rf"(?P<number>\d{{1,2}}(?:\.\d{{1,2}}){{2,3}}\.(?P<digits>\d{{1,2}}))[.)/:]?\s*{_WORDING}"),
    ),
    ("dotted3", regex.compile(rf"(?P<number>\d{{1,2}}\.\d{{1,2}}\.(?P<digits>\d{{1,2}}))[.)/:]?\s*{_WORDING}")),
    ("dotted2", regex.compile(rf"(?P<number>\d{{1,2}}\.(?P<digits>\d{{1,2}}))[.)/:]?\s*{_WORDING}")),
    # "I. KẾT QUẢ", "I- Công tác", "II/ Tồn tại"
    ("roman", regex.compile(rf"(?P<number>(?P<roman>[IVX]{{1,5}}))\s*[.\-–/):]\s*{_WORDING}")),
    ("upper", regex.compile(rf"(?P<number>(?P<letter>[A-HK-UYĐ]))\s*(?:[.)]|[-–/])\s*{_WORDING}")),
    # "1. Kết quả", "1- Kết quả", "1/ Kết quả", "1) Kết quả"
    ("arabic", regex.compile(rf"(?P<number>(?P<digits>\d{{1,2}}))\s*[.)/\-–:]\s*{_WORDING}")),
    # "a) Kết quả", "đ. Kết quả", "a/ Kết quả"; wording may begin small in a list
    ("letter", regex.compile(r"(?P<number>(?P<letter>[a-eghik-vxyđ]))\s*(?:\)\s*|[./-]\s+|[./-](?=\p{Lu}))(?=\S)")),
    (
        "paren",
        regex.compile(r"\((?P<number>(?P<digits>\d{1,2})|(?P<letter>[a-eghik-vxyđ])|(?P<small>[ivx]{1,4}))\)\s*(?=\S)"),
    ),
    # "(2.1) Kết quả", under "(2)"
    ("paren2", regex.compile(rf"\((?P<number>\d{{1,2}}\.(?:\d{{1,2}}\.)?(?P<digits>\d{{1,2}}))\)\s*{_WORDING}")),
    ("bullet", regex.compile(rf"(?P<number>[-–—+*·{BULLETS}]|o(?=\s))\s*(?=\S)")),
)
# Most paragraphs begin with a plain word: one look tells them apart.
_PERHAPS = regex.compile(r"[^\p{L}]|\p{L}{1,5}\s*[.)/:–-]|o\s|P[hH]|C[hH]|M[ụỤ]|Đi|B[iI]")
_SMALL_ITEM = regex.compile(r"(?P<number>\d{1,2})[.)]\s+(?=\p{Ll})")


def parse(text: str) -> Label | None:
    """The label that ``text`` begins with, or None.

    A single I, V or X is Roman with ``other`` style ``upper``, since only the letter before it can tell.
    """
    if _PERHAPS.match(text) is None:
        return None
    for style, pattern in _PATTERNS:
        match = pattern.match(text)
        if match is None:
            continue
        value = _value(match.groupdict())
        if value is None:
            continue
        other: Style | None = "upper" if style == "roman" and len(match["number"]) == 1 else None
        return Label(style, match["number"], value, match.end(), other)
    match = _SMALL_ITEM.match(text)
    return Label("bullet", match["number"], 0, match.end()) if match else None


def _value(groups: dict[str, str | None]) -> int | None:
    if digits := groups.get("digits"):
        return int(digits)
    if roman := groups.get("roman"):
        return roman_value(roman)
    if small := groups.get("small"):
        return roman_value(small.upper())
    if letter := groups.get("letter"):
        return letter_value(letter)
    if word := groups.get("word"):
        return _ORDINALS.index(word.lower()) + 1 if word.lower() in _ORDINALS else None
    return 0


def letter_value(letter: str) -> int:
    """Place in the Vietnamese alphabet of points, from 1; letters outside it (f, j, w, z) count 0."""
    return ALPHABET.find(letter.lower()) + 1


def roman_value(numeral: str) -> int | None:
    """1..89, or None where the letters are no Roman numeral (``IIX``)."""
    total = 0
    for char, following in zip(numeral, numeral[1:] + " ", strict=True):
        step = _ROMAN[char]
        total += -step if _ROMAN.get(following, 0) > step else step
    return total if to_roman(total) == numeral else None


def to_roman(value: int) -> str:
    signs = (
        ("M", 1000),
        ("CM", 900),
        ("D", 500),
        ("CD", 400),
        ("C", 100),
        ("XC", 90),
        ("L", 50),
        ("XL", 40),
        ("X", 10),
        ("IX", 9),
        ("V", 5),
        ("IV", 4),
        ("I", 1),
    )
    out = []
    for sign, size in signs:
        out.append(sign * (value // size))
        value %= size
    return "".join(out)
