"""A report as the checks between reports see it, and the period that it is for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from checks.view import View
from schema.fingerprint import commune_key, topic_key
from schema.model import Document, Facts, Finding, Header

REFORM = date(2025, 7, 1)
"""From this day on there are no districts, and communes are merged (Law 72/2025/QH15): no figure is carried over it."""


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """The month that a period ends in and how many months it lasts.

    Reports of one period name it by the calendar (1/4-30/6) or by the cut-offs of Decree 09/2019/NĐ-CP (15/3-14/6).
    """

    year: int
    month: int
    months: int

    @classmethod
    def of(cls, start: date | None, end: date | None) -> Period | None:
        if start is None or end is None or end < start:
            return None
        months = round(((end - start).days + 1) / 30.44)
        return cls(end.year, end.month, months) if months else None

    def earlier(self, months: int) -> Period:
        """The period of the same length that ended ``months`` before."""
        index = self.year * 12 + self.month - 1 - months
        return Period(index // 12, index % 12 + 1, self.months)

    @property
    def first_month(self) -> int:
        """Months since year 0 of the period's first month."""
        return self.year * 12 + self.month - self.months

    @property
    def last_month(self) -> int:
        return self.year * 12 + self.month - 1


@dataclass(frozen=True)
class Filed:
    """One stored report. ``findings`` are those inside it: what they tell is not told again between reports."""

    report_id: int
    document: Document
    facts: Facts
    findings: tuple[Finding, ...] = ()

    @property
    def header(self) -> Header:
        return self.facts.header

    @cached_property
    def view(self) -> View:
        return View(self.document, self.facts)

    @cached_property
    def period(self) -> Period | None:
        return Period.of(self.header.period_start, self.header.period_end)

    @cached_property
    def commune(self) -> str:
        return commune_key(self.header)

    @cached_property
    def topic(self) -> str:
        return topic_key(self.header)

    @property
    def new_era(self) -> bool:
        return self.header.period_end is not None and self.header.period_end >= REFORM

    @property
    def name(self) -> str:
        """``xã Mộc Thiềm``: how a message calls the commune."""
        kind, name = self.header.commune_type, self.header.commune or ""
        return name if not kind or name.lower().startswith(kind.lower()) else f"{kind} {name}"

    def flagged(self, rule: str) -> Callable[[int, int], bool]:
        """Whether a run of the text is part of a finding of ``rule`` inside the report."""
        spans = [(e.start, e.end) for f in self.findings if f.rule == rule for e in f.evidence if e.report_id is None]
        return lambda start, end: any(a < end and start < b for a, b in spans)
