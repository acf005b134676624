"""What a budget leaves: revenue less expenditure is the balance ("kết dư"; Law 83/2015/QH13, Article 72)."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import regex

from checks import figures, intervals, reconcile, timing
from checks.draft import Draft, identity
from checks.intervals import State
from checks.settings import CheckSettings
from checks.totals import phrase, proof
from checks.values import groups, name, place
from checks.values import proof as stated_proof
from checks.view import Figure, View
from schema.model import IndicatorValue

_LEFT = regex.compile(r"\bkết\s+dư(?:\s+ngân\s+sách)?(?:\s+(?:xã|phường|năm\s+\d{4}))*\s*(?:là|:|còn)?\s*$")


def check(view: View, settings: CheckSettings) -> Iterator[Draft]:
    left = next((f for f in view.figures if f.family == "money" and _is_left(view, f)), None)
    revenues, spendings = (_amounts(view, code) for code in ("budget.revenue", "budget.expenditure"))
    if left is None or not revenues or not spendings:
        return
    pairs = [(revenue, spending) for revenue in revenues for spending in spendings]
    if any(_state(view, r, s, left) is not State.INCONSISTENT for r, s in pairs):
        return
    for revenue, spending in pairs:
        (value, revenue_figure), (cost, spending_figure) = revenue, spending
        rest = (revenue_figure.stated.nominal - spending_figure.stated.nominal) / left.stated.scale
        needed = figures.plain(rest, left.decimals, like=left.text)
        if rest > 0 and reconcile.slip(left.text, needed) == 1:
            yield Draft(
                "total-mismatch",
                "movement",
                {
                    "formula": " − ".join(f"{v.value_text} ({name(v.indicator)})" for v in (value, cost)),
                    "sum": needed,
                    "total": phrase(view, left),
                    "difference": figures.plain(abs(rest - Fraction(left.value)), left.decimals),
                    "edit": f"{left.text} → {needed}",
                },
                (proof(view, "total", left), stated_proof(view, "part", value), stated_proof(view, "part", cost)),
                identity("surplus", left.value, value.value, cost.value),
                severity="warning",
                operands=frozenset((left.start, place(view, value), place(view, cost))),
            )
            return


_Amount = tuple[IndicatorValue, Figure]


def _is_left(view: View, figure: Figure) -> bool:
    before = view.low[max(view.sentence(figure.start).start, figure.start - 60) : figure.start]
    return figure.kind == "quantity" and figure.change == "level" and _LEFT.search(before) is not None


def _amounts(view: View, code: str) -> list[_Amount]:
    """The report's own values with the figures that print them (in their own unit)."""
    found: list[_Amount] = []
    for value in groups(view).get((code, "", ""), ()):
        if timing.elsewhen(view, value) or timing.far_as_of(view, value):
            continue
        printed = [f for f in view.between(value.start, value.end) if f.family == "money"]
        found.extend((value, figure) for figure in printed[:1])
    return found


def _state(view: View, revenue: _Amount, spending: _Amount, left: Figure) -> State:
    return intervals.total([revenue[1].stated], left.stated, [spending[1].stated])
