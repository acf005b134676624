"""Reports in, findings between them out. Pure: what is compared is given, all of one district (or, since the reform,
of one province), the newest version of each report only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from checks.across import consensus, copies, places, series
from checks.across.filed import Filed
from checks.draft import Draft, settle
from checks.settings import CheckSettings
from schema.model import Finding, Issued

__all__ = ["Filed", "Issued", "across"]


def across(
    reports: Sequence[Filed], register: Sequence[Issued] = (), settings: CheckSettings | None = None
) -> Mapping[int, tuple[Finding, ...]]:
    """The findings of each report against others, by ``report_id``; no report is compared with its own versions."""
    chosen = settings or CheckSettings()
    found: dict[int, list[Draft]] = defaultdict(list)
    for report, draft in (
        *series.check(reports),
        *consensus.check(reports, register, chosen),
        *places.check(reports, chosen.places),
        *copies.check(reports, chosen),
    ):
        found[report.report_id].append(draft)
    by_id = {report.report_id: report for report in reports}
    return {
        report_id: tuple(_linked(finding) for finding in settle(drafts, by_id[report_id].view, chosen))
        for report_id, drafts in found.items()
    }


def _linked(finding: Finding) -> Finding:
    other = next((piece.report_id for piece in finding.evidence if piece.report_id is not None), None)
    return replace(finding, other_report_id=other)
