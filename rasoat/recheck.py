"""Running the checks on what is stored: again inside each report, and between reports."""

from __future__ import annotations

from dataclasses import dataclass

from checks import CheckSettings, check
from schema.findings import Render
from schema.store import Store


@dataclass(frozen=True, slots=True)
class Change:
    """What a new run of the checks changed."""

    reports: int
    came: int
    went: int


def inside(store: Store, render: Render, settings: CheckSettings | None = None) -> Change:
    """Every report checked by itself; one transaction a report."""
    came = went = 0
    ids = store.report_ids()
    for report_id in ids:
        found = check(store.load_document(report_id), store.load_facts(report_id), settings)
        new, gone = store.replace_findings(report_id, found, render)
        came, went = came + new, went + gone
    return Change(len(ids), came, went)
