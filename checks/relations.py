"""Relations of the indicator catalogue: balances, head-count chains, rates and their parts, wherever they stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import product

from checks import figures, intervals, narrowing, reconcile, timing
from checks.draft import Draft, identity
from checks.intervals import State, Stated
from checks.settings import CheckSettings
from checks.values import groups, name, place, proof, quote, stated
from checks.view import View
from schema import catalogue
from schema.catalogue import Relation
from schema.model import IndicatorValue, Severity

_MANY = 3
"""More distinct values than this for one indicator: its statements are of several times or scopes."""


def check(view: View, settings: CheckSettings) -> Iterator[Draft]:
    values = _current(view)
    for indicator in catalogue.load():
        for relation in indicator.relations:
            if relation.kind == "sum":
                yield from _sum(view, relation, values)
            elif relation.kind == "rate":
                yield from _rate(view, relation, values)
            elif relation.kind == "all":
                yield from _all(view, relation, values)
            else:
                yield from _at_most(view, relation, values)


_Values = dict[str, list[IndicatorValue]]


def _current(view: View) -> _Values:
    """Values of the whole commune in the report's own period, one for each distinct number."""
    current: _Values = {}
    for (code, scope, breakdown), group in groups(view).items():
        if scope or breakdown:
            continue
        seen: dict[Fraction, IndicatorValue] = {}
        for value in group:
            if not timing.elsewhen(view, value) and not timing.far_as_of(view, value):
                seen.setdefault(Fraction(value.value), value)
        if 0 < len(seen) <= _MANY:
            current[code] = list(seen.values())
    return current


def _combinations(view: View, codes: Sequence[str], values: _Values) -> list[tuple[IndicatorValue, ...]]:
    """Ways to choose a value for each code; those of one sentence, then one paragraph, before all others."""
    if any(code not in values for code in codes):
        return []
    everything = [c for c in product(*(values[code] for code in codes)) if _one_time(view, c)]
    for reach in (_one_sentence, _one_paragraph):
        near = [c for c in everything if reach(view, c)]
        if near:
            return near
    return everything


def _one_time(view: View, chosen: Sequence[IndicatorValue]) -> bool:
    """Of one time and, unless one sentence states them together, narrowed alike."""
    if not _one_sentence(view, chosen) and not narrowing.alike(view, *chosen):
        return False
    return all(timing.comparable(view, one, other) for i, one in enumerate(chosen) for other in chosen[i + 1 :])


def _one_sentence(view: View, chosen: Sequence[IndicatorValue]) -> bool:
    return len({view.sentence(v.start) for v in chosen}) == 1


def _one_paragraph(view: View, chosen: Sequence[IndicatorValue]) -> bool:
    return len({passage.id for v in chosen if (passage := view.passage(v.start))}) == 1


def _excess(view: View, way: Sequence[IndicatorValue], part: Decimal, limit: Decimal) -> Severity | None:
    """A part many times its whole is likelier a figure misunderstood than a slip."""
    if part > 3 * limit:
        return "info"
    return None if _one_paragraph(view, way) else "warning"


def _near(view: View, chosen: Sequence[IndicatorValue]) -> bool:
    """Within one part of the report."""
    return len({path[0].id if (path := view.path(v.start)) else -1 for v in chosen}) == 1


def _rule(relation: Relation) -> str:
    return "staff-mismatch" if relation.result.startswith("staff.") else "total-mismatch"


def _sum(view: View, relation: Relation, values: _Values) -> Iterator[Draft]:
    ways = _combinations(view, (relation.result, *_given(relation, values)), values)
    given = _given(relation, values)
    if len(given) < 2 or (len(given) < len(relation.operands) and relation.strict):
        return
    best: tuple[State, tuple[IndicatorValue, ...]] | None = None
    for way in ways:
        state = intervals.total([stated(v) for v in way[1:]], stated(way[0]))
        if state is not State.INCONSISTENT or _told_beside(relation, values, way):
            return
        best = best or (state, way)
    if best is None:
        return
    whole, *parts = best[1]
    added = sum((Fraction(p.value) for p in parts), Fraction(0))
    less = _nearest_beside(relation, values, added - Fraction(whole.value))
    added -= sum((Fraction(v.value) for v in less), Fraction(0))
    gap = added - Fraction(whole.value)
    formula = " + ".join(f"{p.value_text} ({name(p.indicator)})" for p in parts)
    yield Draft(
        _rule(relation),
        "relation",
        {
            "formula": formula + "".join(f" − {v.value_text} ({name(v.indicator)})" for v in less),
            "sum": figures.plain(added, whole.decimals),
            "total": f"{quote(view, whole)} ({name(whole.indicator)})",
            "difference": figures.plain(abs(gap), whole.decimals),
            **_edit(whole, parts, gap),
        },
        (proof(view, "total", whole), *(proof(view, "part", p) for p in (*parts, *less))),
        identity(relation.result, whole.value, *sorted(str(p.value) for p in parts)),
        severity=_sum_severity(view, relation, best[1], gap),
        operands=frozenset(place(view, v) for v in best[1]),
    )


def _told_beside(relation: Relation, values: _Values, way: Sequence[IndicatorValue]) -> bool:
    """Whether the parts fit a whole that leaves out what is told beside it: received, and carried over."""
    return any(
        intervals.total([stated(v) for v in way[1:]], stated(way[0]), [stated(beside)]) is not State.INCONSISTENT
        for code in relation.beside
        for beside in values.get(code, ())
    )


def _nearest_beside(relation: Relation, values: _Values, gap: Fraction) -> list[IndicatorValue]:
    """What is told beside the whole, where leaving it out brings the parts nearer."""
    told = [v for code in relation.beside if code not in relation.operands for v in values.get(code, ())]
    return [v for v in told[:1] if abs(gap - Fraction(v.value)) < abs(gap)]


def _given(relation: Relation, values: _Values) -> tuple[str, ...]:
    return tuple(code for code in relation.operands if code in values)


def _edit(whole: IndicatorValue, parts: Sequence[IndicatorValue], gap: Fraction) -> dict[str, str]:
    options = [(whole.value_text, Fraction(whole.value) + gap, whole.decimals)]
    options += [(p.value_text, Fraction(p.value) - gap, p.decimals) for p in parts]
    edit = reconcile.nearest(options)
    return {"edit": str(edit)} if edit else {}


def _sum_severity(view: View, relation: Relation, way: Sequence[IndicatorValue], gap: Fraction) -> Severity | None:
    """Certain in one paragraph; elsewhere the figures may be of two occasions."""
    whole = Fraction(way[0].value)
    if whole == 0 or abs(gap) > whole / 2:
        return "info"
    if not relation.strict:
        together = _one_sentence(view, way)
        if together and gap > 0:
            return None
        if gap > 0 and _near(view, way) and gap * 10 <= whole:
            return "warning"
        return "warning" if together and abs(gap) <= 2 else "info"
    return None if _one_paragraph(view, way) else "warning"


def _rate(view: View, relation: Relation, values: _Values) -> Iterator[Draft]:
    if relation.result not in values or any(c not in values for c in (*relation.operands, *relation.base)):
        return
    extra = tuple(c for c in relation.base if c not in relation.operands)
    suspects: list[Draft] = []
    for rate in values[relation.result]:
        ways = _combinations(view, (*relation.operands, *extra), values)
        found: list[tuple[Stated, Stated, tuple[IndicatorValue, ...]]] = []
        for way in ways:
            chosen = {v.indicator: v for v in way}
            part = _added([chosen[c] for c in relation.operands])
            whole = _added([chosen[c] for c in relation.base])
            if whole.value and intervals.share(part, whole, stated(rate)) is not State.INCONSISTENT:
                return  # another value of the rate is then of another time, or in conflict with this one
            found.append((part, whole, way))
        if found and found[0][1].value and _one_time(view, (rate, *found[0][2])):
            suspects.extend(_rate_finding(view, relation, rate, *found[0]))
    yield from suspects


def _added(values: Sequence[IndicatorValue]) -> Stated:
    total = sum((v.value for v in values[1:]), values[0].value)
    return Stated(total, max(v.decimals for v in values), "=", stated(values[0]).counted)


def _rate_finding(
    view: View, relation: Relation, rate: IndicatorValue, part: Stated, whole: Stated, way: Sequence[IndicatorValue]
) -> Iterator[Draft]:
    actual = intervals.percent_of(part, whole, max(rate.decimals, 2))
    gap = abs(Fraction(actual - rate.value))
    if gap > 30 or (gap < Fraction(rate.value) / 30 and relation.base == ("households",)):
        severity: Severity | None = "info"  # another base: households of another year, another kind of files
    else:
        severity = "warning" if not _one_sentence(view, (rate, *way)) else None
    yield Draft(
        "percent-mismatch",
        "distance",
        {
            "name": name(rate.indicator),
            "part": figures.plain(part.nominal, part.decimals),
            "whole": figures.plain(whole.nominal, whole.decimals),
            "actual": figures.plain(Fraction(actual), max(rate.decimals, 2)),
            "stated": rate.value_text.rstrip("% "),
        },
        (proof(view, "claim", rate), *(proof(view, "part", v) for v in way)),
        identity(relation.result, part.value, whole.value, rate.value),
        severity=severity,
        operands=frozenset(place(view, v) for v in (rate, *way)),
    )


def _all(view: View, relation: Relation, values: _Values) -> Iterator[Draft]:
    """``100% hồ sơ đúng hạn`` here, ``hồ sơ quá hạn còn 03 hồ sơ`` there."""
    whole = [v for v in values.get(relation.result, ()) if v.value == 100 and v.qualifier == "="]
    rest = [v for code in relation.operands for v in values.get(code, ())]
    pairs = [(rate, left) for rate in whole for left in rest if left.value and _one_time(view, (rate, left))]
    if not pairs or any(not left.value for left in rest):
        return
    rate, left = pairs[0]
    yield Draft(
        "rate-conflict",
        "all",
        {"name": name(rate.indicator), "rest": quote(view, left), "other": name(left.indicator)},
        (proof(view, "claim", rate), proof(view, "counter", left)),
        identity(relation.result, "100", left.value),
        severity="warning",
        operands=frozenset((place(view, rate), place(view, left))),
    )


def _at_most(view: View, relation: Relation, values: _Values) -> Iterator[Draft]:
    ways = _combinations(view, (relation.result, *relation.operands), values)
    ways = [way for way in ways if narrowing.alike(view, *way)]
    if not ways or any(intervals.at_most(stated(w[0]), _added(w[1:])) for w in ways):
        return
    part, *wholes = ways[0]
    limit = _added(wholes)
    spare = (_added([*wholes, more]) for code in relation.beside for more in values.get(code, ()))
    if any(intervals.at_most(stated(part), room) for room in spare):
        return
    yield Draft(
        "part-exceeds-whole",
        "relation",
        {
            "part": f"{quote(view, part)} ({name(part.indicator)})",
            "total": " + ".join(f"{quote(view, w)} ({name(w.indicator)})" for w in wholes),
            "difference": figures.plain(Fraction(part.value - limit.value), part.decimals),
        },
        (proof(view, "part", part), *(proof(view, "total", w) for w in wholes)),
        identity(relation.result, part.value, limit.value),
        severity=_excess(view, ways[0], part.value, limit.value),
        operands=frozenset(place(view, v) for v in ways[0]),
    )
