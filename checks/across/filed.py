"""A report as the checks between reports see it, and the period that it is for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from checks.view import View
from schema.eras import REFORM
from schema.fingerprint import commune_key, topic_key
from schema.model import Document, Facts, Finding, Header
from schema.periods import Period

"""From this day on there are no districts, and communes are merged (Law 72/2025/QH15): no figure is carried over it."""


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
