"""Which of two figures the rest of the report bears out, by the relations of the catalogue."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from checks.intervals import State, Stated, share, total
from schema.catalogue import Relation, load


def fits(code: str, figure: Stated, known: Mapping[str, Stated]) -> int:
    """How many sums and rates hold with ``figure`` among the report's other figures."""
    return sum(_holds(relation, {**known, code: figure}) for relation in _relations(code))


def _relations(code: str) -> Iterator[Relation]:
    for indicator in load():
        for relation in indicator.relations:
            if code in (relation.result, *relation.operands, *relation.base):
                yield relation


def _holds(relation: Relation, known: Mapping[str, Stated]) -> bool:
    if not relation.strict or not known.keys() >= {relation.result, *relation.operands, *relation.base}:
        return False
    result, parts = known[relation.result], [known[code] for code in relation.operands]
    if relation.kind == "sum":
        return total(parts, result) is not State.INCONSISTENT
    if relation.kind == "rate":
        part, whole = (
            Stated(sum((known[code].value for code in codes), Decimal(0)))
            for codes in (relation.operands, relation.base)
        )
        return share(part, whole, result) is not State.INCONSISTENT
    return False
