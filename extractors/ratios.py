"""Ratios of the contract, from figures: part of a whole, or actual to plan."""
from __future__ import annotations

from collections.abc import Iterator, Sequence

import regex

from extractors.figures import Figure
from schema.model import Ratio, RatioKind

_PLAN = regex.compile(r"\b(?:kế hoạch|kh|chỉ tiêu|dự toán|được giao|giao)\b")
_REACH = 60


def kind(figure: Figure, behind: str) -> RatioKind:
    """Actual to plan where the words behind say so or where the part exceeds the whole."""
    if figure.whole is not None and figure.value > figure.whole:
        return "actual-to-plan"
    return "actual-to-plan" if _PLAN.search(behind) else "part-of-whole"


def mentions(figures: Sequence[Figure], low: str) -> Iterator[Ratio]:
    """The ratios among the figures of one frame or cell as ``Ratio``, with the percentage stated beside each."""
    for figure in figures:
        if figure.kind != "ratio" or figure.whole is None:
            continue
        percent = figure.percent
        reach = max(figure.end, percent.end if percent else 0)
        yield Ratio(
            start=figure.start,
            end=figure.end,
            rule=f"ratio:{figure.rule}",
            numerator=figure.value,
            denominator=figure.whole,
            numerator_text=figure.text,
            denominator_text=figure.whole_text,
            noun=figure.noun,
            stated_percent=percent.value if percent else None,
            kind=kind(figure, low[figure.end : reach + _REACH].split(". ")[0].split(";")[0]),
        )
