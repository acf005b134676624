"""What one report says of its own period: for each indicator the figure that counts, and those that contradict it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from checks.across import Filed
from checks.across.series import stated
from checks.across.wording import Placed, placed
from checks.intervals import State, Stated, same
from rasoat.sheet.fitting import fits
from schema.catalogue import by_code
from schema.model import IndicatorValue, Qualifier
from schema.quotes import cells
from schema.reports import Places

AROUND = 160
"""Characters of a sentence that are quoted on either side of the figure."""


@dataclass(frozen=True, slots=True)
class Said:
    """One statement of a figure. ``sentence`` quotes the report; ``page`` is None where the format has no pages."""

    value: Decimal
    value_text: str
    qualifier: Qualifier
    report_id: int
    file_name: str
    section: str
    page: int | None
    sentence: str


@dataclass(frozen=True, slots=True)
class Figure:
    """An indicator of one commune and period. ``rivals`` cannot be the same figure as the one that counts."""

    counts: Said
    times: int
    rivals: tuple[Said, ...] = ()

    @property
    def value(self) -> Decimal:
        return self.counts.value


@dataclass(frozen=True)
class Source:
    """A stored report that the sheet takes figures from."""

    report: Filed
    file_name: str

    @cached_property
    def places(self) -> Places:
        return Places(self.report.document, {})

    def own_values(self) -> list[Statement]:
        """What the report says it achieved in the period that it is for; figures of other times are left out."""
        return [Statement(self, one.value) for one in placed(self.report) if _own(one)]


def _own(one: Placed) -> bool:
    if one.when != "own" or one.period != one.report.period:
        return False
    if not one.value.cumulative or by_code()[one.value.indicator].kind != "flow":
        return True
    return one.period is not None and one.period.first_month % 12 == 0  # a total since January is that of the period


@dataclass(frozen=True)
class Statement:
    """A value where it stands in its report."""

    source: Source
    value: IndicatorValue

    @cached_property
    def said(self) -> Said:
        value, report = self.value, self.source.report
        section = report.view.section(value.start)
        page: int | None = self.source.places.columns(value.start, value.end)["page"]
        return Said(
            value.value, value.value_text, value.qualifier, report.report_id, self.source.file_name,
            f"{section.number} {section.heading}".strip() if section else "", page, self._sentence(),
        )  # fmt: skip

    def _sentence(self) -> str:
        """The sentence of the figure, of a table its row; a long one is cut on both sides of the figure."""
        view, value = self.source.report.view, self.value
        passage, text = view.passage(value.start), view.text
        if passage is not None and passage.kind == "table-cell":
            stop = text.find("\n", value.end)
            start, end = text.rfind("\n", 0, value.start) + 1, len(text) if stop < 0 else stop
        else:
            sentence = view.sentence(value.start)
            start, end = sentence.start, max(sentence.end, value.end)
        low, high = max(start, value.start - AROUND), min(end, value.end + AROUND)
        return cells(("…" if low > start else "") + text[low:high].strip() + ("…" if high < end else ""))


def figures(statements: Iterable[Statement]) -> dict[str, Figure]:
    """One figure for each indicator, from all statements of a commune and period.

    The one that most statements agree with counts, then the one that the rest of the report bears out, then the first.
    """
    held: dict[str, list[Statement]] = defaultdict(list)
    for one in statements:
        held[one.value.indicator].append(one)
    undisputed = {code: stated(ones[0].value) for code, ones in held.items() if all(_agree(ones[0], o) for o in ones)}
    return {code: _figure(ones, undisputed) for code, ones in held.items()}


def _figure(held: Sequence[Statement], undisputed: Mapping[str, Stated]) -> Figure:
    def support(one: Statement) -> tuple[int, int]:
        agreeing = sum(_agree(one, other) for other in held)
        return agreeing, fits(one.value.indicator, stated(one.value), undisputed) if agreeing < len(held) else 0

    best = max(held, key=support)
    group = [one for one in held if _agree(best, one)]
    best = max(group, key=_exactness)
    rivals: dict[Decimal, Statement] = {}
    for other in held:
        if not _agree(best, other):
            rivals.setdefault(other.value.value, other)
    return Figure(best.said, len(group), tuple(one.said for one in rivals.values()))


def _agree(one: Statement, other: Statement) -> bool:
    return same(stated(one.value), stated(other.value)) is not State.INCONSISTENT


def _exactness(one: Statement) -> tuple[bool, int]:
    """``6.213 triệu`` says more than ``6,2 tỷ``, which says more than ``trên 6 tỷ``."""
    return one.value.qualifier == "=", len(one.value.value.normalize().as_tuple().digits)
