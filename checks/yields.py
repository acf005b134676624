"""Area × yield = output, crop by crop; yields written in the wrong unit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

import regex

from checks import figures, intervals
from checks.draft import Draft, evidence, identity
from checks.intervals import State, Stated
from checks.settings import CheckSettings
from checks.totals import phrase, proof
from checks.view import Figure, View
from schema.model import Evidence
from schema.text import key

_KILOGRAMS = {"tạ/ha": 100, "tấn/ha": 1000, "kg/ha": 1}
_REACH = 140
_GRAIN = regex.compile(r"\b(?:lúa|ngô|lạc|đậu)\b")
_MOST_GRAIN = 20_000
"""Kilograms a hectare: about twice the best rice harvest."""


def check(view: View, settings: CheckSettings) -> Iterator[Draft]:
    for passage in view.prose:
        inside = [f for f in view.between(passage.start, passage.end) if _plain(f)]
        for i, rate in enumerate(inside):
            if rate.family != "kg/ha":
                continue
            crop = _in_order(view, inside, i) or _alone(view, inside, i)
            draft = _judge(view, crop[0], rate, crop[1]) if crop else _beyond(view, rate)
            if draft is not None:
                yield draft


def _plain(figure: Figure) -> bool:
    """A level of its own, not one for each household: ``bình quân 640 m2/hộ``."""
    shared = figure.family != "kg/ha" and "/" in (figure.unit or "")
    return figure.kind == "quantity" and figure.change == "level" and not shared


def _beyond(view: View, rate: Figure) -> Draft | None:
    """``năng suất lúa 48 tấn/ha``: no grain bears more than 20 tonnes a hectare."""
    grain = _GRAIN.search(view.low, view.sentence(rate.start).start, rate.start)
    if grain is None or rate.stated.nominal <= _MOST_GRAIN:
        return None
    return Draft(
        "unit-mismatch",
        "implausible",
        {"yield": phrase(view, rate), "crop": view.text[grain.start() : grain.end()]},
        (proof(view, "claim", rate), evidence("counter", grain.start(), grain.end())),
        identity("implausible", rate.value, written_unit(rate)),
        severity="warning",
        operands=frozenset((rate.start,)),
    )


def _in_order(view: View, inside: Sequence[Figure], i: int) -> tuple[Figure, Figure] | None:
    """Area before and output behind a yield, in one sentence."""
    area = next((f for f in reversed(inside[:i]) if f.family == "ha"), None)
    output = next((f for f in inside[i + 1 : i + 3] if f.family == "kg"), None)
    if area is None or output is None or output.start - area.end > _REACH:
        return None
    stops = view.low[area.end : output.start].count(".") - _points(view, area.end, output.start)
    return None if stops else (area, output)


def _alone(view: View, inside: Sequence[Figure], i: int) -> tuple[Figure, Figure] | None:
    """The one area and the one output of a sentence with one yield: ``1.159 tấn trên 274 ha, năng suất 42,3 tạ/ha``."""
    here = view.sentence(inside[i].start)
    own = [f for f in inside if here.start <= f.start < here.end]
    areas, outputs, yields = ([f for f in own if f.family == family] for family in ("ha", "kg", "kg/ha"))
    return (areas[0], outputs[0]) if len(areas) == len(outputs) == len(yields) == 1 else None


def _points(view: View, start: int, end: int) -> int:
    """Full stops inside numbers."""
    return sum(f.text.count(".") for f in view.between(start, end))


def _judge(view: View, area: Figure, rate: Figure, output: Figure) -> Draft | None:
    state = intervals.product((area.stated, rate.stated), output.stated)
    if state is not State.INCONSISTENT:
        return None
    per_hectare = output.stated.nominal / area.stated.nominal if area.value else Fraction(0)
    written = key(rate.unit or "")
    for unit, kilograms in _KILOGRAMS.items():
        other = Stated(rate.value, rate.decimals, rate.qualifier, False, Fraction(kilograms))
        if unit != written and intervals.product((area.stated, other), output.stated) is not State.INCONSISTENT:
            return _wrong_unit(view, area, rate, output, unit)
    added = area.stated.nominal * rate.stated.nominal / output.stated.scale
    gap = abs(added - Fraction(output.value))
    close = abs(per_hectare - rate.stated.nominal) < rate.stated.nominal / 2
    return Draft(
        "total-mismatch",
        "product",
        {
            "area": phrase(view, area),
            "yield": phrase(view, rate),
            "sum": figures.plain(added, output.decimals),
            "stated": phrase(view, output),
            "difference": figures.plain(gap, output.decimals),
        },
        (_area_and_output(area, output), proof(view, "part", rate)),
        identity(area.value, rate.value, output.value),
        severity=None if close else "warning",
        operands=frozenset((area.start, rate.start, output.start)),
    )


def _wrong_unit(view: View, area: Figure, rate: Figure, output: Figure, unit: str) -> Draft:
    value = output.stated.nominal / area.stated.nominal / _KILOGRAMS[unit]
    return Draft(
        "unit-mismatch",
        "yield",
        {
            "yield": phrase(view, rate),
            "output": phrase(view, output),
            "area": phrase(view, area),
            "sum": f"{figures.plain(value, rate.decimals)} {unit}",
            "unit": unit,
            "edit": f"{rate.text} {rate.unit} → {rate.text} {unit}",
        },
        (proof(view, "claim", rate), _area_and_output(area, output)),
        identity(area.value, rate.value, output.value, written_unit(rate)),
        operands=frozenset((area.start, rate.start, output.start)),
    )


def _area_and_output(area: Figure, output: Figure) -> Evidence:
    first, last = sorted((area, output), key=lambda f: f.start)
    return evidence("total", first.span_start, last.span_end)


def written_unit(rate: Figure) -> str:
    return key(rate.unit or "")
