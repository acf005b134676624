"""Digits that are no figures: names, ranks, clauses, standards, telephones, footnote marks, labels of list items."""
from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import regex

from extractors.lexicon import data, unit_at
from schema.text import BULLETS, aligned

_LABEL = regex.compile(
    rf"\s*+(?:[-+*–—·{BULLETS}]\s*+)?(?:"
    r"\(?(?:\d{1,2}|[a-zđ])\s?[).](?!\d)"  # "1." "a)" "(1)"
    r"|\(\d{1,2}(?:\.\d{1,2}){1,2}\)(?=\s)"  # "(2.1) Trong"
    r"|\d{1,2}(?:\.\d{1,2}){1,3}(?:\.(?!\d)|(?=\s++\p{Lu})|(?=\p{Lu})|\s?[/:)\-–](?=\s*+\p{Lu}))"  # "1.1." "1.3/ Về"
    r"|\d{1,2}\s?[-/](?=\s\p{Lu})"  # "2/ Công tác" "1- Công tác"
    r"|(?:[IVX]{1,5}|[A-ZĐ])\.\d{1,2}(?:\.\d{1,2})*+(?:\.|(?=\s))"  # "II.1." "B.1 Hạ tầng"
    r")"
)
_NOTE = regex.compile(r"\s*[\[(]?\d{1,3}[\])]?(?=\s?\p{Lu})")
_ENUMERATOR = regex.compile(r"[(]\d{1,2}[)](?=\s*\p{L})")
# Communes merged in 2025 carry numbers, and so do schools: "xã Bảo Lâm 5", "Tiểu học Tân Hòa 2".
_NUMBERED_PLACE = regex.compile(
    r"(?:[Xx]ã|XÃ|[Pp]hường|PHƯỜNG|[Đđ]ặc khu|ĐẶC KHU|[Tt]iểu học|[Mm]ầm non|[Mm]ẫu giáo|THCS|THPT) +"
    r"(?P<name>(?:\p{Lu}[\p{L}'’]* +){1,4}\d{1,2})(?![\d/]|[.,]\d| *%)"
)
# “5 tại chỗ”, “5 xây, 5 chống”: a quoted slogan, unless what it says is a count ("12 thôn")
_SLOGAN = regex.compile(r"(?<=[“\"])(?P<n>\d{1,2}) \p{L}[^“”\".;\n\t]{1,40}(?=[”\"])")
_LIST = regex.compile(r"\s*(?:,|và|;|hoặc|-|–|đến)\s*")
_OPENERS = frozenset({"", ":", ";", ",", "."})
WINDOW = 34


def label_end(text: str, start: int, end: int, *, note: bool = False) -> int:
    """Where the text of a paragraph begins, behind its printed number (``1.1.``, ``a)``); the mark of a ``note``."""
    found = (_NOTE.match(text, start, end) if note else None) or _LABEL.match(text, start, end)
    return found.end() if found else start


def last_words(low: str, end: int, count: int = 4) -> list[str]:
    """Up to ``count`` words that stand right before ``end``, without other punctuation between."""
    window = low[max(0, end - WINDOW) : end].rpartition("\n")[2].rpartition("\t")[2]
    words: list[str] = []
    for run in reversed(window.split()):
        word = run.rpartition("/")[2]
        if not word or (words and word[-1] in ",;.:()"):
            break
        opened = word[0] in "(\"“'"
        words.append(word[1:] if opened else word)
        if opened or len(words) == count:
            break
    return words[::-1]


@lru_cache(maxsize=1)
def _tables() -> tuple[frozenset[str], frozenset[str], frozenset[str], frozenset[str], tuple[regex.Pattern[str], ...]]:
    tables = data("names")
    prefix = tables["prefix"]
    # One by one: each has literals of its own to search for, which an alternation of all would lose. For the same
    # reason words before a number are best looked back at from its end.
    shapes = tuple(regex.compile(shape) for shape in tables["pattern"]["shapes"])
    return (
        frozenset(aligned(w) for w in prefix["words"]),
        frozenset(aligned(w) for w in prefix["always"]),
        frozenset(aligned(w) for w in prefix["continued"]),
        frozenset(aligned(w) for w in prefix["except"]),
        shapes,
    )


def spans(text: str) -> list[tuple[int, int]]:
    """Runs of the text whose digits are part of a name or a time, in text order."""
    low = aligned(text)
    found = [m.span() for shape in _tables()[4] for m in shape.finditer(low)]
    labels = _ENUMERATOR.finditer(text)
    found.extend(m.span() for m in labels if text[max(0, m.start() - 2) : m.start()].strip() in _OPENERS)
    found.extend(m.span() for m in _SLOGAN.finditer(low) if unit_at(low, m.end("n")) is None)
    found.extend(_places(text, low))
    return sorted(found)


def _places(text: str, low: str) -> Iterator[tuple[int, int]]:
    """Every mention of a place that some mention calls by a number which counts nothing."""
    named = set()
    for match in _NUMBERED_PLACE.finditer(text):
        unit = unit_at(low, match.end())
        if unit is None or unit[0].name == "báo cáo":
            named.add(low[match.start("name") : match.end("name")])
    for name in named:
        yield from (m.span() for m in regex.finditer(rf"{regex.escape(name)}(?![\d/]|[.,]\d)", low))


def prefix_of(low: str, start: int, end: int) -> str | None:
    """The word that makes the digits at ``start``..``end`` part of a name (``mức độ`` 3), None for a figure."""
    digits = low[start:end]
    if not digits.isdigit() or len(digits) > 4:
        return None
    words = last_words(low, start)
    prefixes, always, _, excepted, _ = _tables()
    for size in range(len(words), 0, -1):
        candidate = " ".join(words[-size:])
        if candidate in excepted:
            return None
        if candidate in prefixes:
            if candidate not in always and (low[end : end + 2].lstrip()[:1] in ("%", "/") or unit_at(low, end)):
                return None
            return candidate
    return None


def continues(prefix: str, low: str, end: int, start: int) -> bool:
    """Whether the digits at ``start`` go on with the list that ``prefix`` opened: ``mức độ 3, 4``."""
    return prefix in _tables()[2] and _LIST.fullmatch(low, end, start) is not None
