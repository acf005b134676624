"""The text cut into frames: paragraphs and cells that may state figures, with the numbers that stand free in them."""
from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from extractors import names, numerals, qualifiers
from extractors.lexicon import unit_at
from extractors.numerals import Numeral
from schema.model import Document, Passage
from schema.text import aligned

Span = tuple[int, int]
Free = Callable[[int, int], bool]
"""Tells whether no citation, date or header part covers a run of the text."""

LONGEST = 3000
"""Characters of a paragraph that is read as one; no author writes as many without a break."""
_ENDS = (". ", "; ", ", ", " ")
_PARAGRAPH, _CELL = "\ue000", "\ue001"  # private letters, in no report: they pass through unchanged
_QUIET = frozenset({"letterhead", "foot", "furniture"})
_QUIET_KINDS = frozenset({"header", "footer"})


class Token(NamedTuple):
    """A number as printed. ``shape`` reads it without knowing its unit."""

    start: int
    end: int
    text: str
    shape: Numeral


@dataclass(slots=True)
class Frame:
    """A paragraph, heading, footnote or cell. Offsets count the document's text.

    ``low`` is the whole text as ``lowered``. ``plan``: the section states targets.
    """

    text: str
    low: str
    start: int
    end: int
    passage: Passage | None = None
    plan: bool = False
    heading: bool = False
    tokens: list[Token] = field(default_factory=list)


@lru_cache(maxsize=4)
def lowered(text: str) -> str:
    """``aligned`` that keeps the ends of paragraphs and cells, so that no wording is found across them."""
    kept = text.replace("\n", _PARAGRAPH).replace("\t", _CELL)
    return aligned(kept).replace(_PARAGRAPH, "\n").replace(_CELL, "\t")


def _plan_sections(document: Document) -> list[bool]:
    """Whether each section states targets: its own heading decides, else its parent's."""
    plans: list[bool] = []
    for section in document.sections:
        own = qualifiers.plan_heading(section.heading)
        inherited = section.parent is not None and section.parent < len(plans) and plans[section.parent]
        plans.append(inherited if own is None else own)
    return plans


def _lines(text: str) -> Iterator[Span]:
    start = 0
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        if end > start:
            yield start, end
        start = end + 1


def _spans(document: Document) -> Iterator[tuple[int, int, Passage | None]]:
    if not document.passages:
        for start, end in _lines(document.text):
            yield from ((*part, None) for part in _parts(document.text, start, end))
    for passage in document.passages:
        if passage.zone in _QUIET or passage.kind in _QUIET_KINDS:
            continue
        if passage.table is not None:
            yield passage.start, passage.end, passage
            continue
        yield from ((*part, passage) for part in _parts(document.text, passage.start, passage.end))


def _parts(text: str, start: int, end: int) -> Iterator[Span]:
    """A paragraph of any length in parts that are none too long to weigh each word against each."""
    while end - start > LONGEST:
        latest = start + LONGEST
        ends = ((text.rfind(mark, latest - LONGEST // 2, latest), len(mark)) for mark in _ENDS)
        cut = next((at + length for at, length in ends if at >= 0), latest)
        yield start, cut
        start = cut
    yield start, end


def tokens(text: str, low: str, free: Free) -> list[Token]:
    """All numbers of the text that are neither taken by others nor part of a name."""
    covered = _Cover(names.spans(text))
    found: list[Token] = []
    open_list: tuple[str, int] | None = None
    for match in numerals.NUMBER.finditer(text):
        start, end = match.span()
        shape = numerals.parse(match[0])
        if shape is None or covered.has(start, end) or not free(start, end) or _inside_code(text, start, end):
            continue
        if _is_number_of_something(low, match[0], end):
            continue
        prefix = names.prefix_of(low, start, end)
        if prefix is None and open_list and names.continues(open_list[0], low, open_list[1], start):
            prefix = open_list[0] if match[0].isdigit() and unit_at(low, end) is None else None
        open_list = (prefix, end) if prefix else None
        if prefix is None and not _is_year(low, match[0], start, end):
            found.append(Token(start, end, match[0], shape))
    return found


def _inside_code(text: str, start: int, end: int) -> bool:
    """``12-KH``, ``15/QĐ``: a code that nobody took; ``_12``, ``#12``, ``v2.0``."""
    if text[start - 1 : start] in ("_", "#", "@"):
        return True
    tail = text[end : end + 5].replace(" ", "")
    if tail[:1].islower() and tail[1:2] == "/":
        tail = tail[1:]  # "06a/VPCP"
    return len(tail) > 2 and tail[0] in "-/" and tail[1:3].isupper() and tail[1:3].isalpha()


def _is_year(low: str, digits: str, start: int, end: int) -> bool:
    """A bare 1990 … 2059 without unit is a year ("so với 2023")."""
    if len(digits) != 4 or not digits.isdigit() or not 1930 <= int(digits) <= 2059:
        return False
    return unit_at(low, end) is None and low[end : end + 2].strip()[:1] not in ("%", "/")


def _is_number_of_something(low: str, digits: str, end: int) -> bool:
    """Accounts, identity cards, tax codes: long runs without separators, or more than one leading zero's worth."""
    if not digits.isdigit() or len(digits) < 5:
        return False
    return digits[0] == "0" or (len(digits) >= 9 and unit_at(low, end) is None)


class _Cover:
    """Sorted spans, asked in growing order or not."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self._starts = [start for start, _ in spans]
        self._reach: list[int] = []
        for _, end in spans:
            self._reach.append(max(end, self._reach[-1]) if self._reach else end)

    def has(self, start: int, end: int) -> bool:
        place = bisect_left(self._starts, end) - 1
        return place >= 0 and self._reach[place] > start


def cut(document: Document, free: Free) -> list[Frame]:
    """The frames of a document in text order, each with its numbers; labels of list items are left out."""
    text = document.text
    low = lowered(text)
    plans = _plan_sections(document)
    numbers = tokens(text, low, free)
    starts = [token.start for token in numbers]
    frames: list[Frame] = []
    for start, end, passage in _spans(document):
        cell = passage is not None and passage.table is not None
        section = passage.section if passage else None
        plan = section is not None and section < len(plans) and plans[section]
        heading = passage is not None and passage.kind == "heading"
        opens = start == (passage.start if passage else text.rfind("\n", 0, start) + 1)
        note = passage is not None and passage.kind == "footnote"
        begin = names.label_end(text, start, end, note=note) if opens else start
        if cell and not any(c.isalpha() for c in text[begin:end]):
            begin = start  # a cell of digits only
        mine = numbers[bisect_left(starts, begin) : bisect_left(starts, end)]
        frames.append(Frame(text, low, begin, end, passage, plan, heading, mine))
    return frames


def writes_dot_decimals(frames: Sequence[Frame]) -> bool:
    """Whether the author puts a dot before decimals anywhere (``474.29 ha``), so that ``1.250 ha`` is in doubt."""
    return any(
        token.text.count(".") == 1
        and "," not in token.text
        and token.shape.decimals > 0
        and token.shape.value < Decimal(10) ** 6
        for frame in frames
        for token in frame.tokens
    )
