"""Text of a stranger's report in a table: no spreadsheet may take it for a formula."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from rasoat.messages import printable
from schema.text import FORMULA

Sheet = tuple[str, list[str], Iterable[Sequence[Any]]]
"""A table's name, its columns' names and its rows."""


def formula(text: str) -> bool:
    """Whether a spreadsheet might calculate it."""
    return text.startswith(FORMULA) or printable(text).startswith(FORMULA)


def safe(value: object) -> str | int | float | None:
    """A cell of a CSV file: text that looks like a formula gets an apostrophe before it, decimals keep their digits."""
    if value is None or isinstance(value, (int, float)):
        return value
    if isinstance(value, Decimal):
        return f"{value:f}"
    text = printable(str(value))
    return f"'{text}" if formula(str(value)) else text
