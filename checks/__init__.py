"""Facts in, findings out."""

from __future__ import annotations

from checks import (
    citations,
    dates,
    growths,
    harvests,
    headings,
    movements,
    names,
    norms,
    outline,
    percents,
    relations,
    repeats,
    running,
    shares,
    staff,
    surplus,
    tables,
    totals,
    twins,
    values,
    wholes,
    yields,
)
from checks.draft import Draft, settle
from checks.settings import CheckSettings
from checks.view import View
from schema.model import Document, Facts, Finding

__all__ = ["CheckSettings", "check"]

_FAMILIES = (
    citations.check,
    dates.check,
    totals.check,
    percents.check,
    shares.check,
    growths.check,
    wholes.check,
    repeats.check,
    headings.check,
    names.check,
    outline.check,
    values.check,
    relations.check,
    staff.check,
    norms.check,
    movements.check,
    running.check,
    surplus.check,
    yields.check,
    tables.check,
    harvests.check,
    twins.check,
)


def check(document: Document, facts: Facts, settings: CheckSettings | None = None) -> tuple[Finding, ...]:
    """All findings of one report, in text order."""
    chosen = settings or CheckSettings()
    view = View(document, facts)
    drafts: list[Draft] = [draft for family in _FAMILIES for draft in family(view, chosen)]
    return settle(drafts, view, chosen)
