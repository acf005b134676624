"""The catalogue of indicators: what commune reports count, in which unit, and how the figures hang together.

The data stand in ``schema/data/indicators.toml``; extraction adds the wordings (``extractors/data``), the checker reads
the relations, the district sheet the names and units. Adding an indicator needs no code.
"""
from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any, Literal

Kind = Literal["stock", "flow", "rate"]
RelationKind = Literal["sum", "at-most", "rate", "all"]


@dataclass(frozen=True, slots=True)
class Relation:
    """What must hold between indicators of one report, period and scope.

    ``sum``: ``result`` = sum of ``operands``. ``at-most``: ``result`` <= sum of ``operands``. ``rate``: ``result``
    (percent) = 100 * sum of ``operands`` / sum of ``base``. ``all``: ``result`` of 100 % leaves no ``operands``.
    ``strict`` is False where reports may rightly leave a part out, so that only "parts exceed the whole" can be a
    conflict. ``beside`` are counts that a report may hold in ``result`` or tell beside it (dossiers carried over).
    ``source`` names form, decree or reason.
    """

    kind: RelationKind
    result: str
    operands: tuple[str, ...]
    base: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    strict: bool = True
    source: str = ""


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator: stable ``code``, Vietnamese name, unit of its stored values, and its relations.

    ``core`` marks the codes of the public contract. ``adds``: communes' values sum to the district's (rates never
    do, nor do amounts per head). ``relations`` are those whose ``result`` this is.
    """

    code: str
    name_vi: str
    unit: str
    kind: Kind
    core: bool
    adds: bool
    relations: tuple[Relation, ...]


def _relation(row: Mapping[str, Any]) -> Relation:
    return Relation(
        kind=row["kind"],
        result=row["result"],
        operands=tuple(row["operands"]),
        base=tuple(row.get("base", ())),
        beside=tuple(row.get("beside", ())),
        strict=row.get("strict", True),
        source=row.get("source", ""),
    )


@lru_cache(maxsize=1)
def load() -> tuple[Indicator, ...]:
    """All indicators, in the order of the data file."""
    text = resources.files("schema").joinpath("data/indicators.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)
    relations = [_relation(row) for row in data.get("relation", ())]
    return tuple(
        Indicator(
            code=row["code"],
            name_vi=row["name"],
            unit=row["unit"],
            kind=row["kind"],
            core=row.get("core", True),
            adds=row.get("adds", row["kind"] != "rate"),
            relations=tuple(r for r in relations if r.result == row["code"]),
        )
        for row in data["indicator"]
    )


@lru_cache(maxsize=1)
def by_code() -> Mapping[str, Indicator]:
    """The catalogue by code."""
    return {indicator.code: indicator for indicator in load()}
