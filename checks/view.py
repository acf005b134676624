"""One report as the rules look at it: figures in text order, sentences, sections, cells. Built once a report."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal, TypeVar

import regex

from checks import figures
from checks.intervals import Stated
from schema.model import (
    Basis,
    Change,
    Document,
    Facts,
    Passage,
    Percentage,
    Qualifier,
    Quantity,
    Ratio,
    Section,
)
from schema.text import aligned

T = TypeVar("T")
Kind = Literal["quantity", "percent", "ratio"]

# A sentence ends at . ! ? before a blank and a capital, digit, quote or dash, or glued to a capital ("kịp thời.Thực").
_SENTENCE_END = regex.compile(
    r"(?<!\b(?:TP|Tp|TX|TT|P|Q|H|T|TM|KT|TL|ThS|TS|BS|PGS|GS|St|vv|v\.v|đ/c|Đ/c))"
    r"(?<![\d\p{L}]\b\p{Lu})[.!?…]+(?:[\"”’)]*)(?=\s+[\p{Lu}\d\"“'(*+–-]|\p{Lu}\p{Ll}|\s*$)"
)
# a comma, point or colon between digits belongs to the number
_CLAUSE_END = regex.compile(r"[;()\n\t]|(?<!\d)[,.:]|[,.:](?!\d)")
_LIST_NUMBER = regex.compile(r"^\s*(?:\d{1,2}(?:\.\d{1,2})*|[IVX]+|[A-Za-zđĐ])[.)]\s*$")


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of the report where it stands: a quantity, a percentage, or one side of a ratio.

    ``start``..``end`` is the number itself, ``span_end`` the end of the mention. For ratios ``other`` is the
    denominator's figure.
    """

    kind: Kind
    start: int
    end: int
    span_start: int
    span_end: int
    text: str
    value: Decimal
    decimals: int
    unit: str | None
    noun: str | None
    qualifier: Qualifier = "="
    change: Change = "level"
    basis: Basis = "actual"
    other: Figure | None = field(default=None)
    second: Decimal | None = None

    @property
    def stated(self) -> Stated:
        _, scale = figures.family(self.unit)
        return Stated(self.value, self.decimals, self.qualifier, figures.counted(self.unit, self.decimals), scale)

    @property
    def family(self) -> str | None:
        return figures.family(self.unit)[0]


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open run of the text."""

    start: int
    end: int


class View:
    """Read-only lookups over one report. Everything is computed at first use and kept."""

    def __init__(self, document: Document, facts: Facts) -> None:
        self.document = document
        self.facts = facts
        self.text = document.text
        self._made: dict[str, Any] = {}

    def once(self, name: str, make: Callable[[View], T]) -> T:
        """What a rule computes of the whole report, computed once for all rules."""
        if name not in self._made:
            self._made[name] = make(self)
        return self._made[name]  # type: ignore[no-any-return]  # made by the same ``make``

    @cached_property
    def low(self) -> str:
        """The text for matching: lower case, one tone placement, same offsets."""
        return aligned(self.text)

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        found: list[Figure] = []
        found.extend(self._quantity(q) for q in self.facts.quantities)
        found.extend(self._percentage(p) for p in self.facts.percentages)
        found.extend(self._ratio(r) for r in self.facts.ratios)
        return tuple(sorted(found, key=lambda f: (f.start, f.end)))

    def _number(self, text: str, start: int, end: int) -> tuple[int, int]:
        at = self.text.find(text, start, end)
        return (at, at + len(text)) if at >= 0 else (start, end)

    def _quantity(self, q: Quantity) -> Figure:
        start, end = self._number(q.value_text, q.start, q.end)
        return Figure(
            "quantity",
            start,
            end,
            q.start,
            q.end,
            q.value_text,
            q.value,
            q.decimals,
            q.unit or _unit_of(q.noun),
            q.noun,
            "=" if q.qualifier == ">" and self._stands_on(start, q.value) else q.qualifier,
            q.change,
            q.basis,
            second=q.other_value,
        )

    def _stands_on(self, start: int, value: Decimal) -> bool:
        """``cơ cấu giống trên 682 ha``: nobody says "over 682"; "trên" is "on" there."""
        return value >= 100 and value % 10 != 0 and self.low[:start].endswith("trên ")

    def _percentage(self, p: Percentage) -> Figure:
        start, end = self._number(p.value_text, p.start, p.end)
        return Figure(
            "percent",
            start,
            end,
            p.start,
            p.end,
            p.value_text,
            p.value,
            p.decimals,
            "điểm %" if p.points else "%",
            p.noun,
            p.qualifier,
            p.change,
            p.basis,
        )

    def _ratio(self, r: Ratio) -> Figure:
        start, end = self._number(r.numerator_text, r.start, r.end)
        slash = self.text.find("/", end, r.end)
        low, high = self._number(r.denominator_text, max(slash, end), r.end)
        unit = self._ratio_unit(r, high)
        below = Figure(
            "ratio",
            low,
            high,
            r.start,
            r.end,
            r.denominator_text,
            r.denominator,
            _places(r.denominator_text),
            unit,
            r.noun,
        )
        return Figure(
            "ratio",
            start,
            end,
            r.start,
            r.end,
            r.numerator_text,
            r.numerator,
            _places(r.numerator_text),
            unit,
            r.noun,
            other=below,
        )

    def _ratio_unit(self, r: Ratio, end: int) -> str | None:
        """The unit of a ratio stands behind it; only measures matter here ("53,5/52ha")."""
        after = regex.match(
            r"\s*(ha|km2|km|m2|m|tấn|tạ|kg|tỷ đồng|triệu đồng|nghìn đồng|đồng)\b", self.low[end : end + 14]
        )
        return str(after[1]) if after else None

    @cached_property
    def _starts(self) -> list[int]:
        return [f.start for f in self.figures]

    def between(self, start: int, end: int) -> tuple[Figure, ...]:
        """The figures that begin in start..end, in text order."""
        return self.figures[bisect_left(self._starts, start) : bisect_left(self._starts, end)]

    @cached_property
    def _passage_starts(self) -> list[int]:
        return [p.start for p in self.document.passages]

    def passage(self, offset: int) -> Passage | None:
        """The passage that holds the offset."""
        i = bisect_right(self._passage_starts, offset) - 1
        while (
            i >= 0 and self.document.passages[i].end <= offset and i > 0 and self.document.passages[i - 1].end > offset
        ):
            i -= 1
        if i < 0 or self.document.passages[i].end < offset:
            return None
        return self.document.passages[i]

    @cached_property
    def _tables(self) -> dict[int, list[Passage]]:
        found: dict[int, list[Passage]] = {}
        for passage in self.document.passages:
            if passage.table is not None:
                found.setdefault(passage.table, []).append(passage)
        return found

    def cells(self, table: int) -> list[Passage]:
        """The cells of a table, in reading order."""
        return self._tables.get(table, [])

    def section(self, offset: int) -> Section | None:
        passage = self.passage(offset)
        if passage is None or passage.section is None:
            return None
        return self.document.sections[passage.section]

    def path(self, offset: int) -> tuple[Section, ...]:
        """The section at the offset and all sections above it, outermost first."""
        chain: list[Section] = []
        section = self.section(offset)
        while section is not None:
            chain.append(section)
            section = self.document.sections[section.parent] if section.parent is not None else None
        return tuple(reversed(chain))

    @cached_property
    def paragraphs(self) -> tuple[Passage, ...]:
        """Body passages in reading order, without table cells and page furniture."""
        return tuple(p for p in self.document.passages if p.zone == "body" and p.kind != "table-cell")

    @cached_property
    def prose(self) -> tuple[Passage, ...]:
        """Paragraphs and list items of the body (no headings)."""
        return tuple(p for p in self.paragraphs if p.kind in ("paragraph", "list-item", "footnote"))

    @cached_property
    def _sentences(self) -> tuple[Span, ...]:
        spans: list[Span] = []
        at = 0
        for line in self.text.splitlines(keepends=True):
            for cell in _cells(line):
                spans.extend(_split(self.text, at, at + len(cell)))
                at += len(cell)
        return tuple(spans)

    @cached_property
    def _sentence_starts(self) -> list[int]:
        return [s.start for s in self._sentences]

    def sentence(self, offset: int) -> Span:
        """The sentence that holds the offset (a paragraph is never left)."""
        i = max(bisect_right(self._sentence_starts, offset) - 1, 0)
        return self._sentences[i] if self._sentences else Span(0, len(self.text))

    def sentences(self, start: int, end: int) -> tuple[Span, ...]:
        i = bisect_left(self._sentence_starts, start)
        return self._sentences[i : bisect_left(self._sentence_starts, end)]

    def clause(self, start: int, end: int) -> Span:
        """The clause around a run: widened to the nearest comma, semicolon, bracket or end of the sentence."""
        inside = self.sentence(start)
        breaks = self._clause_ends
        i, j = bisect_left(breaks, start), bisect_left(breaks, end)
        lo = max(inside.start, breaks[i - 1] + 1) if i else inside.start
        hi = min(inside.end, breaks[j]) if j < len(breaks) else inside.end
        lo, hi = min(lo, start), max(hi, end)
        while lo < start and (self.text[lo].isspace() or self.text[lo] in "-+*•"):
            lo += 1
        while hi > end and self.text[hi - 1].isspace():
            hi -= 1
        return Span(lo, hi)

    @cached_property
    def _clause_ends(self) -> list[int]:
        return [found.start() for found in _CLAUSE_END.finditer(self.text)]

    def confidence(self, start: int, end: int) -> float:
        """The lowest reading confidence of the printed lines that hold the run; 1 for text that needed no OCR."""
        lines = self.document.lines
        i = bisect_right(self._line_starts, start) - 1
        lowest = 1.0
        for line in lines[max(i, 0) :]:
            if line.start >= end:
                break
            if line.end > start and line.confidence is not None:
                lowest = min(lowest, line.confidence)
        return lowest

    @cached_property
    def _line_starts(self) -> list[int]:
        return [line.start for line in self.document.lines]


def _cells(line: str) -> Iterator[str]:
    rest = line
    while "\t" in rest:
        cell, _, rest = rest.partition("\t")
        yield cell + "\t"
    yield rest


def _split(text: str, start: int, end: int) -> Iterator[Span]:
    at = start
    for found in _SENTENCE_END.finditer(text, start, end):
        if _LIST_NUMBER.match(text[at : found.end()]):
            continue
        yield Span(at, found.end())
        at = found.end()
        while at < end and text[at] == " ":
            at += 1
    if at < end:
        yield Span(at, end)


def _places(text: str) -> int:
    parsed = figures.parse(text)
    return parsed[1] if parsed else 0


_UNIT_NOUN = regex.compile(r"^(ha|tấn|tạ/ha|tấn/ha|kg|km|m2|tỷ đồng|triệu đồng|nghìn đồng|đồng)\b", regex.IGNORECASE)


def _unit_of(noun: str | None) -> str | None:
    found = _UNIT_NOUN.match(noun) if noun else None
    return str(found[1]) if found else None
