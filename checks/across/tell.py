"""Two figures of two reports as one finding in the making."""

from __future__ import annotations

from checks.across.filed import Filed
from checks.draft import Draft, evidence, identity
from checks.figures import plain
from schema.catalogue import by_code
from schema.model import IndicatorValue
from schema.periods import Period


def period_words(period: Period | None) -> str:
    """``6/2024`` for the month that a period ends in; with its length where it is longer than a month."""
    if period is None:
        return ""
    return (
        f"{period.months} tháng đến {period.month}/{period.year}"
        if period.months > 1
        else f"{period.month}/{period.year}"
    )


def tell(rule: str, variant: str, here: Filed, one: IndicatorValue, there: Filed, other: IndicatorValue) -> Draft:
    """``one`` of the report ``here`` against ``other`` of the earlier report ``there``."""
    text = here.document.text
    return Draft(
        rule,
        variant,
        {
            "name": by_code()[one.indicator].name_vi,
            "indicator": one.indicator,
            "value_a": text[one.start : one.end],
            "value_b": there.document.text[other.start : other.end],
            "difference": plain(one.value - other.value, max(one.decimals, other.decimals)),
            "period": period_words(there.period),
            "report_b": there.header.report_no or "",
        },
        (evidence("claim", one.start, one.end), evidence("counter", other.start, other.end, there.report_id)),
        identity(variant, one.indicator, one.value, other.value),
        operands=frozenset({one.start, other.start}),
    )
