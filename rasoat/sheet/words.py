"""The sheet's own words (``data/sheet.toml``) and how it writes topics, periods and days."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from review.labels import label, names
from schema.periods import ROMAN, Period


@cache
def _held() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads(files("rasoat").joinpath("data", "sheet.toml").read_text(encoding="utf-8"))


def word(group: str, name: str, /, **values: object) -> str:
    """One phrase with its blanks filled."""
    return _held()[group][name].format(**values)


def said(family: str, code: str) -> str:
    """A code (``severity.error``) in the words of the inspectors' page."""
    return label("vi", f"{family}.{code}")


def topics() -> dict[str, str]:
    """The wording of each topic code."""
    return {name.removeprefix("topic."): label("vi", name) for name in names() if name.startswith("topic.")}


def topic_title(topic: str) -> str:
    """``Cải cách hành chính``; a topic without a code is its own title."""
    return topics().get(topic, topic[:1].upper() + topic[1:])


def period_title(period: Period) -> str:
    """``quý III năm 2024``, as reports name it."""
    values: dict[str, Any] = {"year": period.year, "month": period.month, "quarter": ROMAN[(period.month - 1) // 3]}
    kind = {1: "month", 3: "quarter", 9: "nine", 12: "year"}.get(period.months, "other")
    if period.months == 6:
        kind = {6: "first-half", 12: "second-half"}.get(period.month, "other")
    if (kind == "quarter" and period.month % 3) or (kind == "nine" and period.month != 9) or (
        kind == "year" and period.month != 12
    ):
        kind = "other"
    return word("period", kind, **values, start=day(period.start), end=day(period.end))


def period_code(period: Period) -> str:
    """``2024-Q3``: short, and taken by ``schema.periods.parse``."""
    if period.months == 12:
        return f"{period.year}"
    if period.months == 3 and period.month % 3 == 0:
        return f"{period.year}-Q{period.month // 3}"
    if period.months == 6 and period.month % 6 == 0:
        return f"{period.year}-H{period.month // 6}"
    if period.months == period.month == 9:
        return f"{period.year}-9M"
    return f"{period.year}-{period.month:02}"


def day(value: date | str | None) -> str:
    """``30/09/2024``; '' for none."""
    if value is None:
        return ""
    return (value if isinstance(value, date) else date.fromisoformat(value)).strftime("%d/%m/%Y")
