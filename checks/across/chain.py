"""The reports of one commune on one topic, in order of their periods."""

from __future__ import annotations

from collections.abc import Sequence

from checks.across.filed import Filed
from checks.across.wording import Placed
from schema.model import IndicatorValue


class Chain:
    """Reports by period, with the indicator values that each of them states and the times that these are of."""

    def __init__(self, reports: Sequence[Filed], values: dict[int, tuple[Placed, ...]]) -> None:
        self.reports, self.values = reports, values
        self.by_period = {report.period: report for report in reports}

    def own(self, report: Filed, code: str, *, cumulative: bool = False) -> list[IndicatorValue]:
        """What the report says of its own period."""
        return [
            p.value
            for p in self.values[report.report_id]
            if p.when == "own" and p.value.indicator == code and p.value.cumulative == cumulative
        ]
