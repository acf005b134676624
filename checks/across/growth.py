"""Growth that a report states against growth computed from the commune's own earlier report."""

from __future__ import annotations

from collections.abc import Iterator

import regex

from checks.across.chain import Chain
from checks.across.filed import Filed
from checks.across.tell import period_words
from checks.draft import Draft, evidence, identity
from checks.figures import plain
from checks.intervals import Interval, Stated
from checks.settings import data
from schema.catalogue import by_code
from schema.model import IndicatorValue, Percentage

_FAR = 60


def growth(chain: Chain, report: Filed, told: set[int]) -> Iterator[Draft]:
    """``đạt 1.204 hồ sơ, tăng 4,7% so với cùng kỳ``, where the base itself stands in the earlier report only."""
    view = report.view
    for percent in report.facts.percentages:
        if percent.change == "level" or percent.points or percent.basis != "actual":
            continue
        months = _months(view.low[percent.end : view.sentence(percent.start).end], report)
        value = _subject(chain, report, percent)
        if months is None or value is None or report.period is None:
            continue
        base = chain.by_period.get(report.period.earlier(months))
        own = chain.own(base, value.indicator, cumulative=value.cumulative) if base else []
        if base is None or not own or own[0].value == 0 or _restated_here(chain, report, value, percent, told):
            continue
        if not any(_fits(value, one, percent) for one in own):
            yield _draft(report, value, base, own[0], percent)


def _months(behind: str, report: Filed) -> int | None:
    """How far back the comparison reaches: a year for ``so với cùng kỳ``, one period for ``so với quý trước``."""
    said = data("series")["when"]
    if regex.match(r"\s*so(?: với)?\s+" + said["last_year"], behind):
        return 12
    if report.period and regex.match(r"\s*so(?: với)?\s+" + said["previous"], behind):
        return report.period.months
    return None


def _subject(chain: Chain, report: Filed, percent: Percentage) -> IndicatorValue | None:
    """The figure right before the percentage, in the same sentence, that is the report's own value of a count."""
    view = report.view
    sentence = view.sentence(percent.start)
    before = [f for f in view.between(sentence.start, percent.start) if f.span_end <= percent.start]
    if not before or percent.start - before[-1].span_end > _FAR:
        return None
    at = before[-1].start
    for one in chain.values[report.report_id]:
        value = one.value
        if one.when == "own" and value.start <= at < value.end and by_code()[value.indicator].kind != "rate":
            return value if value.qualifier == "=" else None
    return None


def _restated_here(chain: Chain, report: Filed, value: IndicatorValue, percent: Percentage, told: set[int]) -> bool:
    """The sentence itself names the base: then the sum is checked inside the report, and the base was compared."""
    sentence = report.view.sentence(percent.start)
    return any(
        one.value.indicator == value.indicator
        and one.when != "own"
        and sentence.start <= one.value.start < sentence.end
        for one in chain.values[report.report_id]
    ) or bool(told & set(range(sentence.start, sentence.end)))


def _rate(value: IndicatorValue, base: IndicatorValue, percent: Percentage) -> Interval:
    sign = 1 if percent.change == "increase" else -1
    change = sign * (Stated(value.value).nominal - Stated(base.value).nominal) * 100 / Stated(base.value).nominal
    return Interval(change, change)


def _fits(value: IndicatorValue, base: IndicatorValue, percent: Percentage) -> bool:
    """At the printed precision, rounded or cut off; some authors give the quotient itself (``tăng 104,7%``)."""
    stated = Stated(percent.value, percent.decimals, percent.qualifier, counted=False)
    point = _rate(value, base, percent)
    assert point.lo is not None
    shifted = Interval(point.lo + 100, point.lo + 100)
    printed = (stated.interval("round"), stated.interval("truncate"))
    return any(rate.meets(interval) for rate in (point, shifted) for interval in printed)


def _draft(report: Filed, value: IndicatorValue, base: Filed, own: IndicatorValue, percent: Percentage) -> Draft:
    text = report.document.text
    actual = _rate(value, own, percent).lo
    assert actual is not None
    return Draft(
        "series-conflict",
        "growth",
        {
            "name": by_code()[value.indicator].name_vi,
            "indicator": value.indicator,
            "value_a": text[value.start : value.end],
            "value_b": base.document.text[own.start : own.end],
            "stated": text[percent.start : percent.end],
            "actual": plain(actual, max(percent.decimals, 1)) + "%",
            "period": period_words(base.period),
        },
        (
            evidence("claim", percent.start, percent.end),
            evidence("part", value.start, value.end),
            evidence("counter", own.start, own.end, base.report_id),
        ),
        identity("growth", value.indicator, value.value, own.value, percent.value),
        operands=frozenset({percent.start, value.start}),
    )
