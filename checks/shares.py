"""Shares of one whole: those of a breakdown add up to 100 %, those of a list are all of the total above it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction

from checks import figures, intervals
from checks.classified import lists
from checks.draft import Draft, evidence, identity
from checks.intervals import State
from checks.percents import against, linked
from checks.settings import CheckSettings
from checks.view import Figure, View
from schema.model import Passage

_MOST = Fraction(3, 5)
_ABOVE = 3
"""How many passages above a list its total may stand."""


def check(view: View, settings: CheckSettings) -> Iterator[Draft]:
    yield from _shares(view)
    yield from _listed(view)


def _shares(view: View) -> Iterator[Draft]:
    """Shares of all parts of one breakdown add up to 100 % up to their rounding."""
    for item in lists(view):
        if item.firmness != "partition" or len(item.parts) < 2:
            continue
        shares: list[Figure] = []
        for part, percents in item.with_percents(view):
            own = [f for f in percents if f.change == "level"]
            if len(own) == 1 and linked(view, part, own[0]):
                shares.append(own[0])
        if len(shares) == len(item.parts):
            yield from _hundred(view, shares)


def _hundred(view: View, shares: Sequence[Figure]) -> Iterator[Draft]:
    whole = intervals.Stated(Decimal(100), 0, "=", True)
    state = intervals.total([f.stated for f in shares], whole)
    if state is State.CONSISTENT:
        return
    added = sum((Fraction(f.value) for f in shares), Fraction(0))
    if not 80 <= added <= 120:
        return
    yield Draft(
        "percent-mismatch",
        "shares" if state is State.INCONSISTENT else "shares-rounding",
        {
            "parts": " + ".join(f"{f.text}%" for f in shares),
            "sum": figures.plain(added, max(f.decimals for f in shares)),
        },
        tuple(evidence("part", f.span_start, f.span_end) for f in shares),
        identity(*(f.value for f in shares)),
        severity="warning" if state is State.INCONSISTENT else "info",
        operands=frozenset(f.start for f in shares),
    )


def _listed(view: View) -> Iterator[Draft]:
    """``46,3 tỷ đồng, trong đó:`` and lines of ``14,2 tỷ đồng, chiếm 30,7%``: what most lines take is the total."""
    prose = view.prose
    at = 0
    while at < len(prose):
        lines = [(at, pair)] if (pair := _share(view, prose[at])) else []
        while lines and at + 1 < len(prose) and (pair := _share(view, prose[at + 1])):
            at += 1
            lines.append((at, pair))
        at += 1
        if len(lines) >= 3:
            yield from _odd_ones(view, prose[max(lines[0][0] - _ABOVE, 0) : lines[0][0]], [p for _, p in lines])


def _share(view: View, line: Passage) -> tuple[Figure, Figure] | None:
    """The one amount of a list line and its share of the total."""
    inside = view.between(line.start, line.end) if line.kind == "list-item" else ()
    if len(inside) != 2 or [f.kind for f in inside] != ["quantity", "percent"] or inside[1].unit != "%":
        return None
    return (inside[0], inside[1]) if "chiếm" in view.low[inside[0].end : inside[1].start] else None


def _odd_ones(view: View, above: Sequence[Passage], pairs: Sequence[tuple[Figure, Figure]]) -> Iterator[Draft]:
    figures_above = [f for p in above for f in view.between(p.start, p.end) if f.kind == "quantity" and f.value]
    for whole in reversed(figures_above):
        if whole.family != pairs[0][0].family or whole.change != "level":
            continue
        odd = [p for p in pairs if intervals.share(p[0].stated, whole.stated, p[1].stated) is State.INCONSISTENT]
        if len(pairs) - len(odd) >= max(Fraction(2), _MOST * len(pairs)):
            for part, percent in odd:
                draft = against(view, part, whole, percent)
                if draft is not None:
                    yield draft
            return
