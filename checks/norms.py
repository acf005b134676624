"""Staff against the ceilings of the decrees, by the commune's class and the day of the report."""

from __future__ import annotations

from collections.abc import Iterator

import regex

from checks import timing
from checks.draft import Draft, evidence, identity
from checks.settings import CheckSettings, data
from checks.values import groups, name, place, proof
from checks.view import View
from schema.model import IndicatorValue, Severity
from schema.text import key

_CLASS = regex.compile(r"(?:xã|phường|thị trấn|đơn vị hành chính)(?:\s+\p{L}+){0,4}?\s+loại\s+(iii|ii|i|[123])\b")
_GRADES = {"i": "1", "ii": "2", "iii": "3"}


def check(view: View, settings: CheckSettings) -> Iterator[Draft]:
    issued = view.facts.header.issued_on
    found = _CLASS.search(view.low)
    if issued is None or found is None:
        return
    grade = _GRADES.get(found[1], found[1])
    kind = key(view.facts.header.commune_type or "xã")
    for norm in data("norms")["norm"]:
        if not norm["from"] <= issued <= norm["until"] or kind not in map(key, norm["kinds"]):
            continue
        for value in _present(view, norm["indicator"]):
            limit = norm["limits"][grade]
            if value.value > limit:
                severity = _sure(view, norm.get("population"))
                yield _finding(view, value, (found.start(), found.end()), limit, norm["decree"], grade, severity)


def _present(view: View, indicator: str) -> list[IndicatorValue]:
    current = groups(view).get((indicator, "", ""), [])
    return [v for v in current if not timing.elsewhen(view, v)][:1]


def _sure(view: View, population: int | None) -> Severity | None:
    """Larger communes get more posts than their class alone says."""
    people = [v.value for v in groups(view).get(("population", "", ""), [])]
    return "info" if population is not None and any(count > population for count in people) else None


def _finding(
    view: View,
    value: IndicatorValue,
    grade_at: tuple[int, int],
    limit: int,
    decree: str,
    grade: str,
    severity: Severity | None,
) -> Draft:
    said = {"name": name(value.indicator), "value": value.value_text, "limit": str(limit)}
    return Draft(
        "norm-exceeded",
        "staff",
        {**said, "decree": decree, "grade": grade},
        (proof(view, "claim", value), evidence("counter", *grade_at)),
        identity(value.indicator, value.value, grade),
        severity=severity,
        operands=frozenset((place(view, value),)),
    )
