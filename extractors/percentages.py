"""Percentages of the contract, from figures."""
from __future__ import annotations

from collections.abc import Iterable, Iterator

from extractors.figures import Figure
from schema.model import Percentage


def mentions(figures: Iterable[Figure]) -> Iterator[Percentage]:
    """The percentages among the figures as ``Percentage``."""
    for figure in figures:
        if figure.kind == "percent":
            yield Percentage(
                start=figure.start,
                end=figure.end,
                rule=f"percentage:{figure.rule}",
                value=figure.value,
                value_text=figure.text,
                decimals=figure.decimals,
                noun=figure.noun,
                qualifier=figure.qualifier,
                change=figure.change,
                points=figure.points,
                basis=figure.basis,
            )
