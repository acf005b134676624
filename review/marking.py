"""A report's text cut into runs, each with all the marks that lie on it; no HTML is made here."""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import regex

from schema.text import key, unmarked

_WORD = regex.compile(r"[\p{L}\p{N}\p{M}]+")


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of the text: ``kind`` is a view's name or ``finding``; ``anchor`` is unique on the page.

    ``leads_to`` is where a click goes; of several marks on one stretch a finding comes first, then the shortest.
    """

    start: int
    end: int
    kind: str
    anchor: str
    title: str = ""
    leads_to: str = ""


@dataclass(slots=True)
class Run:
    """Text under one and the same set of marks. ``opens`` are the anchors of marks that begin here."""

    text: str
    kinds: tuple[str, ...] = ()
    opens: tuple[str, ...] = ()
    title: str = ""
    leads_to: str = ""


@dataclass(slots=True)
class Line:
    """A paragraph (one cell) or a table row; ``heading`` is its level, 0 for none."""

    cells: list[list[Run]] = field(default_factory=list)
    heading: int = 0
    table: bool = False


def _weight(mark: Mark) -> tuple[bool, int]:
    return mark.kind != "finding", mark.end - mark.start


def runs(text: str, start: int, marks: Sequence[Mark]) -> list[Run]:
    """``text`` stands at offset ``start``; ``marks`` may overlap, and reach beyond it."""
    end = start + len(text)
    here = [m for m in marks if m.start < end and m.end > start]
    cuts = sorted({start, end, *(min(max(p, start), end) for m in here for p in (m.start, m.end))})
    made = []
    for low, high in pairwise(cuts):
        over = [m for m in here if m.start <= low and m.end >= high]
        made.append(
            Run(
                text[low - start : high - start],
                tuple(dict.fromkeys(m.kind for m in over)),
                tuple(m.anchor for m in over if max(m.start, start) == low),
                " · ".join(dict.fromkeys(m.title for m in over if m.title)),
                next((m.leads_to for m in sorted(over, key=_weight) if m.leads_to), ""),
            )
        )
    return made


def lines(text: str, start: int, marks: Sequence[Mark], headings: dict[int, int]) -> Iterator[Line]:
    """Lines of a part of the report. ``headings`` maps a heading's start offset to its level."""
    waiting = sorted(marks, key=lambda m: m.start)
    live: list[Mark] = []
    taken, at = 0, start
    for line in text.split("\n"):
        end = at + len(line)
        while taken < len(waiting) and waiting[taken].start < end:
            live.append(waiting[taken])
            taken += 1
        live = [m for m in live if m.end > at]
        if line.strip():
            made = Line(heading=headings.get(at, 0), table="\t" in line)
            place = at
            for cell in line.split("\t"):
                made.cells.append(runs(cell, place, live))
                place += len(cell) + 1
            yield made
        at = end + 1


def grouped(made: Iterator[Line]) -> Iterator[list[Line]]:
    """Consecutive table rows together, every other line by itself."""
    rows: list[Line] = []
    for line in made:
        if line.table:
            rows.append(line)
            continue
        if rows:
            yield rows
            rows = []
        yield [line]
    if rows:
        yield rows


def matched(text: str, words: str, most: int = 500) -> list[tuple[str, bool]]:
    """About ``most`` characters of ``text`` around the first word that was searched for, each such word set apart.

    A word typed without marks is found with any; one typed with marks only with these.
    """
    wanted = {key(word) for word in _WORD.findall(words)}
    hits = [m.span() for m in _WORD.finditer(text) if {key(m[0]), unmarked(key(m[0]))} & wanted]
    start = max(0, hits[0][0] - most // 3) if hits and len(text) > most else 0
    start = text.find(" ", start) + 1 if start else 0
    end = min(len(text), start + most)
    shown, at = [("… ", False)] if start else [], start
    for low, high in hits:
        if at <= low and high <= end:
            shown += [(text[at:low], False), (text[low:high], True)]
            at = high
    return [*shown, (text[at:end], False), (" …" if end < len(text) else "", False)]


def parts(length: int, part: int, size: int = 60_000) -> tuple[int, int, int]:
    """Which part of a long text to show: its number (from 1), start offset and how many parts there are."""
    count = max(1, -(-length // size))
    number = min(max(part, 1), count)
    return number, (number - 1) * size, count
