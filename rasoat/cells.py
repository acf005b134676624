"""Text of a stranger's report in a table: no spreadsheet may take it for a formula."""

from __future__ import annotations

from decimal import Decimal

from rasoat.messages import printable

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff0b", "\uff1d", "\uff0d", "\uff20")
"""What a spreadsheet may take for the start of a formula; the last four are the full-width forms."""


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
