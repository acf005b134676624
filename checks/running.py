"""Running totals: what stood after three months, and what the month brought, give what stands after four."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import regex

from checks.breakdown import brackets_open
from checks.draft import Draft, identity
from checks.measures import measure
from checks.movements import movement
from checks.phrases import content
from checks.settings import CheckSettings
from checks.totals import phrase, proof
from checks.view import Figure, View
from schema.model import Passage

_MONTHS = regex.compile(r"\b(\d{1,2})\s+tháng(?:\s+đầu\s+năm)?(?:\s+năm\s+\d{4})?\s*([^;.:,()\d]{0,45})$")
_ADDS_UP = regex.compile(r"l[ũu][ỹy]\s+kế|cộng\s+dồn")
_UNTIL = regex.compile(r"(?:hết|đến(?:\s+hết)?)\s+tháng\s+(\d{1,2})(?:/\d{4})?\s*(?::|là|đạt|được)?\s*$")
_OTHER_TIME = regex.compile(r"trước|cùng\s+kỳ|lũy\s+kế|luỹ\s+kế|quý|năm|\d\s+tháng|kế\s+hoạch|chỉ\s+tiêu")


@dataclass(frozen=True, slots=True)
class _SoFar:
    """A figure for the first ``months`` of the year, with the words that say what it counts."""

    figure: Figure
    months: int
    words: tuple[str, ...]


def check(view: View, settings: CheckSettings) -> Iterator[Draft]:
    for passage in view.prose:
        yield from _falls(view, passage)
        told = list(_so_far(view, passage))
        for less in told:
            for more in told:
                if more.months == less.months + 1 and more.words == less.words and _alike(view, less, more):
                    yield from _judge(view, less, more)


def _falls(view: View, passage: Passage) -> Iterator[Draft]:
    """``lũy kế: … hết tháng 8: 16.480 triệu đồng; hết tháng 9: 15.744 triệu đồng``: what adds up never falls."""
    if not _ADDS_UP.search(view.low, passage.start, passage.end):
        return
    told: list[tuple[int, Figure]] = []
    for figure in view.between(passage.start, passage.end):
        sentence = view.sentence(figure.start)
        found = _UNTIL.search(view.low, max(sentence.start, figure.start - 30), figure.start)
        if found and figure.kind == "quantity" and figure.change == "level":
            told.append((int(found[1]), figure))
    for (month, less), (later, more) in pairwise(told):
        if later > month and measure(view, less) == measure(view, more) and more.stated.nominal < less.stated.nominal:
            yield Draft(
                "implausible-change",
                "running",
                {
                    "value_a": phrase(view, less),
                    "value_b": phrase(view, more),
                    "month_a": str(month),
                    "month_b": str(later),
                },
                (proof(view, "claim", less), proof(view, "counter", more)),
                identity("running", less.value, more.value),
                severity="warning",
                operands=frozenset((less.start, more.start)),
            )


def _so_far(view: View, passage: Passage) -> Iterator[_SoFar]:
    for figure in view.between(passage.start, passage.end):
        sentence = view.sentence(figure.start)
        found = _MONTHS.search(view.low, max(sentence.start, figure.start - 80), figure.start)
        if found and figure.kind == "quantity" and figure.change == "level" and figure.qualifier == "=":
            yield _SoFar(figure, int(found[1]), tuple(content(found[2])))


def _alike(view: View, less: _SoFar, more: _SoFar) -> bool:
    return measure(view, less.figure) == measure(view, more.figure) != "" and less.figure.value < more.figure.value


def _judge(view: View, less: _SoFar, more: _SoFar) -> Iterator[Draft]:
    gained = list(_of_the_month(view, less))
    drafts = [movement(view, more.figure, [less.figure, one], [], "warning") for one in gained]
    if gained and all(drafts):
        gap = abs(Fraction(less.figure.value + gained[0].value - more.figure.value))
        if drafts[0] is not None and gap * 5 <= Fraction(more.figure.value):
            yield drafts[0]


def _of_the_month(view: View, less: _SoFar) -> Iterator[Figure]:
    """Earlier figures of the section that count the same, by verb and noun, for no other time."""
    section = view.section(less.figure.start)
    start = section.start if section is not None else 0
    for figure in view.between(start, less.figure.start):
        clause = view.clause(figure.span_start, figure.span_end)
        said = view.low[clause.start : figure.start]
        plain = figure.kind == "quantity" and figure.change == "level" and figure.qualifier == "="
        same = measure(view, figure) == measure(view, less.figure)
        sentence = view.sentence(figure.start)
        if not (plain and same) or brackets_open(view.text, sentence.start, figure.start):
            continue
        if less.words and set(less.words) <= set(content(said)) and not _OTHER_TIME.search(said):
            yield figure
