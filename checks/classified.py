"""Totals whose parts stand in a sentence of their own: by state, by kind ("Theo hình thức: …"), or named in brackets.

``lists`` are all breakdowns of a report: these and those that follow their total directly.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

import regex

from checks.breakdown import Breakdown, brackets_open, breakdowns, can_be_total
from checks.measures import compatible, measure, words
from checks.phrases import pattern
from checks.settings import data
from checks.view import Figure, Span, View
from schema.model import Passage

_AND = regex.compile(r"[,;+]|\bvà\b")
_NAMES = regex.compile(r"\s*[\p{L}/ ]*\(([^()\d]{3,60})\)")


def lists(view: View) -> tuple[Breakdown, ...]:
    """All totals with their parts, in the order that rules should look at them."""
    return view.once("lists", lambda own: (*breakdowns(own), *_found(own)))


def _found(view: View) -> Iterator[Breakdown]:
    previous: Passage | None = None
    for passage in view.paragraphs:
        yield from _statuses(view, passage)
        yield from _by_kind(view, passage, previous)
        yield from _named(view, passage)
        if not _by().match(view.low, passage.start, passage.end):  # "- Theo loại …", "- Theo lĩnh vực …" are siblings
            previous = passage


@lru_cache(maxsize=1)
def _by() -> Any:
    return pattern(rf"\W*(?:{data('wordings')['breakdown']['by_kind']})")


def _statuses(view: View, passage: Passage) -> Iterator[Breakdown]:
    """``… cho 14 công trình. Đã hoàn thành 08 công trình, đang thi công 04 …, chưa khởi công 03 …``."""
    for sentence in view.sentences(passage.start, passage.end):
        wording = view.low[sentence.start : sentence.end]
        if sentence.start == passage.start or words()["trigger"].search(wording):
            continue
        if not all(label.search(wording) for label in words()["statuses"]):
            continue
        parts = [f for f in view.between(sentence.start, sentence.end) if f.kind == "quantity" and f.change == "level"]
        names = {measure(view, f) for f in parts}
        wholes = [
            f
            for f in view.between(passage.start, sentence.start)
            if f.kind == "quantity" and measure(view, f) in names and can_be_total(view, f, passage.start, 0, False)
        ]
        if len(parts) == len(words()["statuses"]) and len(names) == 1 and "" not in names and wholes:
            yield Breakdown((wholes[-1],), tuple(parts), (), "partition", sentence)


def _by_kind(view: View, passage: Passage, previous: Passage | None) -> Iterator[Breakdown]:
    """``Có 47 lượt người đến. Theo hình thức: thường xuyên 29 lượt, định kỳ 13 lượt, đột xuất 05 lượt``."""
    for sentence in view.sentences(passage.start, passage.end):
        opening = _by().match(view.low, sentence.start, sentence.end)
        if opening is None or words()["samples"].search(view.low, sentence.start, sentence.end):
            continue
        parts = [f for f in view.between(opening.end(), sentence.end) if _plain(view, f, opening.end())]
        named = {measure(view, f) for f in parts}
        if len(parts) < 2 or len(named) != 1 or "" in named:
            continue
        before = passage if sentence.start > passage.start else previous
        wholes = _wholes(view, before, sentence.start, parts) if before is not None else ()
        if wholes:
            yield Breakdown(wholes, tuple(parts), (), "listed", sentence)


def _plain(view: View, figure: Figure, start: int) -> bool:
    level = figure.kind == "quantity" and figure.change == "level" and figure.qualifier == "="
    return level and not brackets_open(view.text, start, figure.start)


def _wholes(view: View, before: Passage, end: int, parts: Sequence[Figure]) -> tuple[Figure, ...]:
    """Figures of the same measure in the sentences before, the nearest sentence first."""
    found = [
        f
        for f in view.between(before.start, min(before.end, end))
        if measure(view, f) == measure(view, parts[0]) and _plain(view, f, before.start)
    ]
    return tuple(reversed(found))


def _named(view: View, passage: Passage) -> Iterator[Breakdown]:
    """``Đàn heo 1.486 con, đàn bò 617 con, … tổng đàn gia súc 2.103 con (heo, bò)``: parts named, told before."""
    inside = view.between(passage.start, passage.end)
    for i, whole in enumerate(inside):
        bracket = _NAMES.match(view.low, whole.end, passage.end)
        if whole.kind != "quantity" or bracket is None:
            continue
        labels = [label.strip() for label in _AND.split(bracket[1])]
        if len(labels) < 2 or not all(labels):
            continue
        parts = [_labelled(view, inside[:i], label, whole) for label in labels]
        if all(parts):
            told = tuple(part for part in parts if part)
            yield Breakdown((whole,), told, (), "listed", Span(told[0].start, bracket.end()))


def _labelled(view: View, earlier: Sequence[Figure], label: str, whole: Figure) -> Figure | None:
    """The one earlier figure right behind the label."""
    found = [
        f
        for f in earlier
        if f.kind == "quantity"
        and f.change == "level"
        and compatible(view, whole, f)
        and view.low[: f.start].rstrip(" :").endswith(label)
    ]
    return found[0] if len(found) == 1 else None
