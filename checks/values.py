"""One indicator, two values: at one time (conflict), or at two times too close for the change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from fractions import Fraction

from checks import figures, intervals, narrowing, reconcile, timing
from checks.draft import Draft, evidence, identity
from checks.intervals import State, Stated
from checks.settings import CheckSettings
from checks.view import View
from schema import catalogue
from schema.model import Evidence, IndicatorValue, Severity

_MANY = 3
"""More distinct values than this for one indicator: its statements are of several times or scopes."""
_Key = tuple[str, str, str]


def check(view: View, settings: CheckSettings) -> Iterator[Draft]:
    for group in groups(view).values():
        yield from _conflicts(view, group, settings)
        yield from _jumps(view, group, settings)


def groups(view: View) -> dict[_Key, list[IndicatorValue]]:
    """Actual values by indicator, population and part."""
    return view.once("groups", _grouped)


def _grouped(view: View) -> dict[_Key, list[IndicatorValue]]:
    found: dict[_Key, list[IndicatorValue]] = defaultdict(list)
    for value in view.facts.indicators:
        if value.basis == "actual":
            found[(value.indicator, value.scope or "", value.breakdown or "")].append(value)
    return found


def name(code: str) -> str:
    known = catalogue.by_code().get(code)
    return known.name_vi if known else code


def stated(value: IndicatorValue) -> Stated:
    known = catalogue.by_code().get(value.indicator)
    unit = value.unit or (known.unit if known else None)
    return Stated(value.value, value.decimals, value.qualifier, figures.counted(unit, value.decimals))


def quote(view: View, value: IndicatorValue) -> str:
    """The value as printed, with its sign of approximation."""
    sign = {">": "trên ", ">=": "từ ", "<": "dưới ", "<=": "đến ", "~": "khoảng "}.get(value.qualifier, "")
    known = catalogue.by_code().get(value.indicator)
    percent = "%" if known and known.unit == "%" else ""
    return sign + value.value_text + (percent if percent not in value.value_text else "")


def _conflicts(view: View, group: Sequence[IndicatorValue], settings: CheckSettings) -> Iterator[Draft]:
    usable = [v for v in group if not timing.elsewhen(view, v) and not timing.far_as_of(view, v)]
    many = len({v.value for v in usable}) > _MANY
    done: set[frozenset[Fraction]] = set()
    for i, one in enumerate(usable):
        for other in usable[i + 1 :]:
            pair = frozenset((Fraction(one.value), Fraction(other.value)))
            if len(pair) < 2 or pair in done or view.sentence(one.start) == view.sentence(other.start):
                continue
            slipped = _slipped(one, other)
            if (many and not slipped) or not timing.comparable(view, one, other) or _told_apart(view, one, other):
                continue
            hedged = _hedged(one, other) or _hedged(other, one)
            evident = slipped or hedged or narrowing.one_label(view, one, other)
            if not evident or not narrowing.alike(view, one, other):
                continue
            state = intervals.same(stated(one), stated(other))
            if state is State.CONSISTENT and not hedged:
                continue
            done.add(pair)
            yield conflict(view, one, other, State.INCONSISTENT if hedged else state, "warning" if hedged else None)


def _slipped(one: IndicatorValue, other: IndicatorValue) -> bool:
    """One wrong digit or two swapped in a number of three digits or more: evidence of a slip."""
    digits = min(sum(c.isdigit() for c in v.value_text) for v in (one, other))
    return digits >= 3 and reconcile.slip(one.value_text, other.value_text) == 1


def _told_apart(view: View, one: IndicatorValue, other: IndicatorValue) -> bool:
    """Whether one sentence or table row states both numbers: its writer means two things by them."""
    return _states(view, one, other) or _states(view, other, one)


def _states(view: View, one: IndicatorValue, other: IndicatorValue) -> bool:
    cell = view.passage(one.start)
    in_row = cell is not None and cell.table is not None
    if cell is not None and cell.table is not None:
        row = [p for p in view.cells(cell.table) if p.row == cell.row]
        start, end = row[0].start, row[-1].end
    else:
        sentence = view.sentence(one.start)
        start, end = sentence.start, sentence.end
    return any(
        side.value == other.value and (side.kind != "percent" or in_row)
        for f in view.between(start, end)
        for side in ((f, f.other) if f.other else (f,))
    )


def _is_rate(value: IndicatorValue) -> bool:
    known = catalogue.by_code().get(value.indicator)
    return known is not None and known.kind == "rate"


def _hedged(whole: IndicatorValue, bound: IndicatorValue) -> bool:
    """``100%`` here, ``trên 90%`` there: no contradiction in numbers, but nobody who has all writes "over 90"."""
    return (
        _is_rate(whole)
        and whole.value == 100
        and whole.qualifier == "="
        and bound.qualifier in (">", ">=", "~")
        and bound.value <= 95
    )


def conflict(
    view: View, one: IndicatorValue, other: IndicatorValue, state: State, severity: Severity | None = None
) -> Draft:
    rate = _is_rate(one)
    variant, severity = "same-time", severity or _severity(one, other)
    if state is not State.INCONSISTENT:
        variant, severity = "precision", "info"
    rule = "rate-conflict" if rate and variant == "same-time" else "value-conflict"
    return Draft(
        rule,
        "same-rate" if rule == "rate-conflict" else variant,
        {"name": name(one.indicator), "value_a": quote(view, one), "value_b": quote(view, other)},
        (proof(view, "claim", one), proof(view, "counter", other)),
        identity(one.indicator, one.scope or "", one.breakdown or "", *sorted((str(one.value), str(other.value)))),
        severity=severity,
        operands=frozenset((place(view, one), place(view, other))),
    )


def _severity(one: IndicatorValue, other: IndicatorValue) -> Severity | None:
    """Values that lie far apart are likelier two populations than one slip."""
    low, high = sorted((Fraction(one.value), Fraction(other.value)))
    if low <= 0 or (high / low > 3 and not _slipped(one, other)):
        return "info"
    return None


def proof(view: View, role: str, value: IndicatorValue) -> Evidence:
    """The clause that states a value."""
    clause = view.clause(value.start, value.end)
    return evidence(role, clause.start, clause.end)


def place(view: View, value: IndicatorValue) -> int:
    """The offset of the number itself: what rules share."""
    at = view.text.find(value.value_text, value.start, value.end)
    return at if at >= 0 else value.start


def _jumps(view: View, group: Sequence[IndicatorValue], settings: CheckSettings) -> Iterator[Draft]:
    """Cumulative counts days apart that differ by more than days can explain."""
    days = int(settings.threshold("implausible-change", "days"))
    jump = Fraction(settings.threshold("implausible-change", "jump"))
    dated = [v for v in group if v.as_of is not None]
    done: set[frozenset[Fraction]] = set()
    for i, one in enumerate(dated):
        for other in dated[i + 1 :]:
            if one.as_of is None or other.as_of is None or one.as_of == other.as_of:
                continue
            early, late = (one, other) if one.as_of < other.as_of else (other, one)
            assert early.as_of and late.as_of
            apart = (late.as_of - early.as_of).days
            pair = frozenset((Fraction(one.value), Fraction(other.value)))
            if pair in done or len(pair) < 2 or intervals.same(stated(early), stated(late)) is not State.INCONSISTENT:
                continue
            change = abs(Fraction(late.value - early.value)) / max(Fraction(early.value), Fraction(1))
            falls = late.value < early.value and (early.cumulative and late.cumulative)
            if not narrowing.alike(view, early, late) or not (falls or (apart <= days and change > jump)):
                continue
            done.add(pair)
            yield Draft(
                "implausible-change",
                "falls" if falls else "near-dates",
                {
                    "name": name(one.indicator),
                    "value_a": quote(view, early),
                    "value_b": quote(view, late),
                    "date_a": early.as_of.strftime("%d/%m/%Y"),
                    "date_b": late.as_of.strftime("%d/%m/%Y"),
                    "days": str(apart),
                },
                (proof(view, "claim", early), proof(view, "counter", late)),
                identity(one.indicator, one.scope or "", *sorted((str(one.value), str(other.value)))),
                operands=frozenset((place(view, one), place(view, other))),
            )
