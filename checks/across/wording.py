"""Which period a figure is for: the report's own, or one before it, by the words that stand right beside it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import regex

from checks.across.filed import Filed
from checks.settings import data
from schema.catalogue import by_code
from schema.model import IndicatorValue
from schema.periods import Period

When = Literal["own", "last-year", "previous", "other"]
NEAR_DAYS = 45


@dataclass(frozen=True, slots=True)
class Placed:
    """A value of the whole commune with the period that it is for (None: none that reports are filed under)."""

    report: Filed
    value: IndicatorValue
    when: When
    period: Period | None


@lru_cache(maxsize=1)
def _patterns() -> dict[When, tuple[regex.Pattern[str], regex.Pattern[str] | None]]:
    said = data("series")["when"]
    link = r"(?:\s*(?:là|đạt|có|được|:|\(|-|–|tiếp nhận|ghi nhận|thực hiện|chỉ|khoảng))*\s*$"
    behind = r"^\s*(?:(?:của|ở|vào) |\((?=[^()]*\)))(?:của )?"
    return {
        "last-year": (
            regex.compile(said["last_year"] + link),
            regex.compile(behind + said["last_year"] + r"(?![^)]*\d)"),
        ),
        "previous": (regex.compile(said["previous"] + link), regex.compile(behind + said["previous"] + r"(?![^)]*\d)")),
        "other": (regex.compile(said["other"] + link), None),
    }


def placed(report: Filed) -> tuple[Placed, ...]:
    """All values that count for series: achieved, of the whole commune, with the period that each is for."""
    values = (v for v in report.facts.indicators if v.basis == "actual" and v.scope is None and v.breakdown is None)
    return tuple(_placed(report, value) for value in values)


@lru_cache(maxsize=1)
def _openings() -> frozenset[str]:
    """What the period before left: a figure of the report's own, whatever words stand beside it."""
    return frozenset(pair["opening"] for pair in data("series")["opening"])


def _placed(report: Filed, value: IndicatorValue) -> Placed:
    own = report.period
    when = "own" if value.indicator in _openings() else _when(report, value)
    if own is None or when == "other":
        return Placed(report, value, when, None)
    if when == "last-year":
        return Placed(report, value, when, own.earlier(12))
    if when == "previous":
        return Placed(report, value, when, own.earlier(own.months))
    return _by_dates(report, value, own)


def _by_dates(report: Filed, value: IndicatorValue, own: Period) -> Placed:
    """A period or cut-off that the sentence names; the report's own where it names none."""
    end = report.header.period_end
    if value.as_of is not None and end is not None and abs((value.as_of - end).days) > NEAR_DAYS:
        return Placed(report, value, "other", None)
    named = Period.of(value.period_start, value.period_end)
    if named is None or named == own or by_code()[value.indicator].kind == "stock":
        return Placed(report, value, "own", own)
    return Placed(report, value, "other", named if named.last_month < own.last_month else None)


def _when(report: Filed, value: IndicatorValue) -> When:
    view = report.view
    sentence = view.sentence(value.start)
    floor = max((f.span_end for f in view.between(sentence.start, value.start)), default=sentence.start)
    before = view.low[min(floor, value.start) : value.start]
    behind = view.low[value.end : min(sentence.end, value.end + 40)]
    for when, (ahead, after) in _patterns().items():
        if ahead.search(before) or (after is not None and after.match(behind)):
            return when
    return "own"
