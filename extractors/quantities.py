"""Counts, measures and amounts of the contract, from figures."""
from __future__ import annotations

from collections.abc import Iterable, Iterator

from extractors.figures import Figure
from schema.model import Quantity


def mentions(figures: Iterable[Figure]) -> Iterator[Quantity]:
    """The counts among the figures as ``Quantity``."""
    for figure in figures:
        if figure.kind == "count":
            yield Quantity(
                start=figure.start,
                end=figure.end,
                rule=f"quantity:{figure.rule}",
                value=figure.value,
                value_text=figure.text,
                decimals=figure.decimals,
                unit=figure.unit_text,
                noun=figure.noun,
                qualifier=figure.qualifier,
                other_value=figure.other,
                change=figure.change,
                basis=figure.basis,
            )
