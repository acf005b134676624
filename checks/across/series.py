"""One commune over time: figures of earlier periods restated, totals that fall, figures that jump without a word."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from functools import cache
from typing import Any

import regex

from checks.across.chain import Chain
from checks.across.filed import Filed
from checks.across.growth import growth
from checks.across.tell import tell
from checks.across.wording import Placed, placed
from checks.draft import Draft
from checks.figures import counted
from checks.intervals import State, Stated, same
from checks.phrases import pattern
from checks.settings import data
from schema.catalogue import by_code
from schema.model import IndicatorValue
from schema.periods import Period

Drafts = Iterator[tuple[Filed, Draft]]


def check(reports: Sequence[Filed]) -> Drafts:
    """All findings along the reports of each commune and topic, one era at a time."""
    communes: dict[tuple[str, bool], list[Filed]] = defaultdict(list)
    for report in reports:
        if report.header.commune and report.period:
            communes[report.commune, report.new_era].append(report)
    for group in communes.values():
        group.sort(key=_order)
        values = {report.report_id: placed(report) for report in group}
        yield from _steady(group, values)
        for topic in _topics(group):
            yield from Series(topic, values).drafts()


def _order(report: Filed) -> tuple[Period, int]:
    assert report.period is not None
    return report.period, report.report_id


def _topics(group: Sequence[Filed]) -> Iterator[list[Filed]]:
    topics: dict[str, list[Filed]] = defaultdict(list)
    for report in group:
        if report.topic:
            topics[report.topic].append(report)
    yield from (reports for reports in topics.values() if len(reports) > 1)


def stated(value: IndicatorValue) -> Stated:
    return Stated(value.value, value.decimals, value.qualifier, counted(value.unit, value.decimals))


def agree(ones: Iterable[IndicatorValue], others: Iterable[IndicatorValue]) -> bool:
    """Whether some pair can be one figure: a report that contradicts itself is told of inside it, not here."""
    there = [stated(other) for other in others]
    return any(same(stated(one), other) is not State.INCONSISTENT for one in ones for other in there)


class Series(Chain):
    """What does not fit along the reports of one commune on one topic."""

    def drafts(self) -> Drafts:
        for report in self.reports:
            restated = list(self._restated(report))
            yield from restated
            told = {evidence.start for _, draft in restated for evidence in draft.evidence if not evidence.report_id}
            for draft in growth(self, report, told):
                yield report, draft
            yield from self._opening(report)
        yield from self._falls()
        yield from self._scale()

    def _restated(self, report: Filed) -> Drafts:
        """Figures of an earlier period against the report of that period."""
        groups: dict[tuple[str, Period, bool], list[IndicatorValue]] = defaultdict(list)
        for one in self.values[report.report_id]:
            if one.when != "own" and one.period is not None:
                groups[one.value.indicator, one.period, one.value.cumulative].append(one.value)
        for (code, period, cumulative), said in groups.items():
            base = self.by_period.get(period)
            if base is None or base is report:
                continue
            own = self.own(base, code, cumulative=cumulative)
            if own and not agree(said, own):
                yield report, tell("series-conflict", "restated", report, said[0], base, own[0])

    def _opening(self, report: Filed) -> Drafts:
        """What a period opens with is what the one before closed with."""
        assert report.period is not None
        base = self.by_period.get(report.period.earlier(report.period.months))
        if base is None:
            return
        for pair in data("series")["opening"]:
            said = [p.value for p in self.values[report.report_id] if p.value.indicator == pair["opening"]]
            left = self.own(base, pair["closing"])
            if said and left and not agree(said, left):
                yield report, tell("series-conflict", "opening", report, said[0], base, left[0])

    def _falls(self) -> Drafts:
        """Totals since the start of the year, or of all time, that fall."""
        rising = data("series")["rising"]
        for code in rising["indicators"]:
            yield from self._falling(code, [False, True], Decimal(rising["slack"]), across_years=True)
        for code in sorted({p.value.indicator for r in self.reports for p in self.values[r.report_id]}):
            if by_code()[code].kind == "flow":
                yield from self._falling(code, [True], Decimal(0), across_years=False)
                yield from self._nested(code)

    def _falling(self, code: str, kinds: Sequence[bool], slack: Decimal, *, across_years: bool) -> Drafts:
        last: tuple[Filed, IndicatorValue] | None = None
        for report in self.reports:
            said = [value for kind in kinds for value in self.own(report, code, cumulative=kind)]
            if not said:
                continue
            top = max(said, key=lambda value: value.value)
            if last is not None and (across_years or _year(report) == _year(last[0])):
                floor = last[1].value * (1 - slack)
                if top.qualifier == last[1].qualifier == "=" and top.value < floor:
                    yield report, tell("series-drop", "cumulative", report, top, last[0], last[1])
            last = report, min(said, key=lambda value: value.value)

    def _nested(self, code: str) -> Drafts:
        """Six months are part of nine: a longer period from the same start cannot hold less."""
        for shorter, longer in zip(self.reports, self.reports[1:], strict=False):
            a, b = shorter.period, longer.period
            assert a is not None and b is not None
            if a.first_month != b.first_month or a.months >= b.months:
                continue
            less, more = self.own(shorter, code), self.own(longer, code)
            exact = less and more and all(v.qualifier == "=" for v in (*less, *more))
            if exact and max(v.value for v in more) < min(v.value for v in less):
                yield longer, tell("series-drop", "nested", longer, more[0], shorter, less[0])

    def _scale(self) -> Drafts:
        """The same flow of two periods of one length, a slip of the unit apart."""
        limit = data("series")["scale"]
        for report in self.reports:
            assert report.period is not None
            base = self.by_period.get(report.period.earlier(report.period.months))
            if base is None:
                continue
            for code in sorted({p.value.indicator for p in self.values[report.report_id]}):
                here, there = self.own(report, code), self.own(base, code)
                if by_code()[code].kind != "flow" or not here or not there:
                    continue
                low, high = sorted((here[0], there[0]), key=lambda value: value.value)
                near = any(a.value < b.value * 10 and b.value < a.value * 10 for a in here for b in there)
                if low.value > limit["least"] and high.value >= low.value * limit["factor"] and not near:
                    yield report, tell("implausible-series", "scale", report, here[0], base, there[0])


def _year(report: Filed) -> int:
    assert report.period is not None
    return report.period.year


def _steady(group: Sequence[Filed], values: dict[int, tuple[Placed, ...]]) -> Drafts:
    """Villages, households, staff: a jump without a word. What returns to the figure before was one slip."""
    for code, limits in data("series")["steady"].items():
        keys = {""} if limits.get("everywhere") else {report.topic for report in group}
        for topic in sorted(keys):
            chain = [report for report in group if not topic or report.topic == topic]
            yield from _jumps(code, limits, chain, values)


def _jumps(code: str, limits: dict[str, Any], chain: Sequence[Filed], values: dict[int, tuple[Placed, ...]]) -> Drafts:
    nothing: tuple[Filed, list[IndicatorValue]] = (chain[0], [])
    good = doubtful = nothing
    for report in chain:
        own = [
            p.value
            for p in values[report.report_id]
            if p.value.indicator == code and p.when == "own" and _beside(report, p.value, limits)
        ]
        exact = [value for value in own if value.qualifier == "="]
        if not exact or len(exact) < len(own):
            continue
        known = [values for _, values in (good, doubtful) if values]
        if not known or any(_near(v, exact, limits) for v in known) or _explained(report, exact[0], limits):
            good, doubtful = (report, exact), nothing
        else:
            yield report, tell("implausible-series", "jump", report, exact[0], good[0], good[1][0])
            doubtful = report, exact


def _beside(report: Filed, value: IndicatorValue, limits: dict[str, Any]) -> bool:
    sentence = report.view.sentence(value.start)
    words = report.view.low[sentence.start : sentence.end]
    return "beside" not in limits or any(word in words for word in limits["beside"])


def _near(ones: Sequence[IndicatorValue], others: Sequence[IndicatorValue], limits: dict[str, Any]) -> bool:
    share, number = Decimal(str(limits["share"])), Decimal(str(limits["number"]))
    return any(abs(a.value - b.value) <= max(number, share * max(a.value, b.value)) for a in ones for b in others)


def _explained(report: Filed, value: IndicatorValue, limits: dict[str, Any]) -> bool:
    """Whether a sentence of the report gives a reason: near the figure, or about the thing with a figure of its own."""
    reasons, about = _any_of(tuple(limits["reasons"])), _any_of(tuple(limits["about"]))
    view = report.view
    home = view.passage(value.start)
    for passage in view.prose:
        if not reasons.search(view.low, passage.start, passage.end):
            continue
        if passage is home:
            return True
        for sentence in view.sentences(passage.start, passage.end):
            span = sentence.start, sentence.end
            if reasons.search(view.low, *span) and about.search(view.low, *span) and view.between(*span):
                return True
    return False


@cache
def _any_of(words: tuple[str, ...]) -> Any:
    """Whole words: ``ấp`` is none in ``cấp``."""
    return pattern(rf"(?<!\p{{L}})(?:{'|'.join(map(regex.escape, words))})(?!\p{{L}})")
